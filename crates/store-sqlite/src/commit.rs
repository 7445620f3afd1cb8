//! A group of commands as one transaction. A doctor-day whose version has moved on is left out.

use baari_store::{DayCommit, Group, StoreError, Verdict};
use rusqlite::{Connection, params};

use crate::column::{change, integer};
use crate::error::{Done, Fault};
use crate::{event, patient, receipt, slot, token};

const BEGIN: &str = "INSERT INTO doctor_day (facility_id, doctor_id, slot_date, version, next_token_no)
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
const ADVANCE: &str = "UPDATE doctor_day SET version = ?4, next_token_no = ?5
    WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3 AND version = ?6";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[BEGIN, ADVANCE];

/// Writes a group; the caller's transaction makes it one.
pub(crate) fn group(connection: &Connection, group: &Group) -> Done<Vec<Verdict>> {
    for write in &group.patients {
        patient::write(connection, write)?;
    }
    group.days.iter().map(|commit| day(connection, commit)).collect()
}

fn day(connection: &Connection, commit: &DayCommit) -> Done<Verdict> {
    let date = commit.key.date.to_string();
    if !advance(connection, commit, &date)? {
        return Ok(Verdict::Stale);
    }
    slot::write(connection, &commit.key, &date, &commit.slots)?;
    token::write(connection, &commit.key, &date, &commit.tokens, commit.resequenced)?;
    event::write(connection, &commit.key, &date, &commit.events)?;
    for kept in &commit.receipts {
        receipt::write(connection, kept)?;
    }
    Ok(Verdict::Committed)
}

/// Raises the version; false if it is not the expected one.
fn advance(connection: &Connection, commit: &DayCommit, date: &str) -> Done<bool> {
    let (facility, doctor) = (commit.key.facility.as_uuid(), commit.key.doctor.as_uuid());
    let (facility, doctor) = (facility.as_bytes(), doctor.as_bytes());
    let (version, next_token_no) = (integer(commit.version)?, commit.next_token_no);
    let changed = match commit.expected_version {
        0 => change(connection, BEGIN, params![facility, doctor, date, version, next_token_no])?,
        expected => {
            let expected = integer(expected)?;
            change(connection, ADVANCE, params![facility, doctor, date, version, next_token_no, expected])?
        }
    };
    Ok(changed == 1)
}

/// A row that is to be changed must be there: the version says that the desk has seen it.
pub(crate) fn one(changed: usize, what: &str) -> Done<()> {
    if changed == 1 {
        return Ok(());
    }
    Err(Fault(StoreError::Refused(format!("a {what} that was to be changed is not in its doctor-day"))))
}
