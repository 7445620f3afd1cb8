//! `baari demo`: a living hospital to look at and to play with, on this computer only.

mod day;
mod folder;
mod hospital;
mod names;
mod town;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use baari_desk::{Clock, Config, Desk};
use baari_server::{Access, Network};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::serve::{instant, speed};
use super::serving::{Serving, limits, listen};
use crate::console::Console;
use crate::database::Database;
use crate::logging::LogArgs;
use crate::secret::SecretArgs;

use folder::Folder;
use hospital::{Hospital, ZONE};
use town::Town;

/// How long requests under way may take to finish after a stop was asked for.
const STOP_MAX: Duration = Duration::from_millis(250);

/// Show a living hospital: doctors, patients who come and wait, and a clock that runs faster
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// Where to listen: a loopback address
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    listen: SocketAddr,
    /// How many times as fast the clock runs
    #[arg(long, default_value = "10", value_name = "N", value_parser = speed)]
    speed: f64,
    /// Start the clock at this instant: 2026-02-02T09:00:00+05:30 [default: five to nine in the morning]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    now: Option<Timestamp>,
    /// Which days it is going to be: the same number, the same patients
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Keep the data in this folder, which must not hold a hospital yet [default: nothing is kept]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    #[command(flatten)]
    log: LogArgs,
}

pub(crate) fn run(args: &DemoArgs) -> anyhow::Result<()> {
    if !args.listen.ip().to_canonical().is_loopback() {
        bail!(
            "a demonstration lets everybody in who reaches it, so it listens on a loopback address only, not on {}",
            args.listen.ip()
        );
    }
    args.log.start_quiet()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // From here on a signal ends it in order, so that nothing is left behind.
    let stops = runtime.block_on(async { Stops::new() })?;
    let temporary = match args.data_dir {
        Some(_) => None,
        None => Some(Folder::make(&std::env::temp_dir())?),
    };
    let folder = temporary.as_ref().map(Folder::path).or(args.data_dir.as_deref());
    let folder = folder.context("a demonstration has a folder")?;
    let done = runtime.block_on(show(args, folder, stops));
    // The town is not asked to finish; what it has written is whole.
    runtime.shutdown_timeout(STOP_MAX);
    done
}

/// What ends it.
struct Stops {
    interrupt: Signal,
    terminate: Signal,
    /// The window that it was started in was closed.
    hangup: Signal,
}

impl Stops {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }
}

async fn show(args: &DemoArgs, folder: &Path, stops: Stops) -> anyhow::Result<()> {
    let Stops { mut interrupt, mut terminate, mut hangup } = stops;
    let serving = tokio::select! {
        ready = prepare(args, folder) => ready?,
        _ = interrupt.recv() => return Ok(()),
        _ = terminate.recv() => return Ok(()),
        _ = hangup.recv() => return Ok(()),
    };
    tokio::select! {
        done = serving.run(welcome) => done,
        _ = hangup.recv() => Ok(()),
    }
}

/// Makes the hospital, and sets its clock going.
async fn prepare(args: &DemoArgs, folder: &Path) -> anyhow::Result<Serving> {
    let listener = listen(args.listen).await?;
    let database = Database::sqlite(folder)?;
    let console = Console::new(Arc::clone(&database.store));
    let secret = SecretArgs::default().open(folder, &*database.store).await?;
    let facility = hospital::begin(&console, &secret).await?;
    let zone = TimeZone::get(ZONE).context("the time zones that are built in")?;
    // It stands until everything is there.
    let clock = Clock::set(args.begins(&zone)?, 0.0);
    let config = Config { clock: clock.clone(), timers: true, ..Config::default() };
    let desk = Desk::open(Arc::clone(&database.store), config);
    let (hospital, demo) = Hospital::make(Arc::clone(&desk), &console, facility).await?;
    let town = Town::new(hospital, zone, args.seed).await?;
    clock.pace(args.speed);
    tokio::spawn(town.live());
    let limits = limits()?;
    let access = Access::closed(Arc::clone(&desk), secret, limits, None).for_demo(demo);
    let network = Network::default();
    Ok(Serving { desk, access, limits, network, listener, only_loopback: true, stop_max: STOP_MAX })
}

impl DemoArgs {
    /// What the clock shows at first: a day that is about to begin.
    fn begins(&self, zone: &TimeZone) -> anyhow::Result<Timestamp> {
        if let Some(now) = self.now {
            return Ok(now);
        }
        let date = town::working(zone.to_datetime(Clock::system().now()).date());
        zone.to_timestamp(date.to_datetime(town::BEGINS)).context("this morning")
    }
}

fn welcome(address: SocketAddr) -> String {
    // Browsers keep a session without TLS for this name.
    let host = if address.is_ipv4() { format!("localhost:{}", address.port()) } else { address.to_string() };
    format!("Baari {} · {} · http://{host} · Ctrl-C ends it", env!("CARGO_PKG_VERSION"), hospital::NAME)
}
