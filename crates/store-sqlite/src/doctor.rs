//! Doctors.

use baari_engine::{DoctorId, DoctorStatus, FacilityId};
use baari_store::{Doctor, StoreError};
use rusqlite::{Connection, params};

use crate::column::{Columns, change, instant, row, rows};
use crate::error::{Done, Fault};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, speciality, room, letter, status, mean_visit_minutes, created_at FROM doctor ",
            $rest
        )
    };
}

const PUT: &str = "INSERT INTO doctor (facility_id, id, name, speciality, room, letter, status, mean_visit_minutes, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (facility_id, id) DO UPDATE SET name = excluded.name, speciality = excluded.speciality,
        room = excluded.room, letter = excluded.letter, status = excluded.status,
        mean_visit_minutes = excluded.mean_visit_minutes, created_at = excluded.created_at";
const GET: &str = select!("WHERE facility_id = ?1 AND id = ?2");
const LIST: &str = select!("WHERE facility_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3");

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, GET, LIST];

/// Inserts or updates a doctor.
pub(crate) fn put(connection: &Connection, facility: FacilityId, doctor: &Doctor) -> Done<()> {
    let params = params![
        facility.as_uuid().into_bytes(),
        doctor.id.as_uuid().into_bytes(),
        doctor.name,
        doctor.speciality,
        doctor.room,
        doctor.letter,
        doctor.status.name(),
        doctor.mean_visit_minutes,
        instant(doctor.created_at),
    ];
    change(connection, PUT, params)?;
    Ok(())
}

/// The doctor of this id.
pub(crate) fn get(connection: &Connection, facility: FacilityId, doctor: DoctorId) -> Done<Option<Doctor>> {
    row(connection, GET, params![facility.as_uuid().into_bytes(), doctor.as_uuid().into_bytes()], read)
}

/// Doctors by id, behind `after`.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    after: Option<DoctorId>,
    limit: u32,
) -> Done<Vec<Doctor>> {
    let after = after.map_or(Vec::new(), |after| after.as_uuid().into_bytes().to_vec());
    rows(connection, LIST, params![facility.as_uuid().into_bytes(), after, limit], read)
}

fn read(columns: &Columns<'_, '_>) -> Done<Doctor> {
    let status: String = columns.get(5)?;
    Ok(Doctor {
        id: columns.id(0, DoctorId::from_uuid)?,
        name: columns.get(1)?,
        speciality: columns.get(2)?,
        room: columns.get(3)?,
        letter: columns.get(4)?,
        status: DoctorStatus::parse(&status)
            .ok_or_else(|| Fault(StoreError::Corrupt(format!("doctor status {status:?}"))))?,
        mean_visit_minutes: columns.number(6)?,
        created_at: columns.instant(7)?,
    })
}
