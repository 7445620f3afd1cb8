//! The day as JSON.

use anyhow::Result;
use baari_sim::{Estimates, Outcome, Scenario, Summary, Turns, Waits, story};
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a> {
    tokens: Vec<TokenLine<'a>>,
    summary: SummaryPart<'a>,
}

/// One patient of the scenario, in its order.
#[derive(Serialize)]
struct TokenLine<'a> {
    patient: &'a str,
    token_no: Option<u32>,
    sequence_number: Option<f64>,
    /// The index among the doctor's slots.
    slot: Option<usize>,
    /// The doctor who took over from the one that the patient was to see.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_to: Option<&'a str>,
    source: &'static str,
    status: &'static str,
    start_min: Option<f64>,
    /// From arrival, or the appointment if that is later; negative when called before the appointment.
    wait_min: Option<f64>,
    why: Vec<String>,
}

#[derive(Serialize)]
struct SummaryPart<'a> {
    name: &'a str,
    policy: &'static str,
    patients: usize,
    tokens: usize,
    waits: Vec<WaitsPart>,
    no_shows: usize,
    cancelled: usize,
    refused: usize,
    waitlisted: usize,
    let_in: usize,
    moved: usize,
    to_other_doctor: usize,
    displaced: usize,
    pulled_forward: usize,
    recalled: usize,
    passed: usize,
    rejoined: usize,
    given_up: usize,
    booked_anew: usize,
    stranded: usize,
    promise_error_min: f64,
    estimates: EstimatesPart,
    doctors: Vec<DoctorPart<'a>>,
    waiting: Vec<WaitingPart>,
    story: Vec<StoryPart<'a>>,
}

/// What non-emergencies were told at check-in, against their first call.
#[derive(Serialize)]
struct EstimatesPart {
    count: usize,
    error_min: f64,
    /// Share of those who were told a time more than 10 minutes too early.
    too_early: f64,
    /// Share of the calls inside the 80 % band.
    inside_band: Option<f64>,
}

#[derive(Serialize)]
struct StoryPart<'a> {
    minute: f64,
    doctor: &'a str,
    what: String,
}

#[derive(Serialize)]
struct WaitsPart {
    /// A source, or `all`.
    source: &'static str,
    count: usize,
    mean_min: f64,
    p50_min: f64,
    p95_min: f64,
    max_min: f64,
}

#[derive(Serialize)]
struct DoctorPart<'a> {
    name: &'a str,
    visits: usize,
    busy_min: f64,
    idle_min: f64,
    overtime_min: f64,
    utilisation: f64,
}

#[derive(Serialize)]
struct WaitingPart {
    minute: f64,
    people: usize,
}

/// One JSON document and a newline.
pub(super) fn json(scenario: &Scenario, outcome: &Outcome, summary: &Summary) -> Result<String> {
    let report =
        Report { tokens: tokens(scenario, outcome), summary: summary_part(scenario, outcome, summary) };
    let mut text = serde_json::to_string(&report)?;
    text.push('\n');
    Ok(text)
}

fn tokens<'a>(scenario: &'a Scenario, outcome: &Outcome) -> Vec<TokenLine<'a>> {
    let people = scenario.patients.iter().zip(&outcome.patients).zip(outcome.whys());
    let line = |((plan, seen), why): ((&'a baari_sim::Patient, &baari_sim::Seen), Vec<String>)| TokenLine {
        patient: &plan.name,
        token_no: seen.token_no,
        sequence_number: seen.sequence.and_then(|sequence| sequence.to_string().parse().ok()),
        slot: seen.slot,
        moved_to: (seen.doctor != plan.doctor).then(|| scenario.doctors[seen.doctor].name.as_str()),
        source: plan.source.name(),
        status: seen.ending.name(),
        start_min: seen.start_min,
        wait_min: seen.wait_min,
        why,
    };
    people.map(line).collect()
}

fn summary_part<'a>(scenario: &'a Scenario, outcome: &Outcome, summary: &Summary) -> SummaryPart<'a> {
    let by_source = summary.waits.iter().map(|(source, waits)| waits_part(source.name(), waits));
    let doctors = scenario.doctors.iter().zip(&summary.doctors).map(|(plan, doctor)| DoctorPart {
        name: &plan.name,
        visits: doctor.visits,
        busy_min: doctor.busy_min,
        idle_min: doctor.idle_min,
        overtime_min: doctor.overtime_min,
        utilisation: doctor.utilisation,
    });
    let story = story(scenario, outcome).into_iter().map(|line| StoryPart {
        minute: line.minute,
        doctor: &scenario.doctors[line.doctor].name,
        what: line.text,
    });
    let Turns {
        moved,
        to_other_doctor,
        displaced,
        pulled_forward,
        recalled,
        passed,
        rejoined,
        given_up,
        booked_anew,
        stranded,
    } = summary.turns;
    SummaryPart {
        name: &scenario.name,
        policy: scenario.settings.policy.name(),
        patients: scenario.patients.len(),
        tokens: summary.tokens,
        waits: by_source.chain([waits_part("all", &summary.all)]).collect(),
        no_shows: summary.no_shows,
        cancelled: summary.cancelled,
        refused: summary.refused,
        waitlisted: summary.waitlisted,
        let_in: summary.let_in,
        moved,
        to_other_doctor,
        displaced,
        pulled_forward,
        recalled,
        passed,
        rejoined,
        given_up,
        booked_anew,
        stranded,
        promise_error_min: summary.promise_error_min,
        estimates: estimates_part(&summary.estimates),
        doctors: doctors.collect(),
        waiting: summary.waiting.iter().map(|&(minute, people)| WaitingPart { minute, people }).collect(),
        story: story.collect(),
    }
}

const fn estimates_part(estimates: &Estimates) -> EstimatesPart {
    let Estimates { count, error_min, too_early, inside_band } = *estimates;
    EstimatesPart { count, error_min, too_early, inside_band }
}

const fn waits_part(source: &'static str, waits: &Waits) -> WaitsPart {
    let Waits { count, mean_min, p50_min, p95_min, max_min } = *waits;
    WaitsPart { source, count, mean_min, p50_min, p95_min, max_min }
}
