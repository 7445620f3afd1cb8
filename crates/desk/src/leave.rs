//! Commands whose patients may go to other doctor-days: the desk gathers the days, the engine chooses.

use baari_engine::{ChangeSlot, Command, DayKey, DoctorStatus, FacilityId, SlotId, Transfer, limits};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::execute::{Done, Keyed, Order};

/// Doctors read at a time.
const DOCTORS: u32 = 500;

impl Desk {
    /// The doctor-day and those of the other doctors of the same speciality on that date, in the order of their records.
    async fn with_colleagues(&self, key: DayKey) -> Result<Vec<DayKey>, DeskError> {
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

    /// Executes a command that takes seats away, or says what it would do.
    ///
    /// # Errors
    /// [`DeskError`]; either all of it was done, in all doctor-days, or nothing.
    pub async fn reallocate(&self, key: DayKey, order: &Order, preview: bool) -> Result<Done, DeskError> {
        let keys = self.with_colleagues(key).await?;
        match preview {
            true => self.preview(&keys, &order.command).await,
            false => self.execute_together(&keys, order).await,
        }
    }

    /// Changes a slot, or says what that would do.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn slot_change(
        &self,
        facility: FacilityId,
        change: ChangeSlot,
        actor: String,
        if_match: Option<u64>,
        preview: bool,
    ) -> Result<Done, DeskError> {
        let key = self.slot_day(facility, change.slot).await?;
        let order = Order { command: Command::ChangeSlot(change), actor, if_match, keyed: None };
        match change.move_on {
            true => self.reallocate(key, &order, preview).await,
            false if preview => self.preview(&[key], &order.command).await,
            false => self.execute(key, &order).await,
        }
    }

    /// Puts a token into another slot, of whatever doctor and date.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn transfer(
        &self,
        from: DayKey,
        transfer: Transfer,
        actor: String,
        if_match: Option<u64>,
        keyed: Option<Keyed>,
    ) -> Result<Done, DeskError> {
        let to = self.slot_day(from.facility, transfer.slot).await?;
        let keys = if to == from { vec![from] } else { vec![from, to] };
        let order = Order { command: Command::Transfer(transfer), actor, if_match, keyed };
        self.execute_together(&keys, &order).await
    }

    async fn slot_day(&self, facility: FacilityId, slot: SlotId) -> Result<DayKey, DeskError> {
        self.store.slot_day(facility, slot).await?.ok_or(DeskError::Unknown("slot"))
    }
}
