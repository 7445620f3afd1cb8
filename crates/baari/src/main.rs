//! `baari`: the OPD token engine as one program.
//!
//! Reads the command line (and `BAARI_…`, the one place where the environment is read), puts the other crates together, and
//! turns what went wrong into a sentence that a person can act on. It must hold no rule, no SQL and no HTTP of its own.
//!
//! Start reading at `commands/serve.rs`.

mod commands;
mod console;
mod database;
mod files;
mod logging;
mod password;
mod secret;
mod terminal;

use clap::{Parser, Subcommand};

use crate::commands::{bench, demo, facility, lab, serve, simulate, user};

/// Allocates tokens in an outpatient department, keeps the queue as the day goes wrong, and explains every decision.
#[derive(Debug, Parser)]
#[command(name = "baari", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::DemoArgs),
    Serve(Box<serve::ServeArgs>),
    User(user::UserArgs),
    Facility(facility::FacilityArgs),
    Simulate(simulate::SimulateArgs),
    Lab(lab::LabArgs),
    Bench(bench::BenchArgs),
}

fn main() -> std::process::ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(args) => demo::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::User(args) => user::run(&args),
        Command::Facility(args) => facility::run(&args),
        Command::Simulate(args) => simulate::run(args),
        Command::Lab(args) => lab::run(&args),
        Command::Bench(args) => bench::run(&args),
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("baari: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
