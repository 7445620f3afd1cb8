//! Moving a token by hand: into another slot, of this doctor or another one, on this date or another one.

use super::draft::Draft;
use super::seat::{self, Seat};
use super::{DoctorStatus, limits, planner, seniority};
use crate::command::Transfer;
use crate::decision::EventKind;
use crate::reason::{MoveCause, Reason};
use crate::refusal::Refusal;
use crate::slot::Slot;
use crate::source::Source;
use crate::status::Status;
use crate::token::Token;

/// The token takes a seat there by the rule that books one, at the end of its band, and is promised a time anew: this was
/// agreed with the patient.
pub(super) fn transfer(drafts: &mut [Draft<'_>], command: &Transfer) -> Result<(), Refusal> {
    let mut token = drafts[0].token(command.token)?;
    let has_slot = |draft: &Draft<'_>| draft.slot(command.slot).is_some();
    let at = drafts.iter().position(has_slot).ok_or(Refusal::SlotUnknown(command.slot))?;
    let seated = token.status.holds_seat();
    let old = token.slot.filter(|_| seated).and_then(|id| drafts[0].slot(id)).cloned();
    admit(&drafts[at], at > 0, &token, command)?;
    let why: String = command.why.chars().take(limits::WHY_CHARACTERS).collect();
    let seat = find(&drafts[at], &token, command, &why)?;
    if seated {
        seat::free(&mut drafts[0], &mut token)?;
    }
    let cause = MoveCause::ByHand(why);
    let (home, others) = drafts.split_at_mut(1);
    let home = &mut home[0];
    if at == 0 {
        home.stays = Some(token.id);
        let to = home.slot(seat.slot).ok_or(Refusal::SlotUnknown(seat.slot))?.window;
        let reasons = vec![Reason::Moved { from: old.as_ref().map(|old| old.window), to, cause }];
        arrive(home, token, seat, reasons, EventKind::Moved)?;
    } else {
        let other = &mut others[at - 1];
        let to = other.slot(seat.slot).ok_or(Refusal::SlotUnknown(seat.slot))?.window;
        let reasons = planner::leave_home(home, other, &mut token, old.as_ref(), to, &cause);
        arrive(other, token, seat, reasons, EventKind::MovedIn)?;
    }
    old.map_or(Ok(()), |old| seat::refill(home, old.id))
}

fn admit(to: &Draft<'_>, elsewhere: bool, token: &Token, command: &Transfer) -> Result<(), Refusal> {
    let movable = token.status.is_waiting() || matches!(token.status, Status::Called | Status::Waitlisted);
    if !movable {
        return Err(Refusal::NotWaiting { token_no: token.token_no, status: token.status });
    }
    let slot = to.slot(command.slot).ok_or(Refusal::SlotUnknown(command.slot))?;
    if token.slot == Some(command.slot) && token.status.holds_seat() {
        return Err(Refusal::SameSlot { token_no: token.token_no, window: slot.window });
    }
    let (date, today) = (to.day.key().date, to.on.today);
    if to.on.doctor.status != DoctorStatus::Active {
        return Err(Refusal::DoctorAway(to.on.doctor.status.name()));
    }
    if date < today {
        return Err(Refusal::DateOver { date, today });
    }
    if token.source == Source::Emergency && date != today {
        return Err(Refusal::EmergencyIsToday { date, today });
    }
    if !elsewhere {
        return Ok(());
    }
    if let Some(live) = to.live_token_of(token.patient) {
        return Err(Refusal::AlreadyBooked { token: live.id, token_no: live.token_no });
    }
    if to.next_token_no() > limits::TOKENS_PER_DAY {
        let hint = "choose another doctor or date";
        return Err(Refusal::Limit { what: "this doctor's day", limit: limits::TOKENS_PER_DAY, hint });
    }
    Ok(())
}

fn find(to: &Draft<'_>, token: &Token, command: &Transfer, why: &str) -> Result<Seat, Refusal> {
    // An override needs a reason.
    let beyond = Some(why).filter(|why| command.beyond_limits && !why.trim().is_empty());
    seat::find(to, token.source, Some(command.slot), beyond)
}

fn arrive(
    draft: &mut Draft<'_>,
    mut token: Token,
    seat: Seat,
    mut reasons: Vec<Reason>,
    kind: EventKind,
) -> Result<(), Refusal> {
    let slot: Slot = seat::take(draft, &mut token, seat, &mut reasons)?;
    if draft.day.key().date != draft.on.today {
        // Nobody is here on another day.
        token.arrived_at = None;
        if token.status != Status::Waitlisted {
            token.status = Status::Booked;
        }
    }
    token.promised_at = None;
    seniority::settle(draft, &mut token, &slot, None);
    draft.promise(&mut token, &slot, &mut reasons);
    draft.token_event(kind, &token, reasons);
    draft.put_token(token);
    Ok(())
}
