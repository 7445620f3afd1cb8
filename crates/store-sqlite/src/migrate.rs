//! The schema: plain SQL files, applied in order, each in a transaction of its own, and never changed afterwards.

use baari_store::StoreError;
use rusqlite::{Connection, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::column::{change, row, rows};
use crate::error::{Done, Fault};

/// One file of `migrations/`.
pub(crate) struct Migration {
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

/// All of them, in order.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "hospital", sql: include_str!("../migrations/0001_hospital.sql") },
    Migration { number: 2, name: "whole_day", sql: include_str!("../migrations/0002_whole_day.sql") },
    Migration { number: 3, name: "people", sql: include_str!("../migrations/0003_people.sql") },
    Migration {
        number: 4,
        name: "patient_age_and_sex",
        sql: include_str!("../migrations/0004_patient_age_and_sex.sql"),
    },
    Migration { number: 5, name: "moves", sql: include_str!("../migrations/0005_moves.sql") },
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
    number     INTEGER NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    checksum   TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT";
const FOREIGN_TABLES: &str = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'
    AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration')";
const HAS_TABLE: &str = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'";
const APPLIED: &str = "SELECT number, name, checksum FROM migration ORDER BY number";
const APPLY: &str = "INSERT INTO migration (number, name, checksum, applied_at)
    VALUES (?1, ?2, ?3, CAST(unixepoch('subsec') * 1000000 AS INTEGER))";

/// Every statement of this file that needs the schema.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[TABLE, FOREIGN_TABLES, HAS_TABLE, APPLIED, APPLY];

/// Brings the database to the schema that these migrations make. What is applied already is compared, not applied again.
pub(crate) fn migrate(connection: &mut Connection, migrations: &[Migration]) -> Done<()> {
    let foreign: Option<i64> = row(connection, FOREIGN_TABLES, [], |columns| columns.get(0))?;
    if foreign.unwrap_or(0) > 0 {
        return schema("it belongs to another program: choose another path".to_owned());
    }
    change(connection, TABLE, [])?;
    for migration in migrations {
        // The lock comes first: of two processes that start together, one applies and the other compares.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let applied = applied(&transaction)?;
        if let Some((number, name, _)) = applied.iter().find(|(number, ..)| unknown(migrations, *number)) {
            return schema(format!(
                "migration {number} ({name}) was made by a newer Baari: use that one, or restore a backup made before it"
            ));
        }
        let checksum = checksum(migration.sql);
        match applied.iter().find(|(number, ..)| *number == migration.number) {
            Some((.., known)) if *known == checksum => {}
            Some((number, name, _)) => {
                return schema(format!(
                    "migration {number} ({name}) is not the one that was applied: use the Baari that made this database"
                ));
            }
            None => {
                transaction.execute_batch(migration.sql)?;
                change(&transaction, APPLY, params![migration.number, migration.name, checksum])?;
            }
        }
        transaction.commit()?;
    }
    Ok(())
}

/// Whether the database has the schema that these migrations make, all of them and no other: writes nothing, not even to
/// another program's database.
pub(crate) fn compare(connection: &Connection, migrations: &[Migration]) -> Done<()> {
    let has_table: Option<i64> = row(connection, HAS_TABLE, [], |columns| columns.get(0))?;
    let applied = if has_table == Some(1) { applied(connection)? } else { Vec::new() };
    let known = migrations.iter().map(|migration| (migration.number, checksum(migration.sql)));
    if applied.into_iter().map(|(number, _, checksum)| (number, checksum)).eq(known) {
        return Ok(());
    }
    schema("it is of another version of Baari: start `baari serve` of this version first".to_owned())
}

fn applied(connection: &Connection) -> Done<Vec<(u32, String, String)>> {
    rows(connection, APPLIED, [], |columns| {
        Ok((columns.number::<u32>(0)?, columns.get::<String>(1)?, columns.get::<String>(2)?))
    })
}

fn unknown(migrations: &[Migration], number: u32) -> bool {
    !migrations.iter().any(|migration| migration.number == number)
}

fn schema<T>(text: String) -> Done<T> {
    Err(Fault(StoreError::Schema(text)))
}

fn checksum(sql: &str) -> String {
    Sha256::digest(sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
