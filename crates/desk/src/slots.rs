//! Slots: added one by one, or made from a doctor's schedule for a range of dates.

use baari_engine::{Command, DayKey, DoctorId, FacilityId, NewSlot, Refusal, Schedule, SlotId, Window};
use baari_store::{DatedSlot, ScheduleRule};
use jiff::civil::{Date, Time};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::execute::{Done, Keyed, Order};

/// What became of a range of dates.
#[derive(Debug, Clone, Default)]
pub struct Generated {
    /// The slots that were added.
    pub added: Vec<DatedSlot>,
    /// Dates on which nothing was added, and why: they have slots already.
    pub skipped: Vec<(Date, Refusal)>,
}

impl Desk {
    /// Adds a slot.
    ///
    /// # Errors
    /// [`DeskError`]; the hours must make a window on that date.
    pub async fn slot_add(
        &self,
        key: DayKey,
        hours: (Time, Time),
        seats: (u32, u32),
        actor: String,
        keyed: Option<Keyed>,
    ) -> Result<Done, DeskError> {
        let new = self.new_slot(key, hours, seats).await?.ok_or(DeskError::Unknown("hour on that date"))?;
        let order = Order { command: Command::AddSlots(vec![new]), actor, if_match: None, keyed };
        self.execute(key, &order).await
    }

    /// Adds the slots that the doctor's schedule gives for these dates. A date that has any of them already is skipped
    /// whole, so that it can be asked for again.
    ///
    /// # Errors
    /// [`DeskError`]; dates before the one that failed have their slots.
    pub async fn slots_generate(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
        from: Date,
        to: Date,
        actor: &str,
    ) -> Result<Generated, DeskError> {
        self.doctor(facility, doctor).await?;
        let schedule = self.schedule(facility, doctor).await?;
        let mut generated = Generated::default();
        for date in from.series(jiff::ToSpan::day(1)).take_while(|date| *date <= to) {
            let key = DayKey { facility, doctor, date };
            let mut new = Vec::new();
            for template in schedule.on(date) {
                for hours in template.windows() {
                    new.extend(self.new_slot(key, hours, (template.max_count, template.hard_limit)).await?);
                }
            }
            if new.is_empty() {
                continue;
            }
            let command = Command::AddSlots(new);
            let order = Order { command, actor: actor.to_owned(), if_match: None, keyed: None };
            match self.execute(key, &order).await {
                Ok(done) => {
                    let added = done.decision.slots.into_iter().map(|slot| DatedSlot { day: key, slot });
                    generated.added.extend(added);
                }
                Err(DeskError::Refused { refusal: refusal @ Refusal::Overlaps { .. }, .. }) => {
                    generated.skipped.push((date, refusal));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(generated)
    }

    pub(crate) async fn schedule(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
    ) -> Result<Schedule, DeskError> {
        let mut schedule = Schedule::default();
        for line in self.store.schedule_list(facility, doctor).await? {
            match line.rule {
                ScheduleRule::Weekly(hours) => schedule.weekly.push(hours),
                ScheduleRule::Absence(absence) => schedule.absences.push(absence),
            }
        }
        Ok(schedule)
    }

    async fn new_slot(
        &self,
        key: DayKey,
        (start, end): (Time, Time),
        (max_count, hard_limit): (u32, u32),
    ) -> Result<Option<NewSlot>, DeskError> {
        let facility = self.facility(key.facility).await?;
        let id = SlotId::from_uuid(self.mint.uuid(self.now()));
        let window = Window::new(key.date, start, end, &facility.facility.zone);
        Ok(window.map(|window| NewSlot { id, window, max_count, hard_limit }))
    }
}
