//! Patients, and how they are found.

use baari_engine::{DoctorId, FacilityId, PatientId, PatientStatus};
use baari_store::search::{Needle, name_tails};
use baari_store::{Patient, PatientQuery, PatientWrite, Sex, StoreError};
use rusqlite::{Connection, params};

use crate::audit;
use crate::column::{Columns, change, instant, maybe_id, row, rows};
use crate::error::{Done, Fault};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, phone, status, previous_doctor_id, mrn, abha, sex, birth_year, erased_at, created_at
                FROM patient ",
            $rest
        )
    };
}

const PUT: &str = "INSERT INTO patient (facility_id, id, name, phone, status, previous_doctor_id, mrn, abha, sex,
        birth_year, erased_at, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    ON CONFLICT (facility_id, id) DO UPDATE SET name = excluded.name, phone = excluded.phone, status = excluded.status,
        previous_doctor_id = excluded.previous_doctor_id, mrn = excluded.mrn, abha = excluded.abha,
        sex = excluded.sex, birth_year = excluded.birth_year, erased_at = excluded.erased_at, created_at = excluded.created_at
    WHERE patient.erased_at IS NULL";
const NAME: &str = "SELECT name FROM patient WHERE facility_id = ?1 AND id = ?2";
const ADD_WORD: &str = "INSERT INTO patient_word (facility_id, word, patient_id) VALUES (?1, ?2, ?3)";
const REMOVE_WORD: &str = "DELETE FROM patient_word WHERE facility_id = ?1 AND word = ?2 AND patient_id = ?3";
const GET: &str = select!("WHERE facility_id = ?1 AND id = ?2");
const LIST: &str = select!("WHERE facility_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
// `+` keeps the order by id from choosing the way: those who were found come first, then their order.
const FIND: &str = select!(
    "WHERE facility_id = ?1 AND id IN (
        SELECT patient_id FROM patient_word WHERE facility_id = ?1 AND word >= ?4 AND word < ?5
        UNION SELECT id FROM patient WHERE ?6 IS NOT NULL AND facility_id = ?1 AND instr(phone, ?6) > 0
    ) AND +id > ?2 ORDER BY +id LIMIT ?3"
);

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, NAME, ADD_WORD, REMOVE_WORD, GET, LIST, FIND];

/// Inserts or updates a patient, who was not erased, with the words that the name is found by.
pub(crate) fn write(connection: &Connection, write: &PatientWrite) -> Done<()> {
    let patient = &write.patient;
    let (facility, id) = (write.facility.as_uuid(), patient.id.as_uuid());
    let (facility, id) = (facility.as_bytes(), id.as_bytes());
    let known: Option<String> = row(connection, NAME, params![facility, id], |columns| columns.get(0))?;
    let params = params![
        facility,
        id,
        patient.name,
        patient.phone,
        patient.status.name(),
        maybe_id(patient.previous_doctor.map(|doctor| doctor.as_uuid())),
        patient.mrn,
        patient.abha,
        patient.sex.map(Sex::name),
        patient.birth_year,
        patient.erased_at.map(instant),
        instant(patient.created_at),
    ];
    if change(connection, PUT, params)? == 0 {
        return Err(Fault(StoreError::Conflict("a patient of the group was erased".to_owned())));
    }
    if known.as_ref() != Some(&patient.name) {
        for word in known.as_deref().map(name_tails).unwrap_or_default() {
            change(connection, REMOVE_WORD, params![facility, word, id])?;
        }
        for word in name_tails(&patient.name) {
            change(connection, ADD_WORD, params![facility, word, id])?;
        }
    }
    audit::along(connection, write.facility, &write.along)
}

/// Those of these patients that exist.
pub(crate) fn get(connection: &Connection, facility: FacilityId, ids: &[PatientId]) -> Done<Vec<Patient>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let params = params![facility.as_uuid().into_bytes(), id.as_uuid().into_bytes()];
        found.extend(row(connection, GET, params, read)?);
    }
    Ok(found)
}

/// Patients by id: all, or those that were looked for.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    query: &PatientQuery,
) -> Done<Vec<Patient>> {
    let after = query.after.map_or(Vec::new(), |after| after.as_uuid().into_bytes().to_vec());
    let (facility, limit) = (facility.as_uuid(), query.limit);
    let facility = facility.as_bytes();
    let Some(needle) = query.text.as_deref().and_then(Needle::parse) else {
        return rows(connection, LIST, params![facility, after, limit], read);
    };
    let params = params![facility, after, limit, needle.name, needle.name_end(), needle.digits];
    rows(connection, FIND, params, read)
}

fn read(columns: &Columns<'_, '_>) -> Done<Patient> {
    let status: String = columns.get(3)?;
    let sex: Option<String> = columns.get(7)?;
    let read_sex = |text: String| {
        Sex::parse(&text).ok_or_else(|| Fault(StoreError::Corrupt(format!("patient sex {text:?}"))))
    };
    Ok(Patient {
        id: columns.id(0, PatientId::from_uuid)?,
        name: columns.get(1)?,
        phone: columns.get(2)?,
        status: PatientStatus::parse(&status)
            .ok_or_else(|| Fault(StoreError::Corrupt(format!("patient status {status:?}"))))?,
        previous_doctor: columns.maybe_id(4, DoctorId::from_uuid)?,
        mrn: columns.get(5)?,
        abha: columns.get(6)?,
        sex: sex.map(read_sex).transpose()?,
        birth_year: columns.get(8)?,
        erased_at: columns.maybe_instant(9)?,
        created_at: columns.instant(10)?,
    })
}
