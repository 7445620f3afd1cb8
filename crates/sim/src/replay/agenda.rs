//! What is going to happen in a day, in the order of time.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::scenario::Scenario;

/// Something that happens at its minute. At one minute, the earlier variant goes first; then the order of the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Happening {
    /// A slot's time is up.
    SlotEnds { doctor: usize, slot: usize },
    /// Something of this doctor-day is due.
    Lapses { doctor: usize },
    /// The time to come to this call is over.
    GraceEnds { doctor: usize, patient: usize },
    /// A doctor begins calling.
    DoctorStarts { doctor: usize },
    /// A doctor is back from a break.
    DoctorReturns { doctor: usize },
    /// A doctor says to be late or away.
    SaysDelay { doctor: usize, delay: usize },
    /// A patient who was called and has not come is called once more.
    Recalls { doctor: usize, patient: usize },
    /// A patient comes in.
    Arrives { patient: usize },
    /// A patient who was away when called is back.
    Returns { patient: usize },
    /// A patient says that they will not come, or leaves.
    Cancels { patient: usize },
    /// A doctor leaves for the day.
    Leaves { doctor: usize },
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    minute: f64,
    happening: Happening,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.minute.total_cmp(&other.minute).then(self.happening.cmp(&other.happening))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

/// Everything that is known to happen, the earliest first.
#[derive(Debug)]
pub(super) struct Agenda {
    entries: BinaryHeap<Reverse<Entry>>,
}

impl Agenda {
    /// What happens whatever the doctors do.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let capacity = 2 * scenario.patients.len() + 8 * scenario.doctors.len();
        let mut agenda = Self { entries: BinaryHeap::with_capacity(capacity) };
        for (doctor, plan) in scenario.doctors.iter().enumerate() {
            agenda.put(plan.starts_min, Happening::DoctorStarts { doctor });
            for (slot, plan) in plan.slots.iter().enumerate() {
                agenda.put(plan.end_min, Happening::SlotEnds { doctor, slot });
            }
            for (delay, said) in plan.delays.iter().enumerate() {
                agenda.put(said.at_min, Happening::SaysDelay { doctor, delay });
            }
            if let Some(minute) = plan.leaves_min {
                agenda.put(minute, Happening::Leaves { doctor });
            }
        }
        for (patient, plan) in scenario.patients.iter().enumerate() {
            if plan.shows {
                agenda.put(plan.arrive_min, Happening::Arrives { patient });
            }
            if let Some(minute) = plan.cancels_min {
                agenda.put(minute, Happening::Cancels { patient });
            }
        }
        agenda
    }

    /// One more thing that will happen.
    pub(super) fn put(&mut self, minute: f64, happening: Happening) {
        // There is one zero, not two.
        self.entries.push(Reverse(Entry { minute: minute + 0.0, happening }));
    }

    /// The minute of the next entry.
    pub(super) fn next_minute(&self) -> Option<f64> {
        self.entries.peek().map(|entry| entry.0.minute)
    }

    /// Takes the next entry, if it happens by this minute.
    pub(super) fn take_by(&mut self, minute: f64) -> Option<Happening> {
        let due = self.next_minute().is_some_and(|next| next <= minute);
        if due { self.entries.pop().map(|entry| entry.0.happening) } else { None }
    }
}
