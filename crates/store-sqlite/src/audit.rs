//! The audit trail, and what is written along with a record.

use baari_engine::{AuditId, FacilityId, PatientId};
use baari_store::{Along, AuditRow, TrailQuery};
use rusqlite::{Connection, params};

use crate::column::{Columns, change, instant, maybe_id, rows};
use crate::error::Done;
use crate::{receipt, session};

macro_rules! select {
    ($index:literal, $way:literal) => {
        concat!(
            "SELECT id, at, actor, action, patient_id, subject, detail, address FROM audit ",
            $index,
            " WHERE facility_id = ?1 AND ",
            $way,
            " AND id < ?2 AND id >= ?8 AND at >= ?5 AND at < ?6 ORDER BY id DESC LIMIT ?7"
        )
    };
}

const INSERT: &str =
    "INSERT INTO audit (facility_id, id, at, actor, action, patient_id, subject, detail, address)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
// One text for each way in; what else is asked for is looked at row by row. The index is named: left to itself SQLite goes
// through all that the facility has, in the order wanted.
const LIST: &str = select!("", "?3 IS NULL AND ?4 IS NULL");
const LIST_OF_ACTOR: &str = select!("INDEXED BY audit_of_actor", "actor = ?3 AND ?4 IS NULL");
const LIST_OF_PATIENT: &str =
    select!("INDEXED BY audit_of_patient", "patient_id = ?4 AND (?3 IS NULL OR actor = ?3)");

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, LIST, LIST_OF_ACTOR, LIST_OF_PATIENT];

/// Writes what goes along with a record: the answer that is kept, the sessions that end, and what the audit trail says.
pub(crate) fn along(connection: &Connection, facility: FacilityId, along: &Along) -> Done<()> {
    along.receipt.iter().try_for_each(|kept| receipt::write(connection, kept))?;
    if let Some(which) = along.ends {
        session::end(connection, facility, which)?;
    }
    append(connection, facility, &along.audit)
}

/// Adds to the trail.
pub(crate) fn append(connection: &Connection, facility: FacilityId, added: &[AuditRow]) -> Done<()> {
    for entry in added {
        let params = params![
            facility.as_uuid().into_bytes(),
            entry.id.as_uuid().into_bytes(),
            instant(entry.at),
            entry.actor,
            entry.action,
            maybe_id(entry.patient.map(|patient| patient.as_uuid())),
            entry.subject,
            entry.detail,
            entry.address,
        ];
        change(connection, INSERT, params)?;
    }
    Ok(())
}

/// Entries of the trail, newest first.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    query: &TrailQuery<AuditId>,
) -> Done<Vec<AuditRow>> {
    let sql = match (query.patient, &query.actor) {
        (Some(_), _) => LIST_OF_PATIENT,
        (None, Some(_)) => LIST_OF_ACTOR,
        (None, None) => LIST,
    };
    let (from, before) = query.ids();
    // Longer than any identifier, and so behind all of them.
    let before = before.map_or(vec![u8::MAX; 17], |before| before.as_uuid().into_bytes().to_vec());
    let from = from.map_or(Vec::new(), |from| from.as_uuid().into_bytes().to_vec());
    let params = params![
        facility.as_uuid().into_bytes(),
        before,
        query.actor,
        maybe_id(query.patient.map(|patient| patient.as_uuid())),
        query.from.map_or(i64::MIN, instant),
        query.to.map_or(i64::MAX, instant),
        query.limit,
        from,
    ];
    rows(connection, sql, params, read)
}

fn read(columns: &Columns<'_, '_>) -> Done<AuditRow> {
    Ok(AuditRow {
        id: columns.id(0, AuditId::from_uuid)?,
        at: columns.instant(1)?,
        actor: columns.get(2)?,
        action: columns.get(3)?,
        patient: columns.maybe_id(4, PatientId::from_uuid)?,
        subject: columns.get(5)?,
        detail: columns.get(6)?,
        address: columns.get(7)?,
    })
}
