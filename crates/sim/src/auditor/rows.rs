//! The rows themselves: versions, who they are about, and that nothing changes behind anybody's back.

use baari_engine::{Book, Command, Decision, EventKind, Source, Token};

use super::ledger::Ledger;
use super::{Audit, Check};

pub(super) fn version(ledger: &Ledger, decision: &Decision, found: &mut dyn FnMut(Check, String)) {
    if decision.made_from != ledger.version {
        let (from, current) = (decision.made_from, ledger.version);
        found(Check::Version, format!("made from version {from}, current is {current}"));
    }
}

pub(super) fn events_and_rows(decision: &Decision, found: &mut dyn FnMut(Check, String)) {
    for token in &decision.tokens {
        if !decision.events.iter().any(|event| event.token == Some(token.id)) {
            found(Check::Rows, format!("token {} changes without an event", token.token_no));
        }
    }
    for slot in &decision.slots {
        let told = decision.events.iter().any(|event| event.slot == Some(slot.id));
        if !told {
            found(Check::Rows, format!("slot {} changes without an event", slot.window));
        }
    }
    for event in &decision.events {
        let row = event.token.is_none_or(|id| decision.tokens.iter().any(|token| token.id == id));
        if !row {
            found(Check::Rows, format!("{} without a row", event.kind));
        }
        if event.reasons.is_empty() {
            found(Check::Rows, format!("{} without a reason", event.kind));
        }
    }
    let doubles = decision
        .tokens
        .iter()
        .enumerate()
        .filter(|(index, token)| decision.tokens[..*index].iter().any(|earlier| earlier.id == token.id));
    for (_, token) in doubles {
        found(Check::Rows, format!("token {} has two rows", token.token_no));
    }
    if decision.events.is_empty() && decision.unchanged.is_empty() {
        found(Check::Rows, "nothing changes, and no reason why".to_owned());
    }
}

/// New tokens have the next numbers; a known token stays whose it is.
pub(super) fn identity(ledger: &Ledger, decision: &Decision, found: &mut dyn FnMut(Check, String)) {
    let is_new = |token: &&Token| ledger.before(token).is_none();
    for (known, token) in (ledger.tokens.len()..).zip(decision.tokens.iter().filter(is_new)) {
        if token.token_no as usize != known + 1 {
            found(Check::TokenNumber, format!("number {} where {} is next", token.token_no, known + 1));
        }
    }
    for after in &decision.tokens {
        let Some(before) = ledger.before(after) else { continue };
        if after.token_no != before.token_no {
            found(Check::TokenNumber, format!("number {} became {}", before.token_no, after.token_no));
        }
        let who = |token: &Token| (token.patient, token.source, token.class, token.band, token.code);
        if who(after) != who(before) || after.booked_at != before.booked_at {
            found(Check::Identity, format!("token {} became somebody else's", after.token_no));
        }
        let placed = decision.events.iter().any(|event| {
            let moves = matches!(event.kind, EventKind::Placed | EventKind::Renumbered | EventKind::Promoted);
            event.token == Some(after.id) && moves
        });
        if after.sequence != before.sequence && !placed && before.rejoins == after.rejoins {
            found(Check::Identity, format!("token {} got another sequence number", after.token_no));
        }
    }
}

/// The new token is what was asked for, in the band that the source has.
pub(super) fn booked_as_asked(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    found: &mut dyn FnMut(Check, String),
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
    let asked = (book.patient.id, book.source, class, book.code);
    if (token.patient, token.source, token.class, token.code) != asked {
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
fn class(ledger: &Ledger, book: &Book) -> Source {
    match book.source {
        Source::FollowUp if book.patient.previous_doctor != Some(ledger.key.doctor) => Source::WalkIn,
        source => source,
    }
}
