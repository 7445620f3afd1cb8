//! What came of the day, when it is over.

use super::Replay;
use crate::outcome::{DoctorDay, Ending, Outcome, Seen};

impl Replay<'_> {
    pub(super) fn finish(self) -> Outcome {
        let mut patients: Vec<Seen> = (0..self.people.len()).map(|patient| self.seen(patient)).collect();
        for chair in &self.chairs {
            for visit in &chair.visits {
                let seen = &mut patients[visit.patient];
                seen.start_min = Some(visit.start_min);
                seen.wait_min = Some(visit.start_min - self.people[visit.patient].ready_min());
            }
        }
        let days = self.days.into_iter().zip(self.chairs);
        let doctors = days.map(|(day, chair)| DoctorDay { day, visits: chair.visits }).collect();
        Outcome { patients, doctors, steps: self.steps, ids: self.ids }
    }

    /// What the rows say of a patient.
    fn seen(&self, patient: usize) -> Seen {
        let person = &self.people[patient];
        let token = person.token.and_then(|token| self.days[person.doctor].token(token));
        let without = if person.asked == 0 { Ending::NeverCame } else { Ending::Refused };
        let late = token.and_then(|token| Some(token.started_at?.duration_since(token.promised_at?)));
        Seen {
            token_no: token.map(|token| token.token_no),
            sequence: token.and_then(|token| token.sequence),
            doctor: person.doctor,
            slot: token.and_then(|token| token.slot).map(|slot| self.ids.slot_index(slot)),
            ending: token.map_or(without, |token| Ending::Token(token.status)),
            came_min: person.came_min,
            booked_anew: person.token.is_some_and(|token| token != self.ids.token(patient)),
            called_min: person.called_min,
            start_min: None,
            wait_min: None,
            late_min: late.map(|late| late.as_secs_f64() / 60.0),
            told: person.told,
        }
    }
}
