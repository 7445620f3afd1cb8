//! The queue by the words of §3.4 and of `examples/README.md`: compare two, insert one by one.

use baari_engine::{PolicyKind, Settings, Slot, Source, Status, Token};
use jiff::Timestamp;

use super::rules::Model;

/// What two tokens are compared by.
struct Stand {
    tier: u8,
    since: i128,
    rate: i128,
    tie: i128,
}

fn nanoseconds(at: Timestamp) -> i128 {
    at.as_nanosecond()
}

/// When the patient came or is expected.
fn arrival(token: &Token, slot: &Slot) -> i128 {
    match (token.arrived_at, token.appointment_at) {
        (Some(came), _) => nanoseconds(came),
        (None, Some(due)) => nanoseconds(due),
        (None, None) => nanoseconds(slot.window.starts_at()),
    }
}

/// max(check-in, appointment time)
pub(super) fn ready(token: &Token, slot: &Slot) -> i128 {
    match token.appointment_at {
        Some(due) => arrival(token, slot).max(nanoseconds(due)),
        None => arrival(token, slot),
    }
}

fn stand(token: &Token, slot: &Slot, settings: &Settings) -> Stand {
    if let Some(placed) = token.placed.filter(|placed| placed.policy == settings.policy) {
        let standing = placed.standing;
        let (since, rate) = (i128::from(standing.from_ns), i128::from(standing.rate_milli));
        return Stand { tier: standing.tier, since, rate, tie: i128::from(standing.minor) };
    }
    let emergencies_first = if token.class == Source::Emergency { 0 } else { 1 };
    let came = arrival(token, slot);
    let (tier, since, tie) = match settings.policy {
        PolicyKind::Band => {
            let number = i128::from(token.sequence.unwrap().units());
            (emergencies_first, nanoseconds(slot.window.starts_at()), number)
        }
        PolicyKind::Target => {
            let allowance = settings.allowances[token.class].as_nanos();
            let allowance = if token.class == Source::Emergency { 0 } else { allowance };
            (emergencies_first, ready(token, slot) + allowance, came)
        }
        PolicyKind::Fcfs => (0, came, 0),
        PolicyKind::Strict => (token.band.number(), came, 0),
        PolicyKind::Apq => (0, ready(token, slot), came),
    };
    Stand { tier, since, rate: i128::from(settings.rates_milli[token.class]), tie }
}

/// Whether `a` has gained more priority than `b`; none if neither has more.
fn more_urgent(a: &Stand, b: &Stand, now: i128) -> Option<bool> {
    let (waited_a, waited_b) = (now - a.since, now - b.since);
    let (a, b) = match (waited_a > 0, waited_b > 0) {
        (true, true) => (waited_a * a.rate, waited_b * b.rate),
        (false, false) => (waited_a, waited_b),
        (positive, _) => return Some(positive),
    };
    (a != b).then_some(a > b)
}

fn goes_before(a: (&Token, Stand), b: (&Token, Stand), settings: &Settings, now: i128) -> bool {
    let ((token_a, a), (token_b, b)) = (a, b);
    if a.tier != b.tier {
        return a.tier < b.tier;
    }
    let by_time = match settings.policy {
        PolicyKind::Apq => more_urgent(&a, &b, now),
        _ => (a.since != b.since).then_some(a.since < b.since),
    };
    by_time.unwrap_or((a.tie, token_a.token_no) < (b.tie, token_b.token_no))
}

impl Model {
    /// Those with the doctor, those called, then the waiting by the policy.
    pub(super) fn queue(&self, settings: &Settings, now: Timestamp) -> Vec<&Token> {
        let with = |status: Status| self.tokens.iter().filter(move |token| token.status == status);
        let mut inside: Vec<&Token> = with(Status::InConsultation).collect();
        inside.sort_by_key(|token| (token.started_at, self.key(token, settings, now), token.token_no));
        let mut called: Vec<&Token> = with(Status::Called).collect();
        called.sort_by_key(|token| (token.called_at, self.key(token, settings, now), token.token_no));
        [inside, called, self.waiting(settings, now)].concat()
    }

    /// The place among the waiting, of those who were called in the same instant.
    fn key(&self, token: &Token, settings: &Settings, now: Timestamp) -> usize {
        let slot = |token: &Token| self.slot(token.slot.unwrap());
        let own = || (token, stand(token, slot(token), settings));
        let served = [Status::Called, Status::InConsultation];
        let others =
            self.tokens.iter().filter(|other| served.contains(&other.status) && other.id != token.id);
        let before = |other: &&Token| {
            let other = (*other, stand(other, slot(other), settings));
            goes_before(other, own(), settings, nanoseconds(now))
        };
        others.filter(before).count()
    }

    /// The waiting, in order.
    pub(super) fn waiting(&self, settings: &Settings, now: Timestamp) -> Vec<&Token> {
        let stand_of = |token: &Token| stand(token, self.slot(token.slot.unwrap()), settings);
        let waits = [Status::Booked, Status::Arrived, Status::Passed];
        let mut line: Vec<&Token> = Vec::new();
        for token in self.tokens.iter().filter(|token| waits.contains(&token.status)) {
            let before = |other: &&Token| {
                goes_before((token, stand_of(token)), (other, stand_of(other)), settings, nanoseconds(now))
            };
            let at = line.iter().position(before).unwrap_or(line.len());
            line.insert(at, token);
        }
        line
    }
}
