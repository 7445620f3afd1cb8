//! `pgbench`, PostgreSQL's own load generator, calling a booking function: what the database alone can do.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use baari_store_postgres::bare::{SCRIPT, Scratch};
use tokio::process::Command;

/// PostgreSQL's own programs are not in `PATH` on Debian: one folder for each version.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";
/// Threads of `pgbench`.
const THREADS: &str = "2";

/// How to run it.
pub(super) struct Pgbench<'a> {
    pub(super) database: &'a Scratch,
    /// Where its script may be put.
    pub(super) folder: &'a Path,
    pub(super) connections: usize,
}

impl Pgbench<'_> {
    /// Transactions per second, over so many seconds.
    pub(super) async fn run(&self, seconds: u64) -> Result<f64> {
        let script = self.folder.join("booking.sql");
        std::fs::write(&script, SCRIPT).context("writing pgbench's script")?;
        let arguments: [OsString; 11] = [
            "-n".into(),
            "-M".into(),
            "prepared".into(),
            "-c".into(),
            self.connections.to_string().into(),
            "-j".into(),
            THREADS.into(),
            "-T".into(),
            seconds.to_string().into(),
            "-f".into(),
            script.into(),
        ];
        for program in candidates() {
            let mut command = Command::new(&program);
            command.args(&arguments).envs(self.database.variables()?);
            let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
            let output = match output {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                output => output.with_context(|| format!("starting {}", program.display()))?,
            };
            let said = String::from_utf8_lossy(&output.stderr);
            ensure!(output.status.success(), "pgbench ended with {}: {}", output.status, said.trim());
            return transactions_per_second(&String::from_utf8_lossy(&output.stdout));
        }
        bail!("pgbench is neither in PATH nor in {DEBIAN_POSTGRES}: install PostgreSQL's own programs")
    }
}

/// The one in `PATH`, then those of Debian's folders, the newest version first.
fn candidates() -> Vec<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN_POSTGRES).into_iter().flatten().flatten();
    let mut versions: Vec<u32> =
        versions.filter_map(|folder| folder.file_name().to_str()?.parse().ok()).collect();
    versions.sort_unstable_by(|one, other| other.cmp(one));
    let debian = |version: u32| Path::new(DEBIAN_POSTGRES).join(version.to_string()).join("bin/pgbench");
    std::iter::once(PathBuf::from("pgbench")).chain(versions.into_iter().map(debian)).collect()
}

fn transactions_per_second(text: &str) -> Result<f64> {
    let after = |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name));
    let failed = after("number of failed transactions: ").unwrap_or("0");
    ensure!(failed.starts_with("0"), "pgbench counts failed transactions: {failed}");
    let rate = after("tps = ").and_then(|rest| rest.split(' ').next()?.parse().ok());
    rate.with_context(|| format!("pgbench said something else: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_and_failures_are_not_overlooked() {
        let text =
            "pgbench (15.8)\nlatency average = 8.0 ms\ntps = 7957.5 (without initial connection time)\n";
        assert_eq!(transactions_per_second(text).unwrap(), 7_957.5);
        let failed = format!("number of failed transactions: 3 (0.1%)\n{text}");
        assert!(transactions_per_second(&failed).is_err());
        assert!(transactions_per_second("").is_err());
    }
}
