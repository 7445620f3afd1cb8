//! Displacement, where the facility wants it: a higher band that finds the current slot full may move its last, lowest, not
//! yet present token to the next slot. Nobody is displaced twice.

use super::draft::Draft;
use super::seat::{self, Seat};
use super::seniority;
use crate::decision::EventKind;
use crate::ids::SlotId;
use crate::reason::{MoveCause, PassedOver, Reason};
use crate::refusal::Refusal;
use crate::slot::Slot;
use crate::source::Source;
use crate::status::Status;
use crate::token::Token;

/// Makes room in the current slot, if it is full for this newcomer and somebody in it can give way.
pub(super) fn make_room(
    draft: &mut Draft<'_>,
    newcomer: &Token,
    asked: Option<SlotId>,
) -> Result<(), Refusal> {
    if !draft.settings().displacement || draft.day.key().date != draft.on.today {
        return Ok(());
    }
    let Some(current) = draft.slots().find(|slot| !slot.is_over(draft.now())).cloned() else { return Ok(()) };
    if asked.is_some_and(|asked| asked != current.id) || !one_short(draft, &current, newcomer.source) {
        return Ok(());
    }
    let Some((mut victim, next)) = victim(draft, newcomer, &current) else { return Ok(()) };
    seat::free(draft, &mut victim)?;
    let cause = MoveCause::Displaced(newcomer.band);
    let mut reasons = vec![Reason::Moved { from: Some(current.window), to: next.window, cause }];
    victim.displaced = true;
    let seat = Seat { slot: next.id, override_why: None, looked_at: Vec::new() };
    let slot = seniority::take(draft, &mut victim, seat, &mut reasons)?;
    let told = victim.appointment_at;
    seniority::settle(draft, &mut victim, &slot, told);
    draft.token_event(EventKind::Moved, &victim, reasons);
    draft.put_token(victim);
    Ok(())
}

/// With one token less the slot would have a seat for `source`.
fn one_short(draft: &Draft<'_>, slot: &Slot, source: Source) -> bool {
    let full = seat::passed_over(slot, source, draft.now());
    matches!(full, Some(PassedOver::Full { count, limit }) if count == limit)
}

/// The lowest-banded, then last, of those who are not here yet, and the slot that it can go to.
fn victim(draft: &Draft<'_>, newcomer: &Token, current: &Slot) -> Option<(Token, Slot)> {
    let can_give_way = |token: &&Token| {
        token.slot == Some(current.id)
            && token.status == Status::Booked
            && token.band > newcomer.band
            && !token.displaced
            && !token.by_override
            && token.source != Source::Emergency
            && !crate::queue::is_present(token, current, draft.settings(), draft.now())
    };
    let last = draft.tokens().iter().filter(can_give_way);
    let victim = last.max_by_key(|token| (token.band, token.sequence, token.token_no))?;
    let later = draft.slots().filter(|slot| slot.window.starts_at() > current.window.starts_at());
    let next = seat::next_room(later, victim.source, draft.now())?;
    Some((victim.clone(), next.clone()))
}
