//! Brings the schema up to date: plain SQL files, in order, forward only.

use baari_store::StoreError;
use sha2::{Digest, Sha256};

use crate::connection::Connections;
use crate::fields::{Fields, each};
use crate::pipeline::Step;
use crate::statement::Statement;
use crate::transaction::Transaction;

/// One file of `migrations/`. Once released it never changes: the next change is a further file.
#[derive(Clone, Copy)]
pub(crate) struct Migration {
    pub(crate) number: i32,
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

/// All of them, in order.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "first", sql: include_str!("../migrations/0001_first.sql") },
    Migration { number: 2, name: "whole_day", sql: include_str!("../migrations/0002_whole_day.sql") },
    Migration { number: 3, name: "people", sql: include_str!("../migrations/0003_people.sql") },
    Migration {
        number: 4,
        name: "patient_age_and_sex",
        sql: include_str!("../migrations/0004_patient_age_and_sex.sql"),
    },
    Migration { number: 5, name: "moves", sql: include_str!("../migrations/0005_moves.sql") },
];

/// Any number, as long as nobody else uses it: several servers that start at once do this one after the other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(6424817205)";
const SURVEY: &str = "\
SELECT current_setting('server_version_num')::integer, current_setting('server_version'),
    to_regnamespace('baari') IS NOT NULL, to_regclass('baari.migration') IS NOT NULL";
/// A schema gives nothing to anybody but its owner; the second command keeps it so where the defaults were changed.
const CREATE_SCHEMA: &str = "CREATE SCHEMA baari; REVOKE ALL ON SCHEMA baari FROM PUBLIC";
const CREATE_TABLE: &str = "\
CREATE TABLE baari.migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)";
const HAS_TABLE: &str = "SELECT to_regclass('baari.migration') IS NOT NULL";
const APPLIED: &str = "SELECT number, checksum FROM baari.migration ORDER BY number";
const RECORD: &str = "INSERT INTO baari.migration (number, name, checksum) VALUES ($1, $2, $3)";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[SURVEY, HAS_TABLE, APPLIED, RECORD];

const SERVER_VERSION_MIN: i32 = 150_000;

/// Applies what is missing, as one transaction.
///
/// # Errors
/// [`StoreError::Schema`] says what to do when the schema is not one that `migrations` can be applied to.
pub(crate) async fn migrate(connections: &Connections, migrations: &[Migration]) -> Result<(), StoreError> {
    let mut transaction = Transaction::begin_migration(connections).await?;
    let outcome = apply(&mut transaction, migrations).await;
    transaction.end(outcome).await
}

/// Whether the schema is the one that these migrations make, all of them and no other. Writes nothing.
///
/// # Errors
/// [`StoreError::Schema`] when it is not.
pub(crate) async fn compare(connections: &Connections, migrations: &[Migration]) -> Result<(), StoreError> {
    let (mut transaction, answers) =
        Transaction::begin(connections, vec![Statement::new(HAS_TABLE).into()]).await?;
    let answer = answers.first().and_then(|answer| answer.rows.first());
    let outcome = match answer.map(|row| Fields::of(row).take()).transpose() {
        Ok(Some(true)) => applied(&mut transaction).await,
        Ok(_) => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    let applied = transaction.end(outcome).await?;
    let known = migrations.iter().map(|migration| (migration.number, checksum(migration.sql)));
    if applied.into_iter().eq(known) {
        return Ok(());
    }
    Err(schema("it is of another version of Baari: start `baari serve` of this version first"))
}

async fn apply(transaction: &mut Transaction, migrations: &[Migration]) -> Result<(), StoreError> {
    let answers = transaction.run(&[Step::Command(LOCK), Statement::new(SURVEY).into()]).await?;
    let survey = answers.last().and_then(|answer| answer.rows.first());
    let mut survey = survey.map(Fields::of).ok_or_else(|| schema("the server does not say what it is"))?;
    let (version, version_text): (i32, &str) = (survey.take()?, survey.take()?);
    if version < SERVER_VERSION_MIN {
        return Err(schema(&format!("this is PostgreSQL {version_text}: use PostgreSQL 15 or later")));
    }
    let (has_schema, has_table): (bool, bool) = (survey.take()?, survey.take()?);
    if !has_table {
        let create = [CREATE_SCHEMA, CREATE_TABLE].map(Step::Command);
        let create = if has_schema { &create[1..] } else { &create[..] };
        transaction.run(create).await.map_err(|error| failed("making the schema baari", error))?;
    }
    let applied = applied(transaction).await?;
    check(&applied, migrations)?;
    for migration in &migrations[applied.len()..] {
        let record = Statement::new(RECORD)
            .with(migration.number)
            .with(migration.name)
            .with(checksum(migration.sql))
            .touching(1);
        let steps = [Step::Command(migration.sql), record.into()];
        let what = format!("migration {} ({})", migration.number, migration.name);
        transaction.run(&steps).await.map_err(|error| failed(&what, error))?;
    }
    Ok(())
}

async fn applied(transaction: &mut Transaction) -> Result<Vec<(i32, String)>, StoreError> {
    let answers = transaction.run(&[Statement::new(APPLIED).into()]).await?;
    let rows = answers.into_iter().next().unwrap_or_default().rows;
    each(&rows, |fields| Ok((fields.take()?, fields.take()?)))
}

/// Whether the migrations applied so far are the first ones of ours.
fn check(applied: &[(i32, String)], migrations: &[Migration]) -> Result<(), StoreError> {
    for (position, (number, stored)) in applied.iter().enumerate() {
        let Some(known) = migrations.get(position).filter(|known| known.number == *number) else {
            let last = migrations.last().map_or(0, |migration| migration.number);
            return Err(schema(&format!(
                "it has migration {number}, and this program knows 1 to {last}: start a newer version of Baari"
            )));
        };
        if checksum(known.sql) != *stored {
            return Err(schema(&format!(
                "migration {number} ({}) is not the one that was applied: start the version of Baari that made the \
                 database, or restore the file as it was released",
                known.name
            )));
        }
    }
    Ok(())
}

/// SHA-256, in hexadecimal.
pub(crate) fn checksum(sql: &str) -> String {
    Sha256::digest(sql).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn schema(text: &str) -> StoreError {
    StoreError::Schema(text.to_owned())
}

/// What the database refuses while migrating is about the schema.
fn failed(what: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(_) => error,
        StoreError::Conflict(text)
        | StoreError::Refused(text)
        | StoreError::Corrupt(text)
        | StoreError::Schema(text) => schema(&format!(
            "{what} failed: {text}. Nothing was changed. The database's owner may do it, or whom the owner gives \
                 the right: GRANT CREATE ON DATABASE … TO …"
        )),
    }
}
