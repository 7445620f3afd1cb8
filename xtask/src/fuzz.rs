//! Fuzzes the API of a live server where people sign in, by what its own OpenAPI document says: no answer may be a fault of the
//! server's or other than described, and a refused request changes nothing. The fuzzing itself is `xtask/fuzz/run.py`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cluster::log_end;
use crate::environment::random_password;
use crate::keeper::Keeper;
use crate::network::{free_port, wait_for_listener};
use crate::packages::python_with_venv;

/// Relative to the folder that the keeper watches.
pub(crate) const PROCESS_ID_FILE: &str = "baari.pid";

const FUZZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz");
/// The first user, who makes all others.
const ADMIN: &str = "fuzzer";
/// The first start makes the database and checks a password.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// The Python that has what the fuzzer needs, made once for each list of packages.
///
/// # Errors
/// When Python is not there and can't be installed, or the packages can't be had.
pub(crate) fn python() -> Result<PathBuf> {
    let (folder, list) = (target()?.join("fuzz-python"), Path::new(FUZZ).join("requirements.txt"));
    let (python, stamp) = (folder.join("bin/python"), folder.join("installed.txt"));
    let wanted = fs::read(&list)?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    run(Command::new(python_with_venv()?).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(Command::new(&python).args(install).arg(&list))?;
    fs::write(&stamp, wanted)?;
    Ok(python)
}

/// The folder of the release build, if there is one already; else of the one that the tests use.
pub(crate) fn profile() -> Result<&'static str> {
    Ok(if target()?.join("release/baari").is_file() { "release" } else { "debug" })
}

/// Starts a server with an empty database, fuzzes it, and stops it.
///
/// # Errors
/// When the server does not start, and when anything was found.
pub(crate) fn fuzz(python: &Path, profile: &str, minutes: u32, seed: Option<u32>) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("baari-xtask-").tempdir()?;
    let keeper = Keeper::watch(folder.path())?;
    let home = folder.keep();
    let (password, port, log) = (random_password()?, free_port()?, home.join("baari.log"));
    let address = format!("127.0.0.1:{port}");
    let mut serve = Command::new(target()?.join(profile).join("baari"));
    serve.args(["serve", "--listen", &address, "--admin", ADMIN, "--data-dir"]).arg(home.join("data"));
    serve.env("BAARI_ADMIN_PASSWORD", &password).stdin(Stdio::null());
    let output = File::create(&log)?;
    let mut server = serve.stdout(output.try_clone()?).stderr(output).spawn().context("starting baari")?;
    fs::write(home.join(PROCESS_ID_FILE), server.id().to_string())?;

    let seed = seed.map_or_else(random_seed, Ok)?;
    let mut fuzzer = Command::new(python);
    fuzzer.arg(Path::new(FUZZ).join("run.py")).args(["--url", &format!("http://{address}")]);
    fuzzer.arg("--database").arg(home.join("data/baari.db")).args(["--admin", ADMIN]);
    fuzzer.args(["--seconds", &(minutes * 60).to_string(), "--seed", &seed.to_string()]);
    fuzzer.envs([("BAARI_ADMIN_PASSWORD", &*password), ("PYTHONDONTWRITEBYTECODE", "1")]);
    let found = wait_for_listener(port, START_PATIENCE).and_then(|()| run(fuzzer.current_dir(&home)));
    let end = log_end(&log);
    drop(keeper);
    server.wait()?;
    found.with_context(|| format!("fuzzing with --seed {seed} failed; the server's log ends:\n{end}"))
}

/// Where cargo puts what it builds: we are there ourselves, in a profile's folder.
pub(crate) fn target() -> Result<PathBuf> {
    let ourselves = std::env::current_exe()?;
    Ok(ourselves.ancestors().nth(2).context("xtask was not run by cargo")?.to_owned())
}

fn random_seed() -> Result<u32> {
    Ok(u32::from_str_radix(&random_password()?[..8], 16)?)
}

/// Runs a command to its end, which must be a good one.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("starting {program}"))?;
    if !status.success() {
        bail!("{program} ended with {status}");
    }
    Ok(())
}
