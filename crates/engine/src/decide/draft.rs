//! A decision in the making: the doctor-day as it will be, kept as the rows that differ.

use jiff::Timestamp;

use super::Circumstances;
use crate::day::Day;
use crate::decision::{Decision, Event, EventKind};
use crate::estimate::Estimator;
use crate::ids::{SlotId, TokenId};
use crate::queue;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::slot::Slot;
use crate::token::Token;

pub(super) struct Draft<'a> {
    pub(super) day: &'a Day,
    pub(super) on: &'a Circumstances<'a>,
    slots: Vec<Slot>,
    tokens: Vec<Token>,
    events: Vec<Event>,
}

impl<'a> Draft<'a> {
    pub(super) const fn new(day: &'a Day, on: &'a Circumstances<'a>) -> Self {
        Self { day, on, slots: Vec::new(), tokens: Vec::new(), events: Vec::new() }
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.on.now
    }

    pub(super) const fn settings(&self) -> &'a Settings {
        self.on.settings
    }

    /// The slot as it will be.
    pub(super) fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id).or_else(|| self.day.slot(id))
    }

    /// The slot as it will be, to be changed.
    pub(super) fn slot_mut(&mut self, id: SlotId) -> Result<&mut Slot, Refusal> {
        let position = match self.slots.iter().position(|slot| slot.id == id) {
            Some(position) => position,
            None => {
                self.slots.push(self.day.slot(id).ok_or(Refusal::SlotUnknown(id))?.clone());
                self.slots.len() - 1
            }
        };
        Ok(&mut self.slots[position])
    }

    /// The token as it is, unless this draft has changed it already.
    pub(super) fn token(&self, id: TokenId) -> Result<Token, Refusal> {
        let changed = self.tokens.iter().find(|token| token.id == id);
        changed.or_else(|| self.day.token(id)).cloned().ok_or(Refusal::TokenUnknown(id))
    }

    /// All tokens as they will be, by token number (those that the draft adds come last).
    pub(super) fn tokens(&self) -> impl Iterator<Item = &Token> {
        let known = self
            .day
            .tokens()
            .iter()
            .map(|known| self.tokens.iter().find(|changed| changed.id == known.id).unwrap_or(known));
        known.chain(self.tokens.iter().filter(|token| self.day.token(token.id).is_none()))
    }

    pub(super) fn put_slot(&mut self, slot: Slot) {
        self.slots.push(slot);
    }

    pub(super) fn put_token(&mut self, token: Token) {
        match self.tokens.iter_mut().find(|known| known.id == token.id) {
            Some(known) => *known = token,
            None => self.tokens.push(token),
        }
    }

    pub(super) fn token_event(&mut self, kind: EventKind, token: &Token, reasons: Vec<Reason>) {
        self.events.push(Event { kind, token: Some(token.id), slot: token.slot, reasons });
    }

    pub(super) fn slot_event(&mut self, kind: EventKind, slot: SlotId, reasons: Vec<Reason>) {
        self.events.push(Event { kind, token: None, slot: Some(slot), reasons });
    }

    /// Gives the token its promise, the first estimate it is told, and says how many go before.
    pub(super) fn promise(&self, token: &mut Token, slot: &Slot, reasons: &mut Vec<Reason>) {
        let others = || self.tokens().filter_map(|other| Some((other, self.slot(other.slot?)?)));
        let (people, emergencies) = queue::ahead_among(others(), token, slot, self.settings(), self.now());
        reasons.push(Reason::Ahead { people, emergencies });
        if token.promised_at.is_none() {
            let estimator = Estimator::new(self.day, self.settings(), self.on.doctor, self.now());
            token.promised_at = estimator.one(others(), token, slot).map(|prediction| prediction.at);
        }
    }

    pub(super) fn finish(self, subject: Option<TokenId>) -> Decision {
        Decision {
            made_from: self.day.version(),
            subject,
            slots: self.slots,
            tokens: self.tokens,
            departed: Vec::new(),
            resumes_at: self.day.resumes_at(),
            events: self.events,
            unchanged: Vec::new(),
        }
    }

    /// The answer to a change that has been made already.
    pub(super) fn unchanged(self, subject: Option<TokenId>, reason: Reason) -> Decision {
        Decision { unchanged: vec![reason], ..Self::new(self.day, self.on).finish(subject) }
    }
}
