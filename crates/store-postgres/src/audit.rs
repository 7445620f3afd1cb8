//! The audit trail: appended, never changed. Triggers refuse anything else.

use baari_engine::{AuditId, FacilityId, PatientId};
use baari_store::{AuditRow, StoreError, TrailQuery};

use crate::connection::Connections;
use crate::fields::{Fields, each};
use crate::statement::Statement;
use crate::transaction;

macro_rules! columns {
    () => {
        "id, at, actor, action, patient_id, subject, detail, address"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO baari.audit (facility_id, ",
    columns!(),
    ") SELECT $1, new.* FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::text[],
        $8::text[], $9::text[]) AS new"
);

macro_rules! list {
    ($whose:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM baari.audit
            WHERE facility_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ",
            $whose,
            " AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
            ORDER BY id DESC
            LIMIT $6::bigint"
        )
    };
}

/// Read from the end of the key.
pub(crate) const LIST: &str = list!("$3::text IS NULL AND ($7::uuid IS NULL OR id >= $7)");

/// Read from the end of the actor's index. With a bound of its own on either side the key would look as good: so the first
/// identifier is said in a way that only the actor's index fits.
pub(crate) const LIST_OF_ACTOR: &str =
    list!("actor = $3::text AND ($7::uuid IS NULL OR (actor, id) >= ($3, $7))");

/// A patient has fewer entries than any actor. Said in this way, the actor's index does not come in question.
pub(crate) const LIST_OF_PATIENT: &str =
    list!("patient_id = $7 AND ($3::text IS NULL OR actor IS NOT DISTINCT FROM $3)");

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, LIST, LIST_OF_ACTOR, LIST_OF_PATIENT];

/// Adds these entries.
pub(crate) fn insert(facility: FacilityId, rows: &[&AuditRow]) -> Statement {
    Statement::new(INSERT)
        .with(facility.as_uuid())
        .column(rows, |row| row.id.as_uuid())
        .column(rows, |row| row.at)
        .column(rows, |row| row.actor.clone())
        .column(rows, |row| row.action.clone())
        .column(rows, |row| row.patient.map(|patient| patient.as_uuid()))
        .column(rows, |row| row.subject.clone())
        .column(rows, |row| row.detail.clone())
        .column(rows, |row| row.address.clone())
        .touching(rows.len())
}

/// Adds these entries, which belong to no change of a record.
pub(crate) async fn append(
    connections: &Connections,
    facility: FacilityId,
    rows: &[AuditRow],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows: Vec<&AuditRow> = rows.iter().collect();
    transaction::write(connections, vec![insert(facility, &rows).into()]).await?;
    Ok(())
}

/// Entries, newest first.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    query: &TrailQuery<AuditId>,
) -> Result<Vec<AuditRow>, StoreError> {
    let text = match (query.patient, &query.actor) {
        (Some(_), _) => LIST_OF_PATIENT,
        (None, Some(_)) => LIST_OF_ACTOR,
        (None, None) => LIST,
    };
    let (from, before) = query.ids();
    let statement = Statement::new(text)
        .with(facility.as_uuid())
        .with(before.map(|id| id.as_uuid()))
        .with(query.actor.clone())
        .with(query.from)
        .with(query.to)
        .with(i64::from(query.limit));
    let statement = match query.patient {
        Some(patient) => statement.with(patient.as_uuid()),
        None => statement.with(from.map(|id| id.as_uuid())),
    };
    each(&connections.rows(statement).await?, read)
}

fn read(fields: &mut Fields<'_>) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        id: fields.id(AuditId::from_uuid)?,
        at: fields.take()?,
        actor: fields.take()?,
        action: fields.take()?,
        patient: fields.id_or_none(PatientId::from_uuid)?,
        subject: fields.take()?,
        detail: fields.take()?,
        address: fields.take()?,
    })
}
