//! A group of commands as one transaction. A doctor-day whose version has moved on is left out.

use baari_store::{DayCommit, Group, StoreError, Verdict};
use rusqlite::{Connection, params};

use crate::column::{change, instant, integer};
use crate::error::{Done, Fault};
use crate::{day, event, patient, receipt, slot, token};

const BEGIN: &str =
    "INSERT INTO doctor_day (facility_id, doctor_id, slot_date, version, next_token_no, resumes_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
const ADVANCE: &str = "UPDATE doctor_day SET version = ?4, next_token_no = ?5, resumes_at = ?6
    WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3 AND version = ?7";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[BEGIN, ADVANCE];

/// A doctor-day that is current, and its date as text.
type Current<'g> = (&'g DayCommit, String);

/// Writes a group; the caller's transaction makes it one.
///
/// Tokens that move give their numbers back first, as somebody else may have got them. All days have their changes before any
/// token moves, and all tokens have moved before there are new ones: who has left a doctor-day may be booked there again.
pub(crate) fn group(connection: &Connection, group: &Group) -> Done<Vec<Verdict>> {
    for write in &group.patients {
        patient::write(connection, write)?;
    }
    let whole = whole(connection, group)?;
    let (mut verdicts, mut current) = (Vec::with_capacity(group.days.len()), Vec::new());
    for (commit, is_whole) in group.days.iter().zip(whole) {
        let date = commit.key.date.to_string();
        let is_current = is_whole && advance(connection, commit, &date)?;
        verdicts.push(if is_current { Verdict::Committed } else { Verdict::Stale });
        if is_current {
            token::set_apart(connection, commit.key.facility, &commit.moved_in)?;
            current.push((commit, date));
        }
    }
    for (commit, date) in &current {
        changes(connection, commit, date)?;
    }
    for (commit, date) in &current {
        token::move_in(connection, &commit.key, date, &commit.moved_in)?;
    }
    current.iter().try_for_each(|day| additions(connection, day))?;
    Ok(verdicts)
}

/// Which days have nothing stale among those that they go together with. A day that goes alone is not looked at: its version
/// is compared when it is raised.
fn whole(connection: &Connection, group: &Group) -> Done<Vec<bool>> {
    let mut current = vec![true; group.days.len()];
    for &place in group.together.iter().flatten() {
        if let (Some(current), Some(commit)) = (current.get_mut(place), group.days.get(place)) {
            *current = day::version(connection, &commit.key)?.unwrap_or(0) == commit.expected_version;
        }
    }
    Ok(group.written(current))
}

/// What comes first in a day.
fn changes(connection: &Connection, commit: &DayCommit, date: &str) -> Done<()> {
    if let Some(pace) = &commit.pace {
        day::put_pace(connection, &commit.key, date, pace)?;
    }
    slot::write(connection, &commit.key, date, &commit.slots)?;
    token::change_all(connection, &commit.key, date, &commit.tokens.changed, commit.resequenced)
}

/// What comes last.
fn additions(connection: &Connection, (commit, date): &Current<'_>) -> Done<()> {
    token::add_all(connection, &commit.key, date, &commit.tokens.new)?;
    event::write(connection, &commit.key, date, &commit.events)?;
    commit.receipts.iter().try_for_each(|kept| receipt::write(connection, kept))
}

/// Raises the version; false if it is not the expected one.
fn advance(connection: &Connection, commit: &DayCommit, date: &str) -> Done<bool> {
    let (facility, doctor) = (commit.key.facility.as_uuid(), commit.key.doctor.as_uuid());
    let (facility, doctor) = (facility.as_bytes(), doctor.as_bytes());
    let (version, next_token_no) = (integer(commit.version)?, commit.next_token_no);
    let resumes_at = commit.resumes_at.map(instant);
    let changed = match commit.expected_version {
        0 => {
            let params = params![facility, doctor, date, version, next_token_no, resumes_at];
            change(connection, BEGIN, params)?
        }
        expected => {
            let expected = integer(expected)?;
            let params = params![facility, doctor, date, version, next_token_no, resumes_at, expected];
            change(connection, ADVANCE, params)?
        }
    };
    Ok(changed == 1)
}

/// A row that is to be changed must be there: the version says that the desk has seen it.
pub(crate) fn one(changed: usize, what: &str) -> Done<()> {
    if changed == 1 {
        return Ok(());
    }
    Err(Fault(StoreError::Refused(format!("a {what} that was to be changed is not where it was"))))
}
