//! The [`Store`] trait: which work goes to the writer and which to the readers.

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

use rusqlite::Transaction;

use crate::error::Done;
use crate::{
    SqliteStore, api_key, audit, commit, day, doctor, event, facility, patient, receipt, schedule, session,
    slot, token, user,
};

type Answer<T> = Result<T, StoreError>;

impl SqliteStore {
    /// Writes a record, and what goes along with it.
    async fn write(
        &self,
        facility: FacilityId,
        along: &Along,
        record: impl FnOnce(&Transaction<'_>) -> Done<()> + Send + 'static,
    ) -> Answer<()> {
        let along = along.clone();
        let work = move |at: &Transaction<'_>| {
            record(at)?;
            audit::along(at, facility, &along)
        };
        self.writer.transact(work).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, group: Group) -> Answer<Vec<Verdict>> {
        self.writer.transact(move |at| commit::group(at, &group)).await
    }

    async fn day_load(&self, key: DayKey, zone: &TimeZone) -> Answer<Day> {
        let zone = zone.clone();
        self.readers.read(move |at| day::load(at, key, &zone)).await
    }

    async fn day_versions(
        &self,
        facility: FacilityId,
        days: &[(DoctorId, Date)],
    ) -> Answer<Vec<(DoctorId, Date, u64)>> {
        let days = days.to_vec();
        self.readers.read(move |at| day::versions(at, facility, &days)).await
    }

    async fn slot_day(&self, facility: FacilityId, slot: SlotId) -> Answer<Option<DayKey>> {
        self.readers.read(move |at| slot::day_of(at, facility, slot)).await
    }

    async fn token_day(&self, facility: FacilityId, token: TokenId) -> Answer<Option<DayKey>> {
        self.readers.read(move |at| token::day_of(at, facility, token)).await
    }

    async fn token_patients(
        &self,
        facility: FacilityId,
        tokens: &[TokenId],
    ) -> Answer<Vec<(TokenId, PatientId)>> {
        let tokens = tokens.to_vec();
        self.readers.read(move |at| token::patients(at, facility, &tokens)).await
    }

    async fn slot_list(
        &self,
        facility: FacilityId,
        query: &SlotQuery,
        zone: &TimeZone,
    ) -> Answer<Vec<DatedSlot>> {
        let (query, zone) = (query.clone(), zone.clone());
        self.readers.read(move |at| slot::list(at, facility, &query, &zone)).await
    }

    async fn token_list(&self, facility: FacilityId, query: &TokenQuery) -> Answer<Vec<DatedToken>> {
        let query = query.clone();
        self.readers.read(move |at| token::list(at, facility, &query)).await
    }

    async fn token_events(&self, facility: FacilityId, token: TokenId) -> Answer<Vec<FeedEvent>> {
        self.readers.read(move |at| event::of_token(at, facility, token)).await
    }

    async fn event_list(&self, facility: FacilityId, after: u64, limit: u32) -> Answer<Vec<FeedEvent>> {
        self.readers.read(move |at| event::list(at, facility, after, limit)).await
    }

    async fn event_head(&self, facility: FacilityId) -> Answer<u64> {
        self.readers.read(move |at| event::head(at, facility)).await
    }

    async fn event_moves(
        &self,
        facility: FacilityId,
        date: Date,
        after: u64,
        limit: u32,
    ) -> Answer<Vec<FeedEvent>> {
        self.readers.read(move |at| event::moves(at, facility, date, after, limit)).await
    }

    async fn day_list(&self, facility: FacilityId, from: Date, to: Date) -> Answer<Vec<(DoctorId, Date)>> {
        self.readers.read(move |at| day::list(at, facility, from, to)).await
    }

    async fn pace_list(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
        before: Date,
        limit: u32,
    ) -> Answer<Vec<DayPace>> {
        self.readers.read(move |at| day::pace_list(at, facility, doctor, before, limit)).await
    }

    async fn facility_list(&self) -> Answer<Vec<Facility>> {
        self.readers.read(|at| facility::list(at)).await
    }

    async fn facility_put(&self, facility: &Facility, along: &Along) -> Answer<()> {
        let facility = facility.clone();
        self.write(facility.id, along, move |at| facility::put(at, &facility)).await
    }

    async fn facility_version(&self, facility: FacilityId) -> Answer<u64> {
        self.readers.read(move |at| facility::version(at, facility)).await
    }

    async fn doctor_put(&self, facility: FacilityId, doctor: &Doctor, along: &Along) -> Answer<()> {
        let doctor = doctor.clone();
        let work = move |at: &Transaction<'_>| {
            doctor::put(at, facility, &doctor)?;
            facility::raise(at, facility)
        };
        self.write(facility, along, work).await
    }

    async fn doctor_get(&self, facility: FacilityId, doctor: DoctorId) -> Answer<Option<Doctor>> {
        self.readers.read(move |at| doctor::get(at, facility, doctor)).await
    }

    async fn doctor_list(
        &self,
        facility: FacilityId,
        after: Option<DoctorId>,
        limit: u32,
    ) -> Answer<Vec<Doctor>> {
        self.readers.read(move |at| doctor::list(at, facility, after, limit)).await
    }

    async fn patient_get(&self, facility: FacilityId, ids: &[PatientId]) -> Answer<Vec<Patient>> {
        let ids = ids.to_vec();
        self.readers.read(move |at| patient::get(at, facility, &ids)).await
    }

    async fn patient_list(&self, facility: FacilityId, query: &PatientQuery) -> Answer<Vec<Patient>> {
        let query = query.clone();
        self.readers.read(move |at| patient::list(at, facility, &query)).await
    }

    async fn patient_last_seen(
        &self,
        facility: FacilityId,
        ids: &[PatientId],
        before: Date,
    ) -> Answer<Vec<LastSeen>> {
        let (ids, before) = (ids.to_vec(), before.to_string());
        self.readers.read(move |at| token::last_seen(at, facility, &ids, &before)).await
    }

    async fn schedule_put(&self, facility: FacilityId, line: &ScheduleLine, along: &Along) -> Answer<()> {
        let line = line.clone();
        let work = move |at: &Transaction<'_>| {
            schedule::put(at, facility, &line)?;
            facility::raise(at, facility)
        };
        self.write(facility, along, work).await
    }

    async fn schedule_remove(&self, facility: FacilityId, line: ScheduleId, along: &Along) -> Answer<bool> {
        let along = along.clone();
        let work = move |at: &Transaction<'_>| {
            let removed = schedule::remove(at, facility, line)?;
            if removed {
                audit::along(at, facility, &along)?;
                facility::raise(at, facility)?;
            }
            Ok(removed)
        };
        self.writer.transact(work).await
    }

    async fn schedule_list(&self, facility: FacilityId, doctor: DoctorId) -> Answer<Vec<ScheduleLine>> {
        self.readers.read(move |at| schedule::list(at, facility, doctor)).await
    }

    async fn receipt_get(&self, facility: FacilityId, key: &str) -> Answer<Option<Receipt>> {
        let key = key.to_owned();
        self.readers.read(move |at| receipt::get(at, facility, &key)).await
    }

    async fn receipt_put(&self, receipt: &Receipt) -> Answer<()> {
        let receipt = receipt.clone();
        self.writer.transact(move |at| receipt::write(at, &receipt)).await
    }

    async fn receipt_prune(&self, facility: FacilityId, before: Timestamp) -> Answer<u64> {
        let mut pruned = 0;
        loop {
            let some = self.writer.transact(move |at| receipt::prune(at, facility, before)).await?;
            pruned += some as u64;
            if some < receipt::PRUNED_AT_ONCE {
                return Ok(pruned);
            }
        }
    }

    async fn user_put(&self, facility: FacilityId, user: &User, along: &Along) -> Answer<()> {
        let user = user.clone();
        self.write(facility, along, move |at| user::put(at, facility, &user)).await
    }

    async fn user_get(&self, facility: FacilityId, user: UserId) -> Answer<Option<User>> {
        self.readers.read(move |at| user::get(at, facility, user)).await
    }

    async fn user_by_name(&self, facility: FacilityId, name: &str) -> Answer<Option<User>> {
        let name = name.to_owned();
        self.readers.read(move |at| user::by_name(at, facility, &name)).await
    }

    async fn user_by_subject(&self, facility: FacilityId, subject: &str) -> Answer<Option<User>> {
        let subject = subject.to_owned();
        self.readers.read(move |at| user::by_subject(at, facility, &subject)).await
    }

    async fn user_list(&self, facility: FacilityId, after: Option<UserId>, limit: u32) -> Answer<Vec<User>> {
        self.readers.read(move |at| user::list(at, facility, after, limit)).await
    }

    async fn session_put(&self, facility: FacilityId, session: &Session, along: &Along) -> Answer<()> {
        let session = session.clone();
        self.write(facility, along, move |at| session::add(at, facility, &session)).await
    }

    async fn session_get(&self, facility: FacilityId, digest: &[u8; 32]) -> Answer<Option<(Session, User)>> {
        let digest = *digest;
        self.readers.read(move |at| session::get(at, facility, &digest)).await
    }

    async fn session_seen(&self, facility: FacilityId, digest: &[u8; 32], seen: Timestamp) -> Answer<()> {
        let digest = *digest;
        self.writer.transact(move |at| session::seen(at, facility, &digest, seen)).await
    }

    async fn session_list(&self, facility: FacilityId, user: UserId) -> Answer<Vec<Session>> {
        self.readers.read(move |at| session::list(at, facility, user)).await
    }

    async fn session_end(&self, facility: FacilityId, which: Ended, along: &Along) -> Answer<u64> {
        let along = along.clone();
        let work = move |at: &Transaction<'_>| {
            let ended = session::end(at, facility, which)?;
            if ended > 0 {
                audit::along(at, facility, &along)?;
            }
            Ok(ended as u64)
        };
        self.writer.transact(work).await
    }

    async fn key_put(&self, facility: FacilityId, key: &Key, along: &Along) -> Answer<()> {
        let key = key.clone();
        self.write(facility, along, move |at| api_key::put(at, facility, &key)).await
    }

    async fn key_by_id(&self, facility: FacilityId, key: KeyId) -> Answer<Option<Key>> {
        self.readers.read(move |at| api_key::by_id(at, facility, key)).await
    }

    async fn key_get(&self, facility: FacilityId, digest: &[u8; 32]) -> Answer<Option<Key>> {
        let digest = *digest;
        self.readers.read(move |at| api_key::get(at, facility, &digest)).await
    }

    async fn key_list(&self, facility: FacilityId, after: Option<KeyId>, limit: u32) -> Answer<Vec<Key>> {
        self.readers.read(move |at| api_key::list(at, facility, after, limit)).await
    }

    async fn audit_append(&self, facility: FacilityId, rows: &[AuditRow]) -> Answer<()> {
        let rows = rows.to_vec();
        self.writer.transact(move |at| audit::append(at, facility, &rows)).await
    }

    async fn audit_list(&self, facility: FacilityId, query: &TrailQuery<AuditId>) -> Answer<Vec<AuditRow>> {
        let query = query.clone();
        self.readers.read(move |at| audit::list(at, facility, &query)).await
    }

    async fn event_search(&self, facility: FacilityId, query: &TrailQuery<u64>) -> Answer<Vec<FeedEvent>> {
        let query = query.clone();
        self.readers.read(move |at| event::search(at, facility, &query)).await
    }

    async fn ping(&self) -> Answer<()> {
        self.writer.transact(|_| Ok(())).await
    }
}
