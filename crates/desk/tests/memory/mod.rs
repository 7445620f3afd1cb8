//! A store in memory that does what it is told: waits at a gate, fails, meets another writer. For the desk's own tests.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod kept;
mod people;

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use baari_engine::{
    AuditId, Day, DayHead, DayKey, DayPace, DoctorId, FacilityId, KeyId, PatientId, ScheduleId, SlotId,
    Token, TokenId, UserId,
};
use baari_store::{
    Along, AuditRow, DatedSlot, DatedToken, Doctor, Ended, Facility, FeedEvent, Group, Key, LastSeen,
    Patient, PatientQuery, Receipt, ScheduleLine, Session, SlotQuery, Store, StoreError, TokenQuery,
    TrailQuery, User, Verdict,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::Semaphore;

use kept::{Days, Kept};
use people::{People, page, put, trail};

type Answer<T> = Result<T, StoreError>;

/// What happens to the next commit.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// It fails; nothing is written.
    Fail,
    /// Another writer was first; nothing is written.
    Conflict,
    /// Another server changed every doctor-day of the group just before.
    Overtaken,
}

pub(crate) struct Memory {
    pub(crate) faults: Mutex<VecDeque<Fault>>,
    /// Each commit takes a permit and gives it back; with none left commits wait.
    pub(crate) gate: Semaphore,
    pub(crate) commits: AtomicUsize,
    facility: Mutex<Option<Facility>>,
    doctors: Mutex<Vec<Doctor>>,
    patients: Mutex<HashMap<PatientId, Patient>>,
    days: Mutex<Days>,
    feed: Mutex<Vec<FeedEvent>>,
    receipts: Mutex<HashMap<String, Receipt>>,
    people: Mutex<People>,
    audit: Mutex<Vec<AuditRow>>,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self {
            faults: Mutex::default(),
            gate: Semaphore::new(1),
            commits: AtomicUsize::new(0),
            facility: Mutex::default(),
            doctors: Mutex::default(),
            patients: Mutex::default(),
            days: Mutex::default(),
            feed: Mutex::default(),
            receipts: Mutex::default(),
            people: Mutex::default(),
            audit: Mutex::default(),
        }
    }

    pub(crate) fn tokens(&self, key: DayKey) -> Vec<Token> {
        self.days.lock().unwrap().get(&key).map(|kept| kept.tokens.clone()).unwrap_or_default()
    }

    pub(crate) fn events(&self, key: DayKey) -> usize {
        self.feed.lock().unwrap().iter().filter(|event| event.day == key).count()
    }

    pub(crate) fn seats_taken(&self, key: DayKey) -> usize {
        let days = self.days.lock().unwrap();
        let slots = days.get(&key).map(|kept| &kept.slots[..]).unwrap_or_default();
        slots.iter().map(|slot| slot.current_count as usize).sum()
    }

    fn write_along(&self, along: &Along) {
        let kept = along.receipt.iter().map(|receipt| (receipt.key.clone(), receipt.clone()));
        self.receipts.lock().unwrap().extend(kept);
        along.ends.map(|which| self.people.lock().unwrap().end(which));
        self.audit.lock().unwrap().extend_from_slice(&along.audit);
    }

    /// What another server would do: the patient is erased.
    pub(crate) fn erase(&self, id: PatientId) {
        let mut patients = self.patients.lock().unwrap();
        patients.get_mut(&id).unwrap().erased_at = Some(Timestamp::UNIX_EPOCH);
    }

    /// What another server would do: the doctor-day moves on by one version.
    pub(crate) fn overtake(&self, key: DayKey) {
        self.days.lock().unwrap().entry(key).or_default().version += 1;
    }
}

#[async_trait]
impl Store for Memory {
    async fn commit(&self, group: Group) -> Answer<Vec<Verdict>> {
        let _open = self.gate.acquire().await.unwrap();
        tokio::task::yield_now().await;
        self.commits.fetch_add(1, Ordering::Relaxed);
        match self.faults.lock().unwrap().pop_front() {
            Some(Fault::Fail) => return Err(StoreError::Unavailable("told to fail".to_owned())),
            Some(Fault::Conflict) => return Err(StoreError::Conflict("told to".to_owned())),
            Some(Fault::Overtaken) => group.days.iter().for_each(|day| self.overtake(day.key)),
            None => {}
        }
        self.write(&group)
    }

    async fn day_load(&self, key: DayKey, _: &TimeZone) -> Answer<Day> {
        let days = self.days.lock().unwrap();
        let Some(kept) = days.get(&key) else { return Ok(Day::empty(key)) };
        let head = DayHead {
            version: kept.version,
            next_token_no: kept.next_token_no.max(1),
            resumes_at: kept.resumes_at,
        };
        Ok(Day::from_parts(key, head, kept.slots.clone(), kept.tokens.clone()))
    }

    async fn day_versions(
        &self,
        facility: FacilityId,
        wanted: &[(DoctorId, Date)],
    ) -> Answer<Vec<(DoctorId, Date, u64)>> {
        let days = self.days.lock().unwrap();
        let version = |(doctor, date): &(DoctorId, Date)| {
            let kept = days.get(&DayKey { facility, doctor: *doctor, date: *date })?;
            Some((*doctor, *date, kept.version))
        };
        Ok(wanted.iter().filter_map(version).collect())
    }

    async fn slot_day(&self, _: FacilityId, slot: SlotId) -> Answer<Option<DayKey>> {
        let days = self.days.lock().unwrap();
        Ok(days.iter().find(|(_, kept)| kept.slots.iter().any(|known| known.id == slot)).map(|(key, _)| *key))
    }

    async fn token_day(&self, _: FacilityId, token: TokenId) -> Answer<Option<DayKey>> {
        let days = self.days.lock().unwrap();
        let mut holding = days.iter().filter(|(_, kept)| kept.tokens.iter().any(|known| known.id == token));
        Ok(holding.next().map(|(key, _)| *key))
    }

    async fn token_patients(&self, _: FacilityId, _: &[TokenId]) -> Answer<Vec<(TokenId, PatientId)>> {
        Ok(Vec::new())
    }

    async fn slot_list(&self, _: FacilityId, _: &SlotQuery, _: &TimeZone) -> Answer<Vec<DatedSlot>> {
        Ok(Vec::new())
    }

    async fn token_list(&self, _: FacilityId, _: &TokenQuery) -> Answer<Vec<DatedToken>> {
        Ok(Vec::new())
    }

    async fn token_events(&self, facility: FacilityId, token: TokenId) -> Answer<Vec<FeedEvent>> {
        let feed = self.feed.lock().unwrap();
        let of_token =
            |event: &&FeedEvent| event.day.facility == facility && event.event.token == Some(token);
        Ok(feed.iter().filter(of_token).take(1_000).cloned().collect())
    }

    async fn event_list(&self, facility: FacilityId, after: u64, limit: u32) -> Answer<Vec<FeedEvent>> {
        let feed = self.feed.lock().unwrap();
        let is_next = |event: &&FeedEvent| event.day.facility == facility && event.number > after;
        Ok(feed.iter().filter(is_next).take(limit as usize).cloned().collect())
    }

    async fn event_head(&self, facility: FacilityId) -> Answer<u64> {
        let feed = self.feed.lock().unwrap();
        let last = feed.iter().rev().find(|event| event.day.facility == facility);
        Ok(last.map_or(0, |event| event.number))
    }

    async fn event_moves(&self, _: FacilityId, _: Date, _: u64, _: u32) -> Answer<Vec<FeedEvent>> {
        Ok(Vec::new())
    }

    async fn day_list(&self, facility: FacilityId, from: Date, to: Date) -> Answer<Vec<(DoctorId, Date)>> {
        let days = self.days.lock().unwrap();
        let fits = |key: &&DayKey| key.facility == facility && (from..=to).contains(&key.date);
        Ok(days.keys().filter(fits).map(|key| (key.doctor, key.date)).collect())
    }

    async fn pace_list(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
        before: Date,
        limit: u32,
    ) -> Answer<Vec<DayPace>> {
        let days = self.days.lock().unwrap();
        let fits = |(key, kept): &(&DayKey, &Kept)| {
            key.facility == facility && key.doctor == doctor && key.date < before && kept.pace.visits > 0
        };
        let mut fitting: Vec<_> = days.iter().filter(fits).collect();
        fitting.sort_unstable_by_key(|(key, _)| std::cmp::Reverse(key.date));
        Ok(fitting.into_iter().take(limit as usize).map(|(_, kept)| kept.pace).collect())
    }

    async fn facility_list(&self) -> Answer<Vec<Facility>> {
        Ok(self.facility.lock().unwrap().iter().cloned().collect())
    }

    async fn facility_put(&self, facility: &Facility, along: &Along) -> Answer<()> {
        *self.facility.lock().unwrap() = Some(facility.clone());
        self.write_along(along);
        Ok(())
    }

    async fn facility_version(&self, _: FacilityId) -> Answer<u64> {
        Ok(0)
    }

    async fn doctor_put(&self, _: FacilityId, doctor: &Doctor, along: &Along) -> Answer<()> {
        self.doctors.lock().unwrap().push(doctor.clone());
        self.write_along(along);
        Ok(())
    }

    async fn doctor_get(&self, _: FacilityId, id: DoctorId) -> Answer<Option<Doctor>> {
        Ok(self.doctors.lock().unwrap().iter().find(|doctor| doctor.id == id).cloned())
    }

    async fn doctor_list(&self, _: FacilityId, _: Option<DoctorId>, _: u32) -> Answer<Vec<Doctor>> {
        Ok(self.doctors.lock().unwrap().clone())
    }

    async fn patient_get(&self, _: FacilityId, ids: &[PatientId]) -> Answer<Vec<Patient>> {
        let patients = self.patients.lock().unwrap();
        Ok(ids.iter().filter_map(|id| patients.get(id).cloned()).collect())
    }

    async fn patient_list(&self, _: FacilityId, _: &PatientQuery) -> Answer<Vec<Patient>> {
        Ok(Vec::new())
    }

    async fn patient_last_seen(&self, _: FacilityId, _: &[PatientId], _: Date) -> Answer<Vec<LastSeen>> {
        Ok(Vec::new())
    }

    async fn schedule_put(&self, _: FacilityId, _: &ScheduleLine, _: &Along) -> Answer<()> {
        Ok(())
    }

    async fn schedule_remove(&self, _: FacilityId, _: ScheduleId, _: &Along) -> Answer<bool> {
        Ok(false)
    }

    async fn schedule_list(&self, _: FacilityId, _: DoctorId) -> Answer<Vec<ScheduleLine>> {
        Ok(Vec::new())
    }

    async fn receipt_get(&self, _: FacilityId, key: &str) -> Answer<Option<Receipt>> {
        Ok(self.receipts.lock().unwrap().get(key).cloned())
    }

    async fn receipt_put(&self, _: &Receipt) -> Answer<()> {
        Ok(())
    }

    async fn receipt_prune(&self, _: FacilityId, _: Timestamp) -> Answer<u64> {
        Ok(0)
    }

    async fn user_put(&self, _: FacilityId, user: &User, along: &Along) -> Answer<()> {
        self.people.lock().unwrap().put_user(user)?;
        self.write_along(along);
        Ok(())
    }

    async fn user_get(&self, _: FacilityId, id: UserId) -> Answer<Option<User>> {
        Ok(self.people.lock().unwrap().user(|user| user.id == id))
    }

    async fn user_by_name(&self, _: FacilityId, name: &str) -> Answer<Option<User>> {
        Ok(self.people.lock().unwrap().user(|user| user.name == name))
    }

    async fn user_by_subject(&self, _: FacilityId, subject: &str) -> Answer<Option<User>> {
        Ok(self.people.lock().unwrap().user(|user| user.subject.as_deref() == Some(subject)))
    }

    async fn user_list(&self, _: FacilityId, after: Option<UserId>, limit: u32) -> Answer<Vec<User>> {
        Ok(page(&self.people.lock().unwrap().users, |user| user.id, after, limit))
    }

    async fn session_put(&self, _: FacilityId, session: &Session, along: &Along) -> Answer<()> {
        put(&mut self.people.lock().unwrap().sessions, session, |session| session.digest);
        self.write_along(along);
        Ok(())
    }

    async fn session_get(&self, _: FacilityId, digest: &[u8; 32]) -> Answer<Option<(Session, User)>> {
        Ok(self.people.lock().unwrap().session(digest))
    }

    async fn session_seen(&self, _: FacilityId, digest: &[u8; 32], at: Timestamp) -> Answer<()> {
        self.people.lock().unwrap().seen(digest, at);
        Ok(())
    }

    async fn session_list(&self, _: FacilityId, user: UserId) -> Answer<Vec<Session>> {
        Ok(self.people.lock().unwrap().sessions_of(user))
    }

    async fn session_end(&self, _: FacilityId, which: Ended, along: &Along) -> Answer<u64> {
        let ended = self.people.lock().unwrap().end(which);
        if ended > 0 {
            self.write_along(along);
        }
        Ok(ended)
    }

    async fn key_put(&self, _: FacilityId, key: &Key, along: &Along) -> Answer<()> {
        put(&mut self.people.lock().unwrap().keys, key, |key| key.id);
        self.write_along(along);
        Ok(())
    }

    async fn key_by_id(&self, _: FacilityId, id: KeyId) -> Answer<Option<Key>> {
        Ok(self.people.lock().unwrap().keys.iter().find(|key| key.id == id).cloned())
    }

    async fn key_get(&self, _: FacilityId, digest: &[u8; 32]) -> Answer<Option<Key>> {
        Ok(self.people.lock().unwrap().keys.iter().find(|key| key.digest == *digest).cloned())
    }

    async fn key_list(&self, _: FacilityId, after: Option<KeyId>, limit: u32) -> Answer<Vec<Key>> {
        Ok(page(&self.people.lock().unwrap().keys, |key| key.id, after, limit))
    }

    async fn audit_append(&self, _: FacilityId, rows: &[AuditRow]) -> Answer<()> {
        self.audit.lock().unwrap().extend_from_slice(rows);
        Ok(())
    }

    async fn audit_list(&self, _: FacilityId, query: &TrailQuery<AuditId>) -> Answer<Vec<AuditRow>> {
        Ok(trail(&self.audit.lock().unwrap(), query))
    }

    async fn event_search(&self, _: FacilityId, _: &TrailQuery<u64>) -> Answer<Vec<FeedEvent>> {
        Ok(Vec::new())
    }

    async fn ping(&self) -> Answer<()> {
        Ok(())
    }
}
