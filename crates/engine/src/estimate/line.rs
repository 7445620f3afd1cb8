//! Those who stand before somebody, while the queue is gone through from its head.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use jiff::Timestamp;

use super::tempo::minutes;
use super::work::{WHOLE, Work};
use crate::queue::{Place, Rank};
use crate::token::Token;

/// A place of the queue, or one of the arrivals of somebody who is absent; in the order of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    rank: Rank,
    /// None: the place itself, which comes before its arrivals.
    pub(super) arrives_at: Option<Timestamp>,
    /// The chance of this arrival.
    pub(super) share: u32,
    /// Whose it is.
    pub(super) index: usize,
}

impl Entry {
    pub(super) fn own(place: &Place<'_>, index: usize, now: Timestamp) -> Self {
        Self { rank: place.rank(now), arrives_at: None, share: 0, index }
    }

    pub(super) const fn arriving(self, at: Timestamp, share: u32) -> Self {
        Self { arrives_at: Some(at), share, ..self }
    }
}

/// Everybody before the next place.
#[derive(Debug, Default)]
pub(super) struct Line {
    work: Work,
    /// Arrivals that have not been counted yet, the earliest first: when, whose, and its chance.
    expected: BinaryHeap<Reverse<(Timestamp, usize, u32)>>,
    /// Of each of the absent, the chance that has been counted.
    counted: Vec<u32>,
    /// All arrivals, counted or not, by when they come: in parts of a visit, in steps of [`STEP_MINUTES`] from now.
    timetable: Vec<u64>,
}

/// A step of the timetable; its last one has all that comes later.
const STEP_MINUTES: f64 = 5.0;
const STEPS: usize = 288;

impl Line {
    /// Nobody yet, of so many.
    pub(super) fn new(people: usize) -> Self {
        Self { counted: vec![0; people], ..Self::default() }
    }

    /// There are so many people.
    pub(super) fn widen(&mut self, people: usize) {
        self.counted.resize(people, 0);
    }

    pub(super) const fn work(&self) -> &Work {
        &self.work
    }

    /// Somebody who is here.
    pub(super) fn add(&mut self, token: &Token) {
        self.work.add(token);
    }

    /// Somebody who may come at that time.
    pub(super) fn expect(&mut self, index: usize, now: Timestamp, at: Timestamp, share: u32) {
        self.expected.push(Reverse((at, index, share)));
        let step = step(minutes(now, at));
        if self.timetable.len() <= step {
            self.timetable.resize(step + 1, 0);
        }
        self.timetable[step] += u64::from(share);
    }

    /// How many of those who stand before are expected in a minute, between these minutes from now.
    pub(super) fn arriving(&self, from: f64, to: f64) -> f64 {
        let (first, last) = (step(from), step(to));
        let steps = self.timetable.iter().skip(first).take(last - first + 1);
        let visits = steps.sum::<u64>() as f64 / f64::from(WHOLE);
        visits / ((last - first + 1) as f64 * STEP_MINUTES)
    }

    /// Counts the earliest arrival, if it is not after this; false when there is none.
    pub(super) fn arrive<'t>(&mut self, until: Timestamp, token: impl Fn(usize) -> &'t Token) -> bool {
        let Some(&Reverse((at, index, share))) = self.expected.peek() else { return false };
        if at > until {
            return false;
        }
        self.expected.pop();
        let before = self.counted[index];
        self.counted[index] = before + share;
        self.work.raise(token(index), before, before + share);
        true
    }
}

fn step(minute: f64) -> usize {
    ((minute / STEP_MINUTES).max(0.0) as usize).min(STEPS - 1)
}
