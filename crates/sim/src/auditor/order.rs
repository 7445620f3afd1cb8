//! The order of calls: the policies in a second wording, one visit at a time, and no doctor idle while somebody waits.

use std::cmp::Ordering;

use jiff::Timestamp;

use baari_engine::{Command, Decision, PolicyKind, Settings, Source, Status, Token};

use super::ledger::{Ledger, is_served};
use super::{Audit, Check, Finding};

/// Whoever is called is the first of those present.
pub(super) fn call(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    found: &mut dyn FnMut(Check, String),
) {
    let Command::SetStatus(change) = &audit.step.command else { return };
    let subject = decision.tokens.iter().find(|token| token.id == change.token);
    if subject.is_none_or(|token| token.status != Status::Called) {
        return;
    }
    let Some(called) = ledger.token(change.token) else { return };
    if let Some(other) = ledger.tokens.iter().find(|token| is_served(token.status)) {
        found(Check::OneVisit, format!("{} is called while {} is seen", called.token_no, other.token_no));
    }
    let present: Vec<&Token> = ledger.tokens.iter().filter(|token| token.status == Status::Arrived).collect();
    let line = Line { ledger, settings: audit.settings, now: audit.step.now, present: &present };
    for other in present.iter().filter(|other| other.id != called.id) {
        // A place by hand is the desk's own order.
        if called.placed.is_some() || other.placed.is_some() {
            continue;
        }
        if line.compare(called, other) == Ordering::Greater {
            let (first, now) = (other.token_no, called.token_no);
            found(Check::CalledFirst, format!("{now} is called, and {first} goes before"));
        }
        if audit.settings.policy == PolicyKind::Target && !line.may_pass(called, other) {
            found(Check::PassingBound, format!("{} passes {}", called.token_no, other.token_no));
        }
    }
    let since = ledger.present_since.iter().flatten().min();
    let could = since.map(|since| ledger.free_since.max(*since));
    if could.is_some_and(|could| could < audit.step.now) || audit.step.now < ledger.free_since {
        found(Check::Idle, format!("{} could have been called at {could:?}", called.token_no));
    }
}

/// The doctor goes on until nobody present waits.
pub(super) fn nobody_left(ledger: &Ledger, steps: usize, findings: &mut Vec<Finding>) {
    for token in &ledger.tokens {
        if token.status == Status::Arrived || is_served(token.status) {
            let what = format!("token {} is {} when the day is over", token.token_no, token.status);
            findings.push(Finding { step: steps, check: Check::Idle, what });
        }
    }
}

struct Line<'a> {
    ledger: &'a Ledger,
    settings: &'a Settings,
    now: Timestamp,
    present: &'a [&'a Token],
}

impl Line<'_> {
    /// Who goes first by the policy. Ties: earlier arrival, then the lower token number.
    fn compare(&self, a: &Token, b: &Token) -> Ordering {
        let emergencies = is_emergency(b).cmp(&is_emergency(a));
        let arrival = a.arrived_at.cmp(&b.arrived_at);
        let by_policy = match self.settings.policy {
            PolicyKind::Band => emergencies
                .then_with(|| self.slot_start(a).cmp(&self.slot_start(b)))
                .then_with(|| a.sequence.cmp(&b.sequence)),
            PolicyKind::Target => {
                emergencies.then_with(|| self.target_ns(a).cmp(&self.target_ns(b))).then(arrival)
            }
            PolicyKind::Fcfs => arrival,
            PolicyKind::Strict => a.band.number().cmp(&b.band.number()).then(arrival),
            PolicyKind::Apq => self.priority(b).cmp(&self.priority(a)).then(arrival),
        };
        by_policy.then(a.token_no.cmp(&b.token_no))
    }

    fn slot_start(&self, token: &Token) -> Option<Timestamp> {
        token.slot.and_then(|id| self.ledger.slot(id)).map(|slot| slot.window.starts_at())
    }

    /// When this token has waited as long as is fair; an emergency has from the first moment.
    fn target_ns(&self, token: &Token) -> i128 {
        if is_emergency(token) { ready_ns(token) } else { ready_ns(token) + self.allowance_ns(token) }
    }

    fn allowance_ns(&self, token: &Token) -> i128 {
        self.settings.allowances[token.class].as_nanos()
    }

    /// The accumulated priority; while nobody has waited beyond their time, the (negative) wait itself.
    fn priority(&self, token: &Token) -> i128 {
        let waited = |token: &Token| self.now.as_nanosecond() - ready_ns(token);
        if self.present.iter().all(|other| waited(other) <= 0) {
            return waited(token);
        }
        waited(token) * i128::from(self.settings.rates_milli[token.class])
    }

    /// Nobody but an emergency passes who became ready more than (own − other's allowance) later.
    fn may_pass(&self, called: &Token, waiting: &Token) -> bool {
        let later = ready_ns(called) - ready_ns(waiting);
        is_emergency(called)
            || (!is_emergency(waiting) && later <= self.allowance_ns(waiting) - self.allowance_ns(called))
    }
}

fn is_emergency(token: &Token) -> bool {
    token.source == Source::Emergency
}

/// Not before they came, not before their time.
fn ready_ns(token: &Token) -> i128 {
    let times = [token.arrived_at, token.appointment_at];
    times.into_iter().flatten().map(Timestamp::as_nanosecond).max().unwrap_or(i128::MAX)
}
