//! `baari simulate`: one OPD day through the engine, invented from a seed or given as a trace, and how it went.

mod fields;
mod report;
mod stored;
mod table;
mod timeline;
mod trace;

use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use baari_engine::PolicyKind;
use baari_sim::{InMemory, Scenario, Summary, invent, replay_through};

/// Play one OPD day through the engine, invented or given, and show how it went
#[derive(Debug, clap::Args)]
pub(crate) struct SimulateArgs {
    /// Which day to invent; the same number gives the same day, to the byte
    #[arg(long, env = "BAARI_SEED", value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Replay this day instead (format baari-trace/1); - reads standard input
    #[arg(long, env = "BAARI_TRACE", value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Who goes first: band, target, fcfs, strict or apq
    #[arg(long, env = "BAARI_POLICY", value_name = "NAME", default_value = "band")]
    policy: PolicyKind,
    /// A higher band that finds the current slot full may move somebody who is not here yet to the next one
    #[arg(long, env = "BAARI_DISPLACEMENT")]
    displacement: bool,
    /// Write every token and the summary as JSON; - prints it, and nothing else
    #[arg(long, env = "BAARI_JSON", value_name = "FILE")]
    json: Option<PathBuf>,
    /// Let every decision pass through a real store as well: sqlite (a temporary database) or postgres://… (a database for
    /// rehearsals, not the hospital's: the simulated facility stays in it)
    #[arg(long, env = "BAARI_STORE", hide_env_values = true, value_name = "STORE")]
    store: Option<String>,
}

use stored::Stored;

/// Bytes of a trace.
const TRACE_BYTES: u64 = 64 << 20;

/// Plays the day and says how it went.
///
/// # Errors
/// The trace can't be read or played, the auditor found a fault, or the report can't be written.
pub(crate) fn run(args: SimulateArgs) -> Result<()> {
    let scenario = scenario(&args)?;
    let failed = "the day could not be played";
    let outcome = match &args.store {
        None => replay_through(&scenario, &mut InMemory).context(failed)?,
        Some(store) => {
            let mut stored = Stored::open(store, &scenario)?;
            let outcome = replay_through(&scenario, &mut stored).context(failed)?;
            stored.compare()?;
            outcome
        }
    };
    let summary = Summary::new(&scenario, &outcome);
    if let Some(file) = args.json {
        let text = report::json(&scenario, &outcome, &summary)?;
        if is_standard_stream(&file) {
            return print(&text);
        }
        std::fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    }
    let coloured = std::io::stdout().is_terminal();
    let tables = table::render(&scenario, &summary);
    print(&format!("{tables}\n{}", timeline::render(&scenario, &outcome, &summary, coloured)))
}

fn scenario(args: &SimulateArgs) -> Result<Scenario> {
    let mut scenario = match &args.trace {
        Some(file) => {
            let shown =
                if is_standard_stream(file) { "standard input".into() } else { file.to_string_lossy() };
            let text = read(file).with_context(|| format!("reading {shown}"))?;
            let (scenario, unknown) =
                trace::parse(&text).with_context(|| format!("in the trace of {shown}"))?;
            for field in unknown {
                eprintln!("note: {field} is not a field of {}; it was left aside", trace::FORMAT);
            }
            Scenario { seed: args.seed, ..scenario }
        }
        None => invent(args.seed),
    };
    scenario.settings.policy = args.policy;
    scenario.settings.displacement |= args.displacement;
    Ok(scenario)
}

fn read(file: &Path) -> Result<String> {
    let source: Box<dyn Read> =
        if is_standard_stream(file) { Box::new(std::io::stdin()) } else { Box::new(File::open(file)?) };
    let mut bytes = Vec::new();
    source.take(TRACE_BYTES + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 <= TRACE_BYTES, "it is larger than {} MiB", TRACE_BYTES >> 20);
    String::from_utf8(bytes).context("it is not text in UTF-8")
}

fn is_standard_stream(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// Prints to standard output; whoever stops reading (`| head`) has seen enough.
fn print(text: &str) -> Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("printing the report"),
    }
}
