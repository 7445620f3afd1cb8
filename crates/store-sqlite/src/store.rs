//! The [`Store`] trait: which work goes to the writer and which to the readers.

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

use crate::{SqliteStore, commit, day, doctor, event, facility, patient, receipt, schedule, slot, token};

type Answer<T> = Result<T, StoreError>;

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

    async fn token_by_code(&self, facility: FacilityId, code: Code) -> Answer<Option<(DayKey, TokenId)>> {
        self.readers.read(move |at| token::of_code(at, facility, code)).await
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

    async fn facility_put(&self, facility: &Facility) -> Answer<()> {
        let facility = facility.clone();
        self.writer.transact(move |at| facility::put(at, &facility)).await
    }

    async fn facility_version(&self, facility: FacilityId) -> Answer<u64> {
        self.readers.read(move |at| facility::version(at, facility)).await
    }

    async fn doctor_put(
        &self,
        facility: FacilityId,
        doctor: &Doctor,
        receipt: Option<&Receipt>,
    ) -> Answer<()> {
        let (doctor, receipt) = (doctor.clone(), receipt.cloned());
        let work = move |at: &rusqlite::Transaction<'_>| {
            doctor::put(at, facility, &doctor)?;
            receipt.iter().try_for_each(|kept| receipt::write(at, kept))?;
            facility::raise(at, facility)
        };
        self.writer.transact(work).await
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

    async fn schedule_put(
        &self,
        facility: FacilityId,
        line: &ScheduleLine,
        receipt: Option<&Receipt>,
    ) -> Answer<()> {
        let (line, receipt) = (line.clone(), receipt.cloned());
        let work = move |at: &rusqlite::Transaction<'_>| {
            schedule::put(at, facility, &line)?;
            receipt.iter().try_for_each(|kept| receipt::write(at, kept))?;
            facility::raise(at, facility)
        };
        self.writer.transact(work).await
    }

    async fn schedule_remove(&self, facility: FacilityId, line: ScheduleId) -> Answer<bool> {
        let work = move |at: &rusqlite::Transaction<'_>| {
            let removed = schedule::remove(at, facility, line)?;
            if removed {
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

    async fn ping(&self) -> Answer<()> {
        self.writer.transact(|_| Ok(())).await
    }
}
