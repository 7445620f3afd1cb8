//! The doctor's room: next, recall, and the doctor who runs late.

use jiff::SignedDuration;

use super::draft::Draft;
use super::{limits, status};
use crate::command::{Delay, Next};
use crate::decision::{Decision, EventKind};
use crate::ids::TokenId;
use crate::queue::Place;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::slot::SlotStatus;
use crate::status::Status;
use crate::token::Token;

/// Calls the first who is here, or the one that was asked for; finishes the visit in progress first, if asked. While
/// somebody is called and has not come in yet, nobody else is: a second console that asks gets the same token.
pub(super) fn next(mut draft: Draft<'_>, command: &Next) -> Result<Decision, Refusal> {
    let (date, today) = (draft.day.key().date, draft.on.today);
    if date > today {
        return Err(Refusal::NotYet { date });
    }
    if let Some(called) = first_in(&draft, Status::Called) {
        return match command.token {
            Some(asked) if asked != called.id => Err(Refusal::AnotherIsCalled { token_no: called.token_no }),
            _ => Ok(draft.unchanged(Some(called.id), Reason::CalledAlready)),
        };
    }
    let mut finished = None;
    while let Some(visit) = first_in(&draft, Status::InConsultation) {
        if !command.finish {
            return Err(Refusal::VisitInProgress { token_no: visit.token_no });
        }
        finished = Some(visit.id);
        status::become_status(&mut draft, visit, Status::Completed, Vec::new())?;
    }
    let places = draft.queue();
    let (token, reason) = match (choose(&draft, &places, command), finished) {
        (Ok(chosen), _) => chosen,
        (Err(Refusal::NobodyToCall { .. }), Some(finished)) => return Ok(draft.finish(Some(finished))),
        (Err(refusal), _) => return Err(refusal),
    };
    let subject = token.id;
    status::become_status(&mut draft, token, Status::Called, vec![reason])?;
    Ok(draft.finish(Some(subject)))
}

fn first_in(draft: &Draft<'_>, status: Status) -> Option<Token> {
    let those = draft.tokens().iter().filter(|token| token.status == status);
    those.min_by_key(|token| (token.called_at, token.token_no)).cloned()
}

fn choose(draft: &Draft<'_>, places: &[Place<'_>], command: &Next) -> Result<(Token, Reason), Refusal> {
    let count = |absent: &[Place<'_>], present| {
        let those = absent.iter().filter(|place| place.present == present);
        u32::try_from(those.count()).unwrap_or(u32::MAX)
    };
    let first = places.iter().position(|place| place.present);
    let Some(asked) = command.token else {
        let first = first.ok_or(Refusal::NobodyToCall { absent: count(places, false) })?;
        let policy = draft.settings().policy;
        let reason = Reason::NextInOrder { policy, absent: count(&places[..first], false) };
        return Ok((places[first].token.clone(), reason));
    };
    let token = draft.token(asked)?;
    let at = places.iter().position(|place| place.token.id == asked);
    let at = at.ok_or(Refusal::NotWaiting { token_no: token.token_no, status: token.status })?;
    if !places[at].present {
        return Err(Refusal::NotHere { token_no: token.token_no });
    }
    let passed = count(&places[..at], true);
    let why = command.why.as_deref().map_or("", str::trim);
    if passed == 0 {
        let policy = draft.settings().policy;
        return Ok((token, Reason::NextInOrder { policy, absent: count(&places[..at], false) }));
    }
    if why.is_empty() {
        return Err(Refusal::ReasonMissing { token_no: token.token_no, passed });
    }
    let why = why.chars().take(limits::WHY_CHARACTERS).collect();
    Ok((token, Reason::CalledOutOfOrder { passed, why }))
}

/// Calls a called patient once more; the time to come starts anew.
pub(super) fn recall(mut draft: Draft<'_>, id: TokenId) -> Result<Decision, Refusal> {
    let mut token = draft.token(id)?;
    if token.status != Status::Called {
        let next = token.status.next().to_vec();
        return Err(Refusal::Impossible { from: token.status, wanted: "called once more", next });
    }
    token.called_at = Some(draft.now());
    draft.token_event(EventKind::Recalled, &token, vec![Reason::CalledAgain]);
    draft.put_token(token);
    Ok(draft.finish(Some(id)))
}

/// The doctor is not here for so many minutes from now; before the doctor's next slot, from its start. Nobody loses
/// anything: the estimates of all who wait move.
pub(super) fn delay(mut draft: Draft<'_>, command: &Delay) -> Result<Decision, Refusal> {
    if command.minutes == 0 {
        if draft.resumes_at.is_none() {
            return Ok(draft.unchanged(None, Reason::OnTimeAgain));
        }
        draft.resumes_at = None;
        draft.day_event(EventKind::DelaySaid, vec![Reason::OnTimeAgain]);
        return Ok(draft.finish(None));
    }
    let now = draft.now();
    let held = || draft.slots().filter(|slot| slot.status != SlotStatus::Cancelled);
    held().next().ok_or(Refusal::NoSlots(draft.day.key().date))?;
    let to_come = held().find(|slot| !slot.is_over(now)).map(|slot| slot.window.starts_at());
    let from = to_come.map_or(now, |starts_at| starts_at.max(now));
    let late = SignedDuration::from_mins(i64::from(command.minutes));
    let until = from.checked_add(late).ok();
    let why = command.why.as_deref().map(str::trim).filter(|why| !why.is_empty());
    let why = why.map(|why| why.chars().take(limits::WHY_CHARACTERS).collect());
    let reason = Reason::RunningLate { minutes: command.minutes, why };
    if command.keeps_later && draft.resumes_at >= until {
        return Ok(draft.unchanged(None, reason));
    }
    draft.resumes_at = until;
    draft.day_event(EventKind::DelaySaid, vec![reason]);
    Ok(draft.finish(None))
}
