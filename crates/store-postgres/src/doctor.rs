//! Doctors.

use baari_engine::{DoctorId, DoctorStatus, FacilityId};
use baari_store::{Along, Doctor, StoreError};

use crate::connection::Connections;
use crate::fields::{Fields, each};
use crate::statement::Statement;
use crate::{along, facility, transaction};

macro_rules! columns {
    () => {
        "id, name, speciality, room, letter, status, mean_visit_minutes, created_at"
    };
}

const PUT: &str = concat!(
    "INSERT INTO baari.doctor (facility_id, ",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (facility_id, id) DO UPDATE SET
        name = excluded.name, speciality = excluded.speciality, room = excluded.room, letter = excluded.letter,
        status = excluded.status, mean_visit_minutes = excluded.mean_visit_minutes, created_at = excluded.created_at"
);

const GET: &str = concat!("SELECT ", columns!(), " FROM baari.doctor WHERE facility_id = $1 AND id = $2");

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM baari.doctor
    WHERE facility_id = $1 AND ($2::uuid IS NULL OR id > $2)
    ORDER BY id
    LIMIT $3::bigint"
);

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, GET, LIST];

/// Inserts or updates a doctor.
pub(crate) async fn put(
    connections: &Connections,
    facility: FacilityId,
    doctor: &Doctor,
    along: &Along,
) -> Result<(), StoreError> {
    let put = Statement::new(PUT)
        .with(facility.as_uuid())
        .with(doctor.id.as_uuid())
        .with(doctor.name.clone())
        .with(doctor.speciality.clone())
        .with(doctor.room.clone())
        .with(doctor.letter.clone())
        .with(doctor.status.name())
        .with(i32::from(doctor.mean_visit_minutes))
        .with(doctor.created_at)
        .touching(1);
    let mut steps = vec![facility::raise(facility).into(), put.into()];
    steps.extend(along::steps(facility, along));
    transaction::write(connections, steps).await?;
    Ok(())
}

/// A doctor.
pub(crate) async fn get(
    connections: &Connections,
    facility: FacilityId,
    doctor: DoctorId,
) -> Result<Option<Doctor>, StoreError> {
    let statement = Statement::new(GET).with(facility.as_uuid()).with(doctor.as_uuid());
    let rows = connections.rows(statement).await?;
    rows.first().map(|row| read(&mut Fields::of(row))).transpose()
}

/// Doctors by id.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    after: Option<DoctorId>,
    limit: u32,
) -> Result<Vec<Doctor>, StoreError> {
    let statement = Statement::new(LIST)
        .with(facility.as_uuid())
        .with(after.map(|doctor| doctor.as_uuid()))
        .with(i64::from(limit));
    each(&connections.rows(statement).await?, read)
}

fn read(fields: &mut Fields<'_>) -> Result<Doctor, StoreError> {
    Ok(Doctor {
        id: fields.id(DoctorId::from_uuid)?,
        name: fields.take()?,
        speciality: fields.take()?,
        room: fields.take()?,
        letter: fields.take()?,
        status: fields.text(DoctorStatus::parse)?,
        mean_visit_minutes: fields.count()?,
        created_at: fields.take()?,
    })
}
