//! Undo: the last step in the doctor's room is taken back. What was one step (finish and call next) is one undo.

use jiff::Timestamp;

use super::draft::Draft;
use super::slots::is_ordinary;
use crate::day::Day;
use crate::decision::{Decision, EventKind};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::slot::SlotStatus;
use crate::status::Status;
use crate::token::Token;

pub(super) fn undo(mut draft: Draft<'_>) -> Result<Decision, Refusal> {
    let last = draft.tokens().iter().filter_map(step).max().ok_or(Refusal::NothingToUndo)?;
    let steps: Vec<Token> =
        draft.tokens().iter().filter(|token| step(token) == Some(last)).cloned().collect();
    let subject = steps.last().map(|token| token.id);
    for mut token in steps {
        let from = token.status;
        back(&mut draft, &mut token)?;
        let reasons = vec![Reason::TakenBack { from, to: token.status }];
        draft.token_event(EventKind::Undone, &token, reasons);
        draft.put_token(token);
    }
    Ok(draft.finish(subject))
}

/// Whether there is a step in the doctor's room to take back.
pub fn can_undo(day: &Day) -> bool {
    day.tokens().iter().any(|token| step(token).is_some())
}

/// When the token came to where it is, if that was a step in the doctor's room.
fn step(token: &Token) -> Option<Timestamp> {
    match token.status {
        Status::Called => token.called_at,
        Status::InConsultation => token.started_at,
        Status::Completed => token.ended_at,
        // Who has been moved since was not called here.
        Status::Passed => token.called_at.and(token.passed_at),
        Status::NoShow if token.called_at > token.passed_at => token.ended_at,
        _ => None,
    }
}

fn back(draft: &mut Draft<'_>, token: &mut Token) -> Result<(), Refusal> {
    match token.status {
        Status::Called => {
            token.called_at = None;
            token.status = if token.arrived_at.is_some() { Status::Arrived } else { Status::Booked };
        }
        Status::InConsultation => {
            token.started_at = None;
            token.status = Status::Called;
        }
        Status::Completed => {
            alone(draft, token)?;
            token.ended_at = None;
            token.status = Status::InConsultation;
        }
        Status::Passed | Status::NoShow => {
            if token.status == Status::NoShow {
                alone(draft, token)?;
                reseat(draft, token)?;
            }
            // The time to come starts anew, or the clock would pass it again at once.
            (token.passed_at, token.ended_at) = (None, None);
            token.called_at = Some(draft.now());
            token.status = Status::Called;
        }
        _ => {}
    }
    Ok(())
}

/// The patient has taken no other token with this doctor meanwhile.
fn alone(draft: &Draft<'_>, token: &Token) -> Result<(), Refusal> {
    match draft.live_token_of(token.patient) {
        Some(live) => Err(Refusal::AlreadyBooked { token: live.id, token_no: live.token_no }),
        None => Ok(()),
    }
}

/// Back into the seat that it left, if nobody has it.
fn reseat(draft: &mut Draft<'_>, token: &Token) -> Result<(), Refusal> {
    let given_away = Refusal::SeatGivenAway { token_no: token.token_no };
    let Some(slot) = token.slot.and_then(|id| draft.slot(id)) else { return Err(given_away) };
    let seated = draft.tokens().iter().filter(|other| other.slot == token.slot && other.status.holds_seat());
    let ordinary = seated.filter(|other| is_ordinary(other)).count();
    // The buffer is no substitute for a seat that somebody else has now.
    let taken = is_ordinary(token) && ordinary >= slot.max_count as usize;
    let full = slot.current_count >= slot.hard_limit + slot.override_count;
    if full || taken || slot.status == SlotStatus::Cancelled {
        return Err(given_away);
    }
    let id = slot.id;
    draft.slot_mut(id)?.current_count += 1;
    Ok(())
}
