//! A database that is away, hangs, or was left in the middle of something.

use std::time::Duration;

use baari_store::StoreError;
use tokio::net::TcpListener;

use super::database::{Database, Way};
use crate::PostgresStore;
use crate::pipeline::Step;
use crate::statement::Statement;
use crate::transaction::Transaction;

async fn unavailable(url: &str) -> String {
    match PostgresStore::connect(url).await.map(drop) {
        Err(StoreError::Unavailable(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_can_not_sign_in_is_told_why() {
    let url = Way::Direct.url();
    let (scheme, rest) = url.split_once("://").unwrap();
    let (_, host) = rest.split_once('@').unwrap();
    let said = unavailable(&format!("{scheme}://nobody:wrong@{host}")).await;
    assert!(said.contains("password authentication failed"), "{said}");
    let (server, _) = url.rsplit_once('/').unwrap();
    let said = unavailable(&format!("{server}/nowhere")).await;
    assert!(said.contains("\"nowhere\" does not exist"), "{said}");
}

#[tokio::test]
async fn where_nobody_listens_the_database_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let said = unavailable(&format!("postgres://u:secret@{address}/d")).await;
    assert!(said.contains("refused") && !said.contains("secret"), "{said}");
}

/// The clock is a pretended one: it jumps to the next time-out when nothing else happens.
#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let said = unavailable(&format!("postgres://u:p@{}/d", listener.local_addr().unwrap())).await;
    assert!(said.contains("does not answer"), "{said}");
}

#[tokio::test]
async fn a_statement_that_hangs_is_given_up_with_its_connection() {
    for way in [Way::Direct, Way::Pooled] {
        let database = Database::empty(way).await;
        let connections = database.connections();
        let mut connection = connections.get().await.unwrap();
        connection.patience = Duration::from_millis(50);
        let outcome = connection.ask(&[Step::Command("SELECT pg_sleep(3600)")]).await.map(drop);
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
        drop(connection);
        connections.rows(Statement::new("SELECT 1")).await.unwrap();
        database
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)'
            AND pid <> pg_backend_pid() AND datname = current_database()",
            )
            .await;
    }
}

#[tokio::test]
async fn a_transaction_that_is_forgotten_holds_no_lock() {
    for way in [Way::Direct, Way::Pooled] {
        let database = Database::empty(way).await;
        database.store().await;
        let connections = database.connections();
        for _ in 0..20 {
            let lock = || vec![Step::Command("LOCK TABLE baari.doctor_day IN ACCESS EXCLUSIVE MODE")];
            let (transaction, _) = Transaction::begin(&connections, lock()).await.unwrap();
            drop(transaction);
        }
        // Both ways of ending leave a connection that can be used again, without the settings of a transaction.
        let (transaction, _) = Transaction::begin(&connections, Vec::new()).await.unwrap();
        transaction.rollback().await;
        let outcome = Transaction::begin(&connections, vec![Step::Command("SELECT 1 / 0")]).await.map(drop);
        assert!(matches!(outcome, Err(StoreError::Refused(_))), "{outcome:?}");
        let rows = connections
            .rows(Statement::new("SELECT current_setting('statement_timeout') = '0'"))
            .await
            .unwrap();
        assert!(rows[0].get::<_, bool>(0), "a transaction is still open");
    }
}

#[tokio::test]
async fn an_error_does_not_repeat_what_a_row_holds() {
    let database = Database::empty(Way::Direct).await;
    database.store().await;
    let patient = Step::Command(
        "INSERT INTO baari.patient (facility_id, id, name, phone, status, created_at)
        VALUES (gen_random_uuid(), gen_random_uuid(), 'Asha Rao', '9876543210', 'odd', now())",
    );
    let outcome = database.connections().ask(&[patient]).await.map(drop);
    let Err(StoreError::Refused(said)) = outcome else { panic!("{outcome:?}") };
    assert!(
        said.contains("patient_status_check") && !said.contains("Asha") && !said.contains("98765"),
        "{said}"
    );
}
