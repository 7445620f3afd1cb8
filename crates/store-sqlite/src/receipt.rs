//! Answers kept for repeated requests.

use baari_engine::FacilityId;
use baari_store::Receipt;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::column::{change, instant, row};
use crate::error::Done;

/// Removed in one transaction, so that bookings wait for a moment only.
pub(crate) const PRUNED_AT_ONCE: usize = 2_000;

const INSERT: &str = "INSERT INTO receipt (facility_id, key, fingerprint, status, body, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const GET: &str =
    "SELECT fingerprint, status, body, created_at FROM receipt WHERE facility_id = ?1 AND key = ?2";
const PRUNE: &str = "DELETE FROM receipt WHERE rowid IN (
        SELECT rowid FROM receipt WHERE facility_id = ?1 AND created_at < ?2 LIMIT ?3
    )";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, GET, PRUNE];

/// Keeps an answer.
pub(crate) fn write(connection: &Connection, receipt: &Receipt) -> Done<()> {
    let params = params![
        receipt.facility.as_uuid().into_bytes(),
        receipt.key,
        receipt.fingerprint,
        receipt.status,
        receipt.body,
        instant(receipt.at),
    ];
    change(connection, INSERT, params)?;
    Ok(())
}

/// The answer kept under this key.
pub(crate) fn get(connection: &Connection, facility: FacilityId, key: &str) -> Done<Option<Receipt>> {
    row(connection, GET, params![facility.as_uuid().into_bytes(), key], |columns| {
        Ok(Receipt {
            facility,
            key: key.to_owned(),
            fingerprint: columns.get(0)?,
            status: columns.number(1)?,
            body: columns.get(2)?,
            at: columns.instant(3)?,
        })
    })
}

/// Forgets some of the answers kept before this time; how many.
pub(crate) fn prune(connection: &Connection, facility: FacilityId, before: Timestamp) -> Done<usize> {
    change(
        connection,
        PRUNE,
        params![facility.as_uuid().into_bytes(), instant(before), PRUNED_AT_ONCE as i64],
    )
}
