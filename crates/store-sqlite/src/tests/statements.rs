//! Every statement fits the schema, and finds its rows by an index.

use rusqlite::Connection;

use super::{migrated, path};

/// Each file that holds SQL: its name, its text, its list.
macro_rules! files {
    ($($module:ident),+) => {
        [$((stringify!($module), include_str!(concat!("../", stringify!($module), ".rs")), crate::$module::STATEMENTS)),+]
    };
}

const FILES: [(&str, &str, &[&str]); 15] = files![
    api_key, audit, commit, day, doctor, event, facility, migrate, patient, receipt, schedule, session, slot,
    token, user
];

#[test]
fn every_statement_is_prepared_on_the_migrated_schema() {
    let (_directory, path) = path();
    let connection = migrated(&path);
    for (file, _, statements) in FILES {
        for sql in statements {
            connection.prepare(sql).unwrap_or_else(|error| panic!("{file}: {error}: {sql}"));
        }
    }
}

#[test]
fn no_statement_is_left_out_of_the_lists() {
    for (file, text, statements) in FILES {
        let constants = text.lines().filter(|line| line.starts_with("const ") && line.contains(": &str ="));
        assert_eq!(constants.count(), statements.len(), "{file}");
    }
}

/// The tables that grow without end.
const GROWING: [&str; 9] =
    ["doctor_day", "slot", "token", "event", "receipt", "patient", "patient_word", "session", "audit"];

#[test]
fn no_statement_looks_through_a_table_that_grows() {
    let (_directory, path) = path();
    let connection = migrated(&path);
    for (file, _, statements) in FILES {
        for sql in statements {
            for step in plan(&connection, sql) {
                let grows = GROWING.iter().any(|table| {
                    step == format!("SCAN {table}") || step.starts_with(&format!("SCAN {table} "))
                });
                assert!(!grows, "{file}: {step}: {sql}");
            }
        }
    }
}

#[test]
fn each_way_to_list_tokens_has_its_index() {
    let (_directory, path) = path();
    let connection = migrated(&path);
    let ways = [
        ("+id > ?2 AND (?4 IS NULL OR status = ?4)\n    AND (?5 IS NULL OR doctor_id", "slot_date=?)"),
        ("slot_date = ?6 AND doctor_id = ?5", "slot_date=? AND doctor_id=?)"),
        ("patient_id = ?7", "token_of_patient (facility_id=? AND patient_id=?)"),
        ("ORDER BY id LIMIT", "(facility_id=? AND id>?)"),
        ("ORDER BY slot_date DESC", "token_of_patient (facility_id=? AND patient_id=? AND slot_date<?)"),
    ];
    for (sql, index) in ways {
        let sql = crate::token::STATEMENTS.iter().find(|text| text.contains(sql)).unwrap();
        let plan = plan(&connection, sql);
        assert!(plan[0].ends_with(index), "{plan:?}: {sql}");
    }
}

#[test]
fn what_a_day_is_asked_for_has_its_index() {
    let (_directory, path) = path();
    let connection = migrated(&path);
    for (statements, sql, index) in [
        (crate::token::STATEMENTS, "ORDER BY token_no", "(facility_id=? AND slot_date=? AND doctor_id=?)"),
        (crate::event::STATEMENTS, "number > ?2", "event_of_facility (facility_id=? AND rowid>?)"),
        (crate::event::STATEMENTS, "kind IN (", "event_of_moves (facility_id=? AND slot_date=? AND rowid>?)"),
        (crate::event::STATEMENTS, "?1 ORDER BY number DESC", "event_of_facility (facility_id=?)"),
        (
            crate::event::STATEMENTS,
            "coalesce(token_id, slot_id) = ?2",
            "event_of_subject (facility_id=? AND <expr>=?)",
        ),
        (
            crate::day::STATEMENTS,
            "visits > 0",
            "doctor_day_of_doctor (facility_id=? AND doctor_id=? AND slot_date<?)",
        ),
        (
            crate::commit::STATEMENTS,
            "UPDATE doctor_day",
            "PRIMARY KEY (facility_id=? AND slot_date=? AND doctor_id=?)",
        ),
    ] {
        let sql = statements.iter().find(|text| text.contains(sql)).unwrap();
        let plan = plan(&connection, sql);
        let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
        assert!(plan.iter().any(|step| step.ends_with(index)) && !sorts, "{plan:?}: {sql}");
    }
}

#[test]
fn each_way_to_search_the_trail_has_its_index() {
    let (_directory, path) = path();
    let connection = migrated(&path);
    for (statements, sql, index, sorted) in [
        (
            crate::audit::STATEMENTS,
            "?1 AND ?3 IS NULL",
            "PRIMARY KEY (facility_id=? AND id>? AND id<?)",
            false,
        ),
        (
            crate::audit::STATEMENTS,
            "?1 AND actor = ?3",
            "audit_of_actor (facility_id=? AND actor=? AND id>? AND id<?)",
            false,
        ),
        (
            crate::audit::STATEMENTS,
            "?1 AND patient_id = ?4",
            "audit_of_patient (facility_id=? AND patient_id=? AND id>? AND id<?)",
            false,
        ),
        (
            crate::event::STATEMENTS,
            "?1 AND ?3 IS NULL",
            "event_of_facility (facility_id=? AND rowid>? AND rowid<?)",
            false,
        ),
        (
            crate::event::STATEMENTS,
            "?1 AND actor = ?3",
            "event_of_actor (facility_id=? AND actor=? AND rowid>? AND rowid<?)",
            false,
        ),
        (crate::event::STATEMENTS, "?1 AND actor = ?3", "event_of_time (facility_id=? AND at<?)", false),
        (crate::event::STATEMENTS, "?1 AND actor = ?3", "event_of_time (facility_id=? AND at>?)", false),
        (crate::event::STATEMENTS, "patient_id = ?4", "event_of_subject (facility_id=? AND <expr>=?)", true),
        (
            crate::event::STATEMENTS,
            "patient_id = ?4",
            "token_of_patient (facility_id=? AND patient_id=?)",
            true,
        ),
        (
            crate::session::STATEMENTS,
            "created_at DESC",
            "session_of_user (facility_id=? AND user_id=?)",
            false,
        ),
        (crate::user::STATEMENTS, "subject = ?2", "user_by_subject (facility_id=? AND subject=?)", false),
        (crate::api_key::STATEMENTS, "digest = ?2", "api_key_by_digest (facility_id=? AND digest=?)", false),
    ] {
        let sql = statements.iter().find(|text| text.contains(sql)).unwrap();
        let plan = plan(&connection, sql);
        let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
        assert!(plan.iter().any(|step| step.ends_with(index)) && sorts == sorted, "{plan:?}: {sql}");
    }
}

fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let parameters = statement.parameter_count();
    for position in 1..=parameters {
        statement.raw_bind_parameter(position, rusqlite::types::Null).unwrap();
    }
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get(3).unwrap());
    }
    steps
}
