//! Receipts: answers kept for repeated requests.

use baari_engine::FacilityId;
use baari_store::{Receipt, StoreError};
use jiff::Timestamp;

use crate::connection::Connections;
use crate::fields::Fields;
use crate::statement::Statement;
use crate::transaction;

const INSERT: &str = "\
INSERT INTO baari.receipt (facility_id, key, fingerprint, status, body, created_at)
SELECT $1, new.*
FROM unnest($2::text[], $3::bytea[], $4::integer[], $5::bytea[], $6::timestamptz[]) AS new";

const GET: &str = "\
SELECT key, fingerprint, status, body, created_at FROM baari.receipt WHERE facility_id = $1 AND key = $2";

const PRUNE: &str = "DELETE FROM baari.receipt WHERE facility_id = $1 AND created_at < $2";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, GET, PRUNE];

/// Inserts these receipts.
pub(crate) fn insert(facility: FacilityId, receipts: &[&Receipt]) -> Statement {
    Statement::new(INSERT)
        .with(facility.as_uuid())
        .column(receipts, |receipt| receipt.key.clone())
        .column(receipts, |receipt| receipt.fingerprint.to_vec())
        .column(receipts, |receipt| i32::from(receipt.status))
        .column(receipts, |receipt| receipt.body.clone())
        .column(receipts, |receipt| receipt.at)
        .touching(receipts.len())
}

/// Keeps one receipt.
pub(crate) async fn put(connections: &Connections, receipt: &Receipt) -> Result<(), StoreError> {
    transaction::write(connections, vec![insert(receipt.facility, &[receipt]).into()]).await?;
    Ok(())
}

/// The receipt of this key.
pub(crate) async fn get(
    connections: &Connections,
    facility: FacilityId,
    key: &str,
) -> Result<Option<Receipt>, StoreError> {
    let statement = Statement::new(GET).with(facility.as_uuid()).with(key.to_owned());
    let rows = connections.rows(statement).await?;
    rows.first().map(|row| read(&mut Fields::of(row), facility)).transpose()
}

fn read(fields: &mut Fields<'_>, facility: FacilityId) -> Result<Receipt, StoreError> {
    Ok(Receipt {
        facility,
        key: fields.take()?,
        fingerprint: fields.digest()?,
        status: fields.count()?,
        body: fields.take()?,
        at: fields.take()?,
    })
}

/// Forgets the receipts from before this time.
pub(crate) async fn prune(
    connections: &Connections,
    facility: FacilityId,
    before: Timestamp,
) -> Result<u64, StoreError> {
    let statement = Statement::new(PRUNE).with(facility.as_uuid()).with(before);
    let answers = transaction::write(connections, vec![statement.into()]).await?;
    Ok(answers.iter().map(|answer| answer.count).sum())
}
