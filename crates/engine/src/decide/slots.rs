//! Adding slots, and changing their limits and status.

use super::draft::Draft;
use super::{limits, seat};
use crate::command::{ChangeSlot, NewSlot};
use crate::decision::{Decision, EventKind};
use crate::ids::SlotId;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::slot::{Slot, SlotStatus, Window};
use crate::source::Source;

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
        seat::fill(&mut draft, slot.id)?;
    }
    Ok(draft.finish(None))
}

pub(super) fn change(mut draft: Draft<'_>, change: &ChangeSlot) -> Result<Decision, Refusal> {
    let before = draft.day.slot(change.slot).ok_or(Refusal::SlotUnknown(change.slot))?;
    let mut after = before.clone();
    after.max_count = change.max_count.unwrap_or(before.max_count);
    after.hard_limit = change.hard_limit.unwrap_or(before.hard_limit);
    after.status = change.status.unwrap_or(before.status);
    if after == *before {
        return Ok(draft.unchanged(None, describe(before)));
    }
    check_limits(after.max_count, after.hard_limit)?;
    check_seats(&draft, before, &after)?;
    if after.status == SlotStatus::Cancelled && before.status != SlotStatus::Cancelled {
        let live = count(draft.day.tokens().iter().filter(|token| {
            token.slot == Some(before.id) && token.status.is_live() && token.status.holds_seat()
        }));
        if live > 0 {
            return Err(Refusal::SlotHoldsPatients { window: before.window, live });
        }
    }
    draft.slot_event(EventKind::SlotChanged, after.id, vec![describe(&after)]);
    let id = after.id;
    *draft.slot_mut(id)? = after;
    seat::fill(&mut draft, id)?;
    Ok(draft.finish(None))
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

/// Nobody loses a seat because a number in a form became smaller.
fn check_seats(draft: &Draft<'_>, before: &Slot, after: &Slot) -> Result<(), Refusal> {
    let ordinary = count(draft.day.tokens().iter().filter(|token| {
        let here = token.slot == Some(before.id) && token.status.holds_seat();
        here && token.source != Source::Emergency && !token.by_override
    }));
    if after.max_count < before.max_count && after.max_count < ordinary {
        return Err(Refusal::SeatsTaken { booked: ordinary });
    }
    let limited = before.current_count - before.override_count;
    if after.hard_limit < before.hard_limit && after.hard_limit < limited {
        return Err(Refusal::SeatsTaken { booked: limited });
    }
    Ok(())
}

fn describe(slot: &Slot) -> Reason {
    let Slot { window, max_count, hard_limit, status, .. } = *slot;
    Reason::SlotLimits { window, max_count, hard_limit, status }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
