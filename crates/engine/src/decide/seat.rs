//! The seat rule: which slot a token gets, and how a freed seat is filled from the waitlist.

use jiff::{SignedDuration, Timestamp};

use super::draft::Draft;
use super::{forward, limits};
use crate::decision::EventKind;
use crate::ids::SlotId;
use crate::reason::{PassedOver, Reason};
use crate::refusal::Refusal;
use crate::sequence::SequenceNumber;
use crate::slot::{Slot, SlotStatus};
use crate::source::{Band, Source};
use crate::status::Status;
use crate::token::Token;

/// Of these slots, in the order given, the first one that has room for `source`: what a refusal can point to.
pub fn next_room<'a>(
    slots: impl IntoIterator<Item = &'a Slot>,
    source: Source,
    now: Timestamp,
) -> Option<&'a Slot> {
    slots.into_iter().find(|slot| passed_over(slot, source, now).is_none())
}

/// Seats that this source may take.
pub(super) const fn limit(slot: &Slot, source: Source) -> u32 {
    match source {
        Source::Emergency => slot.hard_limit,
        Source::PaidPriority | Source::FollowUp | Source::WalkIn | Source::Online => slot.max_count,
    }
}

/// Why this slot has no seat for `source`; none if it has.
pub(super) fn passed_over(slot: &Slot, source: Source, now: Timestamp) -> Option<PassedOver> {
    let limit = limit(slot, source);
    if slot.status != SlotStatus::Open {
        Some(PassedOver::NotOpen(slot.status))
    } else if slot.is_over(now) {
        Some(PassedOver::Over)
    } else if slot.current_count >= limit {
        Some(PassedOver::Full { count: slot.current_count, limit })
    } else {
        None
    }
}

/// A seat that was found.
pub(super) struct Seat {
    pub(super) slot: SlotId,
    pub(super) override_why: Option<String>,
    pub(super) looked_at: Vec<Reason>,
}

/// Finds a seat by the rule, or beyond it when a supervisor says why.
pub(super) fn find(
    draft: &Draft<'_>,
    source: Source,
    asked: Option<SlotId>,
    override_why: Option<&str>,
) -> Result<Seat, Refusal> {
    let now = draft.now();
    let date = draft.day.key().date;
    if draft.day.slots().is_empty() {
        return Err(Refusal::NoSlots(date));
    }
    if let Some(id) = asked {
        let slot = draft.slot(id).ok_or(Refusal::SlotUnknown(id))?;
        match passed_over(slot, source, now) {
            Some(PassedOver::NotOpen(status))
                if override_why.is_none() || status == SlotStatus::Cancelled =>
            {
                return Err(Refusal::SlotNotOpen(slot.window, status));
            }
            Some(PassedOver::Over) if override_why.is_none() => return Err(Refusal::SlotOver(slot.window)),
            _ => {}
        }
    }
    let mut looked_at = Vec::new();
    for slot in draft.slots().filter(|slot| asked.is_none_or(|asked| slot.id == asked)) {
        match passed_over(slot, source, now) {
            None => return Ok(Seat { slot: slot.id, override_why: None, looked_at }),
            Some(why) => looked_at.push(Reason::SlotPassedOver(slot.window, why)),
        }
    }
    if let (Some(why), Some(slot)) = (override_why, override_slot(draft, asked)) {
        let why = why.chars().take(limits::WHY_CHARACTERS).collect();
        return Ok(Seat { slot, override_why: Some(why), looked_at });
    }
    let asked = asked.and_then(|asked| draft.slot(asked)).map(|asked| asked.window.starts_at());
    let later = |slot: &&Slot| asked.is_some_and(|asked| slot.window.starts_at() > asked);
    let next = next_room(draft.slots().filter(later), source, now).map(|slot| slot.id);
    Err(Refusal::NoSeat { date, looked_at, next })
}

/// Where an override sits: in the asked slot, else in the current one, else in the last of the day.
fn override_slot(draft: &Draft<'_>, asked: Option<SlotId>) -> Option<SlotId> {
    let mut slots = draft.slots().filter(|slot| slot.status != SlotStatus::Cancelled);
    let last = slots.clone().next_back();
    asked.or_else(|| slots.find(|slot| !slot.is_over(draft.now())).or(last).map(|slot| slot.id))
}

/// Seats the token: counts it, gives it the next number, and says so.
pub(super) fn take(
    draft: &mut Draft<'_>,
    token: &mut Token,
    seat: Seat,
    reasons: &mut Vec<Reason>,
) -> Result<Slot, Refusal> {
    let id = occupy(draft, token, seat, reasons)?;
    let slot = draft.slot_mut(id)?;
    let sequence = issue(slot, token.band)?;
    token.sequence = Some(sequence);
    reasons.push(Reason::Numbered { source: token.class, band: token.band, sequence });
    Ok(slot.clone())
}

/// The next number of this band in this slot.
pub(super) fn issue(slot: &mut Slot, band: Band) -> Result<SequenceNumber, Refusal> {
    let hint = "choose another slot";
    slot.issue(band).ok_or(Refusal::Limit { what: "the numbering of this slot", limit: 999_999, hint })
}

/// Counts the token in, without a number yet.
pub(super) fn occupy(
    draft: &mut Draft<'_>,
    token: &mut Token,
    seat: Seat,
    reasons: &mut Vec<Reason>,
) -> Result<SlotId, Refusal> {
    reasons.extend(seat.looked_at);
    let slot = draft.slot_mut(seat.slot)?;
    slot.current_count += 1;
    let (window, count) = (slot.window, slot.current_count);
    reasons.push(match seat.override_why {
        Some(why) => {
            slot.override_count += 1;
            token.by_override = true;
            Reason::Overridden { window, why }
        }
        None if count > slot.max_count => Reason::BufferUsed { window, count, limit: slot.hard_limit },
        None => Reason::SeatTaken { window, count, limit: slot.max_count },
    });
    token.slot = Some(slot.id);
    Ok(slot.id)
}

/// Frees the seat of a token.
pub(super) fn free(draft: &mut Draft<'_>, token: &mut Token) -> Result<(), Refusal> {
    let Some(id) = token.slot else { return Ok(()) };
    let slot = draft.slot_mut(id)?;
    slot.current_count -= 1;
    slot.override_count -= u32::from(std::mem::take(&mut token.by_override));
    Ok(())
}

/// Gives the free seats of a slot away: to those who wait for one, then to those who agreed to come earlier.
pub(super) fn refill(draft: &mut Draft<'_>, id: SlotId) -> Result<(), Refusal> {
    fill(draft, id)?;
    forward::pull(draft, id)
}

/// To those who wait for one, by band, then by who asked first.
fn fill(draft: &mut Draft<'_>, id: SlotId) -> Result<(), Refusal> {
    loop {
        let now = draft.now();
        let Some(slot) = draft.slot(id) else { return Ok(()) };
        let waiting = draft.tokens().iter().filter(|token| token.status == Status::Waitlisted);
        let fitting = waiting
            .filter(|token| token.slot.is_none_or(|asked| asked == id))
            .filter(|token| passed_over(slot, token.source, now).is_none());
        let Some(first) = fitting.min_by_key(|token| token.waitlist_rank()) else {
            return Ok(());
        };
        let (mut token, window) = (first.clone(), slot.window);
        let mut reasons = vec![Reason::FromWaitlist(window)];
        promote(
            draft,
            &mut token,
            Seat { slot: id, override_why: None, looked_at: Vec::new() },
            &mut reasons,
        )?;
        draft.token_event(EventKind::Promoted, &token, reasons);
        draft.put_token(token);
    }
}

/// Seats a waitlisted token.
pub(super) fn promote(
    draft: &mut Draft<'_>,
    token: &mut Token,
    seat: Seat,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    let slot = take(draft, token, seat, reasons)?;
    token.status = if token.arrived_at.is_some() { Status::Arrived } else { Status::Booked };
    if token.status == Status::Booked {
        token.appointment_at = token.appointment_at.or_else(|| appointment(draft, token, &slot, None));
        reasons.push(draft.how_to_come(&slot));
    }
    draft.promise(token, &slot, reasons);
    Ok(())
}

/// An appointment time of one's own inside the slot: the first free one of `max_count` equal steps that is still to come, and
/// not before a time that was told already. An announced emergency has none: it is seen when it comes.
pub(super) fn appointment(
    draft: &Draft<'_>,
    token: &Token,
    slot: &Slot,
    told: Option<Timestamp>,
) -> Option<Timestamp> {
    let earliest = told.map_or(draft.now(), |told| told.max(draft.now()));
    if token.source == Source::Emergency {
        return None;
    }
    let (start, seats) = (slot.window.starts_at(), i64::from(slot.max_count.max(1)));
    let seconds = slot.window.ends_at().duration_since(start).as_secs().max(1);
    let step = |k: i64| start.checked_add(SignedDuration::from_secs(seconds * k / seats)).ok();
    let mut taken = vec![false; slot.max_count.max(1) as usize];
    for token in
        draft.tokens().iter().filter(|token| token.slot == Some(slot.id) && token.status.holds_seat())
    {
        let Some(due) = token.appointment_at else { continue };
        let k = (due.duration_since(start).as_secs() * seats + seconds - 1).div_euclid(seconds);
        if let Some(step) = usize::try_from(k).ok().and_then(|k| taken.get_mut(k)) {
            *step = true;
        }
    }
    let free = (0..seats).zip(&taken).filter(|(_, taken)| !**taken).filter_map(|(k, _)| step(k));
    free.into_iter().find(|due| *due >= earliest).or_else(|| step(seats - 1)).map(|due| due.max(earliest))
}
