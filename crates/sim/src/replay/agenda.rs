//! What will happen in a day whatever the doctors do, in the order of time.

use crate::scenario::Scenario;

/// Something that happens at its minute. At one minute, the earlier variant goes first; then the order of the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Happening {
    /// A slot's time is up.
    SlotEnds { doctor: usize, slot: usize },
    /// A doctor begins calling.
    DoctorStarts { doctor: usize },
    /// A patient comes in.
    Arrives { patient: usize },
    /// A patient says that they will not come, or leaves.
    Cancels { patient: usize },
}

/// Everything that will happen, the earliest first.
#[derive(Debug)]
pub(super) struct Agenda {
    entries: Vec<(f64, Happening)>,
    next: usize,
}

impl Agenda {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let mut entries = Vec::with_capacity(2 * scenario.patients.len() + 8 * scenario.doctors.len());
        for (doctor, plan) in scenario.doctors.iter().enumerate() {
            entries.push((plan.starts_min, Happening::DoctorStarts { doctor }));
            let slots = plan.slots.iter().enumerate();
            entries.extend(slots.map(|(slot, plan)| (plan.end_min, Happening::SlotEnds { doctor, slot })));
        }
        for (patient, plan) in scenario.patients.iter().enumerate() {
            if plan.shows {
                entries.push((plan.arrive_min, Happening::Arrives { patient }));
            }
            if let Some(minute) = plan.cancels_min {
                entries.push((minute, Happening::Cancels { patient }));
            }
        }
        for (minute, _) in &mut entries {
            // There is one zero, not two.
            *minute += 0.0;
        }
        entries.sort_by(|(a, first), (b, second)| a.total_cmp(b).then(first.cmp(second)));
        Self { entries, next: 0 }
    }

    /// The minute of the next entry.
    pub(super) fn next_minute(&self) -> Option<f64> {
        self.entries.get(self.next).map(|(minute, _)| *minute)
    }

    /// Takes the next entry, if it happens at this minute.
    pub(super) fn take_at(&mut self, minute: f64) -> Option<Happening> {
        let (at, happening) = *self.entries.get(self.next)?;
        if at > minute {
            return None;
        }
        self.next += 1;
        Some(happening)
    }
}
