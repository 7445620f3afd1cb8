//! The auditor's own books: the rows as they were last seen.

use jiff::Timestamp;

use baari_engine::{Day, DayKey, Decision, EventKind, PatientId, Slot, SlotId, Status, Token, TokenId};

/// The rows of one doctor-day as they were last seen, and what else the auditor remembers of it.
pub(super) struct Ledger {
    pub(super) key: DayKey,
    pub(super) version: u64,
    /// The number that the next token gets.
    pub(super) next_no: u32,
    pub(super) resumes_at: Option<Timestamp>,
    /// By start.
    pub(super) slots: Vec<Slot>,
    /// In the order in which they came.
    pub(super) tokens: Vec<Token>,
    /// For each token, since when it has been present.
    pub(super) present_since: Vec<Option<Timestamp>>,
    /// Since when the doctor could have called somebody.
    pub(super) free_since: Timestamp,
}

/// A token's row before and after a decision.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) before: Option<&'a Token>,
    pub(super) after: &'a Token,
}

impl Ledger {
    pub(super) fn of(day: &Day, free_since: Timestamp) -> Self {
        Self {
            key: day.key(),
            version: day.version(),
            next_no: day.next_token_no(),
            resumes_at: day.resumes_at(),
            slots: day.slots().to_vec(),
            tokens: day.tokens().to_vec(),
            present_since: day.tokens().iter().map(|token| token.arrived_at).collect(),
            free_since,
        }
    }

    pub(super) fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }

    pub(super) fn token(&self, id: TokenId) -> Option<&Token> {
        self.tokens.iter().find(|token| token.id == id)
    }

    /// The token of this row as it was; looked for first where its number says.
    pub(super) fn before(&self, row: &Token) -> Option<&Token> {
        self.position(row).map(|position| &self.tokens[position])
    }

    fn position(&self, row: &Token) -> Option<usize> {
        let numbered = (row.token_no as usize).wrapping_sub(1);
        if self.tokens.get(numbered).is_some_and(|known| known.id == row.id) {
            return Some(numbered);
        }
        self.tokens.iter().position(|known| known.id == row.id)
    }

    pub(super) fn live_token_of(&self, patient: PatientId) -> Option<&Token> {
        self.tokens.iter().find(|token| token.patient == patient && is_live(token.status))
    }

    /// The tokens that a decision changes, in the order of its events.
    pub(super) fn changes<'a>(&'a self, decision: &'a Decision) -> Vec<Change<'a>> {
        let place = |token: &Token| decision.events.iter().position(|event| event.token == Some(token.id));
        let mut changes: Vec<Change<'a>> =
            decision.tokens.iter().map(|after| Change { before: self.before(after), after }).collect();
        changes.sort_by_key(|change| place(change.after));
        changes
    }

    /// Takes the rows over, right or wrong.
    pub(super) fn apply(&mut self, decision: &Decision, now: Timestamp) {
        if decision.events.is_empty() && decision.tokens.is_empty() && decision.slots.is_empty() {
            return;
        }
        self.version += 1;
        // Said by a doctor who has begun, it is a break: nobody is called until it is over.
        let begun = self.free_since <= now;
        if let Some(back) = decision.resumes_at.filter(|back| begun && Some(*back) != self.resumes_at) {
            self.free_since = back;
        }
        self.resumes_at = decision.resumes_at;
        for id in &decision.departed {
            if let Some(at) = self.tokens.iter().position(|token| token.id == *id) {
                self.tokens.remove(at);
                self.present_since.remove(at);
            }
        }
        for slot in &decision.slots {
            match self.slots.iter_mut().find(|known| known.id == slot.id) {
                Some(known) => *known = slot.clone(),
                None => self.slots.push(slot.clone()),
            }
        }
        self.slots.sort_by_key(|slot| slot.window.starts_at());
        for token in &decision.tokens {
            self.take(token, now);
        }
    }

    fn take(&mut self, token: &Token, now: Timestamp) {
        let index = self.position(token).unwrap_or_else(|| {
            self.next_no += 1;
            self.tokens.push(token.clone());
            self.present_since.push(None);
            self.tokens.len() - 1
        });
        let was_served = is_served(self.tokens[index].status);
        if token.status == Status::Arrived {
            self.present_since[index].get_or_insert(now);
        } else {
            self.present_since[index] = None;
        }
        if was_served && !is_served(token.status) {
            self.free_since = self.free_since.max(now);
        }
        self.tokens[index] = token.clone();
    }
}

/// The kinds of events that a decision has for a token.
pub(super) fn kinds(decision: &Decision, token: TokenId) -> impl Iterator<Item = EventKind> {
    decision.events.iter().filter(move |event| event.token == Some(token)).map(|event| event.kind)
}

/// A decision says that this happened to the token.
pub(super) fn has_kind(decision: &Decision, token: TokenId, kind: EventKind) -> bool {
    kinds(decision, token).any(|known| known == kind)
}

/// The band in whose part of the numbers these units lie; whoever is put before a whole band stands a trifle below it.
pub(super) const fn band_of(units: i64) -> i64 {
    (units + 1_000_000) / 1_000_000_000_000
}

/// Takes a seat.
pub(super) const fn is_seated(status: Status) -> bool {
    match status {
        Status::Booked
        | Status::Arrived
        | Status::Called
        | Status::Passed
        | Status::InConsultation
        | Status::Completed => true,
        Status::Waitlisted | Status::Cancelled | Status::NoShow => false,
    }
}

/// Wants to be seen still.
pub(super) const fn is_live(status: Status) -> bool {
    match status {
        Status::Waitlisted
        | Status::Booked
        | Status::Arrived
        | Status::Called
        | Status::Passed
        | Status::InConsultation => true,
        Status::Completed | Status::Cancelled | Status::NoShow => false,
    }
}

/// At the door or inside.
pub(super) const fn is_served(status: Status) -> bool {
    matches!(status, Status::Called | Status::InConsultation)
}

/// Has a seat and has not been called, or did not come.
pub(super) const fn waits(status: Status) -> bool {
    matches!(status, Status::Booked | Status::Arrived | Status::Passed)
}
