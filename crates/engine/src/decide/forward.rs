//! Pull-forward: tokens of later slots whose patients agreed to come earlier take seats that become free.

use super::draft::Draft;
use super::seat::{self, Seat};
use super::seniority;
use crate::decision::EventKind;
use crate::ids::SlotId;
use crate::reason::{MoveCause, Reason};
use crate::refusal::Refusal;
use crate::slot::Slot;
use crate::status::Status;
use crate::token::Token;

/// Fills the free seats of this slot from later ones; the seats that these leave are given away in turn. Each step makes
/// somebody's slot earlier, so it comes to an end.
pub(super) fn pull(draft: &mut Draft<'_>, id: SlotId) -> Result<(), Refusal> {
    if !draft.settings().pull_forward {
        return Ok(());
    }
    while let Some((mut token, from)) = candidate(draft, id) {
        let Some(to) = draft.slot(id).map(|slot| slot.window) else { return Ok(()) };
        let cause = MoveCause::CameForward;
        let mut reasons = vec![Reason::Moved { from: Some(from.window), to, cause }];
        seat::free(draft, &mut token)?;
        let seat = Seat { slot: id, override_why: None, looked_at: Vec::new() };
        let slot = seniority::take(draft, &mut token, seat, &mut reasons)?;
        seniority::settle(draft, &mut token, &slot, None);
        draft.promise(&mut token, &slot, &mut reasons);
        draft.token_event(EventKind::Moved, &token, reasons);
        draft.put_token(token);
        seat::refill(draft, from.id)?;
    }
    Ok(())
}

/// The first who agreed, by slot, then by number, for whom this slot has a seat.
fn candidate(draft: &Draft<'_>, id: SlotId) -> Option<(Token, Slot)> {
    let to = draft.slot(id)?;
    let agreed = draft.seated().filter(|(token, slot)| {
        token.earlier_ok
            && draft.stays != Some(token.id)
            && matches!(token.status, Status::Booked | Status::Arrived)
            && slot.window.starts_at() > to.window.starts_at()
            && seat::passed_over(to, token.source, draft.now()).is_none()
    });
    let first = agreed.min_by_key(|(token, slot)| (slot.window.starts_at(), token.sequence, token.token_no));
    first.map(|(token, slot)| (token.clone(), slot.clone()))
}
