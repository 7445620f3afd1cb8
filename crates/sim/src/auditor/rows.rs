//! The rows themselves: versions, who they are about, and that nothing changes behind anybody's back.

use baari_engine::{Book, Command, Decision, Event, EventKind, Source, Status, Token};

use super::ledger::{Ledger, kinds};
use super::{Audit, Check, Found};

pub(super) fn version(ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    if decision.made_from != ledger.version {
        let (from, current) = (decision.made_from, ledger.version);
        found(Check::Version, format!("made from version {from}, current is {current}"));
    }
}

/// Without events, nothing changes.
pub(super) fn nothing_changes(ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    let rows = decision.tokens.len() + decision.slots.len() + decision.departed.len();
    if decision.events.is_empty() && (rows > 0 || decision.resumes_at != ledger.resumes_at) {
        found(Check::Unchanged, format!("{rows} rows change, and no event says so"));
    }
}

/// What was asked for and changes nothing has a reason.
pub(super) fn why_unchanged(decision: &Decision, found: &mut Found<'_>) {
    if decision.events.is_empty() && decision.unchanged.is_empty() {
        found(Check::Rows, "nothing changes, and no reason why".to_owned());
    }
}

pub(super) fn events_and_rows(ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    let departs = |id| decision.departed.contains(&id);
    for token in &decision.tokens {
        if !decision.events.iter().any(|event| event.token == Some(token.id)) {
            found(Check::Rows, format!("token {} changes without an event", token.token_no));
        }
    }
    for slot in &decision.slots {
        // A token that leaves a slot is told of in the one that it goes to.
        let left = |id| ledger.token(id).is_some_and(|token| token.slot == Some(slot.id));
        let told = |event: &Event| event.slot == Some(slot.id) || event.token.is_some_and(left);
        if !decision.events.iter().any(told) {
            found(Check::Rows, format!("slot {} changes without an event", slot.window));
        }
    }
    for event in &decision.events {
        let row = |id| departs(id) || decision.tokens.iter().any(|token| token.id == id);
        if !event.token.is_none_or(row) {
            found(Check::Rows, format!("{} without a row", event.kind));
        }
        if event.reasons.is_empty() {
            found(Check::Rows, format!("{} without a reason", event.kind));
        }
    }
    let mut ids: Vec<_> = decision.tokens.iter().map(|token| token.id).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|two| two[0] == two[1]) {
        found(Check::Rows, "a token has two rows".to_owned());
    }
}

/// New tokens have the next numbers; a known token stays whose it is.
pub(super) fn identity(ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    let is_new = |token: &&Token| ledger.before(token).is_none();
    for (next, token) in (ledger.next_no..).zip(decision.tokens.iter().filter(is_new)) {
        if token.token_no != next {
            found(Check::TokenNumber, format!("number {} where {next} is next", token.token_no));
        }
    }
    for after in &decision.tokens {
        let Some(before) = ledger.before(after) else { continue };
        if after.token_no != before.token_no {
            found(Check::TokenNumber, format!("number {} became {}", before.token_no, after.token_no));
        }
        let who = |token: &Token| (token.patient, token.source, token.class, token.band);
        if who(after) != who(before) || after.booked_at != before.booked_at {
            found(Check::Identity, format!("token {} became somebody else's", after.token_no));
        }
    }
}

/// Nothing of a token changes but what its events speak of.
pub(super) fn untouched(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    for after in &decision.tokens {
        let Some(before) = ledger.before(after) else { continue };
        let mut spoken_of = before.clone();
        for kind in kinds(decision, after.id) {
            take_over(kind, before, after, &mut spoken_of);
        }
        if matches!(audit.step.command, Command::Transfer(_)) {
            (spoken_of.promised_at, spoken_of.arrived_at) = (after.promised_at, after.arrived_at);
        }
        // Numbers and identities are looked at elsewhere.
        (spoken_of.token_no, spoken_of.patient, spoken_of.source) =
            (after.token_no, after.patient, after.source);
        if spoken_of != *after {
            found(Check::Untouched, format!("token {}: more changes than was said", after.token_no));
        }
    }
}

/// What an event of this kind may change.
fn take_over(kind: EventKind, before: &Token, after: &Token, row: &mut Token) {
    let rejoins = before.status == Status::Passed;
    row.status = after.status;
    match kind {
        EventKind::Became(Status::Arrived) if rejoins => {
            (row.rejoins, row.sequence, row.placed) = (before.rejoins + 1, after.sequence, after.placed);
            row.arrived_at = before.arrived_at.or(after.arrived_at);
        }
        EventKind::Became(Status::Arrived) => row.arrived_at = after.arrived_at,
        EventKind::Became(Status::Called) => row.called_at = after.called_at,
        EventKind::Became(Status::InConsultation) => row.started_at = after.started_at,
        EventKind::Became(Status::Passed) => row.passed_at = after.passed_at,
        EventKind::Became(Status::Completed) => row.ended_at = after.ended_at,
        EventKind::Became(Status::NoShow | Status::Cancelled) => {
            (row.ended_at, row.by_override) = (after.ended_at, false);
        }
        EventKind::Placed | EventKind::Renumbered => {
            (row.status, row.sequence, row.placed) = (before.status, after.sequence, after.placed);
        }
        EventKind::Recalled => (row.status, row.called_at) = (before.status, after.called_at),
        EventKind::EarlierAgreed => (row.status, row.earlier_ok) = (before.status, after.earlier_ok),
        EventKind::Undone => {
            (row.called_at, row.started_at) = (after.called_at, after.started_at);
            (row.passed_at, row.ended_at) = (after.passed_at, after.ended_at);
        }
        EventKind::Promoted => {
            (row.slot, row.sequence, row.appointment_at) = (after.slot, after.sequence, after.appointment_at);
            row.promised_at = before.promised_at.or(after.promised_at);
        }
        EventKind::Waitlisted => {
            (row.slot, row.sequence, row.placed, row.called_at) = (None, None, None, None);
            (row.arrived_at, row.by_override) = (after.arrived_at, false);
            row.appointment_at = after.appointment_at;
        }
        EventKind::Moved => {
            (row.slot, row.sequence, row.placed) = (after.slot, after.sequence, after.placed);
            (row.called_at, row.appointment_at) = (after.called_at, after.appointment_at);
            (row.by_override, row.displaced) = (after.by_override, after.displaced);
        }
        _ => {}
    }
}

/// The new token is what was asked for, in the band that the source has.
pub(super) fn booked_as_asked(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    found: &mut Found<'_>,
) {
    let Command::Book(book) = &audit.step.command else { return };
    let Some(token) = decision.tokens.iter().find(|token| token.id == book.token) else {
        found(Check::Effect, "a booking without a token".to_owned());
        return;
    };
    if ledger.token(token.id).is_some() {
        found(Check::Identity, format!("the id of token {} was used before", token.token_no));
    }
    let class = class(ledger, book);
    let asked = (book.patient.id, book.source, class);
    if (token.patient, token.source, token.class) != asked {
        found(Check::Identity, format!("token {} is not what was asked for", token.token_no));
    }
    if token.band != audit.settings.bands[class] {
        found(Check::Identity, format!("token {} has band {}", token.token_no, token.band));
    }
    if book.appointment_at.is_some() && token.appointment_at != book.appointment_at {
        found(Check::Effect, format!("token {} lost its appointment time", token.token_no));
    }
}

/// A follow-up goes as one only to the doctor of the previous visit.
pub(super) fn class(ledger: &Ledger, book: &Book) -> Source {
    match book.source {
        Source::FollowUp if book.patient.previous_doctor != Some(ledger.key.doctor) => Source::WalkIn,
        source => source,
    }
}
