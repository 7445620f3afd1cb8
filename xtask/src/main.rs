//! `cargo xtask`: what a contributor and CI run.
//!
//! `test` goes from a bare machine to a verdict without asking anything: it installs what is missing, checks
//! style, starts a private PostgreSQL with PgBouncer in front, runs every test, and takes everything down
//! again. The other commands are parts of it. A missing part fails; nothing is skipped silently.
//!
//! It never touches a PostgreSQL that was there before, and leaves no process and no file behind, however it
//! ends (see `keeper`). It holds no rule of the product.
//!
//! Start reading at `steps`; then `environment` for the databases, `tidy` for the rules no compiler checks.

mod account;
mod bouncer;
mod browser;
mod certificates;
mod cluster;
mod environment;
mod fuzz;
mod keeper;
mod network;
mod packages;
mod steps;
mod tidy;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "What a contributor runs")]
enum Task {
    /// Everything CI runs: install, format, clippy, tidy, and every test on real databases
    Test {
        /// Also what takes minutes: 100,000 random sequences of commands instead of 500
        #[arg(long)]
        slow: bool,
        /// Passed on to `cargo test`
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Only the tests of the `baari` binary, on the same databases, and two minutes of fuzzing
    E2e {
        /// Passed on to `cargo test`
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Requests by chance to a live server, by its own OpenAPI document; a release build if there is one already
    Fuzz {
        /// How long
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_440))]
        minutes: u32,
        /// That of a run before: the same values again, as far as the server answers the same
        #[arg(long)]
        seed: Option<u32>,
    },
    /// `baari bench` in release mode on a private PostgreSQL
    Bench {
        /// Passed on to `baari bench`
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Format check, clippy and tidy; no database
    Lint,
    /// Only the rules of this project that neither compiler nor clippy checks
    Tidy,
    /// A picture of every page in every language, in target/pictures
    Pictures,
    /// A private PostgreSQL and PgBouncer, until Enter or ctrl-C; or for as long as a command runs
    Postgres {
        /// The command to run with the environment set; its exit code is returned
        #[arg(last = true)]
        command: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let outcome = match Task::parse() {
        Task::Test { slow, arguments } => steps::test(slow, &arguments),
        Task::E2e { arguments } => steps::e2e(&arguments),
        Task::Fuzz { minutes, seed } => steps::fuzz(minutes, seed),
        Task::Bench { arguments } => steps::bench(&arguments),
        Task::Lint => steps::lint(),
        Task::Tidy => steps::tidy(),
        Task::Pictures => steps::pictures(),
        Task::Postgres { command } => steps::postgres(&command),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}
