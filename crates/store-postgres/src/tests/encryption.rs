//! Which servers are believed.

use baari_store::{Store, StoreError};

use super::database::{Database, Way};
use crate::PostgresStore;

/// An authority that has signed nothing.
const OTHER_AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/other_authority.pem");

struct Server {
    database: Database,
    host: String,
    authority: String,
}

impl Server {
    async fn new() -> Self {
        let database = Database::new(Way::Encrypted).await;
        let (_, host) = database.url.split_once("sslrootcert=").unwrap();
        let authority = host.split('&').next().unwrap().to_owned();
        Self { host: "localhost".to_owned(), authority, database }
    }

    /// The same server under a name that its certificate does not have.
    async fn under_a_wrong_name() -> Self {
        Self { host: "elsewhere.example".to_owned(), ..Self::new().await }
    }

    async fn connect(&self, parameters: &str) -> Result<PostgresStore, StoreError> {
        let (address, _) = self.database.url.split_once('?').unwrap();
        let address = address.replace("@localhost:", &format!("@{}:", self.host));
        let parameters = parameters.replace("OURS", &self.authority).replace("OTHER", OTHER_AUTHORITY);
        PostgresStore::connect(&format!("{address}?hostaddr=127.0.0.1&{parameters}")).await
    }

    /// Why it is not believed.
    async fn refusal(&self, parameters: &str) -> String {
        match self.connect(parameters).await.map(drop) {
            Err(StoreError::Unavailable(text)) => text,
            other => panic!("{parameters}: {other:?}"),
        }
    }

    /// How many connections of a store are encrypted, and how many are not.
    async fn encrypted_and_plain(&self) -> (i64, i64) {
        let sql = "SELECT count(*) FILTER (WHERE ssl), count(*) FILTER (WHERE NOT ssl)
            FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
            WHERE datname = current_database() AND application_name = 'baari'";
        let row = self.database.client().await.query_one(sql, &[]).await.unwrap();
        (row.get(0), row.get(1))
    }
}

#[tokio::test]
async fn the_right_server_is_believed_in_every_mode() {
    let server = Server::new().await;
    for (parameters, expected) in [
        ("sslmode=disable", (0, 1)),
        ("", (1, 0)),
        ("sslmode=prefer", (1, 0)),
        ("sslmode=require", (1, 0)),
        ("sslmode=require&sslrootcert=OURS", (1, 0)),
        ("sslmode=verify-ca&sslrootcert=OURS", (1, 0)),
        ("sslmode=verify-full&sslrootcert=OURS", (1, 0)),
    ] {
        let store = server.connect(parameters).await.unwrap();
        assert_eq!(store.ping().await, Ok(()));
        assert_eq!(server.encrypted_and_plain().await, expected, "{parameters}");
        drop(store);
        baari_store::conformance::Harness::break_connections(&server.database).await;
    }
}

#[tokio::test]
async fn a_certificate_that_somebody_else_signed_is_refused() {
    let server = Server::new().await;
    for parameters in [
        "sslmode=require&sslrootcert=OTHER",
        "sslmode=verify-ca&sslrootcert=OTHER",
        "sslmode=verify-full&sslrootcert=OTHER",
        "sslmode=verify-ca",
        "sslmode=verify-full",
        "sslmode=verify-full&sslrootcert=system",
    ] {
        let said = server.refusal(parameters).await;
        assert!(said.contains("UnknownIssuer"), "{parameters}: {said}");
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused_by_verify_full() {
    let server = Server::under_a_wrong_name().await;
    let said = server.refusal("sslmode=verify-full&sslrootcert=OURS").await;
    assert!(said.contains("not valid for name"), "{said}");
    for parameters in ["sslmode=require", "sslmode=verify-ca&sslrootcert=OURS"] {
        server.connect(parameters).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_is_refused_when_it_must() {
    let pooled = Database::empty(Way::Pooled).await;
    let outcome = PostgresStore::connect(&format!("{}&sslmode=require", pooled.url)).await.map(drop);
    assert!(matches!(&outcome, Err(StoreError::Unavailable(text)) if text.contains("TLS")), "{outcome:?}");
}
