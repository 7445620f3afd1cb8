//! A decision in the making: the doctor-day as it will be, kept as the rows that differ.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::Circumstances;
use crate::day::Day;
use crate::decision::{Decision, Event, EventKind};
use crate::estimate::{Ahead, Estimator, Prediction};
use crate::ids::{PatientId, SlotId, TokenId};
use crate::queue::{self, Place};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::slot::Slot;
use crate::token::Token;

pub(super) struct Draft<'a> {
    pub(super) day: &'a Day,
    pub(super) on: Circumstances<'a>,
    /// The doctor is not here before this time, as it will be.
    pub(super) resumes_at: Option<Timestamp>,
    /// Was moved by hand: whatever else this decision does, it does not move this one again.
    pub(super) stays: Option<TokenId>,
    /// The last promise.
    told: Option<(TokenId, Prediction)>,
    slots: Vec<Slot>,
    tokens: Vec<Token>,
    /// Where in `tokens` each of them is.
    changed: HashMap<TokenId, usize>,
    departed: HashSet<TokenId>,
    events: Vec<Event>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(day: &'a Day, on: Circumstances<'a>) -> Self {
        Self {
            day,
            on,
            resumes_at: day.resumes_at(),
            stays: None,
            told: None,
            slots: Vec::new(),
            tokens: Vec::new(),
            changed: HashMap::new(),
            departed: HashSet::new(),
            events: Vec::new(),
        }
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.on.now
    }

    pub(super) const fn settings(&self) -> &'a Settings {
        self.on.settings
    }

    /// All slots as they will be, by start time (those that the draft adds come last).
    pub(super) fn slots(&self) -> impl DoubleEndedIterator<Item = &Slot> + Clone {
        let known = self
            .day
            .slots()
            .iter()
            .map(|known| self.slots.iter().find(|slot| slot.id == known.id).unwrap_or(known));
        known.chain(self.slots.iter().filter(|slot| self.day.slot(slot.id).is_none()))
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
        let known = self.tokens().by_id(id);
        known.cloned().ok_or(Refusal::TokenUnknown(id))
    }

    /// All tokens as they will be, by token number (those that the draft adds come last).
    pub(super) fn tokens(&self) -> Tokens<'_> {
        Tokens { day: self.day, changed: &self.changed, tokens: &self.tokens, departed: &self.departed }
    }

    /// The patient's live token, as it will be.
    pub(super) fn live_token_of(&self, patient: PatientId) -> Option<&Token> {
        let known = self.day.live_token_of(patient).and_then(|known| self.tokens().by_id(known.id));
        let known = known.filter(|known| known.status.is_live());
        known.or_else(|| self.tokens.iter().find(|token| token.patient == patient && token.status.is_live()))
    }

    /// All tokens that have a slot, with it.
    pub(super) fn seated(&self) -> impl Iterator<Item = (&Token, &Slot)> {
        self.tokens().iter().filter_map(|token| Some((token, self.slot(token.slot?)?)))
    }

    /// The queue as it will be.
    pub(super) fn queue(&self) -> Vec<Place<'_>> {
        queue::queue_among(self.seated(), self.settings(), self.now())
    }

    /// The number that the next token of this draft gets.
    pub(super) fn next_token_no(&self) -> u32 {
        let added = self.tokens.iter().filter(|token| self.day.token(token.id).is_none()).count();
        self.day.next_token_no() + u32::try_from(added).unwrap_or(u32::MAX)
    }

    pub(super) fn put_slot(&mut self, slot: Slot) {
        self.slots.push(slot);
    }

    pub(super) fn put_token(&mut self, token: Token) {
        match self.changed.get(&token.id) {
            Some(&at) => self.tokens[at] = token,
            None => {
                self.changed.insert(token.id, self.tokens.len());
                self.tokens.push(token);
            }
        }
    }

    /// The token goes to another doctor-day.
    pub(super) fn depart(&mut self, token: TokenId) {
        if let Some(at) = self.changed.remove(&token) {
            self.tokens.remove(at);
            self.changed.values_mut().filter(|place| **place > at).for_each(|place| *place -= 1);
        }
        self.departed.insert(token);
    }

    pub(super) fn token_event(&mut self, kind: EventKind, token: &Token, reasons: Vec<Reason>) {
        self.events.push(Event { kind, token: Some(token.id), slot: token.slot, reasons });
    }

    pub(super) fn slot_event(&mut self, kind: EventKind, slot: SlotId, reasons: Vec<Reason>) {
        self.events.push(Event { kind, token: None, slot: Some(slot), reasons });
    }

    pub(super) fn day_event(&mut self, kind: EventKind, reasons: Vec<Reason>) {
        self.events.push(Event { kind, token: None, slot: None, reasons });
    }

    /// What somebody who is not here must do, or need not.
    pub(super) fn how_to_come(&self, slot: &Slot) -> Reason {
        if self.settings().check_in { Reason::MustCheckIn } else { Reason::PresentFromStart(slot.window) }
    }

    /// Gives the token its promise, the first estimate it is told, and says how many go before.
    pub(super) fn promise(&mut self, token: &mut Token, slot: &Slot, reasons: &mut Vec<Reason>) {
        let estimator = Estimator::new(self.day, self.settings(), self.on.doctor, self.now());
        let Some((told, Ahead { people, emergencies })) = estimator.turn(self.seated(), token, slot) else {
            return;
        };
        reasons.push(Reason::Ahead { people, emergencies });
        token.promised_at.get_or_insert(told.at);
        self.told = Some((token.id, told));
    }

    pub(super) fn finish(self, subject: Option<TokenId>) -> Decision {
        let mut departed: Vec<TokenId> = self.departed.into_iter().collect();
        departed.sort_unstable();
        Decision {
            made_from: self.day.version(),
            subject,
            slots: self.slots,
            tokens: self.tokens,
            departed,
            resumes_at: self.resumes_at,
            told: self.told.filter(|(token, _)| subject == Some(*token)).map(|(_, told)| told),
            events: self.events,
            unchanged: Vec::new(),
        }
    }

    /// The answer to a change that has been made already.
    pub(super) fn unchanged(self, subject: Option<TokenId>, reason: Reason) -> Decision {
        Decision { unchanged: vec![reason], ..Self::new(self.day, self.on).finish(subject) }
    }
}

/// The tokens of a day as a draft will leave them.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'d> {
    day: &'d Day,
    changed: &'d HashMap<TokenId, usize>,
    tokens: &'d [Token],
    departed: &'d HashSet<TokenId>,
}

impl<'d> Tokens<'d> {
    pub(super) fn by_id(self, id: TokenId) -> Option<&'d Token> {
        if self.departed.contains(&id) {
            return None;
        }
        self.changed.get(&id).map(|&at| &self.tokens[at]).or_else(|| self.day.token(id))
    }

    pub(super) fn iter(self) -> impl Iterator<Item = &'d Token> {
        let untouched = self.changed.is_empty() && self.departed.is_empty();
        let known = self.day.tokens().iter();
        let known = known.filter_map(move |known| if untouched { Some(known) } else { self.by_id(known.id) });
        known.chain(self.tokens.iter().filter(move |token| self.day.token(token.id).is_none()))
    }
}
