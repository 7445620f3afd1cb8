//! A token's life: which status follows which, when, and that what was asked for is what came out.

use baari_engine::{Command, Decision, EventKind, Status, Token, WantedStatus};

use super::ledger::{Change, Ledger, has_kind, is_live, kinds};
use super::{Audit, Check, Found};

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

/// The lines back: the last step in the doctor's room is undone.
const BACK: [(Status, Status); 6] = [
    (Status::Called, Status::Arrived),
    (Status::Called, Status::Booked),
    (Status::InConsultation, Status::Called),
    (Status::Completed, Status::InConsultation),
    (Status::Passed, Status::Called),
    (Status::NoShow, Status::Called),
];

/// The diagram has this line.
pub(super) fn is_line(from: Status, to: Status) -> bool {
    LINES.contains(&(from, to))
}

pub(super) fn transitions(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    for Change { before, after } in ledger.changes(decision) {
        let Some(before) = before else {
            let moved_in = has_kind(decision, after.id, EventKind::MovedIn);
            let born = matches!(after.status, Status::Waitlisted | Status::Booked | Status::Arrived)
                || moved_in && after.status == Status::Passed;
            if !born {
                found(Check::Transition, format!("token {} begins as {}", after.token_no, after.status));
            }
            continue;
        };
        let (from, to) = (before.status, after.status);
        if from != to && !may_become(audit, ledger, decision, before, after) {
            found(Check::Transition, format!("token {} went from {from} to {to}", after.token_no));
        }
    }
}

fn may_become(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    before: &Token,
    after: &Token,
) -> bool {
    let (from, to) = (before.status, after.status);
    let is = |kind| has_kind(decision, after.id, kind);
    let movable = matches!(from, Status::Booked | Status::Arrived | Status::Called | Status::Passed);
    match audit.step.command {
        // Whoever has no seat any more waits for one; a call does not go with a move.
        Command::Leave(_) | Command::ChangeSlot(_) if is(EventKind::Waitlisted) => {
            // Or has a seat again: what was freed further on came back.
            let again = is(EventKind::Promoted) && matches!(to, Status::Booked | Status::Arrived);
            (movable && to == Status::Waitlisted) || again
        }
        _ if is(EventKind::Moved) => {
            let another_date = ledger.key.date != audit.around.today;
            let called_or_waiting = matches!(from, Status::Called | Status::Waitlisted | Status::Booked);
            (called_or_waiting && matches!(to, Status::Booked | Status::Arrived))
                || (another_date && movable && to == Status::Booked)
        }
        Command::Undo => is(EventKind::Undone) && BACK.contains(&(from, to)),
        _ if (from, to) == (Status::Waitlisted, Status::Booked)
            || (from, to) == (Status::Waitlisted, Status::Arrived) =>
        {
            is(EventKind::Promoted)
        }
        _ => {
            let unchecked = (from, to) == (Status::Booked, Status::Called) && audit.settings.check_in;
            is_line(from, to) && !unchecked && is(EventKind::Became(to))
        }
    }
}

/// The token asked about has the status asked for; asked for twice, nothing changes.
pub(super) fn effect(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    others_effect(audit, ledger, decision, found);
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
pub(super) fn stamps(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    let now = Some(audit.step.now);
    for Change { before, after } in ledger.changes(decision) {
        let was = before.map(|before| before.status);
        let mut wrong = Vec::new();
        for kind in kinds(decision, after.id) {
            let stamp = match kind {
                EventKind::Booked => Some(after.booked_at),
                EventKind::Waitlisted if before.is_none() => Some(after.booked_at),
                // Whoever rejoins came before.
                EventKind::Became(Status::Arrived) if was == Some(Status::Passed) => now,
                EventKind::Became(Status::Arrived) => after.arrived_at,
                EventKind::Became(Status::Called) | EventKind::Recalled => after.called_at,
                EventKind::Undone if matches!(was, Some(Status::Passed | Status::NoShow)) => after.called_at,
                EventKind::Became(Status::InConsultation) => after.started_at,
                EventKind::Became(Status::Passed) => after.passed_at,
                EventKind::Became(Status::Completed | Status::NoShow | Status::Cancelled) => after.ended_at,
                _ => now,
            };
            if stamp != now {
                wrong.push(kind);
            }
        }
        if !wrong.is_empty() {
            found(Check::Stamp, format!("token {}: {wrong:?} at another time", after.token_no));
        }
        if after.status == Status::Arrived && after.arrived_at.is_none() {
            found(Check::Stamp, format!("token {} is here since nobody knows when", after.token_no));
        }
    }
}

pub(super) fn one_live_token(ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    for Change { before, after } in ledger.changes(decision) {
        let comes_alive = is_live(after.status) && before.is_none_or(|before| !is_live(before.status));
        let mut others =
            ledger.tokens.iter().filter(|token| token.patient == after.patient && is_live(token.status));
        if comes_alive && others.any(|other| other.id != after.id) {
            found(Check::OneLiveToken, format!("the patient of token {} has another", after.token_no));
        }
    }
}

/// What the smaller commands ask for.
fn others_effect(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    let rows = decision.tokens.len() + decision.slots.len();
    match &audit.step.command {
        Command::Recall(id) if decision.tokens.first().is_none_or(|row| row.id != *id) || rows != 1 => {
            found(Check::Effect, "a call once more concerns one token".to_owned());
        }
        Command::AgreeEarlier { token, earlier_ok } => {
            let row = decision.tokens.iter().find(|row| row.id == *token).or_else(|| ledger.token(*token));
            if row.is_none_or(|row| row.earlier_ok != *earlier_ok) || rows > 1 {
                found(Check::Effect, "what was agreed was not kept".to_owned());
            }
        }
        Command::Leave(_) if !decision.events.iter().any(|event| event.kind == EventKind::DoctorLeft) => {
            found(Check::Effect, "the doctor leaves, and nobody is told".to_owned());
        }
        Command::ChangeSlot(change) => {
            let row =
                decision.slots.iter().find(|row| row.id == change.slot).or_else(|| ledger.slot(change.slot));
            let as_asked = row.is_some_and(|row| {
                change.max_count.is_none_or(|max| max == row.max_count)
                    && change.hard_limit.is_none_or(|hard| hard == row.hard_limit)
                    && change.status.is_none_or(|status| status == row.status)
            });
            if !as_asked {
                found(Check::Effect, "the slot is not as it was asked to be".to_owned());
            }
        }
        _ => {}
    }
}
