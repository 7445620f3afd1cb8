//! What happened to tokens besides being booked and called.

use baari_engine::{EventKind, MoveCause, Reason, Status};

use crate::outcome::{Ending, Outcome};

/// What happened to tokens besides being booked and called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turns {
    /// Moves to another slot of the same doctor, because the doctor leaves, a slot is cancelled or by hand.
    pub moved: usize,
    /// Moves to another doctor.
    pub to_other_doctor: usize,
    /// Moves to a later slot, because a higher band needed the seat.
    pub displaced: usize,
    /// Moves to an earlier slot of those who agreed to come earlier.
    pub pulled_forward: usize,
    /// Calls that were made once more.
    pub recalled: usize,
    /// Calls that nobody came to in time.
    pub passed: usize,
    /// Returns after such a call.
    pub rejoined: usize,
    /// Tokens that were given up as no-shows, also of patients who came later and booked anew.
    pub given_up: usize,
    /// New tokens of such patients.
    pub booked_anew: usize,
    /// Patients who lost their seat and wait for one still when the day is over.
    pub stranded: usize,
}

impl Turns {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let mut turns = Self::default();
        let mut stranded = vec![false; outcome.patients.len()];
        for (_, _, event) in outcome.events() {
            let count = match event.kind {
                EventKind::Moved => turns.of_cause(&event.reasons),
                EventKind::MovedIn => &mut turns.to_other_doctor,
                EventKind::Recalled => &mut turns.recalled,
                EventKind::Became(Status::Passed) => &mut turns.passed,
                EventKind::Became(Status::NoShow) => &mut turns.given_up,
                EventKind::Became(Status::Arrived) if has_rejoined(&event.reasons) => &mut turns.rejoined,
                EventKind::Waitlisted if has_lost_seat(&event.reasons) => {
                    if let Some(token) = event.token {
                        stranded[outcome.ids.patient_index(token)] = true;
                    }
                    continue;
                }
                _ => continue,
            };
            *count += 1;
        }
        let still = |(seen, stranded): &(&crate::Seen, bool)| {
            *stranded && seen.ending == Ending::Token(Status::Waitlisted)
        };
        turns.stranded = outcome.patients.iter().zip(stranded).filter(still).count();
        turns.booked_anew = outcome.patients.iter().filter(|seen| seen.booked_anew).count();
        turns
    }

    fn of_cause(&mut self, reasons: &[Reason]) -> &mut usize {
        let cause = reasons.iter().find_map(|reason| match reason {
            Reason::Moved { cause, .. } => Some(cause),
            _ => None,
        });
        match cause {
            Some(MoveCause::Displaced(_)) => &mut self.displaced,
            Some(MoveCause::CameForward) => &mut self.pulled_forward,
            Some(
                MoveCause::DoctorLeaves
                | MoveCause::SlotCancelled
                | MoveCause::FewerSeats
                | MoveCause::ByHand(_),
            )
            | None => &mut self.moved,
        }
    }
}

fn has_rejoined(reasons: &[Reason]) -> bool {
    reasons.iter().any(|reason| matches!(reason, Reason::Rejoined { .. }))
}

fn has_lost_seat(reasons: &[Reason]) -> bool {
    reasons.iter().any(|reason| matches!(reason, Reason::NoRoomLeft(_)))
}
