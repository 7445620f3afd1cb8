//! A doctor's queue as pages of those who work here show it: what the API answers, and the names of who waits.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use baari_access::Action;
use baari_engine::{Day, DayKey, PatientId, Status, can_undo, queue};
use baari_store::{Doctor, Patient};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::texts::Texts;
use crate::access::Here;
use crate::failure::Answer;
use crate::live::stamp;
use crate::wire::{QueueBody, TokenBody, hour, label};

/// What a queue rests on; while it is the same, so is the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) key: DayKey,
    version: u64,
    told: u64,
    /// The minute, and the facility with its doctors.
    around: i64,
}

impl Mark {
    pub(super) async fn now(here: &Here, key: DayKey) -> Answer<Self> {
        let facility = here.desk.facility_version(key.facility).await?;
        let told = here.desk.told(key);
        let version = here.desk.look(key, |snapshot| snapshot.day.version()).await?;
        Ok(Self { key, version, told, around: stamp(here.desk.now(), facility) })
    }
}

/// A doctor's queue, with names.
pub(super) struct Queue {
    /// Taken before it was read: it is never older than that.
    pub(super) mark: Mark,
    pub(super) t: Texts,
    pub(super) body: QueueBody,
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    /// When the visit began, if one is in progress.
    pub(super) started_at: Option<Timestamp>,
    /// Who was called last, and is neither in the room nor seen: the label, and what became of it.
    pub(super) missed: Option<(String, &'static str)>,
    /// There is a step in the room to take back.
    pub(super) can_undo: bool,
    /// Empty where one may not read who they are.
    people: HashMap<uuid::Uuid, Patient>,
    present: HashSet<uuid::Uuid>,
    /// What of it a stream's message is known by.
    pub(super) stamp: String,
}

impl Queue {
    /// As it is now, with the names for whoever may read them. Whoever shows it has it written down that it was seen and who
    /// in it (`Here::saw_queue`, `Queue::people`).
    pub(super) async fn read(here: &Here, t: Texts, key: DayKey) -> Answer<Self> {
        let mut queue = Self::labels(here, t, key).await?;
        if here.require_with(Action::PatientRead, key.doctor).is_ok() {
            let tokens = queue.body.tokens.iter();
            let ids: Vec<_> = tokens.map(|token| PatientId::from_uuid(token.patient_id)).collect();
            let people = here.desk.store().patient_get(here.facility, &ids).await?;
            queue.people = people.into_iter().map(|patient| (patient.id.as_uuid(), patient)).collect();
        }
        Ok(queue)
    }

    /// Whose names are in it.
    pub(super) fn people(&self) -> impl Iterator<Item = PatientId> {
        self.people.values().map(|patient| patient.id)
    }

    /// As it is now, without a name: for a page about one of its tokens.
    pub(super) async fn labels(here: &Here, t: Texts, key: DayKey) -> Answer<Self> {
        let mark = Mark::now(here, key).await?;
        // The facility first: its version stands for its doctors' records too, so what is read later is never older.
        let facility = here.desk.facility_get(here.facility).await?;
        let doctor: Arc<Doctor> = here.desk.doctor(here.facility, key.doctor).await?;
        let now = here.desk.now();
        let look = here.desk.look(key, |snapshot| {
            let places = queue(snapshot.day, &facility.settings, now);
            let present = places.iter().filter(|place| place.present).map(|place| place.token.id.as_uuid());
            let started_at = places.first().and_then(|place| place.token.started_at);
            let body = QueueBody::new(&snapshot, &doctor, &here.codes, &facility.settings, now);
            let steps = (missed(snapshot.day, &doctor), can_undo(snapshot.day));
            (body, present.collect(), started_at, steps)
        });
        let (body, present, started_at, (missed, can_undo)): (QueueBody, HashSet<_>, _, _) = look.await?;
        let people = HashMap::new();
        let stamp = format!("{}.{}.{}", key.date, body.version, stamp(now, facility.version));
        let zone = facility.zone;
        Ok(Self { mark, t, body, now, zone, started_at, missed, can_undo, people, present, stamp })
    }

    /// Whose token it is.
    pub(super) fn patient(&self, token: &TokenBody) -> Option<&Patient> {
        self.people.get(&token.patient_id)
    }

    /// The name, for those who may read it.
    pub(super) fn name(&self, token: &TokenBody) -> &str {
        self.patient(token).map_or("", |patient| &patient.name)
    }

    /// Whether the patient is here and can be called.
    pub(super) fn is_present(&self, token: &TokenBody) -> bool {
        self.present.contains(&token.id)
    }

    /// Mon 2 Feb
    pub(super) fn today(&self) -> String {
        self.t.date(self.body.date)
    }

    /// 10:20
    pub(super) fn clock(&self, at: &Timestamp) -> String {
        self.t.clock(*at, &self.zone)
    }

    /// 09:42 by the facility's clock, as slots say their times.
    pub(super) fn clock_of_day(&self) -> String {
        hour(self.zone.to_datetime(self.now).time())
    }

    /// 10:05–10:38, where there is a band that is not one minute only.
    pub(super) fn band(&self, token: &TokenBody) -> Option<String> {
        let band = token.estimate.as_ref()?;
        let (from, to) = (self.clock(&band.p10), self.clock(&band.p90));
        (from != to).then(|| format!("{from}–{to}"))
    }

    /// Those who wait for their turn, in its order: not who is served, nor who waits for a seat.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &TokenBody> {
        let waits = |token: &&TokenBody| matches!(token.status, "booked" | "arrived" | "passed");
        self.body.tokens.iter().filter(waits)
    }

    /// Those who wait for a seat, in the order in which they would get one.
    pub(super) fn waitlisted(&self) -> impl Iterator<Item = &TokenBody> {
        self.body.tokens.iter().filter(|token| token.status == "waitlisted")
    }
}

/// Who was called last, where that came to nothing; the desk may have said so.
fn missed(day: &Day, doctor: &Doctor) -> Option<(String, &'static str)> {
    let last = day.tokens().iter().max_by_key(|token| token.called_at)?;
    let came_to_nothing = matches!(last.status, Status::Cancelled | Status::Passed | Status::NoShow);
    (last.called_at.is_some() && came_to_nothing).then(|| (label(&doctor.letter, last), last.status.name()))
}
