//! Sessions: who is signed in.

use baari_engine::{FacilityId, UserId};
use baari_store::{Ended, Session, User};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::column::{Columns, change, instant, row, rows};
use crate::error::Done;
use crate::user;

const INSERT: &str = "INSERT INTO session (facility_id, digest, user_id, created_at, seen_at, address, agent)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const GET: &str =
    "SELECT user.id, user.name, user.called, user.role, user.doctor_id, user.password, user.must_change,
        user.subject, user.active, user.created_at, user.version,
        session.digest, session.user_id, session.created_at, session.seen_at, session.address, session.agent
    FROM session JOIN user ON user.facility_id = session.facility_id AND user.id = session.user_id
    WHERE session.facility_id = ?1 AND session.digest = ?2";
const SEEN: &str = "UPDATE session SET seen_at = ?3 WHERE facility_id = ?1 AND digest = ?2";
const LIST: &str = "SELECT digest, user_id, created_at, seen_at, address, agent FROM session
    WHERE facility_id = ?1 AND user_id = ?2 ORDER BY created_at DESC, digest DESC LIMIT 1000";
const END_ONE: &str = "DELETE FROM session WHERE facility_id = ?1 AND digest = ?2";
const END_OF_USER: &str = "DELETE FROM session WHERE facility_id = ?1 AND user_id = ?2";
const END_OTHERS: &str = "DELETE FROM session WHERE facility_id = ?1 AND user_id = ?2 AND digest <> ?3";
// Goes through the facility's sessions. They are few, because this is done often; an index of `seen_at` would change a page
// more each time that somebody does something.
const END_OLD: &str = "DELETE FROM session WHERE facility_id = ?1 AND (created_at < ?2 OR seen_at < ?3)";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, GET, SEEN, LIST, END_ONE, END_OF_USER, END_OTHERS, END_OLD];

/// Inserts a session.
pub(crate) fn add(connection: &Connection, facility: FacilityId, session: &Session) -> Done<()> {
    let params = params![
        facility.as_uuid().into_bytes(),
        session.digest,
        session.user.as_uuid().into_bytes(),
        instant(session.created_at),
        instant(session.seen_at),
        session.address,
        session.agent,
    ];
    change(connection, INSERT, params)?;
    Ok(())
}

/// The session with this digest, and whose it is.
pub(crate) fn get(
    connection: &Connection,
    facility: FacilityId,
    digest: &[u8; 32],
) -> Done<Option<(Session, User)>> {
    row(connection, GET, params![facility.as_uuid().into_bytes(), digest], |columns| {
        Ok((read(columns, user::COLUMNS)?, user::read(columns)?))
    })
}

/// Notes that a session was used.
pub(crate) fn seen(
    connection: &Connection,
    facility: FacilityId,
    digest: &[u8; 32],
    at: Timestamp,
) -> Done<()> {
    change(connection, SEEN, params![facility.as_uuid().into_bytes(), digest, instant(at)])?;
    Ok(())
}

/// A user's sessions, newest first.
pub(crate) fn list(connection: &Connection, facility: FacilityId, user: UserId) -> Done<Vec<Session>> {
    let params = params![facility.as_uuid().into_bytes(), user.as_uuid().into_bytes()];
    rows(connection, LIST, params, |columns| read(columns, 0))
}

/// Ends sessions; how many.
pub(crate) fn end(connection: &Connection, facility: FacilityId, which: Ended) -> Done<usize> {
    let facility = facility.as_uuid().into_bytes();
    match which {
        Ended::One(digest) => change(connection, END_ONE, params![facility, digest]),
        Ended::OfUser(user) => {
            change(connection, END_OF_USER, params![facility, user.as_uuid().into_bytes()])
        }
        Ended::Others(user, but) => {
            change(connection, END_OTHERS, params![facility, user.as_uuid().into_bytes(), but])
        }
        Ended::Old { created, seen } => {
            change(connection, END_OLD, params![facility, instant(created), instant(seen)])
        }
    }
}

/// Reads the columns of a session from this one on.
fn read(columns: &Columns<'_, '_>, first: usize) -> Done<Session> {
    Ok(Session {
        digest: columns.get(first)?,
        user: columns.id(first + 1, UserId::from_uuid)?,
        created_at: columns.instant(first + 2)?,
        seen_at: columns.instant(first + 3)?,
        address: columns.get(first + 4)?,
        agent: columns.get(first + 5)?,
    })
}
