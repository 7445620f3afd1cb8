//! The group that is about to be committed: decisions folded together by doctor-day, and who waits for them.

use std::collections::HashMap;
use std::sync::Arc;

use baari_engine::{Day, DayKey, Decision, TokenId};
use baari_store::{DayCommit, EventRow, PatientWrite, Receipt, Rows, StoreError};
use jiff::Timestamp;
use tokio::sync::oneshot;

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

pub(crate) type Waiter = oneshot::Sender<Outcome>;

#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) days: HashMap<DayKey, DayBatch>,
    pub(crate) patients: Vec<(PatientWrite, Waiter)>,
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

    pub(crate) fn day(&mut self, live: &Arc<LiveDay>) -> &mut DayBatch {
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
