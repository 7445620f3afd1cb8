//! A fresh database for each test, dropped with it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use tokio_postgres::NoTls;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Where a test's data is.
pub(crate) struct Database {
    folder: TempDir,
    postgres: Option<Postgres>,
}

struct Postgres {
    /// As baari is given it.
    url: String,
    name: String,
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        Self { folder: TempDir::new().unwrap(), postgres: None }
    }

    /// On the server that this variable names.
    pub(crate) fn postgres(variable: &str) -> Self {
        let name = format!("e2e_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        administer(&format!("CREATE DATABASE {name}"));
        let url = in_database(&environment(variable), &name);
        Self { folder: TempDir::new().unwrap(), postgres: Some(Postgres { url, name }) }
    }

    /// The options that let baari use it. The server's secret is in the data directory in any case.
    pub(crate) fn options(&self) -> Vec<String> {
        let mut options = vec!["--data-dir".to_owned(), self.data_dir().display().to_string()];
        if let Some(postgres) = &self.postgres {
            options.extend(["--database".to_owned(), postgres.url.clone()]);
        }
        options
    }

    /// Whether it is a file in the data directory.
    pub(crate) const fn is_embedded(&self) -> bool {
        self.postgres.is_none()
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Ends every connection to it, as a restart or a broken network would; false where there are none.
    pub(crate) fn break_connections(&self) -> bool {
        let Some(Postgres { name, .. }) = &self.postgres else { return false };
        administer(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ));
        true
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(Postgres { name, .. }) = &self.postgres {
            administer(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests are told by `cargo xtask test` where the databases are")]
fn environment(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run the tests with `cargo xtask test`"))
}

/// The same server, another database.
fn in_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = address.rsplit_once('/').unwrap();
    format!("{server}/{name}{}{parameters}", if parameters.is_empty() { "" } else { "?" })
}

fn administer(sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&environment("BAARI_TEST_POSTGRES"), NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
    });
}
