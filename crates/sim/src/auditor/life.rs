//! A token's life: which status follows which, when, and that what was asked for is what came out.

use baari_engine::{Command, Decision, Status, WantedStatus};

use super::ledger::{Change, Ledger, is_live};
use super::{Audit, Check};

/// The lines of the diagram. A promotion of somebody who stands here leads from the waitlist to the waiting room at once.
const LINES: [(Status, Status); 18] = [
    (Status::Waitlisted, Status::Booked),
    (Status::Waitlisted, Status::Arrived),
    (Status::Waitlisted, Status::Cancelled),
    (Status::Booked, Status::Arrived),
    (Status::Booked, Status::NoShow),
    (Status::Booked, Status::Cancelled),
    (Status::Arrived, Status::Called),
    (Status::Arrived, Status::Cancelled),
    (Status::Called, Status::InConsultation),
    (Status::Called, Status::Passed),
    (Status::Called, Status::NoShow),
    (Status::Called, Status::Cancelled),
    (Status::InConsultation, Status::Completed),
    (Status::Passed, Status::Arrived),
    (Status::Passed, Status::NoShow),
    (Status::Passed, Status::Cancelled),
    // Where nobody checks in, whoever should be here can be called.
    (Status::Booked, Status::Called),
    (Status::Waitlisted, Status::Waitlisted),
];

pub(super) fn transitions(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    found: &mut dyn FnMut(Check, String),
) {
    for Change { before, after } in ledger.changes(decision) {
        let Some(before) = before else {
            let born = matches!(after.status, Status::Waitlisted | Status::Booked | Status::Arrived);
            if !born {
                found(Check::Transition, format!("token {} begins as {}", after.token_no, after.status));
            }
            continue;
        };
        let (from, to) = (before.status, after.status);
        let unchecked = (from, to) == (Status::Booked, Status::Called) && audit.settings.check_in;
        if from != to && (!LINES.contains(&(from, to)) || unchecked) {
            found(Check::Transition, format!("token {} went from {from} to {to}", after.token_no));
        }
    }
}

/// The token asked about has the status asked for; asked for twice, nothing changes.
pub(super) fn effect(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    found: &mut dyn FnMut(Check, String),
) {
    let Command::SetStatus(change) = &audit.step.command else { return };
    let WantedStatus::Exactly(wanted) = change.status else { return };
    let Some(before) = ledger.token(change.token) else {
        found(Check::Effect, "an unknown token was changed".to_owned());
        return;
    };
    let after = decision.tokens.iter().find(|token| token.id == change.token);
    if before.status == wanted {
        if after.is_some() || !decision.tokens.is_empty() || !decision.slots.is_empty() {
            found(Check::Effect, format!("token {} is {wanted} already, and changes", before.token_no));
        }
        return;
    }
    // A missed call too many ends the token's day; and whoever is asked in from the waitlist may be here.
    let missed = wanted == Status::Passed && before.rejoins >= audit.settings.rejoins_max;
    let asked_in = wanted == Status::Booked && before.arrived_at.is_some();
    let wanted = match () {
        () if missed => Status::NoShow,
        () if asked_in => Status::Arrived,
        () => wanted,
    };
    if after.is_none_or(|after| after.status != wanted) {
        found(Check::Effect, format!("token {} did not become {wanted}", before.token_no));
    }
}

/// Whatever happens now bears the time of now.
pub(super) fn stamps(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    found: &mut dyn FnMut(Check, String),
) {
    let now = Some(audit.step.now);
    for Change { before, after } in ledger.changes(decision) {
        let was = before.map(|before| before.status);
        let stamp = match after.status {
            status if was == Some(status) => continue,
            Status::Waitlisted | Status::Booked if before.is_none() => Some(after.booked_at),
            // Who stood here without a seat has been here since.
            Status::Arrived if was == Some(Status::Waitlisted) => {
                if after.arrived_at != before.and_then(|before| before.arrived_at) {
                    found(Check::Stamp, format!("token {}: came at another time", after.token_no));
                }
                continue;
            }
            // Whoever rejoins came before.
            Status::Arrived if was == Some(Status::Passed) => continue,
            Status::Arrived => after.arrived_at,
            Status::Called => after.called_at,
            Status::InConsultation => after.started_at,
            Status::Completed | Status::NoShow | Status::Cancelled => after.ended_at,
            Status::Waitlisted | Status::Booked | Status::Passed => continue,
        };
        if stamp != now {
            found(Check::Stamp, format!("token {} became {} at another time", after.token_no, after.status));
        }
    }
}

pub(super) fn one_live_token(ledger: &Ledger, decision: &Decision, found: &mut dyn FnMut(Check, String)) {
    for Change { before, after } in ledger.changes(decision) {
        let comes_alive = is_live(after.status) && before.is_none_or(|before| !is_live(before.status));
        let mut others =
            ledger.tokens.iter().filter(|token| token.patient == after.patient && is_live(token.status));
        if comes_alive && others.any(|other| other.id != after.id) {
            found(Check::OneLiveToken, format!("the patient of token {} has another", after.token_no));
        }
    }
}
