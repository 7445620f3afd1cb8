//! Seniority: whoever the engine moves keeps it. In the new slot the token goes before those of its band that were promised a
//! later time.

use jiff::Timestamp;

use super::draft::Draft;
use super::seat::{self, Seat};
use crate::decision::EventKind;
use crate::ids::SlotId;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::sequence::SequenceNumber;
use crate::slot::Slot;
use crate::status::Status;
use crate::token::Token;

/// Seats the token, with a number that keeps its seniority.
pub(super) fn take(
    draft: &mut Draft<'_>,
    token: &mut Token,
    seat: Seat,
    reasons: &mut Vec<Reason>,
) -> Result<Slot, Refusal> {
    let slot = seat::occupy(draft, token, seat, reasons)?;
    let behind = behind(draft, token, slot);
    let sequence = match behind.first() {
        None => seat::issue(draft.slot_mut(slot)?, token.band)?,
        Some(next) => {
            reasons.push(Reason::KeepsSeniority { before: next.token_no });
            match between(draft, slot, token, next) {
                Some(between) => between,
                None => renumber(draft, slot, token, behind)?,
            }
        }
    };
    token.sequence = Some(sequence);
    reasons.push(Reason::Numbered { source: token.class, band: token.band, sequence });
    draft.slot(slot).cloned().ok_or(Refusal::SlotUnknown(slot))
}

/// Those who wait in this band of the slot from the first one on who was promised a later time, in order.
fn behind(draft: &Draft<'_>, token: &Token, slot: SlotId) -> Vec<Token> {
    let waits = |other: &&Token| {
        other.slot == Some(slot)
            && other.id != token.id
            && other.status.is_waiting()
            && other.sequence.is_some_and(|number| number.band() == token.band)
    };
    let mut line: Vec<&Token> = draft.tokens().iter().filter(waits).collect();
    line.sort_unstable_by_key(|other| other.sequence);
    let later = |other: &&Token| other.promised_at > token.promised_at;
    let first = line.iter().position(later).unwrap_or(line.len());
    line[first..].iter().map(|other| (*other).clone()).collect()
}

/// The number half way between `next` and the one before it that was ever used, also by somebody of another slot who was put
/// there by hand; none when they are neighbours.
fn between(draft: &Draft<'_>, slot: SlotId, token: &Token, next: &Token) -> Option<SequenceNumber> {
    let next = next.sequence?;
    let since_ns = draft.slot(slot)?.window.starts_at().as_nanosecond();
    // Also the numbers until now of those whom this decision takes out of the slot: their rows still have them.
    let all = draft.tokens().iter().chain(draft.day.tokens());
    let used = all.filter(|other| other.id != token.id).flat_map(|other| {
        let own = other.sequence.filter(|_| other.slot == Some(slot));
        let placed = other.placed.filter(|placed| {
            placed.policy.policy().by_sequence() && i128::from(placed.standing.from_ns) == since_ns
        });
        own.into_iter().chain(placed.map(|placed| SequenceNumber::from_units(placed.standing.minor)))
    });
    let before = used.filter(|used| *used < next).max();
    let floor = next.floor();
    SequenceNumber::midpoint(before.map_or(floor, |before| before.max(floor)), next)
}

/// No midpoint left: the token and all behind it get the next numbers of the band, in their order.
fn renumber(
    draft: &mut Draft<'_>,
    slot: SlotId,
    token: &Token,
    behind: Vec<Token>,
) -> Result<SequenceNumber, Refusal> {
    let own = seat::issue(draft.slot_mut(slot)?, token.band)?;
    for mut other in behind {
        let to = seat::issue(draft.slot_mut(slot)?, token.band)?;
        let from = other.sequence.replace(to).unwrap_or(to);
        draft.token_event(EventKind::Renumbered, &other, vec![Reason::MadeRoom { from, to }]);
        draft.put_token(other);
    }
    Ok(own)
}

/// What a token that waits becomes in its new slot: a call or a place by hand does not go with it, and whoever is not here
/// yet gets a time there, not before the one that was `told`, if it was not agreed otherwise.
pub(super) fn settle(draft: &Draft<'_>, token: &mut Token, slot: &Slot, told: Option<Timestamp>) {
    (token.placed, token.called_at) = (None, None);
    if matches!(token.status, Status::Called | Status::Waitlisted) {
        token.status = if token.arrived_at.is_some() { Status::Arrived } else { Status::Booked };
    }
    if token.status == Status::Booked {
        // A time beyond the slot can't be kept.
        let told = told.filter(|told| *told < slot.window.ends_at());
        token.appointment_at = seat::appointment(draft, token, slot, told);
    }
}
