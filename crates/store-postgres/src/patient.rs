//! Patients, and how they are found by name or phone number.

use baari_engine::{DoctorId, FacilityId, PatientId, PatientStatus};
use baari_store::search::{Needle, name_tails};
use baari_store::{Patient, PatientQuery, Sex, StoreError};
use uuid::Uuid;

use crate::connection::Connections;
use crate::fields::{Fields, each};
use crate::pipeline::{Answer, Step};
use crate::statement::Statement;

macro_rules! columns {
    () => {
        "id, name, phone, status, previous_doctor, mrn, abha, sex, birth_year, erased_at, created_at"
    };
}

const PUT: &str = concat!(
    "INSERT INTO baari.patient AS patient (facility_id, ",
    columns!(),
    ") SELECT $1, new.* FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[],
        $9::text[], $10::smallint[], $11::timestamptz[], $12::timestamptz[]) AS new
    ON CONFLICT (facility_id, id) DO UPDATE SET
        name = excluded.name, phone = excluded.phone, status = excluded.status,
        previous_doctor = excluded.previous_doctor, mrn = excluded.mrn, abha = excluded.abha,
        sex = excluded.sex, birth_year = excluded.birth_year, erased_at = excluded.erased_at, created_at = excluded.created_at
    WHERE patient.erased_at IS NULL"
);

const FORGET_WORDS: &str = "DELETE FROM baari.patient_word WHERE facility_id = $1 AND patient_id = $2";

const KNOWN: &str = "SELECT id FROM baari.patient WHERE facility_id = $1 AND id = ANY ($2)";

const INSERT_WORDS: &str = "\
INSERT INTO baari.patient_word (facility_id, patient_id, word) SELECT $1, new.* FROM unnest($2::uuid[], $3::text[]) AS new";

const GET: &str =
    concat!("SELECT ", columns!(), " FROM baari.patient WHERE facility_id = $1 AND id = ANY ($2)");

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM baari.patient
    WHERE facility_id = $1 AND ($2::uuid IS NULL OR id > $2)
    ORDER BY id
    LIMIT $3::bigint"
);

/// A null stands for a part of the needle that was not typed; nothing is equal to it.
const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM baari.patient
    WHERE facility_id = $1 AND ($2::uuid IS NULL OR id > $2) AND id IN (
        SELECT word.patient_id FROM baari.patient_word AS word
        WHERE word.facility_id = $1 AND word.word >= $4::text AND word.word < $5::text
            AND ($2::uuid IS NULL OR word.patient_id > $2)
        UNION ALL
        SELECT phone.id FROM baari.patient AS phone
        WHERE phone.facility_id = $1 AND phone.phone LIKE '%' || $6::text || '%'
            AND ($2::uuid IS NULL OR phone.id > $2)
    )
    ORDER BY id
    LIMIT $3::bigint"
);

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, KNOWN, FORGET_WORDS, INSERT_WORDS, GET, LIST, FIND];

/// Which of these patients are there already.
pub(crate) fn known(facility: FacilityId, patients: &[&Patient]) -> Statement {
    Statement::new(KNOWN).with(facility.as_uuid()).column(patients, |patient| patient.id.as_uuid())
}

/// Inserts or updates these patients, of whom none was erased, in the order of their ids, and what they are found by. `known` is the answer
/// to [`known`].
pub(crate) fn put(
    facility: FacilityId,
    patients: &[&Patient],
    known: &Answer,
) -> Result<Vec<Step>, StoreError> {
    let written = Statement::new(PUT)
        .with(facility.as_uuid())
        .column(patients, |patient| patient.id.as_uuid())
        .column(patients, |patient| patient.name.clone())
        .column(patients, |patient| patient.phone.clone())
        .column(patients, |patient| patient.status.name())
        .column(patients, |patient| patient.previous_doctor.map(|doctor| doctor.as_uuid()))
        .column(patients, |patient| patient.mrn.clone())
        .column(patients, |patient| patient.abha.clone())
        .column(patients, |patient| patient.sex.map(Sex::name))
        .column(patients, |patient| patient.birth_year)
        .column(patients, |patient| patient.erased_at)
        .column(patients, |patient| patient.created_at)
        .still_touching(patients.len());
    let known: Vec<Uuid> = each(&known.rows, |fields| fields.take())?;
    let forgotten =
        known.into_iter().map(|id| Statement::new(FORGET_WORDS).with(facility.as_uuid()).with(id));
    let words: Vec<(Uuid, String)> = patients
        .iter()
        .flat_map(|patient| name_tails(&patient.name).into_iter().map(|word| (patient.id.as_uuid(), word)))
        .collect();
    let words = Statement::new(INSERT_WORDS)
        .with(facility.as_uuid())
        .column(&words, |(patient, _)| *patient)
        .column(&words, |(_, word)| word.clone())
        .touching(words.len());
    let steps = std::iter::once(written).chain(forgotten).chain(std::iter::once(words));
    Ok(steps.map(Step::from).collect())
}

/// Those of these patients that exist.
pub(crate) async fn get(
    connections: &Connections,
    facility: FacilityId,
    ids: &[PatientId],
) -> Result<Vec<Patient>, StoreError> {
    let statement = Statement::new(GET).with(facility.as_uuid()).column(ids, PatientId::as_uuid);
    each(&connections.rows(statement).await?, read)
}

/// Patients by id.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    query: &PatientQuery,
) -> Result<Vec<Patient>, StoreError> {
    let needle = query.text.as_deref().and_then(Needle::parse);
    let statement = Statement::new(if needle.is_some() { FIND } else { LIST })
        .with(facility.as_uuid())
        .with(query.after.map(|patient| patient.as_uuid()))
        .with(i64::from(query.limit));
    let statement = match needle {
        None => statement,
        Some(needle) => statement.with(needle.name.clone()).with(needle.name_end()).with(needle.digits),
    };
    each(&connections.rows(statement).await?, read)
}

fn read(fields: &mut Fields<'_>) -> Result<Patient, StoreError> {
    Ok(Patient {
        id: fields.id(PatientId::from_uuid)?,
        name: fields.take()?,
        phone: fields.take()?,
        status: fields.text(PatientStatus::parse)?,
        previous_doctor: fields.id_or_none(DoctorId::from_uuid)?,
        mrn: fields.take()?,
        abha: fields.take()?,
        sex: fields.text_or_none(Sex::parse)?,
        birth_year: fields.take()?,
        erased_at: fields.take()?,
        created_at: fields.take()?,
    })
}
