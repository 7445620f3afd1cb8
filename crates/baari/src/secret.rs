//! The server's own secret: a file beside the database, not in it. Pages' codes and kept answers can't be read without it, so servers on
//! one database share one, and a database that was begun with another one isn't served.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use baari_access::Secret;
use baari_desk::random;
use baari_store::{Along, Facility, Store};

use crate::database::make_private;

/// The file's name in the data directory.
const FILE: &str = "baari.secret";

/// Where the secret is.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct SecretArgs {
    /// File with the server's own secret, made on the first start; the same one for all servers on a database [default:
    /// baari.secret in the data directory]
    #[arg(long, env = "BAARI_SECRET_FILE", value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

impl SecretArgs {
    /// Reads the secret; makes it if nothing was begun with one yet.
    pub(crate) async fn open(&self, data_dir: &Path, store: &dyn Store) -> anyhow::Result<Secret> {
        let path = self.secret_file.clone().unwrap_or_else(|| data_dir.join(FILE));
        if let Some(secret) = read(&path)? {
            return Ok(secret);
        }
        let facilities = store.facility_list().await.context("can't read the facilities")?;
        if facilities.iter().any(|facility| facility.seal.is_some()) {
            bail!(
                "there is no {}, and this database was begun with a secret: put the file back from where you keep it, or give it \
                 with --secret-file",
                path.display()
            );
        }
        make(&path)
    }
}

/// The secret in this file; none if there is no such file.
fn read(path: &Path) -> anyhow::Result<Option<Secret>> {
    let shown = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("can't read the secret in {shown}")),
    };
    let Some(secret) = Secret::parse(&text) else {
        bail!("{shown} holds no secret of Baari's: put the right file back, or give it with --secret-file");
    };
    if others_may_read(path)? {
        tracing::warn!("others on this machine may read {shown}: take that from them with chmod 600");
    }
    Ok(Some(secret))
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> anyhow::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let about = path.metadata().with_context(|| format!("can't look at {}", path.display()))?;
    Ok(about.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> anyhow::Result<bool> {
    Ok(false)
}

/// A new secret, on the disk before anything is made with it. It appears under its name whole or not at all, and only if there
/// is none yet: of servers that start at once, all take the one that was first.
fn make(path: &Path) -> anyhow::Result<Secret> {
    let shown = path.display();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let secret = Secret::from_random(random());
    make_private(folder).with_context(|| format!("can't make the folder of {shown}"))?;
    let can_not = || format!("can't write the secret to {shown}");
    // Only its owner may read it: temporary files are made so.
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(can_not)?;
    writeln!(file, "{}", secret.reveal()).with_context(can_not)?;
    file.as_file().sync_all().with_context(can_not)?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            File::open(folder).and_then(|folder| folder.sync_all()).with_context(can_not)?;
            tracing::info!("made the server's own secret: keep a copy of {shown}, apart from the database's");
            Ok(secret)
        }
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            read(path)?.with_context(|| format!("{shown} was there and is gone: start again"))
        }
        Err(error) => Err(error.error).with_context(can_not),
    }
}

/// Marks every facility as begun with this secret.
///
/// # Errors
/// When one was begun with another: its pages' codes would all be wrong.
pub(crate) async fn seal_facilities(store: &dyn Store, secret: &Secret) -> anyhow::Result<()> {
    let read = || async { store.facility_list().await.context("can't read the facilities") };
    for mut facility in unsealed(read().await?, secret)? {
        facility.seal = Some(secret.seal(facility.id));
        store.facility_put(&facility, &Along::default()).await.context("can't seal a facility")?;
    }
    // Another server may have been at it with another secret.
    unsealed(read().await?, secret).map(drop)
}

/// Those that were begun with no secret yet.
fn unsealed(facilities: Vec<Facility>, secret: &Secret) -> anyhow::Result<Vec<Facility>> {
    for facility in &facilities {
        if facility.seal.is_some_and(|seal| seal != secret.seal(facility.id)) {
            bail!("this database was begun with another secret: give its file with --secret-file");
        }
    }
    Ok(facilities.into_iter().filter(|facility| facility.seal.is_none()).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::console::Console;
    use crate::database::Database;

    const fn secret(seed: u8) -> Secret {
        Secret::from_random([seed; 32])
    }

    #[test]
    fn a_secret_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join(FILE);
        assert!(read(&path).unwrap().is_none());
        let made: HashSet<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| make(&path).unwrap().reveal())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let read = read(&path).unwrap().unwrap();
        assert_eq!(made, HashSet::from([read.reveal()]));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left over");
    }

    #[test]
    fn a_file_that_is_no_secret_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for text in ["", "not a secret\n", "AAAA"] {
            std::fs::write(&path, text).unwrap();
            assert!(read(&path).err().unwrap().to_string().contains("--secret-file"), "{text:?}");
            assert!(make(&path).is_err());
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        std::fs::write(&path, secret(1).reveal()).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(others_may_read(&path).unwrap());
    }

    #[tokio::test]
    async fn a_database_goes_on_with_the_secret_that_it_was_begun_with() {
        let folder = tempfile::tempdir().unwrap();
        let store = Database::sqlite(folder.path()).unwrap().store;
        let console = Console::new(store.clone());
        for slug in ["main", "north"] {
            console.facility_add(slug, "City Hospital", jiff::tz::TimeZone::UTC, None).await.unwrap();
            seal_facilities(&*store, &secret(1)).await.unwrap();
        }
        assert!(console.facilities().await.unwrap().iter().all(|facility| facility.seal.is_some()));
        let other = seal_facilities(&*store, &secret(2)).await.unwrap_err();
        assert!(other.to_string().contains("another secret"), "{other:#}");
        let args = SecretArgs { secret_file: Some(folder.path().join("elsewhere")) };
        let missing = args.open(folder.path(), &*store).await.err().unwrap();
        assert!(missing.to_string().contains("--secret-file"), "{missing:#}");
        assert!(!folder.path().join("elsewhere").exists());
    }
}
