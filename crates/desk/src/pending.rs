//! The group that is about to be committed: decisions folded together by doctor-day, and who waits for them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use baari_engine::{Day, DayKey, Decision, FacilityId, PatientId, TokenId};
use baari_store::{DayCommit, EventRow, PatientWrite, Receipt, Rows, StoreError};
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::live_day::LiveDay;

/// How it went for those who wait.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// It is durable.
    Durable,
    /// Another writer was first: run the command again.
    Again,
    /// The store failed.
    Failed(StoreError),
}

/// Somebody who waits. Counts against the desk's limit until told, also when the request itself was given up.
pub(crate) struct Waiter {
    tell: oneshot::Sender<Outcome>,
    _admitted: OwnedSemaphorePermit,
}

impl Waiter {
    pub(crate) fn new(admitted: OwnedSemaphorePermit) -> (Self, oneshot::Receiver<Outcome>) {
        let (tell, outcome) = oneshot::channel();
        (Self { tell, _admitted: admitted }, outcome)
    }

    pub(crate) fn tell(self, outcome: &Outcome) {
        // Whoever has gone away no longer wants to know.
        let _ = self.tell.send(outcome.clone());
    }
}

#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) days: HashMap<DayKey, DayBatch>,
    pub(crate) patients: HashMap<(FacilityId, PatientId), PatientBatch>,
}

/// What waits for one patient's record.
pub(crate) struct PatientBatch {
    pub(crate) write: PatientWrite,
    pub(crate) waiters: Vec<Waiter>,
}

/// What waits for one doctor-day.
pub(crate) struct DayBatch {
    pub(crate) live: Arc<LiveDay>,
    /// None when somebody only waits for what is in flight.
    pub(crate) commit: Option<DayCommit>,
    pub(crate) waiters: Vec<Waiter>,
    places: HashMap<TokenId, Where>,
}

#[derive(Clone, Copy)]
enum Where {
    New(usize),
    Changed(usize),
}

impl Pending {
    pub(crate) fn is_empty(&self) -> bool {
        self.days.is_empty() && self.patients.is_empty()
    }

    /// Folds a patient's record in: the last one counts.
    pub(crate) fn patient(&mut self, write: PatientWrite, waiter: Waiter) {
        match self.patients.entry((write.facility, write.patient.id)) {
            Entry::Vacant(vacant) => {
                vacant.insert(PatientBatch { write, waiters: vec![waiter] });
            }
            Entry::Occupied(mut known) => {
                let batch = known.get_mut();
                batch.write.patient = write.patient;
                batch.write.receipt = batch.write.receipt.take().or(write.receipt);
                batch.waiters.push(waiter);
            }
        }
    }

    pub(crate) fn day(&mut self, live: &Arc<LiveDay>) -> &mut DayBatch {
        let other = self.days.get(&live.key).is_some_and(|batch| !Arc::ptr_eq(&batch.live, live));
        assert!(!other, "a doctor-day is buried, with all that waits for it, before it is loaded anew");
        self.days.entry(live.key).or_insert_with(|| DayBatch {
            live: Arc::clone(live),
            commit: None,
            waiters: Vec::new(),
            places: HashMap::new(),
        })
    }
}

impl DayBatch {
    /// Folds a decision in. `before` is the day that it was made from.
    pub(crate) fn fold(&mut self, before: &Day, decision: &Decision, actor: &str, now: Timestamp) {
        let commit = self.commit.get_or_insert_with(|| empty_commit(before));
        commit.version = decision.made_from + 1;
        for slot in &decision.slots {
            let rows = &mut commit.slots;
            let known = rows.new.iter_mut().chain(&mut rows.changed).find(|known| known.id == slot.id);
            match known {
                Some(known) => *known = slot.clone(),
                None if before.slot(slot.id).is_none() => rows.new.push(slot.clone()),
                None => rows.changed.push(slot.clone()),
            }
        }
        for token in &decision.tokens {
            commit.next_token_no = commit.next_token_no.max(token.token_no + 1);
            let old = before.token(token.id);
            commit.resequenced |=
                old.is_some_and(|old| old.sequence.is_some() && old.sequence != token.sequence);
            let rows = &mut commit.tokens;
            match self.places.get(&token.id) {
                Some(&Where::New(at)) => rows.new[at] = token.clone(),
                Some(&Where::Changed(at)) => rows.changed[at] = token.clone(),
                None if old.is_none() => {
                    self.places.insert(token.id, Where::New(rows.new.len()));
                    rows.new.push(token.clone());
                }
                None => {
                    self.places.insert(token.id, Where::Changed(rows.changed.len()));
                    rows.changed.push(token.clone());
                }
            }
        }
        commit.events.extend((0..).zip(&decision.events).map(|(ordinal, event)| EventRow {
            version: commit.version,
            ordinal,
            at: now,
            actor: actor.to_owned(),
            kind: event.kind,
            token: event.token,
            slot: event.slot,
            reasons:
                event.reasons.iter().map(|reason| (reason.code().to_owned(), reason.to_string())).collect(),
        }));
    }

    pub(crate) fn keep(&mut self, receipt: Receipt) {
        if let Some(commit) = &mut self.commit {
            commit.receipts.push(receipt);
        }
    }
}

fn empty_commit(before: &Day) -> DayCommit {
    DayCommit {
        key: before.key(),
        expected_version: before.version(),
        version: before.version(),
        next_token_no: before.next_token_no(),
        slots: Rows::default(),
        tokens: Rows::default(),
        resequenced: false,
        events: Vec::new(),
        receipts: Vec::new(),
    }
}
