//! Commands whose patients may go to other doctor-days: the desk gathers the days, the engine chooses.

use baari_engine::{DayKey, DoctorStatus, FacilityId, SlotId, limits};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::execute::{Done, Order};

/// Doctors read at a time.
const DOCTORS: u32 = 500;

impl Desk {
    /// The doctor-day and those of the other doctors of the same speciality on that date, in the order of their records.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn with_colleagues(&self, key: DayKey) -> Result<Vec<DayKey>, DeskError> {
        let mut keys = vec![key];
        let facility = self.facility(key.facility).await?;
        let speciality = self.doctor(key.facility, key.doctor).await?.speciality.trim().to_lowercase();
        if !facility.facility.settings.other_doctors || speciality.is_empty() {
            return Ok(keys);
        }
        let mut after = None;
        loop {
            let doctors = self.store.doctor_list(key.facility, after, DOCTORS).await?;
            after = doctors.last().map(|doctor| doctor.id);
            let full = doctors.len() < DOCTORS as usize;
            let colleagues = doctors.into_iter().filter(|doctor| {
                doctor.id != key.doctor
                    && doctor.status == DoctorStatus::Active
                    && doctor.speciality.trim().to_lowercase() == speciality
            });
            keys.extend(colleagues.map(|doctor| DayKey { doctor: doctor.id, ..key }));
            if full || keys.len() >= limits::DAYS {
                keys.truncate(limits::DAYS);
                return Ok(keys);
            }
        }
    }

    /// Executes a command on these doctor-days, or says what it would do.
    ///
    /// # Errors
    /// [`DeskError`]; either all of it was done, in all doctor-days, or nothing.
    pub async fn execute_or_preview(
        &self,
        keys: &[DayKey],
        order: &Order,
        preview: bool,
    ) -> Result<Done, DeskError> {
        if preview { self.preview(keys, order).await } else { self.execute_together(keys, order).await }
    }

    /// The doctor-day of a slot.
    ///
    /// # Errors
    /// [`DeskError::Unknown`], or the store's.
    pub async fn slot_day(&self, facility: FacilityId, slot: SlotId) -> Result<DayKey, DeskError> {
        self.store.slot_day(facility, slot).await?.ok_or(DeskError::Unknown("slot"))
    }
}
