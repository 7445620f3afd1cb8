//! How a schema is made and checked.

use baari_engine::{DayHead, DayKey};
use baari_store::conformance::{Rehearsal, hospital};
use baari_store::{Group, Store, StoreError, TrailQuery, Verdict};

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
async fn a_database_of_another_version_is_left_as_it_is() {
    let database = Database::new(Way::Direct).await;
    let open = async || match PostgresStore::connect_as_it_is(&database.url).await {
        Err(StoreError::Schema(said)) => said,
        other => panic!("{:?}", other.map(drop)),
    };
    assert!(open().await.contains("start `baari serve`"));
    migrate(&database.connections(), &MIGRATIONS[..1]).await.unwrap();
    assert!(open().await.contains("start `baari serve`"));
    assert_eq!(applied(&database).await, [1]);
    database.store().await;
    PostgresStore::connect_as_it_is(&database.url).await.unwrap();
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
    let number = MIGRATIONS.last().unwrap().number;
    let good = Migration {
        number: number + 1,
        name: "good",
        sql: "CREATE TABLE baari.further (id uuid PRIMARY KEY)",
    };
    let bad = Migration {
        number: number + 2,
        name: "bad",
        sql: "CREATE TABLE baari.broken (id uuid); SELECT 1 / 0",
    };
    let all = [MIGRATIONS, &[good, bad]].concat();
    let outcome = migrate(&connections, &all).await;
    assert!(
        matches!(&outcome, Err(StoreError::Schema(text)) if text.contains(&format!("migration {} (bad)", number + 2))),
        "{outcome:?}"
    );
    let made = "SELECT to_regnamespace('baari')::text";
    let made: Option<String> = database.client().await.query_one(made, &[]).await.unwrap().get(0);
    assert_eq!(made, None);

    database.store().await;
    migrate(&connections, &all[..all.len() - 1]).await.unwrap();
    assert_eq!(applied(&database).await, (1..=number + 1).collect::<Vec<_>>());
}

/// What the first schema held: in each of two facilities a doctor-day with a slot, a token that was passed, and what happened.
const FIRST_ROWS: &str = "\
INSERT INTO baari.facility VALUES ('{facility}', 'Old', 'Asia/Kolkata', 3);
INSERT INTO baari.doctor_day VALUES ('{facility}', '{doctor}', '2026-02-02', 3, 2);
INSERT INTO baari.slot VALUES ('{facility}', '{slot}', '{doctor}', '2026-02-02', '09:00', '10:00', 3, 4, 1, 0, 'open',
    '0,0,0,1,0,0,0,0,0');
INSERT INTO baari.token VALUES ('{facility}', '{doctor}', '2026-02-02', 1, '{token}', '{patient}', '{slot}', 'online',
    'online', 4, 7, 'passed', false, 0, NULL, '23456789abcd', now(), NULL, NULL, now(), now(), NULL, NULL);
INSERT INTO baari.event VALUES
    ('{facility}', '{doctor}', '2026-02-02', 3, 0, '2026-02-02 10:00Z', 'old', 'token_passed', '{token}', '{slot}', ''),
    ('{facility}', '{doctor}', '2026-02-02', 2, 1, '2026-02-02 09:00Z', 'old', 'token_arrived', '{token}', '{slot}', ''),
    ('{facility}', '{doctor}', '2026-02-02', 2, 0, '2026-02-02 09:00Z', 'old', 'token_booked', '{token}', '{slot}', ''),
    ('{facility}', '{doctor}', '2026-02-02', 1, 0, '2026-02-02 08:00Z', 'old', 'slot_added', NULL, '{slot}', '')";

fn of_facility(rows: &str, facility: u32) -> String {
    rows.replace("{facility}", &hospital::facility_id(facility).to_string())
        .replace("{doctor}", &hospital::doctor_id(1).to_string())
        .replace("{patient}", &hospital::patient_id(1).to_string())
        .replace("{slot}", &hospital::slot_id(1).to_string())
        .replace("{token}", &hospital::token_id(1).to_string())
}

#[tokio::test]
async fn what_the_first_schema_held_reads_back() {
    let database = Database::new(Way::Direct).await;
    migrate(&database.connections(), &MIGRATIONS[..1]).await.unwrap();
    for facility in [1, 2] {
        database.execute(&of_facility(FIRST_ROWS, facility)).await;
    }

    let store = database.store().await;
    for facility in [1, 2].map(hospital::facility_id) {
        let token = hospital::token_id(1);
        let key = DayKey { facility, doctor: hospital::doctor_id(1), date: hospital::DATE };
        let day = store.day_load(key, &hospital::zone()).await.unwrap();
        assert_eq!(day.head(), DayHead { version: 3, next_token_no: 2, resumes_at: None });
        let read = day.token(token).unwrap();
        assert_eq!((read.earlier_ok, read.displaced, read.passed_at), (false, false, None));
        let feed = store.event_list(facility, 0, 9).await.unwrap();
        let places: Vec<_> =
            feed.iter().map(|event| (event.number, event.event.version, event.event.ordinal)).collect();
        assert_eq!(places, [(1, 1, 0), (2, 2, 0), (3, 2, 1), (4, 3, 0)]);
        assert_eq!(store.event_head(facility).await, Ok(4));
        assert_eq!(store.token_events(facility, token).await, Ok(feed[1..].to_vec()));
        let pace = store.pace_list(facility, key.doctor, hospital::DATE.tomorrow().unwrap(), 9).await;
        assert_eq!(pace, Ok(Vec::new()));
        // The feed goes on where it was.
        let mut rehearsal = Rehearsal::from_store(day, 500);
        rehearsal.resume_at(Some(hospital::at(5)));
        let group = Group { days: vec![rehearsal.commit()], ..Group::default() };
        assert_eq!(store.commit(group).await, Ok(vec![Verdict::Committed]));
        assert_eq!(store.event_head(facility).await, Ok(5));
    }
}

/// What the second schema held besides: the patient, and a token that somebody may come earlier with.
const SECOND_ROWS: &str = "\
INSERT INTO baari.patient VALUES ('{facility}', '{patient}', 'Asha Rao', '98765', 'active', '{doctor}', 'M1', NULL,
    '2026-02-01 08:00Z');
UPDATE baari.token SET earlier_ok = true WHERE facility_id = '{facility}'";

#[tokio::test]
async fn what_the_second_schema_held_reads_back() {
    let database = Database::new(Way::Direct).await;
    migrate(&database.connections(), &MIGRATIONS[..1]).await.unwrap();
    // The facility that was made last has the smallest id.
    for facility in [3, 2, 1] {
        database.execute(&of_facility(FIRST_ROWS, facility)).await;
    }
    migrate(&database.connections(), &MIGRATIONS[..2]).await.unwrap();
    for facility in [3, 2, 1] {
        database.execute(&of_facility(SECOND_ROWS, facility)).await;
    }

    let store = database.store().await;
    let facilities = store.facility_list().await.unwrap();
    let slugs: Vec<_> = facilities.iter().map(|one| (one.id, one.slug.clone(), one.seal)).collect();
    let in_hex = |facility| hospital::facility_id(facility).as_uuid().simple().to_string();
    assert_eq!(
        slugs,
        [
            (hospital::facility_id(1), "main".to_owned(), None),
            (hospital::facility_id(2), in_hex(2), None),
            (hospital::facility_id(3), in_hex(3), None),
        ]
    );
    for facility in [1, 2, 3].map(hospital::facility_id) {
        let (doctor, patient) = (hospital::doctor_id(1), hospital::patient_id(1));
        let key = DayKey { facility, doctor, date: hospital::DATE };
        let day = store.day_load(key, &hospital::zone()).await.unwrap();
        assert!(day.token(hospital::token_id(1)).unwrap().earlier_ok);
        let patients = store.patient_get(facility, &[patient]).await.unwrap();
        let [read] = &patients[..] else { panic!("{patients:?}") };
        assert_eq!((&read.name[..], read.previous_doctor, read.erased_at), ("Asha Rao", Some(doctor), None));
        assert_eq!((read.sex, read.birth_year), (None, None));
        let of_patient = TrailQuery { patient: Some(patient), limit: 9, ..TrailQuery::default() };
        let numbers = store.event_search(facility, &of_patient).await.unwrap();
        assert_eq!(numbers.iter().map(|event| event.number).collect::<Vec<_>>(), [4, 3, 2]);
        let everything = TrailQuery { limit: 9, ..TrailQuery::default() };
        assert_eq!(store.audit_list(facility, &everything).await, Ok(Vec::new()));
    }
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
