//! Keys of programs and screens.

use baari_engine::{FacilityId, KeyId};
use baari_store::{Key, codec};
use rusqlite::{Connection, params};

use crate::column::{Columns, change, instant, row, rows};
use crate::error::Done;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, digest, scopes, doctors, created_at, expires_at, revoked_at FROM api_key ",
            $rest
        )
    };
}

const PUT: &str = "INSERT INTO api_key (facility_id, id, name, digest, scopes, doctors, created_at, expires_at, revoked_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (facility_id, id) DO UPDATE SET name = excluded.name, digest = excluded.digest, scopes = excluded.scopes,
        doctors = excluded.doctors, created_at = excluded.created_at, expires_at = excluded.expires_at,
        revoked_at = excluded.revoked_at";
const GET: &str = select!("WHERE facility_id = ?1 AND digest = ?2");
const BY_ID: &str = select!("WHERE facility_id = ?1 AND id = ?2");
const LIST: &str = select!("WHERE facility_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3");

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, GET, BY_ID, LIST];

/// Inserts or updates a key.
pub(crate) fn put(connection: &Connection, facility: FacilityId, key: &Key) -> Done<()> {
    let doctors: Vec<_> = key.doctors.iter().map(ToString::to_string).collect();
    let params = params![
        facility.as_uuid().into_bytes(),
        key.id.as_uuid().into_bytes(),
        key.name,
        key.digest,
        key.scopes.join(" "),
        doctors.join(" "),
        instant(key.created_at),
        instant(key.expires_at),
        key.revoked_at.map(instant),
    ];
    change(connection, PUT, params)?;
    Ok(())
}

/// The key with this digest.
pub(crate) fn get(connection: &Connection, facility: FacilityId, digest: &[u8; 32]) -> Done<Option<Key>> {
    row(connection, GET, params![facility.as_uuid().into_bytes(), digest], read)
}

/// The key of this id.
pub(crate) fn by_id(connection: &Connection, facility: FacilityId, key: KeyId) -> Done<Option<Key>> {
    row(connection, BY_ID, params![facility.as_uuid().into_bytes(), key.as_uuid().into_bytes()], read)
}

/// Keys by id, behind `after`.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    after: Option<KeyId>,
    limit: u32,
) -> Done<Vec<Key>> {
    let after = after.map_or(Vec::new(), |after| after.as_uuid().into_bytes().to_vec());
    rows(connection, LIST, params![facility.as_uuid().into_bytes(), after, limit], read)
}

fn read(columns: &Columns<'_, '_>) -> Done<Key> {
    let (scopes, doctors) = (columns.get::<String>(3)?, columns.get::<String>(4)?);
    let doctor = |text| codec::parse("doctor of a key", text);
    Ok(Key {
        id: columns.id(0, KeyId::from_uuid)?,
        name: columns.get(1)?,
        digest: columns.get(2)?,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        doctors: doctors.split_whitespace().map(doctor).collect::<Result<_, _>>()?,
        created_at: columns.instant(5)?,
        expires_at: columns.instant(6)?,
        revoked_at: columns.maybe_instant(7)?,
    })
}
