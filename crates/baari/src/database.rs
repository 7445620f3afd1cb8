//! Where the data is: a file in the data directory, or PostgreSQL.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use baari_store::Store;
use baari_store_postgres::PostgresStore;
use baari_store_sqlite::SqliteStore;

/// The embedded database's file in its folder.
const FILE: &str = "baari.db";

/// How often a server looks for what other servers on the same PostgreSQL did.
const POLL: Duration = Duration::from_millis(250);

/// Where the data is.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DatabaseArgs {
    /// Folder for baari.db, the embedded database (made if it is missing)
    #[arg(long, env = "BAARI_DATA_DIR", default_value = "baari-data", value_name = "DIR")]
    data_dir: PathBuf,
    /// PostgreSQL 15 or later instead of the embedded database: postgres://user:password@host/database
    #[arg(long, env = "BAARI_DATABASE", hide_env_values = true, value_name = "URL")]
    database: Option<String>,
}

/// An open database, and what goes with it.
pub(crate) struct Database {
    pub(crate) store: Arc<dyn Store>,
    /// How often to look for other servers' changes; none when there can't be others.
    pub(crate) poll: Option<Duration>,
    /// In a few words, without a password.
    pub(crate) described: String,
    /// Held as long as the data directory is in use.
    _lock: Option<File>,
}

impl DatabaseArgs {
    pub(crate) async fn open(&self) -> anyhow::Result<Database> {
        match &self.database {
            Some(url) => Database::postgres(url).await,
            None => Database::sqlite(&self.data_dir),
        }
    }

    /// The same beside a server that may be running: for a command that is over in a moment. The schema stays as it is:
    /// a server of an older version could not go on with another one.
    pub(crate) async fn open_beside(&self) -> anyhow::Result<Arc<dyn Store>> {
        match &self.database {
            Some(url) => {
                let store = PostgresStore::connect_as_it_is(url).await;
                Ok(Arc::new(store.context("can't open the PostgreSQL database")?))
            }
            None => Ok(Arc::new(Database::sqlite_beside(&self.data_dir)?)),
        }
    }

    /// Where what is not in the database is kept.
    pub(crate) fn data_dir(&self) -> &Path {
        &self.data_dir
    }
}

impl Database {
    /// On this PostgreSQL.
    pub(crate) async fn postgres(url: &str) -> anyhow::Result<Self> {
        let store = PostgresStore::connect(url).await.context("can't open the PostgreSQL database")?;
        Ok(Self { store: Arc::new(store), poll: Some(POLL), described: "PostgreSQL".to_owned(), _lock: None })
    }

    /// In this folder.
    pub(crate) fn sqlite(folder: &Path) -> anyhow::Result<Self> {
        let shown = folder.display();
        make_private(folder).with_context(|| format!("can't make the data directory {shown}"))?;
        let lock =
            File::create(folder.join("baari.lock")).with_context(|| format!("can't write to {shown}"))?;
        if lock.try_lock().is_err() {
            bail!("another baari works in {shown}: stop it first, or choose another --data-dir");
        }
        let path = folder.join(FILE);
        let store = SqliteStore::open(&path).with_context(|| format!("can't open {}", path.display()))?;
        Ok(Self {
            store: Arc::new(store),
            poll: None,
            described: path.display().to_string(),
            _lock: Some(lock),
        })
    }

    /// In this folder, which another baari may be working in. Without the lock: it keeps a second server out, and the file itself
    /// may be opened by several.
    fn sqlite_beside(folder: &Path) -> anyhow::Result<SqliteStore> {
        let path = folder.join(FILE);
        let shown = path.display();
        if !path.try_exists().with_context(|| format!("can't look for {shown}"))? {
            bail!(
                "there is no {shown}: `baari serve` makes it on its first start; or say where it is with --data-dir"
            );
        }
        SqliteStore::open_as_it_is(&path).with_context(|| format!("can't open {shown}"))
    }
}

/// Only its owner may look inside: it holds who is ill.
pub(crate) fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
