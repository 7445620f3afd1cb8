//! The store itself: each method is a function of the file that is named after its table.

use async_trait::async_trait;
use baari_engine::{
    AuditId, Day, DayKey, DayPace, DoctorId, FacilityId, KeyId, PatientId, ScheduleId, SlotId, TokenId,
    UserId,
};
use baari_store::{
    Along, AuditRow, DatedSlot, DatedToken, Doctor, Ended, Facility, FeedEvent, Group, Key, LastSeen,
    Patient, PatientQuery, Receipt, ScheduleLine, Session, SlotQuery, Store, StoreError, TokenQuery,
    TrailQuery, User, Verdict,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::connection::Connections;
use crate::pipeline::Step;
use crate::url::Address;
use crate::{
    account, api_key, audit, commit, doctor, doctor_day, event, facility, migration, patient, receipt,
    schedule, session, slot, token,
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

    /// Connects beside servers that may be at work, and leaves the schema as it is.
    ///
    /// # Errors
    /// As [`Self::connect`]; [`StoreError::Schema`] also when the schema is an older program's.
    pub async fn connect_as_it_is(url: &str) -> Result<Self, StoreError> {
        let connections = Connections::new(Address::parse(url)?)?;
        migration::compare(&connections, migration::MIGRATIONS).await?;
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

    async fn token_patients(
        &self,
        facility: FacilityId,
        tokens: &[TokenId],
    ) -> Result<Vec<(TokenId, PatientId)>, StoreError> {
        token::patients(&self.connections, facility, tokens).await
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

    async fn event_moves(
        &self,
        facility: FacilityId,
        date: Date,
        after: u64,
        limit: u32,
    ) -> Result<Vec<FeedEvent>, StoreError> {
        event::moves(&self.connections, facility, date, after, limit).await
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

    async fn facility_put(&self, facility: &Facility, along: &Along) -> Result<(), StoreError> {
        facility::put(&self.connections, facility, along).await
    }

    async fn facility_version(&self, facility: FacilityId) -> Result<u64, StoreError> {
        facility::version(&self.connections, facility).await
    }

    async fn doctor_put(
        &self,
        facility: FacilityId,
        doctor: &Doctor,
        along: &Along,
    ) -> Result<(), StoreError> {
        doctor::put(&self.connections, facility, doctor, along).await
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

    async fn patient_last_seen(
        &self,
        facility: FacilityId,
        ids: &[PatientId],
        before: Date,
    ) -> Result<Vec<LastSeen>, StoreError> {
        token::last_seen(&self.connections, facility, ids, before).await
    }

    async fn schedule_put(
        &self,
        facility: FacilityId,
        line: &ScheduleLine,
        along: &Along,
    ) -> Result<(), StoreError> {
        schedule::put(&self.connections, facility, line, along).await
    }

    async fn schedule_remove(
        &self,
        facility: FacilityId,
        line: ScheduleId,
        along: &Along,
    ) -> Result<bool, StoreError> {
        schedule::remove(&self.connections, facility, line, along).await
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

    async fn user_put(&self, facility: FacilityId, user: &User, along: &Along) -> Result<(), StoreError> {
        account::put(&self.connections, facility, user, along).await
    }

    async fn user_get(&self, facility: FacilityId, user: UserId) -> Result<Option<User>, StoreError> {
        account::get(&self.connections, facility, user).await
    }

    async fn user_by_name(&self, facility: FacilityId, name: &str) -> Result<Option<User>, StoreError> {
        account::by_name(&self.connections, facility, name).await
    }

    async fn user_by_subject(&self, facility: FacilityId, subject: &str) -> Result<Option<User>, StoreError> {
        account::by_subject(&self.connections, facility, subject).await
    }

    async fn user_list(
        &self,
        facility: FacilityId,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError> {
        account::list(&self.connections, facility, after, limit).await
    }

    async fn session_put(
        &self,
        facility: FacilityId,
        session: &Session,
        along: &Along,
    ) -> Result<(), StoreError> {
        session::put(&self.connections, facility, session, along).await
    }

    async fn session_get(
        &self,
        facility: FacilityId,
        digest: &[u8; 32],
    ) -> Result<Option<(Session, User)>, StoreError> {
        session::get(&self.connections, facility, digest).await
    }

    async fn session_seen(
        &self,
        facility: FacilityId,
        digest: &[u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        session::seen(&self.connections, facility, digest, at).await
    }

    async fn session_list(&self, facility: FacilityId, user: UserId) -> Result<Vec<Session>, StoreError> {
        session::list(&self.connections, facility, user).await
    }

    async fn session_end(
        &self,
        facility: FacilityId,
        which: Ended,
        along: &Along,
    ) -> Result<u64, StoreError> {
        session::end(&self.connections, facility, which, along).await
    }

    async fn key_put(&self, facility: FacilityId, key: &Key, along: &Along) -> Result<(), StoreError> {
        api_key::put(&self.connections, facility, key, along).await
    }

    async fn key_by_id(&self, facility: FacilityId, key: KeyId) -> Result<Option<Key>, StoreError> {
        api_key::by_id(&self.connections, facility, key).await
    }

    async fn key_get(&self, facility: FacilityId, digest: &[u8; 32]) -> Result<Option<Key>, StoreError> {
        api_key::get(&self.connections, facility, digest).await
    }

    async fn key_list(
        &self,
        facility: FacilityId,
        after: Option<KeyId>,
        limit: u32,
    ) -> Result<Vec<Key>, StoreError> {
        api_key::list(&self.connections, facility, after, limit).await
    }

    async fn audit_append(&self, facility: FacilityId, rows: &[AuditRow]) -> Result<(), StoreError> {
        audit::append(&self.connections, facility, rows).await
    }

    async fn audit_list(
        &self,
        facility: FacilityId,
        query: &TrailQuery<AuditId>,
    ) -> Result<Vec<AuditRow>, StoreError> {
        audit::list(&self.connections, facility, query).await
    }

    async fn event_search(
        &self,
        facility: FacilityId,
        query: &TrailQuery<u64>,
    ) -> Result<Vec<FeedEvent>, StoreError> {
        event::search(&self.connections, facility, query).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.connections.ask(&[Step::Command("SELECT 1")]).await.map(drop)
    }
}
