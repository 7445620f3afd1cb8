//! The independent auditor: checks every decision of a day against the rules as `docs/rules.md` words them.
//!
//! It shares no code with the engine's rules: it reads the rows of the decisions (plain data) into a ledger of its own and
//! works everything out again from what it saw before and after, slowly and obviously. Where it and the engine disagree, one
//! of them has the rule wrong; the replay fails.

mod finding;
mod ledger;
mod life;
mod numbers;
mod order;
mod rows;
mod seats;
mod waitlist;

use baari_engine::{Command, DayKey, Decision, Settings};

use crate::outcome::Step;
use crate::scenario::{Scenario, ScenarioError};
pub use finding::{Check, Finding};
use ledger::Ledger;

/// Checks every step of a day; no findings: no fault.
///
/// # Errors
/// The scenario can't be played at all.
pub fn audit(scenario: &Scenario, steps: &[Step]) -> Result<Vec<Finding>, ScenarioError> {
    let (opening, ids) = (scenario.opening()?, scenario.ids()?);
    let ledger = |(index, doctor): (usize, &crate::Doctor)| {
        let key = DayKey { facility: ids.facility(), doctor: ids.doctor(index), date: scenario.date };
        Ledger::new(key, opening.instant(doctor.starts_min))
    };
    let mut ledgers: Vec<Ledger> = scenario.doctors.iter().enumerate().map(ledger).collect();
    let mut findings = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let audit = Audit { settings: &scenario.settings, step, index };
        audit.check(&mut ledgers[step.doctor], &mut findings);
    }
    for ledger in &ledgers {
        order::nobody_left(ledger, steps.len(), &mut findings);
    }
    Ok(findings)
}

/// The audit of one step.
struct Audit<'a> {
    settings: &'a Settings,
    step: &'a Step,
    index: usize,
}

impl Audit<'_> {
    fn check(&self, ledger: &mut Ledger, findings: &mut Vec<Finding>) {
        let mut found = |check, what| findings.push(Finding { step: self.index, check, what });
        match &self.step.result {
            Err(refusal) => seats::refusal(self, ledger, refusal, &mut found),
            Ok(decision) => {
                self.check_before(ledger, decision, &mut found);
                let touched = seats::touched(ledger, decision);
                life::one_live_token(ledger, decision, &mut found);
                ledger.apply(decision, self.step.now);
                seats::counts(ledger, &touched, &mut found);
                waitlist::nobody_forgotten(self, ledger, decision, &mut found);
            }
        }
    }

    /// What can be told from the state before, and the rows of the decision.
    fn check_before(&self, ledger: &Ledger, decision: &Decision, found: &mut dyn FnMut(Check, String)) {
        rows::version(ledger, decision, found);
        rows::events_and_rows(decision, found);
        rows::identity(ledger, decision, found);
        rows::booked_as_asked(self, ledger, decision, found);
        life::transitions(self, ledger, decision, found);
        life::effect(self, ledger, decision, found);
        life::stamps(self, ledger, decision, found);
        numbers::issued(ledger, decision, found);
        seats::seatings(self, ledger, decision, found);
        seats::frees_one(self, ledger, decision, found);
        waitlist::promoted_in_order(ledger, decision, found);
        if let Command::Book(book) = &self.step.command {
            seats::first_with_room(self, ledger, book, decision, found);
        }
        order::call(self, ledger, decision, found);
    }
}
