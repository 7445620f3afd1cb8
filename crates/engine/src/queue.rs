//! The queue of a doctor-day: everybody who still is to be seen, in the order of the facility's policy.

use std::cmp::Reverse;

use jiff::Timestamp;

use crate::day::Day;
use crate::policy::{Standing, standing};
use crate::settings::Settings;
use crate::slot::Slot;
use crate::status::Status;
use crate::token::Token;

/// One place in the queue.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Whose it is.
    pub token: &'a Token,
    /// The slot that the token sits in.
    pub slot: &'a Slot,
    /// Where it stands.
    pub standing: Standing,
    /// The patient is here and can be called.
    pub present: bool,
}

/// What the queue is sorted by: who is being served, then the policy's rank, then the token number.
pub(crate) type Rank = ((u8, Option<Timestamp>), (u8, Reverse<i128>, i64), u32);

impl Place<'_> {
    pub(crate) fn rank(&self, now: Timestamp) -> Rank {
        let served = match self.token.status {
            Status::InConsultation => (0, self.token.started_at),
            Status::Called => (1, self.token.called_at),
            _ => (2, None),
        };
        (served, self.standing.rank(now), self.token.token_no)
    }
}

/// Everybody who still is to be seen: who is with the doctor, who was called, then the waiting by the policy; the absent
/// stand at their place.
pub fn queue<'a>(day: &'a Day, settings: &Settings, now: Timestamp) -> Vec<Place<'a>> {
    queue_among(day.tokens().iter().filter_map(|token| Some((token, day.slot(token.slot?)?))), settings, now)
}

/// The same of these tokens: those of a decision in the making.
pub(crate) fn queue_among<'a>(
    tokens: impl Iterator<Item = (&'a Token, &'a Slot)>,
    settings: &Settings,
    now: Timestamp,
) -> Vec<Place<'a>> {
    let mut places: Vec<_> = tokens.filter_map(|(token, slot)| place(token, slot, settings, now)).collect();
    places.sort_by_cached_key(|place| place.rank(now));
    places
}

/// Everybody who wants a seat, in the order in which seats that become free are given.
pub fn waitlist(day: &Day) -> Vec<&Token> {
    let mut waiting: Vec<_> =
        day.tokens().iter().filter(|token| token.status == Status::Waitlisted).collect();
    waiting.sort_by_key(|token| token.waitlist_rank());
    waiting
}

/// The token's place, if it has one: waiting or being served.
pub(crate) fn place<'a>(
    token: &'a Token,
    slot: &'a Slot,
    settings: &Settings,
    now: Timestamp,
) -> Option<Place<'a>> {
    if !token.status.is_waiting() && !token.status.is_being_served() {
        return None;
    }
    let standing = standing(token, slot, settings);
    Some(Place { token, slot, standing, present: is_present(token, slot, settings, now) })
}

/// The patient is here: has checked in, or needn't and their slot has begun.
pub fn is_present(token: &Token, slot: &Slot, settings: &Settings, now: Timestamp) -> bool {
    match token.status {
        Status::Arrived | Status::Called | Status::InConsultation => true,
        Status::Booked => !settings.check_in && slot.window.starts_at() <= now,
        _ => false,
    }
}
