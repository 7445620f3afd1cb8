//! Users: people who sign in.

use baari_engine::{DoctorId, FacilityId, UserId};
use baari_store::{StoreError, User};
use rusqlite::{Connection, params};

use crate::column::{Columns, change, instant, integer, maybe_id, row, rows};
use crate::error::{Done, Fault};
use crate::facility;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, called, role, doctor_id, password, must_change, subject, active, created_at,
                version FROM user ",
            $rest
        )
    };
}

const INSERT: &str = "INSERT INTO user (facility_id, id, name, called, role, doctor_id, password, must_change, subject, active,
        created_at, version)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 + 1)";
// Nothing is written if nobody would be left who runs the system. One writes at a time, so that two can't both leave it to
// the other.
const UPDATE: &str = "UPDATE user SET name = ?3, called = ?4, role = ?5, doctor_id = ?6, password = ?7, must_change = ?8,
        subject = ?9, active = ?10, created_at = ?11, version = version + 1
    WHERE facility_id = ?1 AND id = ?2 AND version = ?12 AND ((?5 = 'admin' AND ?10) OR NOT (role = 'admin' AND active)
        OR EXISTS (SELECT 1 FROM user AS other
            WHERE other.facility_id = ?1 AND other.id <> ?2 AND other.role = 'admin' AND other.active))";
const GET: &str = select!("WHERE facility_id = ?1 AND id = ?2");
const BY_NAME: &str = select!("WHERE facility_id = ?1 AND name = ?2");
const BY_SUBJECT: &str = select!("WHERE facility_id = ?1 AND subject = ?2");
const LIST: &str = select!("WHERE facility_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3");

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, UPDATE, GET, BY_NAME, BY_SUBJECT, LIST];

/// Inserts or updates a user, and raises the facility's version.
pub(crate) fn put(connection: &Connection, facility: FacilityId, user: &User) -> Done<()> {
    let params = params![
        facility.as_uuid().into_bytes(),
        user.id.as_uuid().into_bytes(),
        user.name,
        user.called,
        user.role.name(),
        maybe_id(user.doctor.map(|doctor| doctor.as_uuid())),
        user.password,
        user.must_change,
        user.subject,
        user.active,
        instant(user.created_at),
        integer(user.version)?,
    ];
    if change(connection, if user.version == 0 { INSERT } else { UPDATE }, params)? == 0 {
        let text = "the user has changed, or nobody else is left to run the system".to_owned();
        return Err(Fault(StoreError::Conflict(text)));
    }
    facility::raise(connection, facility)
}

/// The user of this id.
pub(crate) fn get(connection: &Connection, facility: FacilityId, user: UserId) -> Done<Option<User>> {
    row(connection, GET, params![facility.as_uuid().into_bytes(), user.as_uuid().into_bytes()], read)
}

/// The user who signs in with this name.
pub(crate) fn by_name(connection: &Connection, facility: FacilityId, name: &str) -> Done<Option<User>> {
    row(connection, BY_NAME, params![facility.as_uuid().into_bytes(), name], read)
}

/// The user who is this one elsewhere.
pub(crate) fn by_subject(connection: &Connection, facility: FacilityId, subject: &str) -> Done<Option<User>> {
    row(connection, BY_SUBJECT, params![facility.as_uuid().into_bytes(), subject], read)
}

/// Users by id, behind `after`.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    after: Option<UserId>,
    limit: u32,
) -> Done<Vec<User>> {
    let after = after.map_or(Vec::new(), |after| after.as_uuid().into_bytes().to_vec());
    rows(connection, LIST, params![facility.as_uuid().into_bytes(), after, limit], read)
}

/// How many columns a user has; others come behind them.
pub(crate) const COLUMNS: usize = 11;

/// Reads the columns of a user, which come first.
pub(crate) fn read(columns: &Columns<'_, '_>) -> Done<User> {
    Ok(User {
        id: columns.id(0, UserId::from_uuid)?,
        name: columns.get(1)?,
        called: columns.get(2)?,
        role: columns.parsed(3, "role")?,
        doctor: columns.maybe_id(4, DoctorId::from_uuid)?,
        password: columns.get(5)?,
        must_change: columns.get(6)?,
        subject: columns.get(7)?,
        active: columns.get(8)?,
        created_at: columns.instant(9)?,
        version: columns.number(10)?,
    })
}
