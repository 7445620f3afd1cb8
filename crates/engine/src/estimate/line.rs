//! Those who stand before somebody, while the queue is gone through from its head.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::time::milliseconds;
use super::work::{WHOLE, Work};
use crate::token::Token;

/// A step of the timetable; the last one has all that comes later.
const STEP_MINUTES: i64 = 5;
const STEPS: i64 = 288;

/// Everybody before the next place. Times are milliseconds from now.
#[derive(Debug)]
pub(super) struct Line {
    /// From when on the doctor works.
    from: i64,
    work: Work,
    /// Arrivals that have not been counted yet, the earliest first: when, whose, and with what chance.
    expected: BinaryHeap<Reverse<(i64, usize, u32)>>,
    /// Of each of the absent, the chance that has been counted.
    counted: Vec<u32>,
    /// Arrivals after `from`, counted or not, by when they come: in parts of a visit.
    timetable: Vec<u64>,
}

impl Line {
    /// Nobody yet, before a doctor who works from this minute on.
    pub(super) fn new(from_minute: f64) -> Self {
        Self {
            from: milliseconds(from_minute),
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

    /// Somebody who may come, with this chance in parts of [`WHOLE`].
    pub(super) fn expect(&mut self, index: usize, at: i64, share: u32) {
        self.expected.push(Reverse((at, index, share)));
        if at <= self.from {
            return;
        }
        let step = step(at - self.from);
        if self.timetable.len() <= step {
            self.timetable.resize(step + 1, 0);
        }
        self.timetable[step] += u64::from(share);
    }

    /// Counts the arrivals that are not after this minute; false when there is none.
    pub(super) fn arrive<'t>(&mut self, until_minute: f64, token: impl Fn(usize) -> &'t Token) -> bool {
        let until = milliseconds(until_minute);
        let mut any = false;
        while let Some(&Reverse((at, index, share))) = self.expected.peek() {
            if at > until {
                break;
            }
            self.expected.pop();
            if self.counted.len() <= index {
                self.counted.resize(index + 1, 0);
            }
            let before = self.counted[index];
            self.counted[index] = before + share;
            self.work.raise(token(index), before, before + share);
            any = true;
        }
        any
    }

    /// How many of those who stand before come in a minute, between these minutes of the doctor's work.
    pub(super) fn coming_in(&self, from_minute: f64, to_minute: f64) -> f64 {
        let (first, last) = (step(milliseconds(from_minute)), step(milliseconds(to_minute)));
        let steps = last - first + 1;
        let visits: u64 = self.timetable.iter().skip(first).take(steps).sum();
        visits as f64 / f64::from(WHOLE) / (steps as f64 * STEP_MINUTES as f64)
    }
}

/// Arrivals that will stand further behind than those who may come stand now: before which place, whose, when, and with what
/// chance.
#[derive(Debug, Default)]
pub(super) struct Behind(BinaryHeap<Reverse<(usize, usize, i64, u32)>>);

impl Behind {
    pub(super) fn put(&mut self, before: usize, whose: usize, at: i64, share: u32) {
        self.0.push(Reverse((before, whose, at, share)));
    }

    /// One that stands before this place, if there is any: whose, when, and with what chance.
    pub(super) fn take(&mut self, place: usize) -> Option<(usize, i64, u32)> {
        let first = self.0.peek().filter(|Reverse((before, ..))| *before <= place);
        let Reverse((_, whose, at, share)) = *first?;
        self.0.pop();
        Some((whose, at, share))
    }
}

fn step(milliseconds: i64) -> usize {
    let step = (milliseconds / (STEP_MINUTES * 60_000)).clamp(0, STEPS - 1);
    usize::try_from(step).unwrap_or(0)
}
