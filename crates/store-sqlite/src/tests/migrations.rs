//! The schema is made once, in order, and never under a database that does not fit.

use std::path::Path;

use baari_engine::{DayHead, DayKey};
use baari_store::conformance::hospital;
use baari_store::{Store, StoreError, TrailQuery};
use rusqlite::Connection;

use super::{migrated, path};
use crate::migrate::{MIGRATIONS, Migration, migrate};
use crate::{SqliteStore, connection};

const FIRST: Migration = Migration { number: 1, name: "first", sql: "CREATE TABLE one (id INTEGER);" };
const SECOND: Migration = Migration {
    number: 2,
    name: "second",
    sql: "CREATE TABLE two (id INTEGER); INSERT INTO one VALUES (1);",
};

fn apply(path: &Path, migrations: &[Migration]) -> Result<(), StoreError> {
    let mut connection = connection::writer(path).map_err(|fault| fault.0)?;
    migrate(&mut connection, migrations).map_err(|fault| fault.0)
}

/// Number, name and time of every migration applied, and the tables that there are.
fn state(path: &Path) -> (Vec<(u32, String, i64)>, Vec<String>) {
    let connection = Connection::open(path).unwrap();
    let mut applied =
        connection.prepare("SELECT number, name, applied_at FROM migration ORDER BY number").unwrap();
    let applied = applied.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let mut tables =
        connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let tables = tables.query_map([], |row| row.get(0)).unwrap();
    (applied.map(Result::unwrap).collect(), tables.map(Result::unwrap).collect())
}

fn schema_error(answer: Result<(), StoreError>) -> String {
    match answer {
        Err(StoreError::Schema(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn opening_again_changes_nothing() {
    let (_directory, path) = path();
    SqliteStore::open(&path).unwrap();
    let first = state(&path);
    assert_eq!(first.0.len(), MIGRATIONS.len());
    assert!(first.0[0].2 > 1_500_000_000_000_000, "microseconds");
    SqliteStore::open(&path).unwrap();
    assert_eq!(state(&path), first);
}

#[test]
fn migrations_are_numbered_from_one_without_gaps() {
    for (number, migration) in (1..).zip(MIGRATIONS) {
        assert_eq!(migration.number, number, "{}", migration.name);
    }
}

#[test]
fn a_new_migration_is_applied_to_an_older_database() {
    let (_directory, path) = path();
    apply(&path, &[FIRST]).unwrap();
    apply(&path, &[FIRST, SECOND]).unwrap();
    assert_eq!(state(&path).1, ["migration", "one", "two"]);
}

#[test]
fn a_database_of_another_version_is_left_as_it_is() {
    let (_directory, path) = path();
    let open = || SqliteStore::open_as_it_is(&path).map(drop);
    assert!(matches!(open(), Err(StoreError::Unavailable(_))) && !path.exists());
    apply(&path, &MIGRATIONS[..2]).unwrap();
    let before = state(&path);
    assert!(schema_error(open()).contains("start `baari serve`"));
    assert_eq!(state(&path), before);
    apply(&path, MIGRATIONS).unwrap();
    open().unwrap();
    Connection::open(&path).unwrap().execute("INSERT INTO migration VALUES (99, 'new', '', 0)", []).unwrap();
    assert!(schema_error(open()).contains("start `baari serve`"));
}

#[test]
fn a_changed_migration_is_refused() {
    let (_directory, path) = path();
    apply(&path, &[FIRST]).unwrap();
    let text = schema_error(apply(&path, &[Migration { sql: "CREATE TABLE other (id INTEGER);", ..FIRST }]));
    assert!(text.contains("migration 1 (first)") && text.contains("use the Baari that"), "{text}");
    assert_eq!(state(&path).1, ["migration", "one"]);
}

#[test]
fn a_newer_database_is_refused() {
    let (_directory, path) = path();
    apply(&path, &[FIRST, SECOND]).unwrap();
    let text = schema_error(apply(&path, &[FIRST]));
    assert!(text.contains("migration 2 (second)") && text.contains("newer Baari"), "{text}");
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let (_directory, path) = path();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE bookmarks (id INTEGER)").unwrap();
    let text = schema_error(SqliteStore::open(&path).map(drop));
    assert!(text.contains("another program"), "{text}");
    let connection = Connection::open(&path).unwrap();
    let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
    assert_eq!(tables, Ok(1));
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let (_directory, path) = path();
    std::fs::write(&path, "Dear diary, ".repeat(1_000)).unwrap();
    let text = schema_error(SqliteStore::open(&path).map(drop));
    assert!(text.contains("choose another"), "{text}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "Dear diary, ".repeat(1_000));
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let (directory, _) = path();
    let answer = SqliteStore::open(&directory.path().join("missing/baari.db"));
    assert!(matches!(answer, Err(StoreError::Unavailable(text)) if text.contains("missing/baari.db")));
}

#[test]
fn a_migration_that_fails_half_way_is_not_applied() {
    let (_directory, path) = path();
    let broken =
        Migration { sql: "CREATE TABLE two (id INTEGER); INSERT INTO nowhere VALUES (1);", ..SECOND };
    apply(&path, &[FIRST, broken]).unwrap_err();
    assert_eq!(state(&path).1, ["migration", "one"]);
    apply(&path, &[FIRST, SECOND]).unwrap();
    assert_eq!(state(&path).0.len(), 2);
}

#[test]
fn a_kill_in_the_middle_of_a_migration_leaves_it_unapplied() {
    let (directory, path) = path();
    apply(&path, &[FIRST]).unwrap();
    let killed = connection::writer(&path).unwrap();
    // A cache of one page: what is not committed yet is on the disk already, as in a large migration.
    killed.pragma_update(None, "cache_size", 1).unwrap();
    killed.execute_batch("BEGIN IMMEDIATE; CREATE TABLE two (id INTEGER);").unwrap();
    for _ in 0..2_000 {
        killed.execute("INSERT INTO one VALUES (?1)", [7]).unwrap();
    }
    // What a kill leaves behind is the files as they are now.
    let image = directory.path().join("image.db");
    for end in ["", "-wal"] {
        let copy = |path: &Path| {
            path.with_file_name(format!("{}{end}", path.file_name().unwrap().to_str().unwrap()))
        };
        std::fs::copy(copy(&path), copy(&image)).unwrap();
    }
    assert!(std::fs::metadata(directory.path().join("image.db-wal")).unwrap().len() > 10_000);
    apply(&image, &[FIRST]).unwrap();
    assert_eq!(state(&image).1, ["migration", "one"]);
    apply(&image, &[FIRST, SECOND]).unwrap();
    assert_eq!(state(&image).1, ["migration", "one", "two"]);
}

/// What the first schema held: one doctor-day with a slot, a token that was passed, and what happened.
const FIRST_ROWS: &str = "
    INSERT INTO facility VALUES (:facility, 'Old', 'Asia/Kolkata', 3);
    INSERT INTO doctor VALUES (:facility, :doctor, 'Dr. Old', '', '', 'A', 'active', 7, 0);
    INSERT INTO patient VALUES (:facility, :patient, 'Asha', '', 'active', NULL, NULL, NULL, 0);
    INSERT INTO doctor_day VALUES (:facility, :doctor, '2026-02-02', 2, 2);
    INSERT INTO slot VALUES (:facility, :slot, :doctor, '2026-02-02', '09:00:00', '10:00:00', 3, 4, 1, 0, 'open',
        '0,0,0,1,0,0,0,0,0');
    INSERT INTO token VALUES (:facility, :doctor, '2026-02-02', 1, :token, :patient, :slot, 'online', 'online', 4, 7,
        'passed', 0, 0, NULL, '23456789abcd', 1, 2, 3, 4, 5, NULL, NULL);
    INSERT INTO event VALUES (7, :facility, :doctor, '2026-02-02', 1, 0, 1, 'old', 'slot_added', NULL, :slot, '');
    INSERT INTO event VALUES (9, :facility, :doctor, '2026-02-02', 2, 0, 2, 'old', 'token_booked', :token, :slot, '')";

/// Runs SQL in which identifiers have names.
fn insert(path: &Path, sql: &str) {
    let hex = |id: uuid::Uuid| format!("x'{}'", id.simple());
    let sql = sql
        .replace(":facility", &hex(hospital::facility_id(1).as_uuid()))
        .replace(":second", &hex(hospital::facility_id(2).as_uuid()))
        .replace(":doctor", &hex(hospital::doctor_id(1).as_uuid()))
        .replace(":patient", &hex(hospital::patient_id(1).as_uuid()))
        .replace(":slot", &hex(hospital::slot_id(1).as_uuid()))
        .replace(":token", &hex(hospital::token_id(1).as_uuid()));
    Connection::open(path).unwrap().execute_batch(&sql).unwrap();
}

#[tokio::test]
async fn what_the_first_schema_held_reads_back() {
    let (_directory, path) = path();
    apply(&path, &MIGRATIONS[..1]).unwrap();
    insert(&path, FIRST_ROWS);

    let store = SqliteStore::open(&path).unwrap();
    let (facility, token) = (hospital::facility_id(1), hospital::token_id(1));
    let key = DayKey { facility, doctor: hospital::doctor_id(1), date: hospital::DATE };
    let day = store.day_load(key, &hospital::zone()).await.unwrap();
    assert_eq!(day.head(), DayHead { version: 2, next_token_no: 2, resumes_at: None });
    let read = day.token(token).unwrap();
    assert_eq!((read.earlier_ok, read.displaced, read.passed_at), (false, false, None));
    let feed = store.event_list(facility, 0, 9).await.unwrap();
    let numbers: Vec<_> = feed.iter().map(|event| (event.number, event.event.version)).collect();
    assert_eq!(numbers, [(7, 1), (9, 2)]);
    assert_eq!(store.token_events(facility, token).await, Ok(feed[1..].to_vec()));
    let pace = store.pace_list(facility, key.doctor, hospital::DATE.tomorrow().unwrap(), 9).await;
    assert_eq!(pace, Ok(Vec::new()));
}

/// What was added to it in the second schema.
const SECOND_ROWS: &str = "
    INSERT INTO facility VALUES (:second, 'New', 'Europe/Paris', 1);
    UPDATE doctor_day SET resumes_at = 70, visits = 1;
    UPDATE token SET placed = 'apq 1 2 3 4', promised_at = 60, earlier_ok = 1, displaced = 0, passed_at = 90";

#[tokio::test]
async fn what_the_second_schema_held_reads_back() {
    let (_directory, path) = path();
    apply(&path, &MIGRATIONS[..1]).unwrap();
    insert(&path, FIRST_ROWS);
    apply(&path, &MIGRATIONS[..2]).unwrap();
    insert(&path, SECOND_ROWS);

    let store = SqliteStore::open(&path).unwrap();
    let (facility, token) = (hospital::facility_id(1), hospital::token_id(1));
    let all = store.facility_list().await.unwrap();
    let slugs: Vec<_> = all.iter().map(|facility| (facility.slug.as_str(), facility.seal)).collect();
    let second = hospital::facility_id(2).as_uuid().simple().to_string();
    assert_eq!(slugs, [("main", None), (&*second, None)]);
    let key = DayKey { facility, doctor: hospital::doctor_id(1), date: hospital::DATE };
    let day = store.day_load(key, &hospital::zone()).await.unwrap();
    let read = day.token(token).unwrap();
    let micros = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_microsecond);
    assert_eq!((read.earlier_ok, read.displaced, micros(read.passed_at)), (true, false, Some(90)));
    assert_eq!((read.booked_at.as_microsecond(), micros(read.promised_at)), (1, Some(60)));
    assert_eq!(micros(day.resumes_at()), Some(70));
    let patients = store.patient_get(facility, &[hospital::patient_id(1)]).await.unwrap();
    assert_eq!((&*patients[0].name, patients[0].erased_at), ("Asha", None));
    assert_eq!((patients[0].sex, patients[0].birth_year), (None, None));
    let query = TrailQuery { actor: Some("old".to_owned()), limit: 9, ..TrailQuery::default() };
    let found = store.event_search(facility, &query).await.unwrap();
    assert_eq!(found.iter().map(|event| event.number).collect::<Vec<_>>(), [9, 7]);
    let of_patient = TrailQuery { patient: Some(hospital::patient_id(1)), ..query };
    assert_eq!(store.event_search(facility, &of_patient).await, Ok(found[..1].to_vec()));
}

#[cfg(unix)]
#[test]
fn the_file_and_its_log_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (directory, path) = path();
    let _connection = migrated(&path);
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}
