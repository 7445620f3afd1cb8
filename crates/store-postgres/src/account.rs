//! Users. Their table is called `account`, because `user` is a word of SQL.

use baari_engine::{DoctorId, FacilityId, UserId};
use baari_store::{Along, StoreError, User};

use crate::connection::Connections;
use crate::fields::{Fields, each};
use crate::statement::Statement;
use crate::{along, transaction};

macro_rules! columns {
    () => {
        "id, name, called, role, doctor_id, password, must_change, subject, active, created_at"
    };
}

macro_rules! select {
    ($condition:literal) => {
        concat!("SELECT ", columns!(), " FROM baari.account WHERE facility_id = $1 AND ", $condition)
    };
}

const PUT: &str = concat!(
    "INSERT INTO baari.account (facility_id, ",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (facility_id, id) DO UPDATE SET
        name = excluded.name, called = excluded.called, role = excluded.role, doctor_id = excluded.doctor_id,
        password = excluded.password, must_change = excluded.must_change, subject = excluded.subject,
        active = excluded.active, created_at = excluded.created_at"
);

const GET: &str = select!("id = $2");

const BY_NAME: &str = select!("name = $2");

const BY_SUBJECT: &str = select!("subject = $2");

const LIST: &str = select!("($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3::bigint");

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, GET, BY_NAME, BY_SUBJECT, LIST];

/// Inserts or updates a user.
pub(crate) async fn put(
    connections: &Connections,
    facility: FacilityId,
    user: &User,
    along: &Along,
) -> Result<(), StoreError> {
    let put = Statement::new(PUT)
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
        .touching(1);
    let mut steps = vec![put.into()];
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
    })
}
