//! The trail is only added to, whoever tries.

use super::database::{Database, Way};

#[tokio::test]
async fn nobody_changes_or_removes_what_the_trail_holds() {
    let database = Database::empty(Way::Direct).await;
    database.store().await;
    let client = database.client().await;
    for table in ["audit", "event"] {
        for statement in [
            format!("UPDATE baari.{table} SET actor = 'nobody'"),
            format!("DELETE FROM baari.{table}"),
            format!("TRUNCATE baari.{table}"),
        ] {
            let outcome = client.batch_execute(&statement).await;
            let said = outcome.err().and_then(|error| Some(error.as_db_error()?.message().to_owned()));
            let said = said.unwrap_or_default();
            assert!(said.starts_with("the audit trail is only added to"), "{statement}: {said:?}");
        }
    }
}

/// What a booking does is to add rows to `event`, and to add and change rows elsewhere.
#[tokio::test]
async fn no_trigger_stands_in_the_way_of_a_booking() {
    let database = Database::empty(Way::Direct).await;
    database.store().await;
    // The type's bits: 1 for each row, 4 before an INSERT.
    let in_the_way = "\
        SELECT tgname::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = 'baari'::regnamespace
            AND (relname NOT IN ('audit', 'event') OR tgtype & 1 <> 0 OR tgtype & 4 <> 0)";
    let rows = database.client().await.query(in_the_way, &[]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<String>>(), [""; 0]);
}
