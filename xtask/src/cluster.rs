//! A private PostgreSQL cluster: its own data folder, port, password and certificate. It is a real one:
//! `fsync` is on, passwords are checked, connections may be encrypted.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

use crate::account::{Account, run_quietly};
use crate::certificates::Certificates;
use crate::network::free_port;
use crate::packages::Programs;

/// Relative to the folder that the keeper watches.
pub(crate) const PROCESS_ID_FILE: &str = "data/postmaster.pid";

/// The superuser's name.
pub(crate) const USER: &str = "baari";

/// How much of the server's log a failure shows, in lines.
const LOG_LINES_SHOWN: usize = 20;

/// A running PostgreSQL.
pub(crate) struct Cluster {
    pub(crate) port: u16,
    pub(crate) password: String,
}

impl Cluster {
    /// Makes the cluster in `home/data` and starts it; it is ready when this returns.
    ///
    /// # Errors
    /// When PostgreSQL does not come up; the message holds the end of its log.
    pub(crate) fn start(
        programs: &Programs,
        account: &Account,
        home: &Path,
        certificates: &Certificates,
        password: String,
    ) -> Result<Self> {
        account.write_private(&home.join("superuser-password"), &password)?;
        let mut initdb = account.command(programs.postgres_bin.join("initdb"), home);
        initdb.args(["--pgdata=data", "--pwfile=superuser-password", "--encoding=UTF8", "--no-locale"]);
        initdb.args(["--auth=scram-sha-256", &format!("--username={USER}")]);
        // Only the making of the empty cluster is not synced; the running server syncs every commit.
        run_quietly(initdb.arg("--no-sync"))?;
        std::fs::remove_file(home.join("superuser-password"))?;

        let port = free_port()?;
        let settings = settings(home, port, certificates);
        account.write_private(&home.join("data/postgresql.auto.conf.new"), &settings)?;
        std::fs::rename(home.join("data/postgresql.auto.conf.new"), home.join("data/postgresql.auto.conf"))?;
        let mut start = account.command(programs.postgres_bin.join("pg_ctl"), home);
        start.args(["start", "--wait", "--silent", "--pgdata=data", "--log=postgres.log"]);
        // Not `run_quietly`: the server would keep the pipe of its output open, and we would read it for
        // ever.
        let status = start.stdin(std::process::Stdio::null()).status().context("starting pg_ctl")?;
        if !status.success() {
            anyhow::bail!("PostgreSQL did not start; its log ends:\n{}", log_end(&home.join("postgres.log")));
        }
        Ok(Self { port, password })
    }

    /// A URL of the cluster's first database, without encryption.
    pub(crate) fn url(&self) -> String {
        self.url_at("127.0.0.1", self.port)
    }

    /// The same, encrypted, with the server's certificate checked.
    pub(crate) fn url_encrypted(&self, certificates: &Certificates) -> String {
        let authority = certificates.authority.display();
        format!("{}?sslmode=verify-full&sslrootcert={authority}", self.url_at("localhost", self.port))
    }

    /// The same, through another port.
    pub(crate) fn url_at(&self, host: &str, port: u16) -> String {
        format!("postgres://{USER}:{}@{host}:{port}/postgres", self.password)
    }
}

/// Goes to `postgresql.auto.conf`, which wins over initdb's `postgresql.conf`.
fn settings(home: &Path, port: u16, certificates: &Certificates) -> String {
    let mut text = String::new();
    let mut set = |name: &str, value: &str| {
        writeln!(text, "{name} = '{value}'").expect("writing to a string never fails");
    };
    set("listen_addresses", "127.0.0.1");
    set("port", &port.to_string());
    set("unix_socket_directories", &home.display().to_string());
    // Every test has a database and a pool of its own, and they run in parallel.
    set("max_connections", "200");
    set("fsync", "on");
    set("ssl", "on");
    set("ssl_cert_file", &certificates.server.display().to_string());
    set("ssl_key_file", &certificates.server_key.display().to_string());
    text
}

/// The last lines of a server's log, for an error's text.
pub(crate) fn log_end(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| format!("(no log: {error})"));
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
}
