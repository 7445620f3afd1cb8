//! The real program, started as its user would start it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::client::Client;
use super::database::Database;
use super::hospital::DATE;

/// Nine in the morning, when the first slot begins.
const NINE: &str = "2026-02-02T09:00:00+05:30";

/// This time of the day of the tests, there.
pub(crate) fn instant(time: &str) -> String {
    format!("{DATE}T{time}:00+05:30")
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    pub(crate) client: Client,
}

/// Runs the program to its end.
pub(crate) fn baari(arguments: &[&str]) -> Output {
    baari_on(None, &[], arguments)
}

/// The same on a database, with this in its environment.
pub(crate) fn baari_on(
    database: Option<&Database>,
    environment: &[(&str, &str)],
    arguments: &[&str],
) -> Output {
    Command::new(env!("CARGO_BIN_EXE_baari"))
        .args(arguments)
        .args(database.map(Database::options).unwrap_or_default())
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn with_open<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["--open"], arguments].concat()
}

impl Server {
    /// On this database, with the clock stopped at nine.
    pub(crate) fn start(database: &Database) -> Self {
        Self::start_with(database, &["--now", NINE, "--speed", "0"])
    }

    /// With the clock stopped at this time of the day of the tests.
    pub(crate) fn start_at(database: &Database, time: &str) -> Self {
        Self::start_with(database, &["--now", &instant(time), "--speed", "0"])
    }

    pub(crate) fn start_with(database: &Database, arguments: &[&str]) -> Self {
        Self::launch(database, &with_open(arguments), &[("BAARI_LOG", "warn")], Stdio::inherit())
    }

    /// One where people sign in, with this in its environment and every log line in a file.
    pub(crate) fn start_closed(database: &Database, environment: &[(&str, &str)], log: &Path) -> Self {
        Self::launch(database, &["--log", "trace"], environment, File::create(log).unwrap().into())
    }

    /// With every log line, as JSON, in a file.
    pub(crate) fn start_logging(database: &Database, log: &Path) -> Self {
        let arguments = ["--now", NINE, "--speed", "0", "--log", "trace", "--log-format", "json"];
        Self::start_logging_with(database, log, &arguments)
    }

    /// With these options, and the log in a file.
    pub(crate) fn start_logging_with(database: &Database, log: &Path, arguments: &[&str]) -> Self {
        Self::launch(database, &with_open(arguments), &[], File::create(log).unwrap().into())
    }

    /// A demonstration, with its temporary files in this folder.
    pub(crate) fn start_demo(arguments: &[&str], temporary: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baari"));
        command.args(["demo", "--listen", "127.0.0.1:0"]).args(arguments).env("TMPDIR", temporary);
        Self::run(&mut command, Stdio::inherit())
    }

    fn launch(database: &Database, arguments: &[&str], environment: &[(&str, &str)], log: Stdio) -> Self {
        Self::launch_at("127.0.0.1:0", database, arguments, environment, log)
    }

    /// At this address.
    pub(crate) fn launch_at(
        address: &str,
        database: &Database,
        arguments: &[&str],
        environment: &[(&str, &str)],
        log: Stdio,
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baari"));
        command
            .args(["serve", "--listen", address])
            .args(database.options())
            .args(arguments)
            .envs(environment.iter().copied());
        Self::run(&mut command, log)
    }

    fn run(command: &mut Command, log: Stdio) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.split(" · ").find_map(|part| {
            part.trim().strip_prefix("http://").or_else(|| part.trim().strip_prefix("https://"))
        });
        let address = address.unwrap_or_else(|| panic!("the server did not start: {first:?}")).to_owned();
        Self { child, client: Client::new(&address), address }
    }

    /// Memory that it holds, in bytes.
    pub(crate) fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// As when the power goes.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As an administrator stops it.
    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    pub(crate) fn signal(&self, name: &str) {
        let signal = format!("-{name}");
        let sent = Command::new("kill").args([&signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended; whether it ended well.
    pub(crate) fn ended(&mut self) -> bool {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            assert!(Instant::now() < deadline, "the server does not stop");
            std::thread::yield_now();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
