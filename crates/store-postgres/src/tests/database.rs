//! A database for one test, and what can be done to it behind the store's back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use baari_store::Store;
use baari_store::conformance::Harness;
use tokio_postgres::{Client, NoTls};

use crate::PostgresStore;
use crate::connection::Connections;
use crate::url::Address;

use super::spare;

/// How a test reaches its database. The name of a way is the variable that holds its URL.
#[derive(Clone, Copy)]
pub(super) enum Way {
    Direct,
    Encrypted,
    Pooled,
}

impl Way {
    /// The URL of the cluster's first database.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the tests learn where the databases are"
    )]
    pub(super) fn url(self) -> String {
        let name = match self {
            Self::Direct => "BAARI_TEST_POSTGRES",
            Self::Encrypted => "BAARI_TEST_POSTGRES_TLS",
            Self::Pooled => "BAARI_TEST_PGBOUNCER",
        };
        std::env::var(name).unwrap_or_else(|_| {
            panic!(
                "{name} is not set: run `cargo xtask test`, which starts the databases that the tests need"
            )
        })
    }
}

/// A database of its own; it goes when this is dropped, or serves another test before.
pub(super) struct Database {
    pub(super) name: String,
    /// As the store connects to it.
    pub(super) url: String,
    owner: Option<String>,
    is_spare: bool,
}

impl Database {
    /// One that nobody has connected to yet.
    pub(super) async fn new(way: Way) -> Self {
        let name = unique_name();
        execute(&Way::Direct.url(), &format!("CREATE DATABASE {name}")).await;
        Self { url: with_name(&way.url(), &name), name, owner: None, is_spare: false }
    }

    /// One without rows.
    pub(super) async fn empty(way: Way) -> Self {
        let mut database = match spare::take() {
            Some(name) => Self { url: with_name(&way.url(), &name), name, owner: None, is_spare: true },
            None => Self::new(way).await,
        };
        database.is_spare = true;
        database
    }

    /// A new, empty one that belongs to a user who may do nothing else.
    pub(super) async fn of_ordinary_user() -> Self {
        let mut database = Self::new(Way::Direct).await;
        let (name, url) = (&database.name, Way::Direct.url());
        execute(&url, &format!("CREATE ROLE {name} LOGIN PASSWORD 'ordinary' NOSUPERUSER NOCREATEDB")).await;
        execute(&url, &format!("ALTER DATABASE {name} OWNER TO {name}")).await;
        let (_, host) = url.split_once('@').unwrap();
        database.url = with_name(&format!("postgres://{name}:ordinary@{host}"), name);
        database.owner = Some(name.clone());
        database
    }

    /// The store on it.
    pub(super) async fn store(&self) -> PostgresStore {
        PostgresStore::connect(&self.url).await.unwrap()
    }

    /// Connections to it, without migrating.
    pub(super) fn connections(&self) -> Connections {
        Connections::new(Address::parse(&self.url).unwrap()).unwrap()
    }

    /// Runs SQL as the cluster's superuser.
    pub(super) async fn execute(&self, sql: &str) {
        execute(&self.administration(), sql).await;
    }

    /// A direct connection as the cluster's superuser.
    pub(super) async fn client(&self) -> Client {
        client(&self.administration()).await
    }

    fn administration(&self) -> String {
        with_name(&Way::Direct.url(), &self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (name, owner) = (self.name.clone(), self.owner.clone());
        let (cluster, database) = (Way::Direct.url(), self.administration());
        let is_spare = self.is_spare;
        let failed = std::thread::panicking();
        let end = async move {
            if is_spare && !failed {
                execute(&database, spare::EMPTY).await;
            }
            let unused = if is_spare { spare::give_back(name, failed) } else { vec![name] };
            for name in unused {
                execute(&cluster, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
            }
            if let Some(owner) = owner {
                execute(&cluster, &format!("DROP ROLE {owner}")).await;
            }
        };
        // The test's own runtime can't be waited for from here.
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ended = std::thread::spawn(move || runtime().block_on(end)).join();
        assert!(ended.is_ok() || failed, "the database {} is left behind", self.name);
    }
}

#[async_trait]
impl Harness for Database {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(self.store().await)
    }

    async fn break_connections(&self) {
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        self.execute(others).await;
    }

    async fn fail_commits(&self, on: bool) {
        self.execute(if on {
            "ALTER TABLE baari.event ADD CONSTRAINT refused CHECK (false) NOT VALID"
        } else {
            "ALTER TABLE baari.event DROP CONSTRAINT refused"
        })
        .await;
    }
}

fn unique_name() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("baari_test_{}_{}", std::process::id(), LAST.fetch_add(1, Ordering::Relaxed))
}

/// The URL with another database's name.
fn with_name(url: &str, name: &str) -> String {
    let (address, parameters) =
        url.split_once('?').map_or((url, ""), |(address, parameters)| (address, parameters));
    let (server, _) = address.rsplit_once('/').unwrap();
    format!("{server}/{name}?{parameters}")
}

pub(super) async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn execute(url: &str, sql: &str) {
    client(url).await.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}
