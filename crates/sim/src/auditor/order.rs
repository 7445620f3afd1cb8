//! The order of calls: the policies in a second wording, one visit at a time, and no doctor idle while somebody waits.

use std::cmp::{Ordering, Reverse};

use jiff::Timestamp;

use baari_engine::{Command, Decision, Placed, PolicyKind, Settings, Source, Status, Token};

use super::ledger::{Ledger, is_served, waits};
use super::{Audit, Check, Finding, Found};

/// In a rehearsal whoever is called is the first of those present, and the doctor is never idle.
pub(super) fn call(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    let called = decision.tokens.iter().find(|token| token.status == Status::Called);
    let calls = matches!(audit.step.command, Command::SetStatus(_) | Command::Next(_));
    let Some(called) = called.filter(|_| calls && audit.rehearsal) else { return };
    let Some(called) = ledger.token(called.id) else { return };
    let finished = |token: &Token| {
        decision.tokens.iter().any(|row| row.id == token.id && row.status == Status::Completed)
    };
    let mut served = ledger.tokens.iter().filter(|token| is_served(token.status) && !finished(token));
    if let Some(other) = served.next() {
        found(Check::OneVisit, format!("{} is called while {} is seen", called.token_no, other.token_no));
    }
    if let Some(other) = goes_before(audit, ledger, called) {
        let (first, now) = (other.token_no, called.token_no);
        found(Check::CalledFirst, format!("{now} is called, and {first} goes before"));
    }
    let line = Line::of(audit, ledger);
    let unfairly = |other: &&&Token| {
        audit.settings.policy == PolicyKind::Target
            && called.placed.is_none()
            && other.placed.is_none()
            && !line.may_pass(called, other)
    };
    for other in line.present.iter().filter(|other| other.id != called.id).filter(unfairly) {
        found(Check::PassingBound, format!("{} passes {}", called.token_no, other.token_no));
    }
    let since = ledger.present_since.iter().flatten().min();
    let could = since.map(|since| ledger.free_since.max(*since));
    let just_finished = ledger.tokens.iter().any(finished);
    let idle = could.is_some_and(|could| could < audit.step.now) && !just_finished;
    if idle || audit.step.now < ledger.free_since {
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

/// Whoever is here and should be called before this one.
pub(super) fn goes_before<'a>(audit: &Audit<'a>, ledger: &'a Ledger, called: &Token) -> Option<&'a Token> {
    let line = Line::of(audit, ledger);
    let first = |other: &&&Token| other.id != called.id && line.compare(called, other) == Ordering::Greater;
    line.present.iter().find(first).copied()
}

/// Is here and waits: has checked in, or needn't and the slot has begun.
pub(super) fn is_here(audit: &Audit<'_>, ledger: &Ledger, token: &Token) -> bool {
    let slot = token.slot.and_then(|id| ledger.slot(id));
    let begun = slot.is_some_and(|slot| slot.window.starts_at() <= audit.step.now);
    token.status == Status::Arrived || token.status == Status::Booked && !audit.settings.check_in && begun
}

/// Everybody who waits, here or not, in the order of the policy.
pub(super) fn line<'a>(settings: &'a Settings, ledger: &'a Ledger, now: Timestamp) -> Vec<&'a Token> {
    let mut line: Vec<&Token> = ledger.tokens.iter().filter(|token| waits(token.status)).collect();
    let order = Line { ledger, settings, now, present: Vec::new() };
    line.sort_by(|a, b| order.compare(a, b));
    line
}

struct Line<'a> {
    ledger: &'a Ledger,
    settings: &'a Settings,
    now: Timestamp,
    present: Vec<&'a Token>,
}

impl<'a> Line<'a> {
    fn of(audit: &Audit<'a>, ledger: &'a Ledger) -> Self {
        let present = ledger.tokens.iter().filter(|token| is_here(audit, ledger, token)).collect();
        Self { ledger, settings: audit.settings, now: audit.step.now, present }
    }

    /// Who goes first by the policy. Ties: earlier arrival, then the lower token number. Whoever was put somewhere stands
    /// there.
    fn compare(&self, a: &Token, b: &Token) -> Ordering {
        let put = |token: &Token| token.placed.is_some_and(|placed| placed.policy == self.settings.policy);
        if put(a) || put(b) {
            return (self.standing(a), a.token_no).cmp(&(self.standing(b), b.token_no));
        }
        let emergencies = is_emergency(b).cmp(&is_emergency(a));
        let arrival = self.arrival(a).cmp(&self.arrival(b));
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

    /// Where a token was put, or would have to be put to stand where it stands: what goes before all else, how much it has
    /// gained, what decides between equals.
    fn standing(&self, token: &Token) -> (u8, Reverse<i128>, i128) {
        let (tier, from_ns, rate_milli, minor) = match token.placed {
            Some(Placed { policy, standing }) if policy == self.settings.policy => {
                let minor = i128::from(standing.minor);
                (standing.tier, i128::from(standing.from_ns), standing.rate_milli, minor)
            }
            _ => self.own_standing(token),
        };
        let waited = self.now.as_nanosecond() - from_ns;
        let gained = if waited > 0 { waited * i128::from(rate_milli) } else { waited };
        (tier, Reverse(gained), minor)
    }

    fn own_standing(&self, token: &Token) -> (u8, i128, u32, i128) {
        let tier = u8::from(!is_emergency(token));
        let arrival = self.arrival(token).map_or(0, Timestamp::as_nanosecond);
        match self.settings.policy {
            PolicyKind::Band => {
                let start = self.slot_start(token).map_or(0, Timestamp::as_nanosecond);
                (
                    tier,
                    start,
                    1_000,
                    token.sequence.map_or(i128::MAX, |sequence| i128::from(sequence.units())),
                )
            }
            PolicyKind::Target => (tier, self.target_ns(token), 1_000, arrival),
            PolicyKind::Fcfs => (0, arrival, 1_000, 0),
            PolicyKind::Strict => (token.band.number(), arrival, 1_000, 0),
            PolicyKind::Apq => (0, self.ready_ns(token), self.settings.rates_milli[token.class], arrival),
        }
    }

    fn slot_start(&self, token: &Token) -> Option<Timestamp> {
        token.slot.and_then(|id| self.ledger.slot(id)).map(|slot| slot.window.starts_at())
    }

    /// The check-in; until then the appointment, until then the slot's start.
    fn arrival(&self, token: &Token) -> Option<Timestamp> {
        token.arrived_at.or(token.appointment_at).or_else(|| self.slot_start(token))
    }

    /// When this token has waited as long as is fair; an emergency has from the first moment.
    fn target_ns(&self, token: &Token) -> i128 {
        let allowance = if is_emergency(token) { 0 } else { self.allowance_ns(token) };
        self.ready_ns(token) + allowance
    }

    fn allowance_ns(&self, token: &Token) -> i128 {
        self.settings.allowances[token.class].as_nanos()
    }

    /// The accumulated priority; until a token's time comes, the (negative) wait itself.
    fn priority(&self, token: &Token) -> i128 {
        let waited = self.now.as_nanosecond() - self.ready_ns(token);
        if waited <= 0 { waited } else { waited * i128::from(self.settings.rates_milli[token.class]) }
    }

    /// Nobody but an emergency passes who became ready more than (own − other's allowance) later.
    fn may_pass(&self, called: &Token, waiting: &Token) -> bool {
        let later = self.ready_ns(called) - self.ready_ns(waiting);
        is_emergency(called)
            || (!is_emergency(waiting) && later <= self.allowance_ns(waiting) - self.allowance_ns(called))
    }

    /// Not before they came, not before their time.
    fn ready_ns(&self, token: &Token) -> i128 {
        let times = [self.arrival(token), token.appointment_at];
        times.into_iter().flatten().map(Timestamp::as_nanosecond).max().unwrap_or(0)
    }
}

fn is_emergency(token: &Token) -> bool {
    token.source == Source::Emergency
}
