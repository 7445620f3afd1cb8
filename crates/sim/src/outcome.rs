//! What came of a day: when each visit started, and every decision on the way.

use jiff::Timestamp;

use baari_engine::{Command, Day, Decision, Event, EventKind, Reason, Refusal, SequenceNumber, Status};

use crate::ids::Ids;
use crate::told::Told;

/// What came of a day.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// One for each patient of the scenario, in its order.
    pub patients: Vec<Seen>,
    /// One for each doctor of the scenario, in its order.
    pub doctors: Vec<DoctorDay>,
    /// Every command and what was decided, in the order of time.
    pub steps: Vec<Step>,
    /// The ids that the rows carry.
    pub ids: Ids,
}

/// What came of one patient's day.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What the patient was called by.
    pub token_no: Option<u32>,
    /// The last sequence number.
    pub sequence: Option<SequenceNumber>,
    /// The index of the doctor whose patient this is in the end.
    pub doctor: usize,
    /// The index of the slot, within that doctor's.
    pub slot: Option<usize>,
    /// How it ended.
    pub ending: Ending,
    /// When the patient came; of one who had to book anew, when that was.
    pub came_min: Option<f64>,
    /// Has another token than the first one, which was given up as a no-show.
    pub booked_anew: bool,
    /// When the patient was first called.
    pub called_min: Option<f64>,
    /// When the visit started.
    pub start_min: Option<f64>,
    /// From the patient's time (arrival, or the appointment if that is later) to the start; negative when called early.
    pub wait_min: Option<f64>,
    /// How far the first promise was from the start, in minutes; positive when the patient was called later.
    pub late_min: Option<f64>,
    /// What the patient was told at check-in.
    pub told: Option<Told>,
}

/// How a patient's day ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With a token in this status.
    Token(Status),
    /// Without a token: there was no seat.
    Refused,
    /// Would have taken a token on arrival, and never came.
    NeverCame,
}

impl Ending {
    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token(status) => status.name(),
            Self::Refused => "refused",
            Self::NeverCame => Status::NoShow.name(),
        }
    }
}

/// What came of one doctor's day.
#[derive(Debug, Clone)]
pub struct DoctorDay {
    /// The doctor-day at the end.
    pub day: Day,
    /// The visits, in the order of time.
    pub visits: Vec<Visit>,
}

/// One visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// The index of the patient.
    pub patient: usize,
    /// When it started.
    pub start_min: f64,
    /// When it ended.
    pub end_min: f64,
}

/// One command and what was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The index of the doctor.
    pub doctor: usize,
    /// The minute.
    pub minute: f64,
    /// The same, as the engine was told.
    pub now: Timestamp,
    /// What was asked.
    pub command: Command,
    /// What was decided for this doctor's day.
    pub result: Result<Decision, Refusal>,
    /// What was decided, in one with that, for the days of other doctors: those that changed, by the index of the doctor.
    pub beside: Vec<(usize, Decision)>,
}

impl Step {
    /// All decisions of the step with the indices of the doctors whose days they are for: first that of its own doctor.
    pub fn decisions(&self) -> impl Iterator<Item = (usize, &Decision)> {
        let home = self.result.iter().map(|decision| (self.doctor, decision));
        home.chain(self.beside.iter().map(|(doctor, decision)| (*doctor, decision)))
    }
}

impl Outcome {
    /// Everything that happened to a token, a slot or a day, with its step, in the order of time.
    pub fn events(&self) -> impl Iterator<Item = (&Step, usize, &Event)> {
        let decisions =
            self.steps.iter().flat_map(|step| step.decisions().map(move |(doctor, one)| (step, doctor, one)));
        decisions.flat_map(|(step, doctor, one)| one.events.iter().map(move |event| (step, doctor, event)))
    }

    /// For each patient, in plain words, why they got what they got.
    pub fn whys(&self) -> Vec<Vec<String>> {
        let mut whys = vec![Vec::new(); self.patients.len()];
        for step in &self.steps {
            if let (Command::Book(book), Err(refusal)) = (&step.command, &step.result) {
                whys[self.ids.patient_index(book.token)].extend(refusal_sentences(refusal));
            }
            for event in step.decisions().flat_map(|(_, decision)| &decision.events) {
                let Some(token) = event.token.filter(|_| is_told(event)) else { continue };
                let sentences = event.reasons.iter().map(Reason::to_string);
                whys[self.ids.patient_index(token)].extend(sentences);
            }
        }
        whys
    }
}

/// Coming and being called need no explanation, unless it is the second time; who goes to another doctor is told there.
fn is_told(event: &Event) -> bool {
    let plain = matches!(
        event.kind,
        EventKind::Became(Status::Arrived | Status::Called | Status::InConsultation | Status::Completed)
            | EventKind::MovedAway
    );
    !plain || event.reasons.iter().any(|reason| matches!(reason, Reason::Rejoined { .. }))
}

fn refusal_sentences(refusal: &Refusal) -> Vec<String> {
    let mut sentences = vec![sentence(&refusal.to_string())];
    if let Refusal::NoSeat { looked_at, .. } = refusal {
        sentences.extend(looked_at.iter().map(Reason::to_string));
    }
    sentences
}

/// Errors begin with a small letter and have no full stop; sentences do.
fn sentence(error: &str) -> String {
    let mut letters = error.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).chain(['.']).collect())
}
