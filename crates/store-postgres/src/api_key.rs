//! Keys of programs and screens.

use baari_engine::{DoctorId, FacilityId, KeyId};
use baari_store::{Along, Key, StoreError};
use uuid::Uuid;

use crate::connection::Connections;
use crate::fields::{Fields, each};
use crate::statement::Statement;
use crate::{along, transaction};

macro_rules! columns {
    () => {
        "id, name, digest, scopes, doctors, created_at, expires_at, revoked_at"
    };
}

const PUT: &str = concat!(
    "INSERT INTO baari.api_key (facility_id, ",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (facility_id, id) DO UPDATE SET
        name = excluded.name, digest = excluded.digest, scopes = excluded.scopes, doctors = excluded.doctors,
        created_at = excluded.created_at, expires_at = excluded.expires_at, revoked_at = excluded.revoked_at"
);

pub(crate) const GET: &str =
    concat!("SELECT ", columns!(), " FROM baari.api_key WHERE facility_id = $1 AND digest = $2");

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM baari.api_key WHERE facility_id = $1 AND id = $2");

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM baari.api_key
    WHERE facility_id = $1 AND ($2::uuid IS NULL OR id > $2)
    ORDER BY id
    LIMIT $3::bigint"
);

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, GET, BY_ID, LIST];

/// Inserts or updates a key.
pub(crate) async fn put(
    connections: &Connections,
    facility: FacilityId,
    key: &Key,
    along: &Along,
) -> Result<(), StoreError> {
    let put = Statement::new(PUT)
        .with(facility.as_uuid())
        .with(key.id.as_uuid())
        .with(key.name.clone())
        .with(key.digest.to_vec())
        .with_all(key.scopes.clone())
        .column(&key.doctors, DoctorId::as_uuid)
        .with(key.created_at)
        .with(key.expires_at)
        .with(key.revoked_at)
        .touching(1);
    let mut steps = vec![put.into()];
    steps.extend(along::steps(facility, along));
    transaction::write(connections, steps).await?;
    Ok(())
}

/// The key with this digest.
pub(crate) async fn get(
    connections: &Connections,
    facility: FacilityId,
    digest: &[u8; 32],
) -> Result<Option<Key>, StoreError> {
    one(connections, Statement::new(GET).with(facility.as_uuid()).with(digest.to_vec())).await
}

/// The key of this id.
pub(crate) async fn by_id(
    connections: &Connections,
    facility: FacilityId,
    key: KeyId,
) -> Result<Option<Key>, StoreError> {
    one(connections, Statement::new(BY_ID).with(facility.as_uuid()).with(key.as_uuid())).await
}

async fn one(connections: &Connections, statement: Statement) -> Result<Option<Key>, StoreError> {
    let rows = connections.rows(statement).await?;
    rows.first().map(|row| read(&mut Fields::of(row))).transpose()
}

/// Keys by id.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    after: Option<KeyId>,
    limit: u32,
) -> Result<Vec<Key>, StoreError> {
    let statement = Statement::new(LIST)
        .with(facility.as_uuid())
        .with(after.map(|key| key.as_uuid()))
        .with(i64::from(limit));
    each(&connections.rows(statement).await?, read)
}

fn read(fields: &mut Fields<'_>) -> Result<Key, StoreError> {
    Ok(Key {
        id: fields.id(KeyId::from_uuid)?,
        name: fields.take()?,
        digest: fields.digest()?,
        scopes: fields.take()?,
        doctors: fields.take::<Vec<Uuid>>()?.into_iter().map(DoctorId::from_uuid).collect(),
        created_at: fields.take()?,
        expires_at: fields.take()?,
        revoked_at: fields.take()?,
    })
}
