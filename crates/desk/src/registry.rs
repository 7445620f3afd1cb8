//! Doctors and patients: records that no rule depends on the order of.

use std::sync::{Arc, MutexGuard};

use baari_engine::{DoctorId, DoctorStatus, FacilityId, PatientId, PatientStatus, ScheduleId};
use baari_store::{Along, Doctor, Patient, PatientWrite, ScheduleLine, ScheduleRule, Sex, StoreError};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::live_day::State;
use crate::pending::{Outcome, Waiter};

/// How often a write runs again when other writers are first.
const TRIES: usize = 8;
/// Doctors of one facility.
const DOCTORS_MAX: u32 = 5_000;
/// Lines of a doctor's schedule.
const LINES_MAX: usize = 500;

/// A doctor to be added.
#[derive(Debug, Clone)]
pub struct NewDoctor {
    /// Name.
    pub name: String,
    /// Speciality.
    pub speciality: String,
    /// Room.
    pub room: String,
    /// How long a visit usually takes, in minutes.
    pub mean_visit_minutes: u16,
}

/// A patient to be added.
#[derive(Debug, Clone)]
pub struct NewPatient {
    /// Name.
    pub name: String,
    /// Phone number.
    pub phone: String,
    /// The doctor of the previous visit.
    pub previous_doctor: Option<DoctorId>,
    /// The hospital's own record number.
    pub mrn: Option<String>,
    /// The national health account.
    pub abha: Option<String>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Year of birth.
    pub birth_year: Option<i16>,
}

impl Desk {
    /// Adds a doctor, with the next free letter.
    ///
    /// # Errors
    /// [`DeskError::Taken`] when the facility has as many doctors as it can have; the store's.
    pub async fn doctor_add(
        &self,
        facility: FacilityId,
        new: NewDoctor,
        along: impl Fn(&Doctor) -> Along,
    ) -> Result<Doctor, DeskError> {
        for _ in 0..TRIES {
            let doctors = self.store.doctor_list(facility, None, DOCTORS_MAX).await?;
            let free = (0..DOCTORS_MAX)
                .map(letter)
                .find(|letter| doctors.iter().all(|known| known.letter != *letter));
            let now = self.now();
            let doctor = Doctor {
                id: DoctorId::from_uuid(self.mint.uuid(now)),
                name: new.name.clone(),
                speciality: new.speciality.clone(),
                room: new.room.clone(),
                letter: free.ok_or(DeskError::Taken("every letter"))?,
                status: DoctorStatus::Active,
                mean_visit_minutes: new.mean_visit_minutes,
                created_at: now,
            };
            let along = along(&doctor);
            match self.doctor_put(facility, &doctor, &along).await {
                Err(DeskError::Store(StoreError::Conflict(_))) => {
                    self.not_kept(along.receipt.as_ref()).await?;
                }
                other => return other.map(|()| doctor),
            }
        }
        Err(DeskError::Contended)
    }

    /// Changes a doctor's record.
    ///
    /// # Errors
    /// The store's.
    pub async fn doctor_put(
        &self,
        facility: FacilityId,
        doctor: &Doctor,
        along: &Along,
    ) -> Result<(), DeskError> {
        self.store.doctor_put(facility, doctor, along).await?;
        self.facilities.forget(facility);
        self.changes.tell_all(facility);
        Ok(())
    }

    /// Changes a doctor's record: `change` gets it as it is now. One change at a time.
    ///
    /// # Errors
    /// What `change` answers; else the desk's.
    pub async fn doctor_change<E: From<DeskError>>(
        &self,
        facility: FacilityId,
        id: DoctorId,
        change: impl FnOnce(&mut Doctor) -> Result<Along, E>,
    ) -> Result<Doctor, E> {
        let _turn = self.turn(facility, &id.to_string()).await;
        let doctor = self.store.doctor_get(facility, id).await.map_err(DeskError::from)?;
        let mut doctor = doctor.ok_or(DeskError::Unknown("doctor"))?;
        let along = change(&mut doctor)?;
        self.doctor_put(facility, &doctor, &along).await?;
        Ok(doctor)
    }

    /// Adds a patient.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn patient_add(
        &self,
        facility: FacilityId,
        new: NewPatient,
        along: impl Fn(&Patient) -> Along,
    ) -> Result<Patient, DeskError> {
        let now = self.now();
        let patient = Patient {
            id: PatientId::from_uuid(self.mint.uuid(now)),
            name: new.name,
            phone: new.phone,
            status: PatientStatus::Active,
            previous_doctor: new.previous_doctor,
            mrn: new.mrn,
            abha: new.abha,
            sex: new.sex,
            birth_year: new.birth_year,
            erased_at: None,
            created_at: now,
        };
        let along = along(&patient);
        self.patient_put(facility, None, &patient, along).await?;
        Ok(patient)
    }

    /// Writes a patient's record, in the next group. `before` is what it was made from: if another server has changed that
    /// meanwhile (has erased the patient, perhaps), this is not tried again, so that the others of the group get on.
    ///
    /// # Errors
    /// [`DeskError::Contended`] also then; the store's.
    async fn patient_put(
        &self,
        facility: FacilityId,
        before: Option<&Patient>,
        patient: &Patient,
        along: Along,
    ) -> Result<(), DeskError> {
        for _ in 0..TRIES {
            let (waiter, outcome) = Waiter::new(Arc::new(self.admit()?));
            let write = PatientWrite { facility, patient: patient.clone(), along: along.clone() };
            self.pending().patient(write, waiter);
            self.wake.notify_one();
            match outcome.await {
                Ok(Outcome::Durable) => return Ok(()),
                Ok(Outcome::Again) => {
                    self.not_kept(along.receipt.as_ref()).await?;
                    if let Some(before) = before
                        && *self.patient(facility, patient.id).await? != *before
                    {
                        return Err(DeskError::Contended);
                    }
                }
                Ok(Outcome::Failed(error)) => return Err(error.into()),
                Err(_) => return Err(StoreError::Unavailable("the commit was lost".to_owned()).into()),
            }
        }
        Err(DeskError::Contended)
    }

    /// Changes a patient's record: `change` gets it as it is now. One change at a time.
    ///
    /// # Errors
    /// What `change` answers; else the desk's.
    pub async fn patient_change<E: From<DeskError>>(
        &self,
        facility: FacilityId,
        id: PatientId,
        change: impl FnOnce(&mut Patient) -> Result<Along, E>,
    ) -> Result<Patient, E> {
        let _turn = self.turn(facility, &id.to_string()).await;
        let before = self.patient(facility, id).await?;
        let mut patient = (*before).clone();
        let along = change(&mut patient)?;
        if let Some(doctor) = patient.previous_doctor {
            self.doctor(facility, doctor).await?;
        }
        self.patient_put(facility, Some(&before), &patient, along).await?;
        self.tell_of_patient(facility, id);
        Ok(patient)
    }

    /// Whoever looks at a queue with this patient in it is told: a name is shown there. On other servers that is seen at the
    /// next change or minute.
    fn tell_of_patient(&self, facility: FacilityId, patient: PatientId) {
        for key in self.changes.watched(facility) {
            let live = self.days().get(&key).cloned();
            let is_there = |state: MutexGuard<'_, State>| state.durable().live_token_of(patient).is_some();
            if live.is_some_and(|live| live.lock().is_some_and(is_there)) {
                self.changes.tell(key);
            }
        }
    }

    /// A patient's record.
    ///
    /// # Errors
    /// [`DeskError::Unknown`], or the store's.
    pub async fn patient(&self, facility: FacilityId, id: PatientId) -> Result<Arc<Patient>, DeskError> {
        self.patients.get(facility, id).await
    }

    /// Adds a line to a doctor's schedule.
    ///
    /// # Errors
    /// [`DeskError::Unknown`] without such a doctor; the store's.
    pub async fn schedule_add(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
        rule: ScheduleRule,
        note: String,
        along: impl Fn(&ScheduleLine) -> Along,
    ) -> Result<ScheduleLine, DeskError> {
        self.doctor(facility, doctor).await?;
        let _turn = self.turn(facility, &doctor.to_string()).await;
        let schedule = self.schedule(facility, doctor).await?;
        if schedule.weekly.len() + schedule.absences.len() >= LINES_MAX {
            return Err(DeskError::Full { what: "a doctor's schedule", max: LINES_MAX });
        }
        match &rule {
            ScheduleRule::Weekly(hours) => schedule.check(hours)?,
            ScheduleRule::Absence(absence) => schedule.check_absence(absence)?,
        }
        let id = ScheduleId::from_uuid(self.mint.uuid(self.now()));
        let line = ScheduleLine { id, doctor, rule, note };
        let along = along(&line);
        match self.store.schedule_put(facility, &line, &along).await {
            Err(StoreError::Conflict(why)) => {
                self.not_kept(along.receipt.as_ref()).await?;
                Err(StoreError::Conflict(why).into())
            }
            other => Ok(other.map(|()| line)?),
        }
    }
}

/// A, B, … Z, AA, AB, …
fn letter(mut n: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters
            .insert(0, char::from(b'A' + u8::try_from(n % 26).expect("a remainder of 26 is less than 26")));
        if n < 26 {
            return letters.into_iter().collect();
        }
        n = n / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_behind_z() {
        for (n, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letter(n), expected);
        }
    }
}
