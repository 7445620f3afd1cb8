//! The independent auditor: checks every decision of a day against the rules as `docs/rules.md` words them.
//!
//! It shares no code with the engine's rules: it reads the rows of the decisions (plain data) into a ledger of its own and
//! works everything out again from what it saw before and after, slowly and obviously. Where it and the engine disagree, one
//! of them has the rule wrong; the replay fails.
//!
//! Start reading at `auditor/seating.rs`: who has which seat after a command, worked out a second time.

mod booking;
mod finding;
mod ledger;
mod life;
mod moves;
mod numbers;
mod order;
mod places;
mod planner;
mod refusal;
mod room;
mod rows;
mod seating;
mod seats;

use baari_engine::{Day, DayKey, Decision, DoctorStatus, Settings};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::outcome::Step;
use crate::scenario::{Scenario, ScenarioError};
pub use finding::{Check, Finding};
use ledger::Ledger;

type Found<'a> = dyn FnMut(Check, String) + 'a;

/// What a step was decided on, besides the doctor-days themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// The date in the facility's zone.
    pub today: Date,
    /// The doctors that were decided on together, the one that the command is about first.
    pub doctors: Vec<(usize, DoctorStatus)>,
}

/// Checks every step of a day; no findings: no fault.
///
/// # Errors
/// The scenario can't be played at all.
pub fn audit(scenario: &Scenario, steps: &[Step]) -> Result<Vec<Finding>, ScenarioError> {
    let (opening, ids) = (scenario.opening()?, scenario.ids()?);
    let day = |index| {
        Day::empty(DayKey { facility: ids.facility(), doctor: ids.doctor(index), date: scenario.date })
    };
    let days: Vec<Day> = (0..scenario.doctors.len()).map(day).collect();
    let mut auditor = Auditor::new(&scenario.settings, &days);
    auditor.rehearsal = true;
    for (ledger, doctor) in auditor.ledgers.iter_mut().zip(&scenario.doctors) {
        ledger.free_since = opening.instant(doctor.starts_min);
    }
    let mut findings = Vec::new();
    for step in steps {
        // Only doctors of the same speciality take over.
        let doctors = std::iter::once(step.doctor).chain(scenario.colleagues(step.doctor));
        let doctors = doctors.map(|doctor| (doctor, DoctorStatus::Active)).collect();
        findings.extend(auditor.check(step, &Around { today: scenario.date, doctors }));
    }
    for ledger in &auditor.ledgers {
        order::nobody_left(ledger, steps.len(), &mut findings);
    }
    Ok(findings)
}

/// Checks every step of days that began like this, decided on together, on their date, by doctors who see patients.
pub fn audit_steps(settings: &Settings, days: &[Day], steps: &[Step]) -> Vec<Finding> {
    Auditor::new(settings, days).check_all(steps)
}

/// Checks steps one after the other.
pub struct Auditor<'a> {
    settings: &'a Settings,
    ledgers: Vec<Ledger>,
    steps: usize,
    /// The doctor calls whoever is first, as soon as possible, as the replay's doctors do.
    rehearsal: bool,
}

impl<'a> Auditor<'a> {
    /// Knows these days, one for each doctor, as they are before the first step.
    pub fn new(settings: &'a Settings, days: &[Day]) -> Self {
        let ledgers = days.iter().map(|day| Ledger::of(day, Timestamp::MIN)).collect();
        Self { settings, ledgers, steps: 0, rehearsal: false }
    }

    /// Checks the next step and takes its rows over.
    pub fn check(&mut self, step: &Step, around: &Around) -> Vec<Finding> {
        let (index, rehearsal) = (self.steps, self.rehearsal);
        let audit = Audit { settings: self.settings, step, around, rehearsal };
        let mut findings = Vec::new();
        audit
            .check(&mut self.ledgers, &mut |check, what| findings.push(Finding { step: index, check, what }));
        self.steps += 1;
        findings
    }

    /// The token numbers of those who wait with this doctor, in the order of the policy.
    pub fn order(&self, doctor: usize, now: Timestamp) -> Vec<u32> {
        let line = order::line(self.settings, &self.ledgers[doctor], now);
        line.iter().map(|token| token.token_no).collect()
    }

    fn check_all(&mut self, steps: &[Step]) -> Vec<Finding> {
        let doctors = self.ledgers.len();
        let mut findings = Vec::new();
        for step in steps {
            let others = (0..doctors).filter(|other| *other != step.doctor);
            let doctors = std::iter::once(step.doctor).chain(others);
            let around = Around {
                today: self.ledgers[step.doctor].key.date,
                doctors: doctors.map(|doctor| (doctor, DoctorStatus::Active)).collect(),
            };
            findings.extend(self.check(step, &around));
        }
        findings
    }
}

/// The audit of one step.
#[derive(Clone, Copy)]
struct Audit<'a> {
    settings: &'a Settings,
    step: &'a Step,
    around: &'a Around,
    rehearsal: bool,
}

impl Audit<'_> {
    fn check(&self, ledgers: &mut [Ledger], found: &mut Found<'_>) {
        let home = match &self.step.result {
            Err(refusal) => return refusal::justified(self, ledgers, refusal, found),
            Ok(home) => home,
        };
        let beside = self.step.beside.iter().map(|(doctor, decision)| (*doctor, decision));
        let decisions: Vec<(usize, &Decision)> =
            std::iter::once((self.step.doctor, home)).chain(beside).collect();
        for (doctor, decision) in &decisions {
            self.check_rows(&ledgers[*doctor], decision, found);
        }
        let ledger = &ledgers[self.step.doctor];
        self.check_home(ledger, home, found);
        moves::departures(self, ledgers, &decisions, found);
        let expected = seating::expected(self, ledgers, home);
        let line = places::expected(self, ledger, home);
        for (doctor, decision) in decisions {
            let touched = seats::touched(&ledgers[doctor], decision);
            moves::causes(self, ledgers, doctor, decision, found);
            life::one_live_token(&ledgers[doctor], decision, found);
            ledgers[doctor].apply(decision, self.step.now);
            seats::counts(&ledgers[doctor], &touched, found);
        }
        places::stand(self, &ledgers[self.step.doctor], line, found);
        moves::as_expected(self, ledgers, expected.as_ref(), found);
    }

    /// What can be told of the rows of any of the days, from what they were before.
    fn check_rows(&self, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
        rows::version(ledger, decision, found);
        rows::nothing_changes(ledger, decision, found);
        rows::events_and_rows(ledger, decision, found);
        rows::identity(ledger, decision, found);
        rows::untouched(self, ledger, decision, found);
        life::transitions(self, ledger, decision, found);
        life::stamps(self, ledger, decision, found);
        numbers::issued(ledger, decision, found);
        seats::seatings(self, ledger, decision, found);
    }

    /// What only the day that the command is about can tell.
    fn check_home(&self, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
        rows::why_unchanged(decision, found);
        rows::booked_as_asked(self, ledger, decision, found);
        life::effect(self, ledger, decision, found);
        seats::frees_one(self, ledger, decision, found);
        order::call(self, ledger, decision, found);
        room::next(self, ledger, decision, found);
        room::undo(self, ledger, decision, found);
        room::lapse(self, ledger, decision, found);
        room::delay(self, ledger, decision, found);
    }
}
