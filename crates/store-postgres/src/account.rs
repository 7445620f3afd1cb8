//! Users. Their table is called `account`, because `user` is a word of SQL.

use baari_engine::{DoctorId, FacilityId, UserId};
use baari_store::{Along, StoreError, User};

use crate::connection::Connections;
use crate::fields::{Fields, each, to_bigint};
use crate::statement::Statement;
use crate::{along, facility, transaction};

macro_rules! columns {
    () => {
        "id, name, called, role, doctor_id, password, must_change, subject, active, created_at, version"
    };
}

macro_rules! select {
    ($condition:literal) => {
        concat!("SELECT ", columns!(), " FROM baari.account WHERE facility_id = $1 AND ", $condition)
    };
}

const INSERT: &str = concat!(
    "INSERT INTO baari.account (facility_id, ",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 + 1)"
);

/// Nothing is written if nobody would be left who runs the system.
const UPDATE: &str = "\
UPDATE baari.account AS account SET
    name = $3, called = $4, role = $5, doctor_id = $6, password = $7, must_change = $8, subject = $9, active = $10,
    created_at = $11, version = account.version + 1
WHERE facility_id = $1 AND id = $2 AND version = $12 AND (
    ($5 = 'admin' AND $10) OR NOT (role = 'admin' AND active) OR EXISTS (
        SELECT FROM baari.account AS other
        WHERE other.facility_id = $1 AND other.id <> $2 AND other.role = 'admin' AND other.active
    )
)";

const GET: &str = select!("id = $2");

const BY_NAME: &str = select!("name = $2");

const BY_SUBJECT: &str = select!("subject = $2");

const LIST: &str = select!("($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3::bigint");

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, UPDATE, GET, BY_NAME, BY_SUBJECT, LIST];

/// Inserts or updates a user, and raises the facility's version. That comes first: who waits for it sees all that the one
/// before has written, so that two can't both leave it to the other to run the system.
pub(crate) async fn put(
    connections: &Connections,
    facility: FacilityId,
    user: &User,
    along: &Along,
) -> Result<(), StoreError> {
    let put = Statement::new(if user.version == 0 { INSERT } else { UPDATE })
        .with(facility.as_uuid())
        .with(user.id.as_uuid())
        .with(user.name.clone())
        .with(user.called.clone())
        .with(user.role.name())
        .with(user.doctor.map(|doctor| doctor.as_uuid()))
        .with(user.password.clone())
        .with(user.must_change)
        .with(user.subject.clone())
        .with(user.active)
        .with(user.created_at)
        .with(to_bigint(user.version)?)
        .still_touching(1);
    let mut steps = vec![facility::raise(facility).into(), put.into()];
    steps.extend(along::steps(facility, along));
    transaction::write(connections, steps).await?;
    Ok(())
}

/// A user.
pub(crate) async fn get(
    connections: &Connections,
    facility: FacilityId,
    user: UserId,
) -> Result<Option<User>, StoreError> {
    one(connections, Statement::new(GET).with(facility.as_uuid()).with(user.as_uuid())).await
}

/// The user who signs in with this name.
pub(crate) async fn by_name(
    connections: &Connections,
    facility: FacilityId,
    name: &str,
) -> Result<Option<User>, StoreError> {
    one(connections, Statement::new(BY_NAME).with(facility.as_uuid()).with(name.to_owned())).await
}

/// The user who is this one elsewhere.
pub(crate) async fn by_subject(
    connections: &Connections,
    facility: FacilityId,
    subject: &str,
) -> Result<Option<User>, StoreError> {
    one(connections, Statement::new(BY_SUBJECT).with(facility.as_uuid()).with(subject.to_owned())).await
}

async fn one(connections: &Connections, statement: Statement) -> Result<Option<User>, StoreError> {
    let rows = connections.rows(statement).await?;
    rows.first().map(|row| read(&mut Fields::of(row))).transpose()
}

/// Users by id.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<User>, StoreError> {
    let statement = Statement::new(LIST)
        .with(facility.as_uuid())
        .with(after.map(|user| user.as_uuid()))
        .with(i64::from(limit));
    each(&connections.rows(statement).await?, read)
}

/// A user.
pub(crate) fn read(fields: &mut Fields<'_>) -> Result<User, StoreError> {
    Ok(User {
        id: fields.id(UserId::from_uuid)?,
        name: fields.take()?,
        called: fields.take()?,
        role: fields.text(|text| text.parse().ok())?,
        doctor: fields.id_or_none(DoctorId::from_uuid)?,
        password: fields.take()?,
        must_change: fields.take()?,
        subject: fields.take()?,
        active: fields.take()?,
        created_at: fields.take()?,
        version: fields.version()?,
    })
}
