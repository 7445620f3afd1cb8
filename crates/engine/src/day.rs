//! A doctor-day: all slots and tokens of one doctor on one date; the unit of consistency.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::decision::Decision;
use crate::ids::{DoctorId, FacilityId, PatientId, SlotId, TokenId};
use crate::slot::Slot;
use crate::token::Token;

/// Which doctor-day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayKey {
    /// The facility.
    pub facility: FacilityId,
    /// The doctor.
    pub doctor: DoctorId,
    /// The date, in the facility's zone.
    pub date: Date,
}

/// What a doctor-day has besides slots and tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayHead {
    /// Goes up by one with every decision that changes something.
    pub version: u64,
    /// The number that the next token gets.
    pub next_token_no: u32,
    /// The doctor has said not to be here before this time.
    pub resumes_at: Option<Timestamp>,
}

/// All slots and tokens of one doctor on one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    key: DayKey,
    head: DayHead,
    slots: Vec<Slot>,
    tokens: Vec<Token>,
    token_positions: HashMap<TokenId, usize>,
    live_patients: HashMap<PatientId, usize>,
}

impl Day {
    /// A doctor-day in which nothing has happened yet.
    pub fn empty(key: DayKey) -> Self {
        let head = DayHead { version: 0, next_token_no: 1, resumes_at: None };
        Self::from_parts(key, head, Vec::new(), Vec::new())
    }

    /// A doctor-day as a store remembers it.
    pub fn from_parts(key: DayKey, head: DayHead, mut slots: Vec<Slot>, mut tokens: Vec<Token>) -> Self {
        slots.sort_by_key(|slot| slot.window.starts_at());
        tokens.sort_by_key(|token| token.token_no);
        let mut day =
            Self { key, head, slots, tokens, token_positions: HashMap::new(), live_patients: HashMap::new() };
        day.index();
        day
    }

    fn index(&mut self) {
        let tokens = || self.tokens.iter().enumerate();
        self.token_positions = tokens().map(|(position, token)| (token.id, position)).collect();
        let live = tokens().filter(|(_, token)| token.status.is_live());
        self.live_patients = live.map(|(position, token)| (token.patient, position)).collect();
    }

    /// Which doctor-day this is.
    pub const fn key(&self) -> DayKey {
        self.key
    }

    /// What it has besides slots and tokens.
    pub const fn head(&self) -> DayHead {
        self.head
    }

    /// Goes up by one with every decision that changes something.
    pub const fn version(&self) -> u64 {
        self.head.version
    }

    /// The number that the next token gets.
    pub const fn next_token_no(&self) -> u32 {
        self.head.next_token_no
    }

    /// The doctor has said not to be here before this time.
    pub const fn resumes_at(&self) -> Option<Timestamp> {
        self.head.resumes_at
    }

    /// The slots, by start time.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The tokens, by token number.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The slot of this id.
    pub fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }

    /// The token of this id.
    pub fn token(&self, id: TokenId) -> Option<&Token> {
        self.token_positions.get(&id).map(|&position| &self.tokens[position])
    }

    /// The patient's live token.
    pub fn live_token_of(&self, patient: PatientId) -> Option<&Token> {
        self.live_patients.get(&patient).map(|&position| &self.tokens[position])
    }

    /// Puts a decision into effect.
    ///
    /// # Panics
    /// If the decision was made from another version: the caller has mixed up two states of the day, and going on would
    /// give a seat away twice.
    pub fn apply(&mut self, decision: &Decision) {
        assert_eq!(
            decision.made_from, self.head.version,
            "a decision applies to the version it was made from"
        );
        if decision.changes_nothing() {
            return;
        }
        self.head.version += 1;
        self.head.resumes_at = decision.resumes_at;
        if !decision.departed.is_empty() {
            self.tokens.retain(|token| decision.departed.binary_search(&token.id).is_err());
            self.index();
        }
        for slot in &decision.slots {
            match self.slots.iter_mut().find(|known| known.id == slot.id) {
                Some(known) => *known = slot.clone(),
                None => self.slots.push(slot.clone()),
            }
        }
        self.slots.sort_by_key(|slot| slot.window.starts_at());
        for token in &decision.tokens {
            self.put(token.clone());
        }
    }

    fn put(&mut self, token: Token) {
        let position = match self.token_positions.get(&token.id) {
            Some(&position) => position,
            None => {
                assert_eq!(
                    token.token_no, self.head.next_token_no,
                    "a token number is never left out or used twice"
                );
                self.head.next_token_no += 1;
                self.token_positions.insert(token.id, self.tokens.len());
                self.tokens.len()
            }
        };
        if token.status.is_live() {
            self.live_patients.insert(token.patient, position);
        } else if self.live_patients.get(&token.patient) == Some(&position) {
            self.live_patients.remove(&token.patient);
        }
        match self.tokens.get_mut(position) {
            Some(known) => *known = token,
            None => self.tokens.push(token),
        }
    }
}
