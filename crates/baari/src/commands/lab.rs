//! `baari lab`: thousands of reference days through the engine, and what is measured of them.

use std::io::Write;

use anyhow::{Context, Result};
use baari_sim::lab::{Estimates, Figure, Goal, estimates};
use serde_json::{Value, json};

/// Measure the engine over thousands of simulated days
#[derive(Debug, clap::Args)]
pub(crate) struct LabArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// How well patients are told at check-in when they will be called, beside plainer ways to tell them
    Estimates(EstimatesArgs),
}

#[derive(Debug, clap::Args)]
struct EstimatesArgs {
    /// Days of each world
    #[arg(long, env = "BAARI_DAYS", value_name = "NUMBER", default_value_t = 2_000,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    days: u32,
    /// The first day; the same number gives the same figures
    #[arg(long, env = "BAARI_SEED", value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Print the figures as JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Measures, and prints what came of it.
///
/// # Errors
/// A day can't be played, the auditor found a fault, or the report can't be written.
pub(crate) fn run(args: &LabArgs) -> Result<()> {
    let What::Estimates(args) = &args.what;
    let measured = estimates(args.days as usize, args.seed).context("a day could not be played")?;
    let text = if args.json { format!("{:#}\n", json_of(&measured)) } else { measured.table() };
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("printing the report"),
    }
}

fn json_of(measured: &Estimates) -> Value {
    let figures: Vec<Value> = measured.figures.iter().map(figure).collect();
    json!({ "days": measured.days, "seed": measured.seed, "figures": figures })
}

fn figure(figure: &Figure) -> Value {
    let (least, most) = match figure.goal {
        Goal::AtMost(most) => (None, Some(most)),
        Goal::Within(least, most) => (Some(least), Some(most)),
        Goal::Shown => (None, None),
    };
    let values: serde_json::Map<String, Value> =
        figure.values.iter().map(|(policy, value)| (policy.name().to_owned(), json!(value))).collect();
    json!({
        "world": figure.world,
        "what": figure.what.name(),
        "at_least": least,
        "at_most": most,
        "values": values,
    })
}
