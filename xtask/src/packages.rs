//! The programs we need from the system, and the Debian packages that bring them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::account::we_are_root;

/// PostgreSQL's own programs (`initdb`, `pg_ctl`, `pgbench`) are not in `PATH` on Debian: one folder per
/// version.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";
/// The oldest PostgreSQL that Baari supports.
const POSTGRES_OLDEST: u32 = 15;

/// Runs as root. While it installs, `policy-rc.d` keeps Debian from starting its own PostgreSQL and
/// PgBouncer: we start private ones, and must neither need the distribution's nor leave it running on
/// somebody's machine.
const INSTALL: &str = r#"
set -eu
policy=/usr/sbin/policy-rc.d
if ! [ -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
"#;

/// Where the programs are, all of them present.
pub(crate) struct Programs {
    /// The folder with `initdb`, `pg_ctl`, `pgbench`.
    pub(crate) postgres_bin: PathBuf,
    pub(crate) pgbouncer: PathBuf,
    pub(crate) openssl: PathBuf,
}

impl Programs {
    /// Finds every program; installs the packages of those that are missing.
    ///
    /// # Errors
    /// When something is missing and can't be installed here; the message says what to install by hand.
    pub(crate) fn find_or_install() -> Result<Self> {
        let missing = missing_packages();
        if !missing.is_empty() {
            install(&missing)?;
        }
        let missing = missing_packages();
        Self::find().with_context(|| format!("still missing after the installation: {}", missing.join(" ")))
    }

    fn find() -> Option<Self> {
        Some(Self {
            postgres_bin: find_postgres_bin()?,
            pgbouncer: find_program("pgbouncer")?,
            openssl: find_program("openssl")?,
        })
    }
}

/// A Python that can make an environment of its own for packages; installed if it is missing.
///
/// # Errors
/// When it is missing and can't be installed here.
pub(crate) fn python_with_venv() -> Result<PathBuf> {
    let usable = || {
        let python = find_program("python3")?;
        let asked = Command::new(&python).args(["-c", "import ensurepip, sqlite3, venv"]).output().ok()?;
        asked.status.success().then_some(python)
    };
    if let Some(python) = usable() {
        return Ok(python);
    }
    install(&["python3", "python3-venv"])?;
    usable().context("python3 has no venv, also after the installation")
}

fn missing_packages() -> Vec<&'static str> {
    let mut missing = Vec::new();
    if find_postgres_bin().is_none() {
        missing.push("postgresql");
    }
    missing.extend(["pgbouncer", "openssl"].into_iter().filter(|name| find_program(name).is_none()));
    missing
}

/// Installs packages of Debian's, as root.
///
/// # Errors
/// When that can't be done here; the message says what to install by hand.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("install by hand, as root: apt-get install {}", packages.join(" "));
    if find_program("apt-get").is_none() {
        bail!(
            "this system has no apt-get; install PostgreSQL {POSTGRES_OLDEST} or later, PgBouncer, OpenSSL, Chromium, \
             ChromeDriver and a font that has Devanagari"
        );
    }
    eprintln!("installing {}", packages.join(" "));
    let mut command = if we_are_root()? {
        Command::new("sh")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "sh"]);
        sudo
    };
    // Standard output is for the lines of `cargo xtask postgres`, which a shell may evaluate.
    command.args(["-c", INSTALL, "install"]).args(packages).stdout(std::io::stderr());
    let status = command.status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!("apt-get (as root, or through `sudo -n`) ended with {status}; {by_hand}"),
        Err(error) => bail!("can't become root to install packages ({error}); {by_hand}"),
    }
}

/// The newest of Debian's PostgreSQL folders, or, elsewhere, the folder of the `initdb` that is in `PATH`.
fn find_postgres_bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN_POSTGRES).into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| *version >= POSTGRES_OLDEST)
        .filter(|version| debian_bin(*version).join("initdb").is_file())
        .max();
    match newest {
        Some(version) => Some(debian_bin(version)),
        None => find_program("initdb")?.parent().map(Path::to_owned),
    }
}

fn debian_bin(version: u32) -> PathBuf {
    Path::new(DEBIAN_POSTGRES).join(version.to_string()).join("bin")
}

pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    // Debian keeps servers in sbin folders, which an ordinary user's PATH may lack.
    let path = search_path();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders.map(|folder: PathBuf| folder.join(name)).find(|program| program.is_file())
}

/// `PATH` with `folder` in front.
///
/// # Errors
/// When the folder's name holds a colon.
pub(crate) fn search_path_with(folder: &Path) -> Result<OsString> {
    let old = search_path();
    Ok(std::env::join_paths([folder.to_owned()].into_iter().chain(std::env::split_paths(&old)))?)
}

#[expect(clippy::disallowed_methods, reason = "the one place in xtask that reads the environment")]
fn search_path() -> OsString {
    std::env::var_os("PATH").unwrap_or_default()
}
