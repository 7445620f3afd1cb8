//! The databases of one run, and the variables that tell the tests where they are.

use std::ffi::OsString;
use std::fs::Permissions;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::account::Account;
use crate::bouncer;
use crate::certificates::Certificates;
use crate::cluster::Cluster;
use crate::keeper::Keeper;
use crate::packages::{Programs, search_path_with};

/// Not `TMPDIR`: the servers' account must be able to enter it, and a socket's path has at most 107 bytes.
const PARENT: &str = "/tmp";

/// PostgreSQL and PgBouncer, running; they stop when this is dropped.
pub(crate) struct Environment {
    /// The plain URL, also in [`Self::variables`].
    pub(crate) url: String,
    /// Where the databases, and the browser, are, by the names that the tests read.
    variables: Vec<(&'static str, String)>,
    search_path: OsString,
    /// Last, and only held: its going is the stopping.
    _keeper: Keeper,
}

impl Environment {
    /// Installs what is missing and starts everything.
    ///
    /// # Errors
    /// When a package can't be installed or a server does not come up. What was started is stopped again.
    pub(crate) fn start() -> Result<Self> {
        let programs = Programs::find_or_install()?;
        let account = Account::choose()?;
        let folder = tempfile::Builder::new().prefix("baari-xtask-").tempdir_in(PARENT)?;
        let keeper = Keeper::watch(folder.path())?;
        let home = folder.keep();
        // Everybody may pass through, to the certificate and the socket; the rest is closed file by file.
        std::fs::set_permissions(&home, Permissions::from_mode(0o755))?;
        account.give(&home)?;

        let certificates =
            Certificates::make(&programs.openssl, &account, &home).context("making certificates")?;
        let cluster = Cluster::start(&programs, &account, &home, &certificates, random_password()?)?;
        let bouncer_port = bouncer::start(&programs, &account, &home, &cluster)?;
        let url = cluster.url();
        let variables = vec![
            ("BAARI_TEST_POSTGRES", url.clone()),
            ("BAARI_TEST_POSTGRES_TLS", cluster.url_encrypted(&certificates)),
            ("BAARI_TEST_PGBOUNCER", cluster.url_at("127.0.0.1", bouncer_port)),
        ];
        let search_path = search_path_with(&programs.postgres_bin)?;
        Ok(Self { url, variables, search_path, _keeper: keeper })
    }

    /// With more variables that the tests read.
    pub(crate) fn with(mut self, variables: Vec<(&'static str, String)>) -> Self {
        self.variables.extend(variables);
        self
    }

    /// Sets the variables for a command.
    pub(crate) fn apply<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.envs(self.variables.iter().map(|(name, value)| (name, value)))
    }

    /// Sets the variables, and puts PostgreSQL's own programs (`pgbench`) in `PATH`. Not for `cargo test`: a
    /// changed `PATH` may make build scripts run again.
    pub(crate) fn apply_with_programs<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        self.apply(command).env("PATH", &self.search_path)
    }

    /// The variables as lines for a shell.
    pub(crate) fn exports(&self) -> String {
        self.variables.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect()
    }
}

/// New for every run: other users of the machine can reach the port too.
pub(crate) fn random_password() -> Result<String> {
    let mut bytes = [0_u8; 16];
    std::fs::File::open(Path::new("/dev/urandom"))?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
