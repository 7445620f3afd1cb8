//! The commands, as steps in order. Each step prints a headline and how long it took; the first failure ends
//! the run.

use std::ffi::OsString;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::browser::{self, Browser};
use crate::environment::Environment;
use crate::packages::Programs;
use crate::{fuzz, tidy};

/// The folder of the workspace. `cargo xtask` builds us where it runs us, so it is still there.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// How long the whole suite fuzzes, and with what: the same suite should say the same. `e2e` and `fuzz` look for what is new.
const TEST_FUZZ_MINUTES: u32 = 1;
const TEST_FUZZ_SEED: u32 = 654_912_367;
/// How long the end-to-end tests fuzz.
const E2E_FUZZ_MINUTES: u32 = 2;

/// Everything CI runs; what takes minutes only when it was asked for. The databases come up after the checks that need none.
pub(crate) fn test(slow: bool, arguments: &[OsString]) -> Result<ExitCode> {
    step("the system's packages", || {
        Programs::find_or_install()?;
        Browser::find_or_install().map(drop)
    })?;
    lint()?;
    if slow {
        // Optimised, or it would take an hour; with its output, which says how much was run.
        let words = "test --release -p baari-sim --test whole_day -- --nocapture";
        cargo_step(words, cargo(words).env("BAARI_SLOW", "1"))?;
    }
    let environment = started()?.with(Browser::find_or_install()?.variables());
    let words = "test --workspace --all-features";
    let tested = cargo_step(words, environment.apply(cargo(words).args(arguments)))?;
    drop(environment);
    if arguments.is_empty() { fuzz(TEST_FUZZ_MINUTES, Some(TEST_FUZZ_SEED)) } else { Ok(tested) }
}

/// The tests of the `baari` crate, and unless some of them were picked, a short fuzzing.
pub(crate) fn e2e(arguments: &[OsString]) -> Result<ExitCode> {
    let browser = step("the browser", Browser::find_or_install)?;
    let environment = started()?.with(browser.variables());
    let words = "test -p baari --all-features";
    let tested = cargo_step(words, environment.apply(cargo(words).args(arguments)))?;
    drop(environment);
    if arguments.is_empty() { fuzz(E2E_FUZZ_MINUTES, None) } else { Ok(tested) }
}

/// Fuzzes a server with sign-in for so long.
pub(crate) fn fuzz(minutes: u32, seed: Option<u32>) -> Result<ExitCode> {
    let python = step("the fuzzer's Python", fuzz::python)?;
    let profile = fuzz::profile()?;
    let words =
        if profile == "release" { "build --release -p baari" } else { "build -p baari --all-features" };
    cargo_step(words, &mut cargo(words))?;
    step(&format!("fuzzing the {profile} build for {minutes} min"), || {
        fuzz::fuzz(&python, profile, minutes, seed)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Measures on the private PostgreSQL.
pub(crate) fn bench(arguments: &[OsString]) -> Result<ExitCode> {
    let environment = started()?;
    let mut bench = cargo("run --release -p baari -- bench");
    bench.arg("--database").arg(&environment.url).args(arguments);
    cargo_step("run --release -p baari -- bench", environment.apply_with_programs(&mut bench))
}

/// Takes a picture of every page, in every language, of a hospital in the middle of its day.
pub(crate) fn pictures() -> Result<ExitCode> {
    let browser = step("the browser", Browser::find_or_install)?;
    let words = "test -p baari --all-features --test pages pictures:: -- --nocapture";
    cargo_step(words, cargo(words).envs(browser.variables()))?;
    println!("\nThe pictures, and a table of them: {}", browser::pictures()?.display());
    Ok(ExitCode::SUCCESS)
}

/// What needs no database.
pub(crate) fn lint() -> Result<ExitCode> {
    for words in ["fmt --all --check", "clippy --workspace --all-targets --all-features -- -D warnings"] {
        cargo_step(words, &mut cargo(words))?;
    }
    tidy()
}

/// The project's own rules.
pub(crate) fn tidy() -> Result<ExitCode> {
    step("tidy", || tidy::check(Path::new(WORKSPACE)))?;
    Ok(ExitCode::SUCCESS)
}

/// The databases, for a command or for a developer's other window.
pub(crate) fn postgres(command: &[OsString]) -> Result<ExitCode> {
    let environment = Environment::start()?.with(Browser::find_or_install()?.variables());
    if let Some((program, arguments)) = command.split_first() {
        let status = environment.apply_with_programs(Command::new(program).args(arguments)).status();
        return Ok(exit_code(status.with_context(|| format!("starting {}", program.display()))?));
    }
    print!("{}", environment.exports());
    eprintln!("Running. Enter or ctrl-C stops it.");
    // A line, the end of input, or a terminal that went away: each is the sign to stop.
    let _ = std::io::stdin().read(&mut [0]);
    Ok(ExitCode::SUCCESS)
}

fn started() -> Result<Environment> {
    step("PostgreSQL and PgBouncer", Environment::start)
}

fn cargo(words: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(words.split(' ')).current_dir(WORKSPACE);
    command
}

fn cargo_step(words: &str, command: &mut Command) -> Result<ExitCode> {
    step(&format!("cargo {words}"), || match command.status().context("starting cargo")? {
        status if status.success() => Ok(ExitCode::SUCCESS),
        status => bail!("`cargo {words}` failed: {status}"),
    })
}

fn step<T>(headline: &str, action: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n== {headline}");
    let begun = Instant::now();
    let outcome = action();
    let word = if outcome.is_ok() { "done" } else { "FAILED" };
    println!("== {word} in {:.1} s: {headline}", begun.elapsed().as_secs_f64());
    outcome
}

/// As a shell reports it: the command's own code, or 128 and the signal's number.
fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
