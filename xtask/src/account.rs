//! Whom the database servers run as. PostgreSQL and PgBouncer refuse to run as root, so root lends them the
//! `postgres` account that Debian's package brings; anybody else runs them as themselves.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, chown};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

const LENT_ACCOUNT: &str = "postgres";

/// The account of the servers.
pub(crate) struct Account {
    /// `Some` when we are root and the servers run as [`LENT_ACCOUNT`] with this user id.
    lent_user_id: Option<u32>,
}

impl Account {
    /// Decides by who we are.
    ///
    /// # Errors
    /// When we are root and there is no `postgres` user.
    pub(crate) fn choose() -> Result<Self> {
        let lent_user_id = match we_are_root()? {
            true => {
                Some(user_id(&[LENT_ACCOUNT]).context("as root we need a user `postgres` for the servers")?)
            }
            false => None,
        };
        Ok(Self { lent_user_id })
    }

    /// A command that will run as this account, inside `folder` (which it can enter, unlike perhaps ours).
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = match self.lent_user_id {
            None => Command::new(program),
            Some(_) => {
                let mut runuser = Command::new("runuser");
                runuser.args(["-u", LENT_ACCOUNT, "--"]).arg(program);
                runuser
            }
        };
        command.current_dir(folder);
        command
    }

    /// Gives a file or folder to this account.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(crate) fn give(&self, path: &Path) -> Result<()> {
        if let Some(user_id) = self.lent_user_id {
            chown(path, Some(user_id), None).with_context(|| format!("giving {} away", path.display()))?;
        }
        Ok(())
    }

    /// Writes a file that only this account can read, from its first byte on: it may hold a password.
    ///
    /// # Errors
    /// When the file exists already or can't be written.
    pub(crate) fn write_private(&self, path: &Path, text: &str) -> Result<()> {
        let write = || -> std::io::Result<()> {
            let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            file.write_all(text.as_bytes())
        };
        write().with_context(|| format!("writing {}", path.display()))?;
        self.give(path)
    }
}

/// Runs a command to its end, quietly; what it said becomes the error's text.
///
/// # Errors
/// When it can't be started or fails.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{command:?} ended with {}:\n{}", output.status, String::from_utf8_lossy(&said));
    }
    Ok(())
}

/// Whether we are root.
///
/// # Errors
/// When `id` can't be run.
pub(crate) fn we_are_root() -> Result<bool> {
    Ok(user_id(&[])? == 0)
}

fn user_id(of: &[&str]) -> Result<u32> {
    let output = Command::new("id").arg("-u").args(of).output().context("starting `id`")?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().with_context(|| format!("`id -u {}` printed no number: {text:?}", of.join(" ")))
}
