//! The store itself: each method is a function of the file that is named after its table.

use async_trait::async_trait;
use baari_engine::{
    Day, DayKey, DayPace, DoctorId, FacilityId, PatientId, ScheduleId, SlotId, TokenId,
};
use baari_store::{
    DatedSlot, DatedToken, Doctor, Facility, FeedEvent, Group, Patient, PatientQuery, Receipt, ScheduleLine,
    SlotQuery, Store, StoreError, TokenQuery, Verdict,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::connection::Connections;
use crate::pipeline::Step;
use crate::url::Address;
use crate::{
    commit, doctor, doctor_day, event, facility, migration, patient, receipt, schedule, slot, token,
};

/// A store on a PostgreSQL database.
pub struct PostgresStore {
    connections: Connections,
}

impl PostgresStore {
    /// Connects, and brings the schema `baari` up to date.
    ///
    /// The URL is as for `psql`: `postgres://user:password@host:port/database`, with `?sslmode=verify-full` wherever the
    /// way to the database is not the machine's own, and `&sslrootcert=FILE` for certificates that the system does not
    /// know. A transaction-mode pooler may stand in between; nothing needs to be said about it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the URL is wrong or nobody answers there, [`StoreError::Schema`] when the schema is
    /// not one that this program knows. Both say what to do.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let connections = Connections::new(Address::parse(url)?)?;
        migration::migrate(&connections, migration::MIGRATIONS).await?;
        Ok(Self { connections })
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn commit(&self, group: Group) -> Result<Vec<Verdict>, StoreError> {
        commit::commit(&self.connections, &group).await
    }

    async fn day_load(&self, key: DayKey, zone: &TimeZone) -> Result<Day, StoreError> {
        doctor_day::load(&self.connections, key, zone).await
    }

    async fn day_versions(
        &self,
        facility: FacilityId,
        days: &[(DoctorId, Date)],
    ) -> Result<Vec<(DoctorId, Date, u64)>, StoreError> {
        doctor_day::versions(&self.connections, facility, days).await
    }

    async fn slot_day(&self, facility: FacilityId, slot: SlotId) -> Result<Option<DayKey>, StoreError> {
        slot::day(&self.connections, facility, slot).await
    }

    async fn token_day(&self, facility: FacilityId, token: TokenId) -> Result<Option<DayKey>, StoreError> {
        token::day(&self.connections, facility, token).await
    }

    async fn slot_list(
        &self,
        facility: FacilityId,
        query: &SlotQuery,
        zone: &TimeZone,
    ) -> Result<Vec<DatedSlot>, StoreError> {
        slot::list(&self.connections, facility, query, zone).await
    }

    async fn token_list(
        &self,
        facility: FacilityId,
        query: &TokenQuery,
    ) -> Result<Vec<DatedToken>, StoreError> {
        token::list(&self.connections, facility, query).await
    }

    async fn token_by_code(
        &self,
        facility: FacilityId,
        code:     ) -> Result<Option<(DayKey, TokenId)>, StoreError> {
        token::of_code(&self.connections, facility, code).await
    }

    async fn token_events(&self, facility: FacilityId, token: TokenId) -> Result<Vec<FeedEvent>, StoreError> {
        event::of_token(&self.connections, facility, token).await
    }

    async fn event_list(
        &self,
        facility: FacilityId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<FeedEvent>, StoreError> {
        event::list(&self.connections, facility, after, limit).await
    }

    async fn event_head(&self, facility: FacilityId) -> Result<u64, StoreError> {
        event::head(&self.connections, facility).await
    }

    async fn day_list(
        &self,
        facility: FacilityId,
        from: Date,
        to: Date,
    ) -> Result<Vec<(DoctorId, Date)>, StoreError> {
        doctor_day::list(&self.connections, facility, from, to).await
    }

    async fn pace_list(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
        before: Date,
        limit: u32,
    ) -> Result<Vec<DayPace>, StoreError> {
        doctor_day::pace_list(&self.connections, facility, doctor, before, limit).await
    }

    async fn facility_list(&self) -> Result<Vec<Facility>, StoreError> {
        facility::list(&self.connections).await
    }

    async fn facility_put(&self, facility: &Facility) -> Result<(), StoreError> {
        facility::put(&self.connections, facility).await
    }

    async fn facility_version(&self, facility: FacilityId) -> Result<u64, StoreError> {
        facility::version(&self.connections, facility).await
    }

    async fn doctor_put(
        &self,
        facility: FacilityId,
        doctor: &Doctor,
        receipt: Option<&Receipt>,
    ) -> Result<(), StoreError> {
        doctor::put(&self.connections, facility, doctor, receipt).await
    }

    async fn doctor_get(&self, facility: FacilityId, doctor: DoctorId) -> Result<Option<Doctor>, StoreError> {
        doctor::get(&self.connections, facility, doctor).await
    }

    async fn doctor_list(
        &self,
        facility: FacilityId,
        after: Option<DoctorId>,
        limit: u32,
    ) -> Result<Vec<Doctor>, StoreError> {
        doctor::list(&self.connections, facility, after, limit).await
    }

    async fn patient_get(&self, facility: FacilityId, ids: &[PatientId]) -> Result<Vec<Patient>, StoreError> {
        patient::get(&self.connections, facility, ids).await
    }

    async fn patient_list(
        &self,
        facility: FacilityId,
        query: &PatientQuery,
    ) -> Result<Vec<Patient>, StoreError> {
        patient::list(&self.connections, facility, query).await
    }

    async fn schedule_put(
        &self,
        facility: FacilityId,
        line: &ScheduleLine,
        receipt: Option<&Receipt>,
    ) -> Result<(), StoreError> {
        schedule::put(&self.connections, facility, line, receipt).await
    }

    async fn schedule_remove(&self, facility: FacilityId, line: ScheduleId) -> Result<bool, StoreError> {
        schedule::remove(&self.connections, facility, line).await
    }

    async fn schedule_list(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
    ) -> Result<Vec<ScheduleLine>, StoreError> {
        schedule::list(&self.connections, facility, doctor).await
    }

    async fn receipt_get(&self, facility: FacilityId, key: &str) -> Result<Option<Receipt>, StoreError> {
        receipt::get(&self.connections, facility, key).await
    }

    async fn receipt_put(&self, receipt: &Receipt) -> Result<(), StoreError> {
        receipt::put(&self.connections, receipt).await
    }

    async fn receipt_prune(&self, facility: FacilityId, before: Timestamp) -> Result<u64, StoreError> {
        receipt::prune(&self.connections, facility, before).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.connections.ask(&[Step::Command("SELECT 1")]).await.map(drop)
    }
}
