//! The planner: finds other seats for those who lose theirs, because the doctor leaves, a slot is cancelled or has fewer
//! seats than before.
//!
//! One after the other, by band, then by arrival: a later slot of the same doctor that day (for those who are here, also the
//! one that runs); then, if the facility wants it,
//! an active doctor of the same speciality that day; else the waiting list, for the desk to call. Seats kept for emergencies
//! are left alone, except by emergencies.

use jiff::Timestamp;

use super::draft::Draft;
use super::seat::{self, Seat};
use super::{DoctorStatus, limits, seniority};
use crate::decision::EventKind;
use crate::ids::SlotId;
use crate::reason::{MoveCause, Reason};
use crate::refusal::Refusal;
use crate::slot::{Slot, Window};
use crate::status::Status;
use crate::token::Token;

/// Moves these tokens of the first draft on. They have seats in slots that must not be looked at again: cancelled ones are
/// not; one with fewer seats is full.
pub(super) fn move_on(
    drafts: &mut [Draft<'_>],
    mut victims: Vec<Token>,
    cause: &MoveCause,
) -> Result<(), Refusal> {
    if victims.len() > limits::MOVES {
        let (what, limit) = ("one move of many tokens", u32::try_from(limits::MOVES).unwrap_or(u32::MAX));
        return Err(Refusal::Limit { what, limit, hint: "cancel one slot at a time" });
    }
    let arrival = |token: &Token| token.arrived_at.or(token.appointment_at).unwrap_or(token.booked_at);
    victims.sort_by_key(|token| (token.band, arrival(token), token.token_no));
    // All seats first: one who moves on may not take the seat of another one of them.
    for victim in &mut victims {
        seat::free(&mut drafts[0], victim)?;
    }
    for victim in victims {
        one(drafts, victim, cause)?;
    }
    Ok(())
}

fn one(drafts: &mut [Draft<'_>], token: Token, cause: &MoveCause) -> Result<(), Refusal> {
    let old = token.slot.and_then(|id| drafts[0].slot(id)).cloned().ok_or(Refusal::TokenUnknown(token.id))?;
    let mut looked_at = Vec::new();
    if let Some(slot) = same_doctor(&drafts[0], &token, &old, &mut looked_at) {
        let seat = Seat { slot, override_why: None, looked_at };
        return within(&mut drafts[0], token, &old, seat, cause);
    }
    if drafts[0].settings().other_doctors
        && let Some((at, slot)) = other_doctor(drafts, &token, &old)
    {
        let (home, others) = drafts.split_at_mut(1);
        let seat = Seat { slot, override_why: None, looked_at };
        return across(&mut home[0], &mut others[at - 1], token, &old, seat, cause);
    }
    strand(&mut drafts[0], token, looked_at, cause);
    Ok(())
}

/// A slot that can serve this patient: for those who are here any that is not over, for the others none before the time that
/// they were told.
fn serves(draft: &Draft<'_>, token: &Token, old: &Slot, slot: &Slot) -> bool {
    let here = match token.status {
        Status::Arrived | Status::Called => true,
        Status::Waitlisted => token.arrived_at.is_some(),
        _ => false,
    };
    let told = old.window.starts_at().max(token.appointment_at.unwrap_or(Timestamp::MIN));
    slot.id != old.id && (here || slot.window.ends_at() > told) && !slot.is_over(draft.now())
}

/// A later slot of the same doctor; for those who are here, an earlier one that still runs before none at all.
fn same_doctor(draft: &Draft<'_>, token: &Token, old: &Slot, looked_at: &mut Vec<Reason>) -> Option<SlotId> {
    let is_later = |slot: &&Slot| slot.window.starts_at() > old.window.starts_at();
    let slots = draft.slots().filter(is_later).chain(draft.slots().filter(|slot| !is_later(slot)));
    for slot in slots.filter(|slot| serves(draft, token, old, slot)) {
        match seat::passed_over(slot, token.source, draft.now()) {
            None => return Some(slot.id),
            Some(why) => looked_at.push(Reason::SlotPassedOver(slot.window, why)),
        }
    }
    None
}

/// The earliest slot of the other doctors that serves; of equally early ones the emptiest.
fn other_doctor(drafts: &[Draft<'_>], token: &Token, old: &Slot) -> Option<(usize, SlotId)> {
    let doctors = drafts.iter().enumerate().skip(1).filter(|(_, draft)| {
        draft.on.doctor.status == DoctorStatus::Active
            && draft.day.key().date == drafts[0].day.key().date
            && draft.live_token_of(token.patient).is_none()
            && draft.next_token_no() <= limits::TOKENS_PER_DAY
    });
    let slots = doctors.flat_map(|(at, draft)| draft.slots().map(move |slot| (at, draft, slot)));
    let with_room = slots.filter(|(_, draft, slot)| {
        serves(draft, token, old, slot) && seat::passed_over(slot, token.source, draft.now()).is_none()
    });
    let filled = |slot: &Slot| u64::from(slot.current_count) * 1_000_000 / u64::from(slot.max_count.max(1));
    let best = with_room.min_by_key(|(at, _, slot)| (slot.window.starts_at(), filled(slot), *at));
    best.map(|(at, _, slot)| (at, slot.id))
}

/// To another slot of the same doctor-day, under the same number.
pub(super) fn within(
    draft: &mut Draft<'_>,
    mut token: Token,
    old: &Slot,
    seat: Seat,
    cause: &MoveCause,
) -> Result<(), Refusal> {
    let to = draft.slot(seat.slot).ok_or(Refusal::SlotUnknown(seat.slot))?.window;
    let mut reasons = vec![Reason::Moved { from: Some(old.window), to, cause: cause.clone() }];
    let slot = seniority::take(draft, &mut token, seat, &mut reasons)?;
    let told = token.appointment_at;
    seniority::settle(draft, &mut token, &slot, told);
    draft.token_event(EventKind::Moved, &token, reasons);
    draft.put_token(token);
    Ok(())
}

/// To another doctor-day, under a new number and the same id.
fn across(
    home: &mut Draft<'_>,
    other: &mut Draft<'_>,
    mut token: Token,
    old: &Slot,
    seat: Seat,
    cause: &MoveCause,
) -> Result<(), Refusal> {
    let to = other.slot(seat.slot).ok_or(Refusal::SlotUnknown(seat.slot))?.window;
    let mut reasons = leave_home(home, other, &mut token, Some(old), to, cause);
    let slot = seniority::take(other, &mut token, seat, &mut reasons)?;
    let told = token.appointment_at;
    seniority::settle(other, &mut token, &slot, told);
    other.token_event(EventKind::MovedIn, &token, reasons);
    other.put_token(token);
    Ok(())
}

/// Takes the token out of its doctor-day and gives it the next number of the other one; the reasons for both.
pub(super) fn leave_home(
    home: &mut Draft<'_>,
    other: &Draft<'_>,
    token: &mut Token,
    old: Option<&Slot>,
    to: Window,
    cause: &MoveCause,
) -> Vec<Reason> {
    let number = other.next_token_no();
    let reasons = vec![
        Reason::Moved { from: old.map(|slot| slot.window), to, cause: cause.clone() },
        Reason::OtherDoctor { from: token.token_no, to: number },
    ];
    home.token_event(EventKind::MovedAway, token, reasons.clone());
    home.depart(token.id);
    token.token_no = number;
    reasons
}

/// Without a seat, on the list that the desk sees.
fn strand(draft: &mut Draft<'_>, mut token: Token, mut reasons: Vec<Reason>, cause: &MoveCause) {
    reasons.push(Reason::NoRoomLeft(cause.clone()));
    if token.status == Status::Passed {
        token.arrived_at = None;
    }
    forget_time(&mut token);
    token.status = Status::Waitlisted;
    (token.slot, token.sequence, token.placed, token.called_at) = (None, None, None, None);
    draft.token_event(EventKind::Waitlisted, &token, reasons);
    draft.put_token(token);
}

/// The tokens that wait in this slot.
pub(super) fn waiting_in(draft: &Draft<'_>, slot: SlotId) -> Vec<Token> {
    let here = |token: &&Token| {
        token.slot == Some(slot) && (token.status.is_waiting() || token.status == Status::Called)
    };
    draft.tokens().iter().filter(here).cloned().collect()
}

/// Those who asked for one of these slots and no other, and have no seat yet, get one in a later slot of the doctor; where
/// there is none, they can now have any.
pub(super) fn release_waitlist(
    draft: &mut Draft<'_>,
    slots: &[Slot],
    cause: &MoveCause,
) -> Result<(), Refusal> {
    let asked = |token: &Token| slots.iter().find(|slot| token.slot == Some(slot.id)).cloned();
    let waiting = draft.tokens().iter().filter(|token| token.status == Status::Waitlisted);
    let mut waiting: Vec<(Token, Slot)> =
        waiting.filter_map(|token| Some((token.clone(), asked(token)?))).collect();
    waiting.sort_by_key(|(token, _)| token.waitlist_rank());
    for (mut token, old) in waiting {
        let mut looked_at = Vec::new();
        let Some(slot) = same_doctor(draft, &token, &old, &mut looked_at) else {
            strand(draft, token, looked_at, cause);
            continue;
        };
        let to = draft.slot(slot).ok_or(Refusal::SlotUnknown(slot))?.window;
        let mut reasons = vec![Reason::Moved { from: None, to, cause: cause.clone() }];
        forget_time(&mut token);
        seat::promote(draft, &mut token, Seat { slot, override_why: None, looked_at }, &mut reasons)?;
        draft.token_event(EventKind::Promoted, &token, reasons);
        draft.put_token(token);
    }
    Ok(())
}

/// Who is not here was asked to come at a time that is no more.
fn forget_time(token: &mut Token) {
    if token.arrived_at.is_none() {
        token.appointment_at = None;
    }
}

/// Which tokens of a slot go first when it has fewer seats: the lowest-banded, then the last; who is at the door, last of all.
pub(super) fn last_first(mut tokens: Vec<Token>) -> Vec<Token> {
    tokens.sort_by_key(|token| {
        std::cmp::Reverse((token.status != Status::Called, token.band, token.sequence, token.token_no))
    });
    tokens
}
