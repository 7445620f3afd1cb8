//! Those who stand before somebody, while the queue is gone through from its head.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::time::milliseconds;
use super::work::Work;

/// Arrivals are counted by the minute, for a day; the last minute has all that come later.
const STEP_MILLISECONDS: i64 = 60_000;
const STEPS: i64 = 24 * 60;
/// How many people come in is looked at over this many steps at least.
const LOOK_STEPS: usize = 5;

/// Everybody before the next place. Times are milliseconds from now.
#[derive(Debug)]
pub(super) struct Line {
    /// From when on the doctor works.
    from: i64,
    /// Who is here, and who comes before `next`.
    work: Work,
    /// Who comes in each minute after `from`.
    timetable: Vec<Work>,
    next: usize,
}

impl Line {
    /// Nobody yet, before a doctor who works from this minute on.
    pub(super) fn new(from_minute: f64) -> Self {
        Self { from: milliseconds(from_minute), work: Work::NONE, timetable: Vec::new(), next: 0 }
    }

    pub(super) const fn work(&self) -> &Work {
        &self.work
    }

    /// Somebody who is here.
    pub(super) fn add(&mut self, work: &Work) {
        self.work.add(work);
    }

    /// Somebody who may come.
    pub(super) fn expect(&mut self, at: i64, work: &Work) {
        if at <= self.from {
            self.work.add(work);
            return;
        }
        let step = step(at - self.from);
        if self.timetable.len() <= step {
            self.timetable.resize(step + 1, Work::NONE);
        }
        self.timetable[step].add(work);
        if step < self.next {
            self.work.add(work);
        }
    }

    /// Counts who comes within so many minutes of the doctor's work; false when nobody does.
    pub(super) fn arrive(&mut self, within_minutes: f64) -> bool {
        let until = step(milliseconds(within_minutes)).min(self.timetable.len());
        let come = self.timetable.get(self.next..until).unwrap_or_default();
        come.iter().for_each(|work| self.work.add(work));
        self.next = self.next.max(until);
        come.iter().any(|work| *work != Work::NONE)
    }

    /// How many of those who stand before come in a minute, between these minutes of the doctor's work.
    pub(super) fn coming_in(&self, from_minute: f64, to_minute: f64) -> f64 {
        let (from, to) = (step(milliseconds(from_minute)), step(milliseconds(to_minute)));
        let to = to.max(from + LOOK_STEPS);
        let mut come = Work::NONE;
        self.timetable.iter().take(to).skip(from).for_each(|work| come.add(work));
        come.visits() / (to - from) as f64
    }
}

/// Arrivals that will stand further behind than those who may come stand now: before which place, whose, and which one.
#[derive(Debug, Default)]
pub(super) struct Behind(BinaryHeap<Reverse<(usize, usize, usize)>>);

impl Behind {
    pub(super) fn put(&mut self, before: usize, whose: usize, nth: usize) {
        self.0.push(Reverse((before, whose, nth)));
    }

    /// One that stands before this place, if there is any: whose, and which one.
    pub(super) fn take(&mut self, place: usize) -> Option<(usize, usize)> {
        let first = self.0.peek().filter(|Reverse((before, ..))| *before <= place);
        let Reverse((_, whose, nth)) = *first?;
        self.0.pop();
        Some((whose, nth))
    }
}

fn step(milliseconds: i64) -> usize {
    let step = (milliseconds / STEP_MILLISECONDS).clamp(0, STEPS - 1);
    usize::try_from(step).unwrap_or(0)
}
