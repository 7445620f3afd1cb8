//! The group that is about to be committed: decisions folded together by doctor-day, and who waits for them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use baari_engine::{Day, DayKey, DayPace, Decision, FacilityId, PatientId, Status, Token, TokenId};
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
    _admitted: Arc<OwnedSemaphorePermit>,
}

impl Waiter {
    pub(crate) fn new(admitted: Arc<OwnedSemaphorePermit>) -> (Self, oneshot::Receiver<Outcome>) {
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
    /// Doctor-days that were decided on as one: they are written together or not at all.
    pub(crate) together: Vec<Vec<DayKey>>,
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
    rows: HashMap<TokenId, Row>,
}

/// Which row of the commit a token is.
#[derive(Clone, Copy)]
struct Row {
    kind: RowKind,
    at: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum RowKind {
    /// To be inserted.
    New,
    /// To be updated.
    Changed,
    /// To come from another doctor-day.
    Moved,
}

/// One doctor-day of a decision.
pub(crate) struct Part<'a> {
    /// The day that it was made from.
    pub(crate) before: &'a Day,
    pub(crate) live: &'a Arc<LiveDay>,
    pub(crate) decision: &'a Decision,
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
                batch.write.along.receipt = batch.write.along.receipt.take().or(write.along.receipt);
                batch.write.along.ends = batch.write.along.ends.or(write.along.ends);
                batch.write.along.audit.extend(write.along.audit);
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
            rows: HashMap::new(),
        })
    }

    /// Folds a decision in, for all of its doctor-days.
    pub(crate) fn fold(&mut self, parts: &[Part<'_>], actor: &str, now: Timestamp) {
        // Whoever leaves a day comes to another one: as the row that it is in the database, or as a new one if it is in none.
        let mut moving = HashMap::new();
        for part in parts {
            let batch = self.day(part.live);
            moving.extend(part.decision.departed.iter().map(|id| (*id, batch.leave(*id))));
        }
        for part in parts {
            self.day(part.live).fold(part, &moving, actor, now);
        }
        if parts.len() > 1 {
            self.together.push(parts.iter().map(|part| part.live.key).collect());
        }
    }

    /// This doctor-day, and all that are written together with it.
    pub(crate) fn linked(&self, key: DayKey) -> HashSet<DayKey> {
        let mut linked = HashSet::from([key]);
        loop {
            let known = linked.len();
            for together in &self.together {
                if together.iter().any(|key| linked.contains(key)) {
                    linked.extend(together);
                }
            }
            if linked.len() == known {
                return linked;
            }
        }
    }
}

impl DayBatch {
    fn fold(&mut self, part: &Part<'_>, moving: &HashMap<TokenId, RowKind>, actor: &str, now: Timestamp) {
        let Part { before, decision, .. } = *part;
        let commit = self.commit.get_or_insert_with(|| empty_commit(before));
        commit.version = decision.made_from + 1;
        commit.resumes_at = decision.resumes_at;
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
            commit.resequenced |= old.is_some_and(|old| {
                old.sequence.is_some() && (old.slot, old.sequence) != (token.slot, token.sequence)
            });
            let new = || moving.get(&token.id).copied().unwrap_or(RowKind::New);
            let kind = if old.is_some() { RowKind::Changed } else { new() };
            match self.rows.get(&token.id) {
                Some(&Row { kind, at }) => rows(commit, kind)[at] = token.clone(),
                None => {
                    let rows = rows(commit, kind);
                    self.rows.insert(token.id, Row { kind, at: rows.len() });
                    rows.push(token.clone());
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

    /// Takes the token's row out of the commit; what it is where it goes.
    fn leave(&mut self, token: TokenId) -> RowKind {
        let (Some(Row { kind, at }), Some(commit)) = (self.rows.remove(&token), &mut self.commit) else {
            return RowKind::Moved;
        };
        let rows = rows(commit, kind);
        rows.swap_remove(at);
        if let Some(filled) = rows.get(at) {
            self.rows.insert(filled.id, Row { kind, at });
        }
        if kind == RowKind::New { RowKind::New } else { RowKind::Moved }
    }

    pub(crate) fn keep(&mut self, receipt: Receipt) {
        if let Some(commit) = &mut self.commit {
            commit.receipts.push(receipt);
        }
    }

    /// What the day shows of the doctor's pace, if the decision has changed that.
    pub(crate) fn pace(&mut self, after: &Day, decision: &Decision) {
        let visit = |token: &Token| matches!(token.status, Status::Completed | Status::InConsultation);
        if decision.tokens.iter().any(visit)
            && let Some(commit) = &mut self.commit
        {
            commit.pace = Some(DayPace::of(after));
        }
    }
}

const fn rows(commit: &mut DayCommit, kind: RowKind) -> &mut Vec<Token> {
    match kind {
        RowKind::New => &mut commit.tokens.new,
        RowKind::Changed => &mut commit.tokens.changed,
        RowKind::Moved => &mut commit.moved_in,
    }
}

fn empty_commit(before: &Day) -> DayCommit {
    DayCommit {
        key: before.key(),
        expected_version: before.version(),
        version: before.version(),
        next_token_no: before.next_token_no(),
        resumes_at: before.resumes_at(),
        pace: None,
        slots: Rows::default(),
        tokens: Rows::default(),
        moved_in: Vec::new(),
        resequenced: false,
        events: Vec::new(),
        receipts: Vec::new(),
    }
}
