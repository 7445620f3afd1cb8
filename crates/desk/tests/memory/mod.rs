//! A store in memory that does what it is told: waits at a gate, fails, meets another writer. For the desk's own tests.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use baari_engine::{Day, DayKey, DoctorId, FacilityId, PatientId, ScheduleId, Slot, SlotId, Token, TokenId};
use baari_store::{
    DatedSlot, DatedToken, Doctor, EventRow, Facility, Group, Patient, PatientQuery, Receipt, Rows,
    ScheduleLine, SlotQuery, Store, StoreError, TokenQuery, Verdict,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::Semaphore;

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

#[derive(Default)]
struct Kept {
    version: u64,
    slots: Vec<Slot>,
    tokens: Vec<Token>,
    events: usize,
}

pub(crate) struct Memory {
    pub(crate) faults: Mutex<VecDeque<Fault>>,
    /// Each commit takes a permit and gives it back; with none left commits wait.
    pub(crate) gate: Semaphore,
    pub(crate) commits: AtomicUsize,
    facility: Mutex<Option<Facility>>,
    doctors: Mutex<Vec<Doctor>>,
    patients: Mutex<HashMap<PatientId, Patient>>,
    days: Mutex<HashMap<DayKey, Kept>>,
    receipts: Mutex<HashMap<String, Receipt>>,
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
            receipts: Mutex::default(),
        }
    }

    pub(crate) fn tokens(&self, key: DayKey) -> Vec<Token> {
        self.days.lock().unwrap().get(&key).map(|kept| kept.tokens.clone()).unwrap_or_default()
    }

    pub(crate) fn events(&self, key: DayKey) -> usize {
        self.days.lock().unwrap().get(&key).map_or(0, |kept| kept.events)
    }

    pub(crate) fn seats_taken(&self, key: DayKey) -> usize {
        let days = self.days.lock().unwrap();
        let slots = days.get(&key).map(|kept| &kept.slots[..]).unwrap_or_default();
        slots.iter().map(|slot| slot.current_count as usize).sum()
    }

    /// What another server would do: the doctor-day moves on by one version.
    pub(crate) fn overtake(&self, key: DayKey) {
        self.days.lock().unwrap().entry(key).or_default().version += 1;
    }
}

fn put<T: Clone, I: PartialEq>(kept: &mut Vec<T>, rows: &Rows<T>, id: impl Fn(&T) -> I) {
    for row in &rows.new {
        assert!(kept.iter().all(|known| id(known) != id(row)), "a new row is there already");
        kept.push(row.clone());
    }
    for row in &rows.changed {
        let known = kept.iter_mut().find(|known| id(known) == id(row));
        *known.expect("a changed row is there") = row.clone();
    }
}

#[async_trait]
impl Store for Memory {
    async fn commit(&self, group: Group) -> Result<Vec<Verdict>, StoreError> {
        let _open = self.gate.acquire().await.unwrap();
        tokio::task::yield_now().await;
        self.commits.fetch_add(1, Ordering::Relaxed);
        match self.faults.lock().unwrap().pop_front() {
            Some(Fault::Fail) => return Err(StoreError::Unavailable("told to fail".to_owned())),
            Some(Fault::Conflict) => return Err(StoreError::Conflict("told to".to_owned())),
            Some(Fault::Overtaken) => group.days.iter().for_each(|day| self.overtake(day.key)),
            None => {}
        }
        let mut verdicts = Vec::new();
        let mut days = self.days.lock().unwrap();
        for day in &group.days {
            let kept = days.entry(day.key).or_default();
            if kept.version != day.expected_version {
                verdicts.push(Verdict::Stale);
                continue;
            }
            kept.version = day.version;
            put(&mut kept.slots, &day.slots, |slot| slot.id);
            put(&mut kept.tokens, &day.tokens, |token| token.id);
            kept.events += day.events.len();
            let mut receipts = self.receipts.lock().unwrap();
            receipts.extend(day.receipts.iter().map(|receipt| (receipt.key.clone(), receipt.clone())));
            verdicts.push(Verdict::Committed);
        }
        let mut patients = self.patients.lock().unwrap();
        patients.extend(group.patients.into_iter().map(|write| (write.patient.id, write.patient)));
        Ok(verdicts)
    }

    async fn day_load(&self, key: DayKey, _: &TimeZone) -> Result<Day, StoreError> {
        let days = self.days.lock().unwrap();
        let Some(kept) = days.get(&key) else { return Ok(Day::empty(key)) };
        let next = kept.tokens.iter().map(|token| token.token_no).max().unwrap_or(0) + 1;
        Ok(Day::from_parts(key, kept.version, next, kept.slots.clone(), kept.tokens.clone()))
    }

    async fn day_versions(
        &self,
        facility: FacilityId,
        wanted: &[(DoctorId, Date)],
    ) -> Result<Vec<(DoctorId, Date, u64)>, StoreError> {
        let days = self.days.lock().unwrap();
        let version = |(doctor, date): &(DoctorId, Date)| {
            let kept = days.get(&DayKey { facility, doctor: *doctor, date: *date })?;
            Some((*doctor, *date, kept.version))
        };
        Ok(wanted.iter().filter_map(version).collect())
    }

    async fn slot_day(&self, _: FacilityId, slot: SlotId) -> Result<Option<DayKey>, StoreError> {
        let days = self.days.lock().unwrap();
        Ok(days.iter().find(|(_, kept)| kept.slots.iter().any(|known| known.id == slot)).map(|(key, _)| *key))
    }

    async fn token_day(&self, _: FacilityId, token: TokenId) -> Result<Option<DayKey>, StoreError> {
        let days = self.days.lock().unwrap();
        Ok(days
            .iter()
            .find(|(_, kept)| kept.tokens.iter().any(|known| known.id == token))
            .map(|(key, _)| *key))
    }

    async fn slot_list(
        &self,
        _: FacilityId,
        _: &SlotQuery,
        _: &TimeZone,
    ) -> Result<Vec<DatedSlot>, StoreError> {
        Ok(Vec::new())
    }

    async fn token_list(&self, _: FacilityId, _: &TokenQuery) -> Result<Vec<DatedToken>, StoreError> {
        Ok(Vec::new())
    }

    async fn token_events(&self, _: DayKey, _: TokenId) -> Result<Vec<EventRow>, StoreError> {
        Ok(Vec::new())
    }

    async fn facility_list(&self) -> Result<Vec<Facility>, StoreError> {
        Ok(self.facility.lock().unwrap().iter().cloned().collect())
    }

    async fn facility_put(&self, facility: &Facility) -> Result<(), StoreError> {
        *self.facility.lock().unwrap() = Some(facility.clone());
        Ok(())
    }

    async fn facility_version(&self, _: FacilityId) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn doctor_put(
        &self,
        _: FacilityId,
        doctor: &Doctor,
        _: Option<&Receipt>,
    ) -> Result<(), StoreError> {
        self.doctors.lock().unwrap().push(doctor.clone());
        Ok(())
    }

    async fn doctor_get(&self, _: FacilityId, id: DoctorId) -> Result<Option<Doctor>, StoreError> {
        Ok(self.doctors.lock().unwrap().iter().find(|doctor| doctor.id == id).cloned())
    }

    async fn doctor_list(
        &self,
        _: FacilityId,
        _: Option<DoctorId>,
        _: u32,
    ) -> Result<Vec<Doctor>, StoreError> {
        Ok(self.doctors.lock().unwrap().clone())
    }

    async fn patient_get(&self, _: FacilityId, ids: &[PatientId]) -> Result<Vec<Patient>, StoreError> {
        let patients = self.patients.lock().unwrap();
        Ok(ids.iter().filter_map(|id| patients.get(id).cloned()).collect())
    }

    async fn patient_list(&self, _: FacilityId, _: &PatientQuery) -> Result<Vec<Patient>, StoreError> {
        Ok(Vec::new())
    }

    async fn schedule_put(
        &self,
        _: FacilityId,
        _: &ScheduleLine,
        _: Option<&Receipt>,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    async fn schedule_remove(&self, _: FacilityId, _: ScheduleId) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn schedule_list(&self, _: FacilityId, _: DoctorId) -> Result<Vec<ScheduleLine>, StoreError> {
        Ok(Vec::new())
    }

    async fn receipt_get(&self, _: FacilityId, key: &str) -> Result<Option<Receipt>, StoreError> {
        Ok(self.receipts.lock().unwrap().get(key).cloned())
    }

    async fn receipt_put(&self, _: &Receipt) -> Result<(), StoreError> {
        Ok(())
    }

    async fn receipt_prune(&self, _: FacilityId, _: Timestamp) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
