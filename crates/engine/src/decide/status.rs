//! The status machine: check-in, call, visit, no-show, rejoin, cancel.

use super::draft::Draft;
use super::{place, seat};
use crate::command::SetStatus;
use crate::decision::{Decision, EventKind};
use crate::ids::TokenId;
use crate::queue;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::status::{Status, WantedStatus};
use crate::token::Token;

pub(super) fn set_status(mut draft: Draft<'_>, change: &SetStatus) -> Result<Decision, Refusal> {
    let token = draft.token(change.token)?;
    let Some(to) = target(&draft, &token, change.status)? else {
        return Ok(draft.unchanged(Some(token.id), Reason::Unchanged(token.status)));
    };
    match (token.status, to) {
        (Status::Waitlisted, Status::Booked) => promote(&mut draft, token.clone())?,
        (Status::Passed, Status::Arrived) => place::rejoin(&mut draft, token.clone())?,
        (Status::Called, Status::Passed) => pass(&mut draft, token.clone(), None)?,
        _ => become_status(&mut draft, token.clone(), to, Vec::new())?,
    }
    Ok(draft.finish(Some(token.id)))
}

/// The status to go to; none when the token is there already.
fn target(draft: &Draft<'_>, token: &Token, wanted: WantedStatus) -> Result<Option<Status>, Refusal> {
    let to = match (wanted, token.status) {
        (WantedStatus::Exactly(to), from) if to == from => return Ok(None),
        (WantedStatus::Exactly(to), _) => to,
        (WantedStatus::Pending, Status::Booked | Status::Arrived) => return Ok(None),
        (WantedStatus::Pending, Status::Passed) => Status::Arrived,
        (WantedStatus::Pending, _) => Status::Booked,
    };
    let next = possible(draft, token);
    if next.contains(&to) {
        return Ok(Some(to));
    }
    let wanted = match wanted {
        WantedStatus::Pending => "pending",
        WantedStatus::Exactly(status) => status.name(),
    };
    Err(Refusal::Impossible { from: token.status, wanted, next })
}

/// What the token can become; where nobody checks in, whoever is present can be called as well.
fn possible(draft: &Draft<'_>, token: &Token) -> Vec<Status> {
    let mut next = token.status.next().to_vec();
    let slot = token.slot.and_then(|id| draft.day.slot(id));
    let present = slot.is_some_and(|slot| queue::is_present(token, slot, draft.settings(), draft.now()));
    if token.status == Status::Booked && present {
        next.push(Status::Called);
    }
    next
}

/// Nobody came to the call. Whoever has rejoined as often as one may does not come back.
pub(super) fn pass(draft: &mut Draft<'_>, token: Token, why: Option<Reason>) -> Result<(), Refusal> {
    let mut reasons: Vec<Reason> = why.into_iter().collect();
    if token.rejoins < draft.settings().rejoins_max {
        return become_status(draft, token, Status::Passed, reasons);
    }
    reasons.push(Reason::RejoinsUsedUp(token.rejoins));
    become_status(draft, token, Status::NoShow, reasons)
}

/// The status changes, for these reasons; a seat that becomes free is given away.
pub(super) fn become_status(
    draft: &mut Draft<'_>,
    mut token: Token,
    to: Status,
    mut reasons: Vec<Reason>,
) -> Result<(), Refusal> {
    let (from, now) = (token.status, draft.now());
    token.status = to;
    match to {
        Status::Arrived => token.arrived_at = Some(now),
        Status::Called => {
            token.called_at = Some(now);
            // Whoever calls is here.
            draft.resumes_at = None;
        }
        Status::InConsultation => token.started_at = Some(now),
        Status::Completed | Status::NoShow | Status::Cancelled => token.ended_at = Some(now),
        Status::Passed => token.passed_at = Some(now),
        Status::Waitlisted | Status::Booked => {}
    }
    let frees = from.holds_seat() && !to.holds_seat();
    reasons.push(Reason::Became { from, to });
    if frees {
        seat::free(draft, &mut token)?;
        let window = token.slot.and_then(|id| draft.slot(id)).map(|slot| slot.window);
        reasons.extend(window.map(Reason::SeatFreed));
    }
    draft.token_event(EventKind::Became(to), &token, reasons);
    let slot = token.slot;
    draft.put_token(token);
    match slot {
        Some(slot) if frees => seat::refill(draft, slot),
        _ => Ok(()),
    }
}

/// A waitlisted token gets a seat because the desk asks for one.
fn promote(draft: &mut Draft<'_>, mut token: Token) -> Result<(), Refusal> {
    let seat = seat::find(draft, token.source, token.slot, None)?;
    let mut reasons = Vec::new();
    seat::promote(draft, &mut token, seat, &mut reasons)?;
    draft.token_event(EventKind::Promoted, &token, reasons);
    draft.put_token(token);
    Ok(())
}

/// The patient agrees to come earlier, or no longer does.
pub(super) fn agree_earlier(
    mut draft: Draft<'_>,
    id: TokenId,
    earlier_ok: bool,
) -> Result<Decision, Refusal> {
    let mut token = draft.token(id)?;
    if token.earlier_ok == earlier_ok {
        return Ok(draft.unchanged(Some(id), Reason::EarlierAgreed(earlier_ok)));
    }
    token.earlier_ok = earlier_ok;
    draft.token_event(EventKind::EarlierAgreed, &token, vec![Reason::EarlierAgreed(earlier_ok)]);
    draft.put_token(token);
    Ok(draft.finish(Some(id)))
}
