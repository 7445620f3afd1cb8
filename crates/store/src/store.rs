//! The trait that every store implements.

use async_trait::async_trait;
use baari_engine::{
    Code, Day, DayKey, DayPace, DoctorId, FacilityId, PatientId, ScheduleId, SlotId, TokenId,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::commit::{FeedEvent, Group, Receipt, Verdict};
use crate::error::StoreError;
use crate::records::{
    DatedSlot, DatedToken, Doctor, Facility, Patient, PatientQuery, ScheduleLine, SlotQuery, TokenQuery,
};

/// Remembers. Everything but the list of facilities is asked for within one facility, and never answers with another's rows.
///
/// Every method fails with a [`StoreError`]; after an error nothing of the call was written, except that after
/// [`StoreError::Unavailable`] from [`Store::commit`] the outcome is unknown.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Writes a group as one durable transaction; one verdict for each of its days, in order.
    async fn commit(&self, group: Group) -> Result<Vec<Verdict>, StoreError>;

    /// The doctor-day as last committed, from one consistent view; empty at version 0 if nothing has happened yet.
    async fn day_load(&self, key: DayKey, zone: &TimeZone) -> Result<Day, StoreError>;
    /// The versions of those of these doctor-days that exist.
    async fn day_versions(
        &self,
        facility: FacilityId,
        days: &[(DoctorId, Date)],
    ) -> Result<Vec<(DoctorId, Date, u64)>, StoreError>;
    /// The doctor-day that a slot belongs to.
    async fn slot_day(&self, facility: FacilityId, slot: SlotId) -> Result<Option<DayKey>, StoreError>;
    /// The doctor-day that a token belongs to.
    async fn token_day(&self, facility: FacilityId, token: TokenId) -> Result<Option<DayKey>, StoreError>;
    /// Slots by date, start time and id.
    async fn slot_list(
        &self,
        facility: FacilityId,
        query: &SlotQuery,
        zone: &TimeZone,
    ) -> Result<Vec<DatedSlot>, StoreError>;
    /// Tokens by id.
    async fn token_list(
        &self,
        facility: FacilityId,
        query: &TokenQuery,
    ) -> Result<Vec<DatedToken>, StoreError>;
    /// The token whose page has this code.
    async fn token_by_code(
        &self,
        facility: FacilityId,
        code: Code,
    ) -> Result<Option<(DayKey, TokenId)>, StoreError>;
    /// All that happened to a token, in whatever doctor-day, oldest first; at most 1,000.
    async fn token_events(&self, facility: FacilityId, token: TokenId) -> Result<Vec<FeedEvent>, StoreError>;
    /// Everything that was committed in this facility behind this number, in order of commit; at most `limit`.
    async fn event_list(
        &self,
        facility: FacilityId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<FeedEvent>, StoreError>;
    /// The number of the facility's last event; 0 if there is none.
    async fn event_head(&self, facility: FacilityId) -> Result<u64, StoreError>;
    /// The doctor-days that there are on these dates.
    async fn day_list(
        &self,
        facility: FacilityId,
        from: Date,
        to: Date,
    ) -> Result<Vec<(DoctorId, Date)>, StoreError>;
    /// What a doctor's last days before this one show of the pace, newest first; only days with finished visits.
    async fn pace_list(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
        before: Date,
        limit: u32,
    ) -> Result<Vec<DayPace>, StoreError>;

    /// All facilities.
    async fn facility_list(&self) -> Result<Vec<Facility>, StoreError>;
    /// Inserts or updates a facility and its settings, and raises its version.
    async fn facility_put(&self, facility: &Facility) -> Result<(), StoreError>;
    /// The facility's version.
    async fn facility_version(&self, facility: FacilityId) -> Result<u64, StoreError>;

    /// Inserts or updates a doctor, and raises the facility's version.
    async fn doctor_put(
        &self,
        facility: FacilityId,
        doctor: &Doctor,
        receipt: Option<&Receipt>,
    ) -> Result<(), StoreError>;
    /// A doctor.
    async fn doctor_get(&self, facility: FacilityId, doctor: DoctorId) -> Result<Option<Doctor>, StoreError>;
    /// Doctors by id, behind `after`.
    async fn doctor_list(
        &self,
        facility: FacilityId,
        after: Option<DoctorId>,
        limit: u32,
    ) -> Result<Vec<Doctor>, StoreError>;

    /// Those of these patients that exist, in any order.
    async fn patient_get(&self, facility: FacilityId, ids: &[PatientId]) -> Result<Vec<Patient>, StoreError>;
    /// Patients by id.
    async fn patient_list(
        &self,
        facility: FacilityId,
        query: &PatientQuery,
    ) -> Result<Vec<Patient>, StoreError>;

    /// Inserts or updates a line of a schedule, and raises the facility's version.
    async fn schedule_put(
        &self,
        facility: FacilityId,
        line: &ScheduleLine,
        receipt: Option<&Receipt>,
    ) -> Result<(), StoreError>;
    /// Removes a line of a schedule; false if there is none.
    async fn schedule_remove(&self, facility: FacilityId, line: ScheduleId) -> Result<bool, StoreError>;
    /// A doctor's schedule, by id; at most 1,000 lines.
    async fn schedule_list(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
    ) -> Result<Vec<ScheduleLine>, StoreError>;

    /// The answer kept for a repeated request.
    async fn receipt_get(&self, facility: FacilityId, key: &str) -> Result<Option<Receipt>, StoreError>;
    /// Keeps an answer that has no change of its own to be committed with (slots generated for many dates at once).
    async fn receipt_put(&self, receipt: &Receipt) -> Result<(), StoreError>;
    /// Forgets the answers kept before this time; how many.
    async fn receipt_prune(&self, facility: FacilityId, before: jiff::Timestamp) -> Result<u64, StoreError>;

    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
