//! How a schema is made and checked.

use baari_store::{Store, StoreError};

use super::database::{Database, Way};
use crate::PostgresStore;
use crate::migration::{MIGRATIONS, Migration, migrate};

/// The error of connecting, which must be about the schema.
async fn refusal(database: &Database) -> String {
    match PostgresStore::connect(&database.url).await.map(drop) {
        Err(StoreError::Schema(text)) => text,
        other => panic!("{other:?}"),
    }
}

async fn applied(database: &Database) -> Vec<i32> {
    let rows = database.client().await.query("SELECT number FROM baari.migration ORDER BY number", &[]).await;
    rows.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn connecting_again_changes_nothing() {
    let database = Database::new(Way::Direct).await;
    for _ in 0..2 {
        database.store().await;
        assert_eq!(applied(&database).await, MIGRATIONS.iter().map(|one| one.number).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn servers_that_start_at_once_migrate_one_after_the_other() {
    for way in [Way::Direct, Way::Pooled] {
        let database = Database::new(way).await;
        let started: Vec<_> = (0..6)
            .map(|_| {
                let url = database.url.clone();
                tokio::spawn(async move { PostgresStore::connect(&url).await.unwrap().ping().await })
            })
            .collect();
        for server in started {
            assert_eq!(server.await.unwrap(), Ok(()));
        }
        assert_eq!(applied(&database).await.len(), MIGRATIONS.len());
    }
}

#[tokio::test]
async fn a_migration_that_was_changed_afterwards_is_refused() {
    let database = Database::new(Way::Direct).await;
    database.store().await;
    database.execute("UPDATE baari.migration SET checksum = 'other' WHERE number = 1").await;
    let said = refusal(&database).await;
    assert!(said.contains("migration 1 (first)") && said.contains("restore"), "{said}");
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let database = Database::new(Way::Direct).await;
    database.store().await;
    database.execute("INSERT INTO baari.migration (number, name, checksum) VALUES (999, 'future', '')").await;
    let said = refusal(&database).await;
    assert!(said.contains("999") && said.contains("start a newer version"), "{said}");
}

#[tokio::test]
async fn a_migration_is_applied_as_a_whole_or_not_at_all() {
    let database = Database::new(Way::Direct).await;
    let connections = database.connections();
    let good = Migration { number: 2, name: "good", sql: "CREATE TABLE baari.further (id uuid PRIMARY KEY)" };
    let bad = Migration { number: 3, name: "bad", sql: "CREATE TABLE baari.broken (id uuid); SELECT 1 / 0" };
    let all = [MIGRATIONS, &[good, bad]].concat();
    let outcome = migrate(&connections, &all).await;
    assert!(
        matches!(&outcome, Err(StoreError::Schema(text)) if text.contains("migration 3 (bad)")),
        "{outcome:?}"
    );
    let made = "SELECT to_regnamespace('baari')::text";
    let made: Option<String> = database.client().await.query_one(made, &[]).await.unwrap().get(0);
    assert_eq!(made, None);

    database.store().await;
    migrate(&connections, &all[..2]).await.unwrap();
    assert_eq!(applied(&database).await, [1, 2]);
}

#[tokio::test]
async fn an_ordinary_user_can_migrate_a_database_that_is_theirs() {
    let database = Database::of_ordinary_user().await;
    assert_eq!(database.store().await.ping().await, Ok(()));
}

#[tokio::test]
async fn a_user_without_the_right_is_told_what_to_ask_for() {
    let database = Database::of_ordinary_user().await;
    database.execute(&format!("ALTER DATABASE {} OWNER TO CURRENT_USER", database.name)).await;
    let said = refusal(&database).await;
    assert!(said.contains("permission denied") && said.contains("GRANT CREATE"), "{said}");
    // With the schema and the extension made beforehand, no right on the database itself is needed.
    let name = &database.name;
    database.execute(&format!("CREATE SCHEMA baari AUTHORIZATION {name}; CREATE EXTENSION btree_gist")).await;
    assert_eq!(database.store().await.ping().await, Ok(()));
}
