//! Adding slots, and changing their limits and status.

use super::draft::Draft;
use super::{leave, limits, seat};
use crate::command::{ChangeSlot, NewSlot};
use crate::decision::{Decision, EventKind};
use crate::ids::SlotId;
use crate::reason::{MoveCause, Reason};
use crate::refusal::Refusal;
use crate::slot::{Slot, SlotStatus, Window};
use crate::source::Source;
use crate::token::Token;

pub(super) fn add(mut draft: Draft<'_>, new: &[NewSlot]) -> Result<Decision, Refusal> {
    let mut existing: Vec<_> = draft.day.slots().iter().map(|slot| (slot.id, slot.window)).collect();
    for slot in new {
        check_limits(slot.max_count, slot.hard_limit)?;
        let same = |(id, window): &&(SlotId, Window)| *id == slot.id || window.overlaps(&slot.window);
        if let Some(&(_, existing)) = existing.iter().find(same) {
            return Err(Refusal::Overlaps { new: slot.window, existing });
        }
        if existing.len() >= limits::SLOTS_PER_DAY as usize {
            let hint = "make the slots longer";
            return Err(Refusal::Limit { what: "this doctor's day", limit: limits::SLOTS_PER_DAY, hint });
        }
        existing.push((slot.id, slot.window));
        let slot = Slot::new(slot.id, slot.window, slot.max_count, slot.hard_limit);
        draft.slot_event(EventKind::SlotAdded, slot.id, vec![describe(&slot)]);
        draft.put_slot(slot);
    }
    let mut new: Vec<&NewSlot> = new.iter().collect();
    new.sort_by_key(|slot| slot.window.starts_at());
    for slot in new {
        seat::refill(&mut draft, slot.id)?;
    }
    Ok(draft.finish(None))
}

/// Changes a slot of the first draft. Who no longer has a seat is moved on, if that was asked for.
pub(super) fn change(drafts: &mut [Draft<'_>], change: &ChangeSlot) -> Result<(), Refusal> {
    let draft = &mut drafts[0];
    let before = draft.day.slot(change.slot).ok_or(Refusal::SlotUnknown(change.slot))?.clone();
    let mut after = before.clone();
    after.max_count = change.max_count.unwrap_or(before.max_count);
    after.hard_limit = change.hard_limit.unwrap_or(before.hard_limit);
    after.status = change.status.unwrap_or(before.status);
    check_limits(after.max_count, after.hard_limit)?;
    let id = before.id;
    let too_many = too_many(draft, &before, &after);
    if too_many != (0, 0) && !change.move_on {
        let booked =
            if too_many.0 > 0 { after.max_count + too_many.0 } else { after.hard_limit + too_many.1 };
        return Err(Refusal::SeatsTaken { booked });
    }
    if after.status == SlotStatus::Cancelled && before.status != SlotStatus::Cancelled {
        let live =
            count(draft.day.tokens().iter().filter(|token| {
                token.slot == Some(id) && token.status.is_live() && token.status.holds_seat()
            }));
        if live > 0 && !change.move_on {
            return Err(Refusal::SlotHoldsPatients { window: before.window, live });
        }
        return leave::cancel(drafts, &[after], Vec::new(), &MoveCause::SlotCancelled);
    }
    draft.slot_event(EventKind::SlotChanged, id, vec![describe(&after)]);
    if too_many != (0, 0) {
        leave::shrink(drafts, &before, too_many)?;
    }
    drafts[0].slot_mut(id)?.status = after.status;
    limit(&mut drafts[0], &after)?;
    seat::refill(&mut drafts[0], id)
}

/// Gives the slot the limits of `after`. Whoever has no seat within them has left it before.
pub(super) fn limit(draft: &mut Draft<'_>, after: &Slot) -> Result<(), Refusal> {
    let slot = draft.slot_mut(after.id)?;
    let booked = slot.current_count - slot.override_count;
    if after.hard_limit < slot.hard_limit && booked > after.hard_limit {
        return Err(Refusal::SeatsTaken { booked });
    }
    (slot.max_count, slot.hard_limit) = (after.max_count, after.hard_limit);
    Ok(())
}

/// Nothing of the slot would be other than it is.
pub(super) fn is_as_asked(draft: &Draft<'_>, change: &ChangeSlot) -> Option<Reason> {
    let slot = draft.day.slot(change.slot)?;
    let same = change.max_count.is_none_or(|max_count| max_count == slot.max_count)
        && change.hard_limit.is_none_or(|hard_limit| hard_limit == slot.hard_limit)
        && change.status.is_none_or(|status| status == slot.status);
    same.then(|| describe(slot))
}

fn check_limits(max_count: u32, hard_limit: u32) -> Result<(), Refusal> {
    for asked in [max_count, hard_limit] {
        if !(1..=limits::SEATS_PER_SLOT).contains(&asked) {
            return Err(Refusal::SeatsOutOfRange { asked, max: limits::SEATS_PER_SLOT });
        }
    }
    if hard_limit < max_count {
        return Err(Refusal::LimitsCrossed { max_count, hard_limit });
    }
    Ok(())
}

/// How many have a seat beyond the new limits: ordinary seats, and seats in all. Nobody loses one because a number in a form
/// became smaller.
fn too_many(draft: &Draft<'_>, before: &Slot, after: &Slot) -> (u32, u32) {
    let ordinary =
        count(draft.day.tokens().iter().filter(|token| {
            token.slot == Some(before.id) && token.status.holds_seat() && is_ordinary(token)
        }));
    let limited = before.current_count - before.override_count;
    let fewer = |before, after, taken: u32| if after < before { taken.saturating_sub(after) } else { 0 };
    (fewer(before.max_count, after.max_count, ordinary), fewer(before.hard_limit, after.hard_limit, limited))
}

/// Sits in a seat that `max_count` counts.
pub(super) fn is_ordinary(token: &Token) -> bool {
    token.source != Source::Emergency && !token.by_override
}

pub(super) fn describe(slot: &Slot) -> Reason {
    let Slot { window, max_count, hard_limit, status, .. } = *slot;
    Reason::SlotLimits { window, max_count, hard_limit, status }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
