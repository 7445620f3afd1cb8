//! Seats that go away: the doctor leaves, a slot is cancelled, a slot has fewer seats. Whoever sat there is moved on.

use super::draft::Draft;
use super::{limits, planner};
use crate::command::Leave;
use crate::decision::EventKind;
use crate::reason::{MoveCause, Reason};
use crate::refusal::Refusal;
use crate::slot::{Slot, SlotStatus};
use crate::token::Token;

/// The slots of that time are cancelled, also one that has begun: a visit in progress is finished, everybody else moves on.
/// Whoever leaves now leaves those as well who still wait though their slot has ended.
pub(super) fn leave(drafts: &mut [Draft<'_>], command: &Leave) -> Result<(), Refusal> {
    let home = &mut drafts[0];
    let now = home.now();
    let from = command.from.map_or(now, |from| from.max(now));
    let meets = |slot: &&Slot| {
        let until = command.to.is_none_or(|to| from < to && slot.window.starts_at() < to);
        slot.status != SlotStatus::Cancelled && slot.window.ends_at() > from && until
    };
    let cancelled: Vec<Slot> = home.slots().filter(meets).cloned().collect();
    let at_once = from == now && command.to.is_none_or(|to| now < to);
    let ended =
        home.slots().filter(|slot| at_once && (slot.is_over(now) || slot.status == SlotStatus::Cancelled));
    let overdue: Vec<Token> = ended.flat_map(|slot| planner::waiting_in(home, slot.id)).collect();
    if cancelled.is_empty() && overdue.is_empty() {
        return Err(Refusal::NothingToLeave);
    }
    let why = command.why.chars().take(limits::WHY_CHARACTERS).collect();
    home.day_event(EventKind::DoctorLeft, vec![Reason::DoctorLeaves(why)]);
    cancel(drafts, &cancelled, overdue, &MoveCause::DoctorLeaves)
}

/// Cancels these slots, given as they will be, and moves everybody on who waits in them, and these others.
pub(super) fn cancel(
    drafts: &mut [Draft<'_>],
    slots: &[Slot],
    mut victims: Vec<Token>,
    cause: &MoveCause,
) -> Result<(), Refusal> {
    let home = &mut drafts[0];
    for slot in slots {
        home.slot_mut(slot.id)?.status = SlotStatus::Cancelled;
        let reason = super::slots::describe(&Slot { status: SlotStatus::Cancelled, ..slot.clone() });
        home.slot_event(EventKind::SlotChanged, slot.id, vec![reason]);
        victims.extend(planner::waiting_in(home, slot.id));
    }
    planner::move_on(drafts, victims, cause)?;
    planner::release_waitlist(&mut drafts[0], slots, cause)?;
    slots.iter().try_for_each(|slot| super::slots::limit(&mut drafts[0], slot))
}

/// Moves on who no longer fits: the lowest-banded, then the last.
pub(super) fn shrink(drafts: &mut [Draft<'_>], slot: &Slot, too_many: (u32, u32)) -> Result<(), Refusal> {
    let (ordinary, limited) = too_many;
    let last_first = planner::last_first(planner::waiting_in(&drafts[0], slot.id));
    let (mut victims, mut freed_ordinary, mut freed) = (Vec::<Token>::new(), 0, 0);
    for token in last_first.into_iter().filter(|token| !token.by_override) {
        let is_ordinary = super::slots::is_ordinary(&token);
        if freed_ordinary < ordinary && is_ordinary || freed < limited {
            freed_ordinary += u32::from(is_ordinary);
            freed += 1;
            victims.push(token);
        }
    }
    if freed_ordinary < ordinary || freed < limited {
        // Those with the doctor, and those who were seen, keep their seats.
        let booked = slot.current_count - freed;
        return Err(Refusal::SeatsTaken { booked });
    }
    planner::move_on(drafts, victims, &MoveCause::FewerSeats)
}
