//! The day in plain words: what happened besides people coming and being called, one line each.

use baari_engine::{Command, Event, EventKind, MoveCause, Reason, Status, TokenId};

use crate::outcome::{Outcome, Step};
use crate::scenario::Scenario;

/// Something that is worth telling.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// When.
    pub minute: f64,
    /// The index of the doctor.
    pub doctor: usize,
    /// What, in plain words; patients by their token numbers.
    pub text: String,
}

/// What happened besides people coming and being called: delays, leaves, moves, missed calls, returns, emergencies in the
/// buffer, seats from the waitlist; in the order of time.
pub fn story(scenario: &Scenario, outcome: &Outcome) -> Vec<Line> {
    let mut teller = Teller { scenario, outcome, numbers: vec![None; outcome.patients.len()] };
    let mut lines = Vec::new();
    for step in &outcome.steps {
        let mut say = |text| lines.push(Line { minute: step.minute, doctor: step.doctor, text });
        if let Command::Leave(_) = step.command {
            teller.leave(step, &mut say);
        } else {
            for (_, decision) in step.decisions() {
                decision.tokens.iter().for_each(|token| teller.knows(token.id, token.token_no));
            }
            for (doctor, decision) in step.decisions() {
                for event in &decision.events {
                    teller.event(doctor, event).into_iter().for_each(&mut say);
                }
                teller.no_shows(&decision.events).into_iter().for_each(&mut say);
            }
        }
        for (_, decision) in step.decisions() {
            decision.tokens.iter().for_each(|token| teller.knows(token.id, token.token_no));
        }
    }
    lines
}

struct Teller<'a> {
    scenario: &'a Scenario,
    outcome: &'a Outcome,
    /// The number of each patient's token, as last seen.
    numbers: Vec<Option<u32>>,
}

impl Teller<'_> {
    fn knows(&mut self, token: TokenId, number: u32) {
        self.numbers[self.outcome.ids.patient_index(token)] = Some(number);
    }

    fn token(&self, event: &Event) -> String {
        let patient = event.token.map(|token| self.outcome.ids.patient_index(token));
        let number = patient.and_then(|patient| self.numbers[patient]).unwrap_or_default();
        let name = patient.map_or("", |patient| &self.scenario.patients[patient].name);
        format!("token {number} ({name})")
    }

    /// One line for all who must move.
    fn leave(&self, step: &Step, say: &mut impl FnMut(String)) {
        let Ok(home) = &step.result else {
            say("leaves.".to_owned());
            return;
        };
        let count = |kind| home.events.iter().filter(|event| event.kind == kind).count();
        let mut parts = vec!["leaves".to_owned()];
        let later = count(EventKind::Moved);
        if later > 0 {
            parts.push(format!("{later} to later slots"));
        }
        for (doctor, decision) in &step.beside {
            let came = decision.events.iter().filter(|event| event.kind == EventKind::MovedIn).count();
            if came > 0 {
                parts.push(format!("{came} to {}", self.scenario.doctors[*doctor].name));
            }
        }
        let stranded = count(EventKind::Waitlisted);
        if stranded > 0 {
            parts.push(format!("{stranded} without a seat, for the desk to call"));
        }
        say(format!("{}.", parts.join("; ")));
    }

    /// One line for all whom a slot's end makes no-shows.
    fn no_shows(&self, events: &[Event]) -> Option<String> {
        let absent = events.iter().filter(|event| event.kind == EventKind::Became(Status::NoShow));
        let names: Vec<String> = absent.map(|event| self.token(event)).collect();
        match names.as_slice() {
            [] => None,
            [one] => Some(format!("{one} did not come: a no-show.")),
            [first, rest @ ..] => Some(format!("{first} and {} more did not come: no-shows.", rest.len())),
        }
    }

    fn event(&self, doctor: usize, event: &Event) -> Option<String> {
        let who = self.token(event);
        match event.kind {
            EventKind::DelaySaid => event.reasons.first().map(|reason| match reason {
                Reason::RunningLate { minutes, why: None } => format!("says: {minutes} minutes late."),
                Reason::RunningLate { minutes, why: Some(why) } => format!("says: {minutes} minutes, {why}."),
                _ => "is here again.".to_owned(),
            }),
            EventKind::Recalled => Some(format!("{who} is called once more.")),
            EventKind::Became(Status::Passed) => Some(format!("{who} did not come when called: passed.")),
            EventKind::Became(Status::Arrived) => event.reasons.iter().find_map(|reason| match reason {
                Reason::Rejoined { behind } => Some(format!("{who} is back, behind {behind} others.")),
                _ => None,
            }),
            EventKind::Became(Status::Cancelled) => Some(format!("{who} cancels.")),
            EventKind::Promoted => Some(format!("{who} gets a seat from the waiting list.")),
            EventKind::Moved => Some(format!("{who} {}.", moved(event))),
            EventKind::MovedIn => {
                let name = &self.scenario.doctors[doctor].name;
                Some(format!("{who} now goes to {name}."))
            }
            EventKind::Booked => event.reasons.iter().find_map(|reason| match reason {
                Reason::BufferUsed { window, .. } => {
                    Some(format!("{who}, an emergency, takes a seat of the buffer of {window}."))
                }
                _ => None,
            }),
            _ => None,
        }
    }
}

fn moved(event: &Event) -> String {
    let how = event.reasons.iter().find_map(|reason| match reason {
        Reason::Moved { to, cause: MoveCause::CameForward, .. } => Some(format!("comes forward to {to}")),
        Reason::Moved { to, cause: MoveCause::Displaced(_), .. } => {
            Some(format!("gives way, and has {to} now"))
        }
        Reason::Moved { to, .. } => Some(format!("moves to {to}")),
        _ => None,
    });
    how.unwrap_or_else(|| "moves".to_owned())
}
