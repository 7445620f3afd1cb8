//! `baari bench`: how fast this machine books, beside what its databases can do alone, in one run.
//!
//! Three processes share the machine, as they would in a hospital with one computer: the server (this program as a child,
//! `server.rs`), the load (this process, `load.rs`) and the database. Nothing is sped up for the occasion: the server is the
//! shipped one on its shipped settings, and every answer has to be the expected one or the part fails.

mod client;
mod hospital;
mod listeners;
mod live;
mod load;
mod machine;
mod memory;
mod parts;
mod people;
mod pgbench;
mod report;
mod server;
mod siege;
mod signed_in;
mod site;
mod table;

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use baari_desk::Clock;
use jiff::Timestamp;
use tokio::signal::unix::{SignalKind, signal};

use hospital::Hospital;
use load::Load;
use machine::Machine;
use parts::Parts;
use people::People;
use report::{Failure, Figures, Report, Settings};
use site::Site;

/// Before each measurement.
const WARM_UP_SECONDS: u64 = 1;
/// How long threads that have not ended may hold up the end.
const END_PATIENCE: Duration = Duration::from_secs(2);

/// Measure bookings, reads and memory on this machine, beside what its databases can do alone
#[derive(Debug, clap::Args)]
pub(crate) struct BenchArgs {
    /// Measure PostgreSQL too: in databases made on this server for the purpose and removed again; no other is touched
    #[arg(long, env = "BAARI_BENCH_DATABASE", hide_env_values = true, value_name = "URL")]
    database: Option<String>,
    /// Write every figure as JSON; - prints it, and nothing else
    #[arg(long, env = "BAARI_JSON", value_name = "FILE")]
    json: Option<PathBuf>,
    /// How long each measurement takes
    #[arg(long, env = "BAARI_SECONDS", value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// Connections of the load generator
    #[arg(long, env = "BAARI_CONNECTIONS", value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    connections: u16,
    /// What to measure
    #[arg(long, env = "BAARI_BENCH_PART", value_enum, default_value_t = Part::All)]
    part: Part,
    /// Clients that follow one doctor's queue live; one in twenty of them stops reading
    #[arg(long, env = "BAARI_BENCH_LIVE_CLIENTS", value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(20..=15_000))]
    live_clients: u16,
    /// Folder for the embedded database: on the disk that is to be measured. The system's temporary folder if not given
    #[arg(long, env = "BAARI_BENCH_DIR", value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Everything
    All,
    /// Only how soon those who follow a queue live see its changes
    Live,
    /// Only what signing in costs: bookings with a key, with a session and without either, by turns
    SignedIn,
    /// Only how the desk books while somebody guesses passwords, for twelve times the seconds of a measurement
    Siege,
}

/// What is measured, and for how long.
#[derive(Debug, Clone, Copy)]
struct Measuring {
    hospital: Hospital,
    people: People,
    /// By the machine's clock.
    begun: Timestamp,
    seconds: u64,
    connections: usize,
    live_clients: usize,
    part: Part,
}

impl Measuring {
    fn wants(self, part: Part) -> bool {
        self.part == Part::All || self.part == part
    }

    /// Copies of the database: one for each server of those that are compared.
    fn twins(self) -> usize {
        let wanted = self.wants(Part::SignedIn) || self.wants(Part::Siege);
        if wanted { signed_in::SERVERS } else { 0 }
    }

    const fn warm_up(self) -> Duration {
        Duration::from_secs(WARM_UP_SECONDS)
    }

    const fn time(self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    const fn load(self, address: SocketAddr) -> Load {
        Load { address, connections: self.connections, warm_up: self.warm_up(), measured: self.time() }
    }
}

/// Measures, and prints what came out.
///
/// # Errors
/// When something did not work, after everything else was measured and printed; never because a figure is low.
pub(crate) fn run(args: &BenchArgs) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(measure(args));
    runtime.shutdown_timeout(END_PATIENCE);
    let report = report?;
    let json = serde_json::to_string_pretty(&report)? + "\n";
    match args.json.as_deref() {
        Some(file) if file.as_os_str() == "-" => print(&json)?,
        Some(file) => {
            std::fs::write(file, json).with_context(|| format!("writing {}", file.display()))?;
            print(&table::render(&report))?;
        }
        None => print(&table::render(&report))?,
    }
    match &report.failures[..] {
        [] => Ok(()),
        failures => bail!("{} of the measurements did not work: their reasons are above", failures.len()),
    }
}

async fn measure(args: &BenchArgs) -> Result<Report> {
    let mut folder = tempfile::Builder::new();
    let folder = folder.prefix("baari-bench-");
    let folder = match &args.dir {
        Some(parent) => {
            folder.tempdir_in(parent).with_context(|| format!("making a folder in {}", parent.display()))?
        }
        None => folder.tempdir().context("making a temporary folder")?,
    };
    let begun = Clock::system().now();
    let hospital = Hospital::new(args.seconds, begun)?;
    let measuring = Measuring {
        hospital,
        people: People::new(),
        begun,
        seconds: args.seconds,
        connections: usize::from(args.connections),
        live_clients: usize::from(args.live_clients),
        part: args.part,
    };
    let machine = Machine::read(folder.path());
    let settings = Settings {
        seconds: args.seconds,
        connections: measuring.connections,
        doctors: hospital::DOCTORS,
        patients: hospital.patients,
    };
    let mut failures = Vec::new();
    let sqlite = unless_interrupted(sqlite(folder.path(), measuring, &mut failures)).await?;
    let postgres = match &args.database {
        Some(url) => Some(postgres(url, folder.path(), measuring, &mut failures).await?),
        None => None,
    };
    Ok(Report { version: env!("CARGO_PKG_VERSION"), machine, settings, sqlite, postgres, failures })
}

async fn sqlite(folder: &Path, measuring: Measuring, failures: &mut Vec<Failure>) -> Figures {
    let (begun, patients) = (Instant::now(), measuring.hospital.patients);
    eprintln!("SQLite: writing {patients} patients, doctors and slots");
    match Site::sqlite(folder, measuring, measuring.twins()).await {
        Ok(site) => {
            eprintln!("SQLite: written in {:.1} s", begun.elapsed().as_secs_f64());
            Parts { site: &site, measuring, failures }.run().await
        }
        Err(error) => failed("SQLite", &error, failures),
    }
}

/// Whatever happens meanwhile, the databases are removed.
async fn postgres(
    url: &str,
    folder: &Path,
    measuring: Measuring,
    failures: &mut Vec<Failure>,
) -> Result<Figures> {
    let mut site = match Site::postgres(url, folder).await {
        Ok(site) => site,
        Err(error) => return Ok(failed("PostgreSQL", &error, failures)),
    };
    let (begun, patients) = (Instant::now(), measuring.hospital.patients);
    let measured = unless_interrupted(async {
        eprintln!("PostgreSQL: writing {patients} patients, doctors and slots");
        match site.fill(measuring, measuring.twins()).await {
            Ok(()) => {
                eprintln!("PostgreSQL: written in {:.1} s", begun.elapsed().as_secs_f64());
                Parts { site: &site, measuring, failures }.run().await
            }
            Err(error) => failed("PostgreSQL", &error, failures),
        }
    });
    let measured = measured.await;
    let removed = site.remove().await;
    let figures = measured?;
    if let Err(error) = removed {
        failed("PostgreSQL: cleaning up", &error, failures);
    }
    Ok(figures)
}

fn failed(part: &str, error: &anyhow::Error, failures: &mut Vec<Failure>) -> Figures {
    eprintln!("{part} FAILED: {error:#}");
    failures.push(Failure { part: part.to_owned(), why: format!("{error:#}") });
    Figures::default()
}

/// Whoever stops the bench finds no server running afterwards, and no database left behind.
async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Result<T> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        done = work => Ok(done),
        _ = interrupt.recv() => bail!("interrupted"),
        _ = terminate.recv() => bail!("terminated"),
    }
}

/// Prints to standard output; whoever stops reading has seen enough.
fn print(text: &str) -> Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("printing the report"),
    }
}
