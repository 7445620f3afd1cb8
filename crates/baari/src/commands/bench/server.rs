//! The server that is measured: this very program, as a process of its own, exactly as a hospital would start it.
//!
//! A child rather than a router inside this process: what is measured is what is shipped, with its own threads, and the
//! memory and processor time of the server can be told apart from those of the load beside it.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use super::client::Client;
use super::hospital;
use super::machine::{self, Cpu};

/// How long a server may take until it listens.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// What this machine may be set to, and the bench decides: the load speaks plain HTTP, from this computer.
const SETTINGS: [&str; 11] = [
    "BAARI_TLS_CERT",
    "BAARI_TLS_KEY",
    "BAARI_TRUSTED_PROXY",
    "BAARI_OPEN",
    "BAARI_NOW",
    "BAARI_SPEED",
    "BAARI_SECRET_FILE",
    "BAARI_CONNECTIONS_PER_CLIENT",
    "BAARI_REQUESTS_PER_SECOND",
    "BAARI_CHANGES_PER_SECOND",
    "BAARI_DATABASE",
];

/// A running server; it is killed when this is dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    child: Child,
    process: u32,
    /// Held so that the server's standard output stays open.
    _output: BufReader<ChildStdout>,
}

/// What has been committed so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Groups {
    groups: f64,
    commands: f64,
}

impl Server {
    /// Starts it on the data in this folder, or on a PostgreSQL database.
    pub(super) async fn start(folder: &Path, database: Option<String>) -> Result<Self> {
        Self::start_at(hospital::NOW, folder, database).await
    }

    /// The same with a clock that shows this instant.
    pub(super) async fn start_at(now: &str, folder: &Path, database: Option<String>) -> Result<Self> {
        Self::start_with(&["--open", "--speed", "1", "--now", now], folder, database).await
    }

    /// The same with these options; closed and by the machine's clock, if they don't say otherwise.
    pub(super) async fn start_with(
        options: &[&str],
        folder: &Path,
        database: Option<String>,
    ) -> Result<Self> {
        let program = std::env::current_exe().context("where this program is")?;
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--log", "warn"]).args(options);
        command.arg("--data-dir").arg(folder);
        for setting in SETTINGS {
            command.env_remove(setting);
        }
        // In the environment, because everybody on the machine can read a command line.
        command.envs(database.map(|url| ("BAARI_DATABASE", url)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().context("starting `baari serve`")?;
        let process = child.id().context("`baari serve` has ended already")?;
        let mut output = BufReader::new(child.stdout.take().context("the server's standard output")?);
        let mut line = String::new();
        match tokio::time::timeout(START_PATIENCE, output.read_line(&mut line)).await {
            Ok(read) => read.context("reading what the server says")?,
            Err(_) => bail!("`baari serve` does not listen after {} s", START_PATIENCE.as_secs()),
        };
        let address = line.split_once("http://").and_then(|(_, rest)| rest.split_whitespace().next());
        let address = address.and_then(|address| address.parse().ok());
        let address =
            address.context("`baari serve` did not start: what it says on standard error tells why")?;
        Ok(Self { address, child, process, _output: output })
    }

    /// Ends it at once, as a power cut would.
    pub(super) async fn stop(mut self) -> Result<()> {
        self.child.kill().await.context("ending `baari serve`")
    }

    /// Memory that it holds, in bytes.
    pub(super) fn resident_bytes(&self) -> Result<u64> {
        machine::resident_bytes(self.process)
    }

    /// Processor time used up to now.
    pub(super) fn cpu(&self) -> Result<Cpu> {
        Cpu::read(self.process)
    }

    /// What it has committed so far, by its own metrics.
    pub(super) async fn groups(&self) -> Result<Groups> {
        let mut client = Client::connect(self.address).await?;
        let metrics = client.get("/metrics").await?;
        let text = std::str::from_utf8(&metrics).context("the metrics are no text")?;
        Ok(Groups {
            groups: metric(text, "baari_group_commands_count"),
            commands: metric(text, "baari_group_commands_sum"),
        })
    }
}

impl Groups {
    /// Commands in a group, on average, since `before`; none if there was no group.
    pub(super) fn mean_since(self, before: Self) -> Option<f64> {
        let groups = self.groups - before.groups;
        (groups > 0.0).then(|| (self.commands - before.commands) / groups)
    }
}

/// The value of a metric without labels; 0 until something was counted.
fn metric(text: &str, name: &str) -> f64 {
    let values = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    values.filter_map(|value| value.trim().parse().ok()).next().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_taken_of_what_was_counted_since() {
        let text = "# TYPE x summary\nbaari_group_commands_sum 900\nbaari_group_commands_count 30\n";
        let sum = metric(text, "baari_group_commands_sum");
        let now = Groups { groups: metric(text, "baari_group_commands_count"), commands: sum };
        assert_eq!(now.mean_since(Groups { groups: 10.0, commands: 100.0 }), Some(40.0));
        assert_eq!(now.mean_since(now), None);
        assert_eq!(metric(text, "baari_group"), 0.0);
    }
}
