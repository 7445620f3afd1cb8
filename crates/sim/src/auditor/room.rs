//! The doctor's room: who is called next, what is taken back, what time brings, and a doctor who is late.

use jiff::{SignedDuration, Timestamp};

use baari_engine::{Command, Decision, EventKind, Next, Slot, SlotStatus, Source, Status, Token, TokenId};

use super::ledger::{Ledger, has_kind, is_seated, is_served};
use super::order::{goes_before, is_here};
use super::{Audit, Check, Found};

/// Next finishes the visit if asked, and calls one, the first who is here or the one asked for; nobody while somebody is
/// called.
pub(super) fn next(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    let Command::Next(next) = &audit.step.command else { return };
    let mut in_room = ledger.tokens.iter().filter(|token| is_served(token.status));
    if in_room.clone().any(|token| token.status == Status::Called) {
        if !decision.events.is_empty() {
            found(Check::OneVisit, "somebody is called while another one is".to_owned());
        }
        return;
    }
    if !next.finish && in_room.next().is_some() {
        found(Check::OneVisit, "somebody is called while another one is with the doctor".to_owned());
    }
    let became = |wanted: Status| decision.tokens.iter().filter(move |token| token.status == wanted);
    for token in ledger.tokens.iter().filter(|token| token.status == Status::InConsultation) {
        if !became(Status::Completed).any(|row| row.id == token.id) {
            found(Check::Effect, format!("the visit of token {} goes on", token.token_no));
        }
    }
    let called: Vec<&Token> = became(Status::Called).collect();
    let others = decision.tokens.len() - called.len() - became(Status::Completed).count();
    if called.len() > 1 || others > 0 {
        found(Check::Effect, format!("{} are called, and {others} others change", called.len()));
    }
    match called.first() {
        Some(called) => one_called(audit, ledger, next, called, found),
        None => {
            let here = ledger.tokens.iter().find(|token| is_here(audit, ledger, token));
            if let Some(here) = here {
                found(Check::CalledFirst, format!("nobody is called, and token {} is here", here.token_no));
            }
        }
    }
    if !called.is_empty() && decision.resumes_at.is_some() {
        found(Check::Delay, "the doctor calls, and is not here".to_owned());
    }
}

fn one_called(audit: &Audit<'_>, ledger: &Ledger, next: &Next, row: &Token, found: &mut Found<'_>) {
    let Some(called) = ledger.token(row.id) else { return };
    if !is_here(audit, ledger, called) {
        found(Check::CalledFirst, format!("token {} is called and not here", called.token_no));
    }
    if next.token.is_some_and(|asked| asked != called.id) {
        found(Check::Effect, format!("token {} was not asked for", called.token_no));
    }
    let Some(before) = goes_before(audit, ledger, called) else { return };
    let (first, now) = (before.token_no, called.token_no);
    if next.token.is_none() {
        found(Check::CalledFirst, format!("{now} is called, and {first} goes before"));
    } else if next.why.as_deref().is_none_or(|why| why.trim().is_empty()) {
        found(Check::OutOfOrder, format!("{now} is called before {first}, and nobody said why"));
    }
}

/// The last step: all that bears its time goes one step back, nothing else changes.
pub(super) fn undo(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    if !matches!(audit.step.command, Command::Undo) {
        return;
    }
    let last = ledger.tokens.iter().filter_map(stepped_at).max();
    for token in &ledger.tokens {
        let row = decision.tokens.iter().find(|row| row.id == token.id);
        let is_last = last.is_some() && stepped_at(token) == last;
        let back = match token.status {
            Status::Called if token.arrived_at.is_some() => Status::Arrived,
            Status::Called => Status::Booked,
            Status::Completed => Status::InConsultation,
            _ => Status::Called,
        };
        if row.map(|row| row.status) != is_last.then_some(back) {
            let (no, now) = (token.token_no, row.map(|row| row.status));
            found(Check::Undo, format!("token {no} was {}, and is {now:?}", token.status));
        }
        if token.status == Status::NoShow && row.is_some() && !could_sit(ledger, token) {
            found(Check::Undo, format!("token {} sits on a seat that somebody else has", token.token_no));
        }
    }
}

/// The slot of a no-show still has a seat of its kind.
fn could_sit(ledger: &Ledger, token: &Token) -> bool {
    let by_rule = |token: &Token| token.source != Source::Emergency && !token.by_override;
    let Some(slot) = token.slot.and_then(|id| ledger.slot(id)) else { return false };
    let seated = ledger.tokens.iter().filter(|other| other.slot == token.slot && is_seated(other.status));
    let seated: Vec<&Token> = seated.collect();
    let beyond = seated.iter().filter(|other| other.by_override).count();
    let ordinary = seated.iter().filter(|other| by_rule(other)).count();
    slot.status != SlotStatus::Cancelled
        && seated.len() < slot.hard_limit as usize + beyond
        && (!by_rule(token) || ordinary < slot.max_count as usize)
}

/// When a token came to where it is by a step in the doctor's room; a no-show only when it was called and never came.
fn stepped_at(token: &Token) -> Option<Timestamp> {
    match token.status {
        Status::Called => token.called_at,
        Status::InConsultation => token.started_at,
        Status::Completed => token.ended_at,
        // Who was moved since has not been called there.
        Status::Passed => token.called_at.and(token.passed_at),
        Status::NoShow if token.called_at.is_some() && token.passed_at < token.called_at => token.ended_at,
        _ => None,
    }
}

/// Some step could be taken back.
pub(super) fn has_step(ledger: &Ledger) -> bool {
    ledger.tokens.iter().any(|token| stepped_at(token).is_some())
}

/// What is due has happened, and nothing else.
pub(super) fn lapse(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    if !matches!(audit.step.command, Command::Lapse) {
        return;
    }
    for token in &ledger.tokens {
        let should = ends_as(audit, ledger, token);
        let row = decision.tokens.iter().find(|row| row.id == token.id);
        let ended = |status| has_kind(decision, token.id, EventKind::Became(status));
        let has = [Status::Passed, Status::NoShow].into_iter().find(|status| ended(*status));
        let status = row.map_or(token.status, |row| row.status);
        if has != should || should.is_some_and(|should| should != status) {
            found(Check::Lapse, format!("token {} should be {should:?} and became {has:?}", token.token_no));
        }
    }
}

/// What time has made of a token by now.
fn ends_as(audit: &Audit<'_>, ledger: &Ledger, token: &Token) -> Option<Status> {
    let (now, settings) = (audit.step.now, audit.settings);
    let waited =
        |since: Option<Timestamp>| since.is_none_or(|since| now.duration_since(since) >= settings.grace);
    let slot = token.slot.and_then(|id| ledger.slot(id))?;
    let slot_over = slot.window.ends_at() <= now && ledger.resumes_at.is_none_or(|resumes| resumes <= now);
    // Nobody is a no-show before the time that they were told, and so long after it.
    let told = token.appointment_at.max(token.promised_at);
    match token.status {
        Status::Called if !waited(token.called_at) => None,
        Status::Called if token.rejoins >= settings.rejoins_max => Some(Status::NoShow),
        Status::Called => Some(Status::Passed),
        Status::Booked if settings.check_in && slot_over && waited(told) => Some(Status::NoShow),
        Status::Passed if slot_over && waited(token.passed_at) => Some(Status::NoShow),
        _ => None,
    }
}

/// The doctor is back so many minutes from now, or from the start of the first slot that is not over.
pub(super) fn delay(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    let Command::Delay(delay) = &audit.step.command else {
        let calls = decision.events.iter().any(|event| event.kind == EventKind::Became(Status::Called));
        if decision.resumes_at != ledger.resumes_at && !(calls && decision.resumes_at.is_none()) {
            found(Check::Delay, "nobody said that the doctor is late".to_owned());
        }
        return;
    };
    let now = audit.step.now;
    let first = ledger.slots.iter().find(|slot| takes_place(slot, now));
    let from = first.map_or(now, |slot| slot.window.starts_at().max(now));
    let said = from + SignedDuration::from_mins(i64::from(delay.minutes));
    // A break makes nobody come earlier.
    let back = ledger.resumes_at.filter(|before| delay.keeps_later && *before > said).unwrap_or(said);
    if decision.resumes_at != (delay.minutes > 0).then_some(back) {
        let what = format!("{} minutes late, and back at {:?}", delay.minutes, decision.resumes_at);
        found(Check::Delay, what);
    }
    if !decision.tokens.is_empty() || !decision.slots.is_empty() {
        found(Check::Delay, "a delay changes somebody".to_owned());
    }
}

/// Is not over, and not cancelled.
pub(super) fn takes_place(slot: &Slot, now: Timestamp) -> bool {
    now < slot.window.ends_at() && slot.status != SlotStatus::Cancelled
}

/// Somebody who is in this status.
pub(super) fn any_in(ledger: &Ledger, status: Status, except: Option<TokenId>) -> bool {
    ledger.tokens.iter().any(|token| token.status == status && Some(token.id) != except)
}
