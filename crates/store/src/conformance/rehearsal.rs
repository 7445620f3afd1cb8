//! A doctor-day played in memory by the engine, and what of it is to be written: the slow and obvious way.

use std::collections::HashSet;

use baari_engine::{
    Book, Circumstances, Command, Day, DayKey, DayPace, Decision, Event, EventKind, NewSlot, PolicyKind,
    SequenceNumber, Settings, SlotId, Source, Status, Token, TokenId, Window, decide,
};
use jiff::Timestamp;
use jiff::civil::time;

use super::hospital::{DATE, at, facts, patient_facts, slot_id, token_id, zone};
use crate::{DayCommit, EventRow, Rows};

/// A doctor-day in memory.
pub struct Rehearsal {
    /// As it is now.
    pub day: Day,
    /// The facility's settings.
    pub settings: Settings,
    written: Day,
    /// Came from other doctor-days since the last commit.
    arrived: HashSet<TokenId>,
    /// All that has happened since the beginning.
    pub history: Vec<EventRow>,
    unwritten: usize,
    next_id: u32,
}

impl Rehearsal {
    /// Nothing has happened yet. The ids of its slots and tokens begin at `first_id`.
    pub fn empty(key: DayKey, first_id: u32) -> Self {
        Self::from_store(Day::empty(key), first_id)
    }

    /// With two slots, 09:00 and 10:00; each has 3 seats, 4 with the buffer.
    pub fn with_slots(key: DayKey, first_id: u32) -> Self {
        let mut rehearsal = Self::empty(key, first_id);
        let slots = vec![rehearsal.new_slot(9, 3, 4), rehearsal.new_slot(10, 3, 4)];
        rehearsal.run(at(-60), &Command::AddSlots(slots));
        rehearsal
    }

    /// Goes on from what a store has.
    pub fn from_store(day: Day, first_id: u32) -> Self {
        let settings = Settings::default();
        let (written, arrived) = (day.clone(), HashSet::new());
        Self { written, arrived, day, settings, history: Vec::new(), unwritten: 0, next_id: first_id }
    }

    /// Goes on under another policy.
    pub fn under(mut self, policy: PolicyKind) -> Self {
        self.settings.policy = policy;
        self
    }

    fn mint(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    /// A slot of one hour.
    pub fn new_slot(&mut self, hour: i8, max_count: u32, hard_limit: u32) -> NewSlot {
        let window = Window::new(DATE, time(hour, 0, 0, 0), time(hour + 1, 0, 0, 0), &zone());
        NewSlot { id: slot_id(self.mint()), window: window.unwrap(), max_count, hard_limit }
    }

    /// What books this patient.
    pub fn booking(&mut self, patient: u32, source: Source) -> Book {
        let number = self.mint();
        Book {
            token: token_id(number),
            patient: patient_facts(patient),
            source,
            slot: None,
            waitlist: false,
            override_why: None,
            checked_in: None,
            appointment_at: None,
            earlier_ok: false,
        }
    }

    /// Books this patient at 09:00.
    pub fn book(&mut self, patient: u32, source: Source) -> TokenId {
        let booking = self.booking(patient, source);
        let token = booking.token;
        self.run(at(0), &Command::Book(booking));
        token
    }

    /// The id of its n-th slot.
    pub fn slot(&self, n: usize) -> SlotId {
        self.day.slots()[n].id
    }

    /// Lets the engine decide, which must not refuse.
    pub fn run(&mut self, now: Timestamp, command: &Command) -> Decision {
        self.try_run(now, command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"))
    }

    /// Lets the engine decide.
    ///
    /// # Errors
    /// The engine's refusal; nothing has changed.
    pub fn try_run(&mut self, now: Timestamp, command: &Command) -> Result<Decision, baari_engine::Refusal> {
        let on = Circumstances { now, today: DATE, settings: &self.settings, doctor: facts() };
        let decision = decide(&self.day, &on, command)?;
        self.apply(now, &decision);
        Ok(decision)
    }

    fn apply(&mut self, now: Timestamp, decision: &Decision) {
        self.day.apply(decision);
        for (ordinal, event) in decision.events.iter().enumerate() {
            let reason = |reason: &baari_engine::Reason| (reason.code().to_owned(), reason.to_string());
            self.history.push(EventRow {
                version: self.day.version(),
                ordinal: u16::try_from(ordinal).unwrap(),
                at: now,
                actor: "Asha · आशा (reception)".to_owned(),
                kind: event.kind,
                token: event.token,
                slot: event.slot,
                reasons: event.reasons.iter().map(reason).collect(),
            });
        }
    }

    /// A decision of this day made by hand: these changes, and one event for the token.
    fn by_hand(&self, token: TokenId) -> Decision {
        let kind = EventKind::Placed;
        Decision {
            made_from: self.day.version(),
            subject: Some(token),
            slots: Vec::new(),
            tokens: Vec::new(),
            departed: Vec::new(),
            resumes_at: self.day.resumes_at(),
            events: vec![Event { kind, token: Some(token), slot: None, reasons: Vec::new() }],
            unchanged: Vec::new(),
            told: None,
        }
    }

    /// The doctor will be back at this time, or is.
    pub fn resume_at(&mut self, resumes_at: Option<Timestamp>) {
        let about = self.day.tokens().first().map_or(token_id(0), |token| token.id);
        let decision = Decision { resumes_at, ..self.by_hand(about) };
        self.apply(at(0), &decision);
    }

    /// A token goes from this day into the first slot of another one; both commit together.
    pub fn move_to(&mut self, other: &mut Self, token: TokenId) {
        let known = self.day.token(token).unwrap().clone();
        let mut left = known.slot.and_then(|slot| self.day.slot(slot)).unwrap().clone();
        left.current_count -= 1;
        let mut entered = other.day.slots()[0].clone();
        entered.current_count += 1;
        let issued = &mut entered.issued[usize::from(known.band.number()) - 1];
        let sequence = SequenceNumber::nth(known.band, *issued);
        *issued += 1;
        let moved = Token { token_no: other.day.next_token_no(), slot: Some(entered.id), sequence, ..known };

        let departed = vec![token];
        self.apply(at(3), &Decision { slots: vec![left], departed, ..self.by_hand(token) });
        let tokens = vec![moved];
        other.apply(at(3), &Decision { slots: vec![entered], tokens, ..other.by_hand(token) });
        self.arrived.remove(&token);
        other.arrived.insert(token);
    }

    /// Something has happened since the last commit.
    pub fn has_news(&self) -> bool {
        self.unwritten < self.history.len()
    }

    /// All that has changed since the last time, as one commit; the next one goes on from there.
    pub fn commit(&mut self) -> DayCommit {
        let (before, after) = (&self.written, &self.day);
        let mut slots = Rows::default();
        for slot in after.slots() {
            match before.slot(slot.id) {
                None => slots.new.push(slot.clone()),
                Some(known) if known != slot => slots.changed.push(slot.clone()),
                Some(_) => {}
            }
        }
        let (mut tokens, mut moved_in, mut resequenced) = (Rows::default(), Vec::new(), false);
        for token in after.tokens() {
            match before.token(token.id) {
                None if self.arrived.contains(&token.id) => moved_in.push(token.clone()),
                None => tokens.new.push(token.clone()),
                Some(known) if known != token => {
                    resequenced |= known.sequence != token.sequence;
                    tokens.changed.push(token.clone());
                }
                Some(_) => {}
            }
        }
        let events = &self.history[self.unwritten..];
        let completed = events.iter().any(|event| event.kind == EventKind::Became(Status::Completed));
        let commit = DayCommit {
            key: after.key(),
            expected_version: before.version(),
            version: after.version(),
            next_token_no: after.next_token_no(),
            resumes_at: after.resumes_at(),
            pace: completed.then(|| DayPace::of(after)),
            slots,
            tokens,
            moved_in,
            resequenced,
            events: events.to_vec(),
            receipts: Vec::new(),
        };
        self.written = self.day.clone();
        self.arrived.clear();
        self.unwritten = self.history.len();
        commit
    }
}
