//! Those who stand before somebody, while the queue is gone through from its head.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use jiff::Timestamp;

use super::tempo::minutes;
use super::work::{WHOLE, Work};
use crate::queue::{Place, Rank};
use crate::token::Token;

/// A step of the timetable; the last one has all that comes later.
const STEP_MINUTES: f64 = 5.0;
const STEPS: usize = 288;

/// A place of the queue, or one of the arrivals of somebody who is absent; in the order of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    rank: Rank,
    /// None: the place itself, which comes before its arrivals.
    pub(super) arrival: Option<Arrival>,
    /// Whose it is.
    pub(super) index: usize,
}

/// One of the times at which somebody may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrival {
    pub(super) at: Timestamp,
    /// Its chance, in parts of [`WHOLE`].
    pub(super) share: u32,
}

impl Entry {
    pub(super) fn own(place: &Place<'_>, index: usize, now: Timestamp) -> Self {
        Self { rank: place.rank(now), arrival: None, index }
    }

    /// Of somebody who comes then: at the later one of these places.
    pub(super) fn arriving(self, then: Self, arrival: Arrival) -> Self {
        Self { rank: self.rank.max(then.rank), arrival: Some(arrival), index: self.index }
    }
}

/// Everybody before the next place.
#[derive(Debug)]
pub(super) struct Line {
    /// From when on the doctor works.
    from: Timestamp,
    work: Work,
    /// Arrivals that have not been counted yet, the earliest first, and whose.
    expected: BinaryHeap<Reverse<(Arrival, usize)>>,
    /// Of each of the absent, the chance that has been counted.
    counted: Vec<u32>,
    /// Arrivals after `from`, counted or not, by when they come: in parts of a visit.
    timetable: Vec<u64>,
}

impl Line {
    /// Nobody yet, before a doctor who works from then on.
    pub(super) const fn new(from: Timestamp) -> Self {
        Self {
            from,
            work: Work::NONE,
            expected: BinaryHeap::new(),
            counted: Vec::new(),
            timetable: Vec::new(),
        }
    }

    pub(super) const fn work(&self) -> &Work {
        &self.work
    }

    /// Somebody who is here.
    pub(super) fn add(&mut self, token: &Token) {
        self.work.add(token);
    }

    /// Somebody who may come.
    pub(super) fn expect(&mut self, index: usize, arrival: Arrival) {
        self.expected.push(Reverse((arrival, index)));
        if arrival.at <= self.from {
            return;
        }
        let step = step(minutes(self.from, arrival.at));
        if self.timetable.len() <= step {
            self.timetable.resize(step + 1, 0);
        }
        self.timetable[step] += u64::from(arrival.share);
    }

    /// Counts the earliest arrival, if it is not after this; false when there is none.
    pub(super) fn arrive<'t>(&mut self, until: Timestamp, token: impl Fn(usize) -> &'t Token) -> bool {
        let Some(&Reverse((arrival, index))) = self.expected.peek() else { return false };
        if arrival.at > until {
            return false;
        }
        self.expected.pop();
        if self.counted.len() <= index {
            self.counted.resize(index + 1, 0);
        }
        let before = self.counted[index];
        self.counted[index] = before + arrival.share;
        self.work.raise(token(index), before, before + arrival.share);
        true
    }

    /// How many of those who stand before come in a minute, between these minutes of the doctor's work.
    pub(super) fn coming_in(&self, from_minute: f64, to_minute: f64) -> f64 {
        let (first, last) = (step(from_minute), step(to_minute));
        let steps = last - first + 1;
        let visits: u64 = self.timetable.iter().skip(first).take(steps).sum();
        visits as f64 / f64::from(WHOLE) / (steps as f64 * STEP_MINUTES)
    }
}

fn step(minute: f64) -> usize {
    ((minute / STEP_MINUTES).max(0.0) as usize).min(STEPS - 1)
}
