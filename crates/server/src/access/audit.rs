//! Who saw what: written down before it is shown. Whoever looks at the same again within a few minutes is not written down
//! again.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use baari_access::Who;
use baari_engine::{DayKey, PatientId};
use tokio::time::{Duration, Instant};
use uuid::Uuid;

use super::here::Here;
use crate::failure::Answer;

/// For so long a second look at the same is the same look.
const SAME_LOOK: Duration = Duration::from_secs(10 * 60);
/// Looks remembered at once.
const LOOKS_MAX: usize = 200_000;

/// Who, at what (a patient's or a doctor's identifier), in which way, on which date.
type Look = (Who, Uuid, &'static str, Option<jiff::civil::Date>);

/// Looks of the last minutes.
#[derive(Default)]
pub(super) struct Seen(Mutex<HashMap<Look, Instant>>);

impl Seen {
    fn is_new(&self, look: &Look) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(look).is_none_or(|since| since.elapsed() >= SAME_LOOK)
    }

    /// Remembered only once it is written down.
    fn remember(&self, looks: impl IntoIterator<Item = Look>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= LOOKS_MAX {
            seen.retain(|_, since| since.elapsed() < SAME_LOOK);
        }
        if seen.len() >= LOOKS_MAX {
            // Some looks are written down twice then.
            seen.clear();
        }
        seen.extend(looks.into_iter().map(|look| (look, Instant::now())));
    }
}

/// The queues, and the people in them, that the trail says were seen by whoever holds this: a screen that stays is written down
/// once for each day, and not again while nothing happens on it.
#[derive(Debug, Default)]
pub(crate) struct Told {
    days: HashSet<DayKey>,
    people: HashSet<PatientId>,
}

impl Told {
    /// Writes down that the caller sees this doctor's queue, unless it is.
    pub(crate) async fn shows(&mut self, here: &Here, day: DayKey) -> Answer<()> {
        if !self.days.contains(&day) {
            here.saw_queue(day).await?;
            if self.days.iter().any(|told| told.date != day.date) {
                self.days.clear();
                self.people.clear();
            }
            self.days.insert(day);
        }
        Ok(())
    }

    /// Writes down that the caller sees who is in the queues, but for those of whom it is.
    pub(crate) async fn shows_people(
        &mut self,
        here: &Here,
        people: impl IntoIterator<Item = PatientId>,
    ) -> Answer<()> {
        let new: Vec<PatientId> = people.into_iter().filter(|one| !self.people.contains(one)).collect();
        here.saw("queue_read", new.iter().copied()).await?;
        self.people.extend(new);
        Ok(())
    }
}

impl Here {
    /// Writes down that the caller sees something of these patients, before they do.
    pub(crate) async fn saw(
        &self,
        how: &'static str,
        patients: impl IntoIterator<Item = PatientId>,
    ) -> Answer<()> {
        let who = self.caller.principal.who;
        let mut new: Vec<PatientId> = patients.into_iter().collect();
        new.sort_unstable();
        new.dedup();
        new.retain(|patient| self.access.seen.is_new(&(who, patient.as_uuid(), how, None)));
        if new.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = new.iter().map(|patient| self.entry(how, Some(*patient), "", "")).collect();
        self.desk.store().audit_append(self.facility, &rows).await?;
        self.access.seen.remember(new.into_iter().map(|patient| (who, patient.as_uuid(), how, None)));
        Ok(())
    }

    /// Writes down that the caller sees a doctor's queue: who waits, by label and record number.
    pub(crate) async fn saw_queue(&self, day: DayKey) -> Answer<()> {
        let subject = format!("doctor {} {}", day.doctor, day.date);
        self.saw_once("queue_read", day.doctor.as_uuid(), Some(day.date), &subject).await
    }

    /// Writes down that the caller sees the trail, of a patient or of whomever.
    pub(crate) async fn saw_trail(&self, of: Option<PatientId>) -> Answer<()> {
        match of {
            Some(patient) => self.saw("audit_read", [patient]).await,
            None => self.saw_once("audit_read", Uuid::nil(), None, "").await,
        }
    }

    async fn saw_once(
        &self,
        how: &'static str,
        what: Uuid,
        date: Option<jiff::civil::Date>,
        subject: &str,
    ) -> Answer<()> {
        let look = (self.caller.principal.who, what, how, date);
        if self.access.seen.is_new(&look) {
            let row = self.entry(how, None, subject, "");
            self.desk.store().audit_append(self.facility, &[row]).await?;
            self.access.seen.remember([look]);
        }
        Ok(())
    }
}
