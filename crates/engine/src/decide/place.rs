//! A place between two others: by hand, or by rejoin after a missed call. It is kept from then on.
//!
//! Under `band` the place is a sequence number: the midpoint of the neighbours'. Under the other policies it is the midpoint
//! of their standings. When no midpoint is left, the waiting tokens around are spread out again in the same decision.

use super::draft::Draft;
use super::limits;
use crate::command::{Beside, Place};
use crate::decision::{Decision, EventKind};
use crate::ids::{SlotId, TokenId};
use crate::policy::{self, Standing};
use crate::queue::{self, Place as QueuePlace};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::sequence::SequenceNumber;
use crate::slot::Slot;
use crate::source::Source;
use crate::status::Status;
use crate::token::{Placed, Token};

pub(super) fn place(mut draft: Draft<'_>, command: &Place) -> Result<Decision, Refusal> {
    let token = draft.token(command.token)?;
    let anchor = match command.beside {
        Beside::Before(id) | Beside::Behind(id) => draft.token(id)?,
    };
    if token.id == anchor.id {
        return Err(Refusal::BesideItself);
    }
    for one in [&token, &anchor] {
        if !one.status.is_waiting() {
            return Err(Refusal::NotWaiting { token_no: one.token_no, status: one.status });
        }
    }
    let others = waiting(&draft, token.id);
    let at = others.iter().position(|place| place.token.id == anchor.id).unwrap_or(others.len());
    let at = if matches!(command.beside, Beside::Behind(_)) { at + 1 } else { at };
    let behind = at.checked_sub(1).map(|before| others[before].token.token_no);
    let why = command.why.chars().take(limits::WHY_CHARACTERS).collect();
    let reasons = vec![Reason::PlacedByHand { behind, why }];
    let subject = token.id;
    stand(&mut draft, token, &others, at, EventKind::Placed, reasons)?;
    Ok(draft.finish(Some(subject)))
}

/// Behind the next few present people; the absent don't count. Nobody comes forward by it: whoever was called out of order has
/// no better place for having missed the call.
pub(super) fn rejoin(draft: &mut Draft<'_>, mut token: Token) -> Result<(), Refusal> {
    let held = queue::queue(draft.day, draft.settings(), draft.now());
    let held = held.iter().filter(|place| place.token.status.is_waiting());
    let held = held.take_while(|place| place.token.id != token.id).count();
    let others = waiting(draft, token.id);
    let urgent = token.class == Source::Emergency && draft.settings().policy.policy().emergencies_first();
    let mut behind = 0;
    let mut at = 0;
    for (position, place) in others.iter().enumerate() {
        let emergency = place.token.class == Source::Emergency;
        if behind >= u32::from(draft.settings().rejoin_behind) || (urgent && !emergency) {
            break;
        }
        if place.present {
            behind += 1;
            at = position + 1;
        }
    }
    at = at.max(held);
    // Never before an emergency: those who go first under the policy are stepped behind as well.
    if draft.settings().policy.policy().emergencies_first() && !urgent {
        let emergencies = others.iter().rposition(|place| place.token.class == Source::Emergency);
        at = at.max(emergencies.map_or(0, |last| last + 1));
    }
    let behind = others[..at].iter().filter(|place| place.present).count();
    token.status = Status::Arrived;
    // Where nobody checks in, this is the first time that somebody saw the patient.
    token.arrived_at.get_or_insert(draft.now());
    token.rejoins += 1;
    let changed = Reason::Became { from: Status::Passed, to: Status::Arrived };
    stand(
        draft,
        token,
        &others,
        at,
        EventKind::Became(Status::Arrived),
        vec![changed, Reason::Rejoined { behind: u32::try_from(behind).unwrap_or(u32::MAX) }],
    )
}

/// The waiting, in order, without this one.
fn waiting<'a>(draft: &Draft<'a>, without: TokenId) -> Vec<QueuePlace<'a>> {
    let mut places = queue::queue(draft.day, draft.settings(), draft.now());
    places.retain(|place| place.token.status.is_waiting() && place.token.id != without);
    places
}

/// Lets `token` stand at position `at` among `others`, now and from now on.
fn stand(
    draft: &mut Draft<'_>,
    mut token: Token,
    others: &[QueuePlace<'_>],
    at: usize,
    kind: EventKind,
    reasons: Vec<Reason>,
) -> Result<(), Refusal> {
    let (low, high) = (at.checked_sub(1).and_then(|at| others.get(at)), others.get(at));
    if draft.settings().policy.policy().emergencies_first() {
        let urgent = |token: &Token| token.class == Source::Emergency;
        if low.is_some_and(|low| urgent(&token) && !urgent(low.token))
            || high.is_some_and(|high| !urgent(&token) && urgent(high.token))
        {
            return Err(Refusal::EmergenciesFirst);
        }
    }
    // Where emergencies go first, a place is one among one's own kind: nobody takes the standing of the other.
    let kind_first = draft.settings().policy.policy().emergencies_first();
    let comparable = |place: &&QueuePlace<'_>| {
        !kind_first || (place.token.class == Source::Emergency) == (token.class == Source::Emergency)
    };
    let (low, high) = (low.filter(comparable), high.filter(comparable));
    let subject = token.id;
    let mut moved = Vec::new();
    if draft.settings().policy.policy().by_sequence() {
        match (low, high) {
            (None, None) => {}
            (Some(beside), _) | (None, Some(beside)) => {
                let standing = by_sequence(draft, &token, beside, low.is_some());
                match standing {
                    Some(standing) => set_standing(draft, &mut token, region(draft, beside).id, standing),
                    None => moved = renumber(draft, &mut token, others, at, beside)?,
                }
            }
        }
    } else {
        let own = own_standing(draft, &token)?;
        let (low, high) = (low.map(|low| low.standing), high.map(|high| high.standing));
        let standing = between(own, low, high);
        let standing = match low {
            Some(low) if standing.rank(draft.now()) <= low.rank(draft.now()) => right_behind(low),
            _ => standing,
        };
        token.placed = Some(Placed { policy: draft.settings().policy, standing });
        moved = push_back(draft, standing, &others[at.min(others.len())..]);
    }
    draft.token_event(kind, &token, reasons);
    draft.put_token(token);
    for (token, reason) in moved.into_iter().filter(|(token, _)| token.id != subject) {
        draft.token_event(EventKind::Renumbered, &token, vec![reason]);
        draft.put_token(token);
    }
    Ok(())
}

fn own_standing(draft: &Draft<'_>, token: &Token) -> Result<Standing, Refusal> {
    let slot = token.slot.and_then(|id| draft.day.slot(id));
    let slot = slot.ok_or(Refusal::NotWaiting { token_no: token.token_no, status: token.status })?;
    Ok(policy::standing(token, slot, draft.settings()))
}

/// `band`: the midpoint between the neighbour's number and the next one that was ever used (or would be issued next).
fn by_sequence(draft: &Draft<'_>, token: &Token, beside: &QueuePlace<'_>, behind: bool) -> Option<Standing> {
    let number = SequenceNumber::from_units(beside.standing.minor);
    let used = numbers(draft, beside, token.id);
    let middle = if behind {
        let above = used.filter(|used| *used > number).min();
        let next = region(draft, beside).next_number(number.band());
        let above = above.into_iter().chain(next.filter(|next| *next > number)).min();
        SequenceNumber::midpoint(number, above?)
    } else {
        let below = used.filter(|used| *used < number).max();
        let below = below.map_or(number.floor(), |below| below.max(number.floor()));
        SequenceNumber::midpoint(below, number)
    };
    middle.map(|middle| Standing { minor: middle.units(), ..beside.standing })
}

/// The slot in whose part of the queue a token stands: its own, unless it was put beside a token of another slot.
fn region<'a>(draft: &Draft<'a>, place: &QueuePlace<'a>) -> &'a Slot {
    let since = i128::from(place.standing.from_ns);
    let mut slots = draft.day.slots().iter();
    slots.find(|slot| slot.window.starts_at().as_nanosecond() == since).unwrap_or(place.slot)
}

/// Every number used so far in the part of the queue that the neighbour stands in.
fn numbers<'a>(
    draft: &'a Draft<'a>,
    beside: &'a QueuePlace<'a>,
    without: TokenId,
) -> impl Iterator<Item = SequenceNumber> + 'a {
    let region = region(draft, beside).id;
    draft.day.tokens().iter().filter(move |token| token.id != without).flat_map(move |token| {
        let own = token.sequence.filter(|_| token.slot == Some(region));
        let placed = token.placed.filter(|placed| {
            placed.policy == draft.settings().policy && placed.standing.from_ns == beside.standing.from_ns
        });
        own.into_iter().chain(placed.map(|placed| SequenceNumber::from_units(placed.standing.minor)))
    })
}

/// In its own slot the place is the token's sequence number; beside a token of another slot it is kept apart, and the seat
/// stays where it is.
fn set_standing(draft: &Draft<'_>, token: &mut Token, region: SlotId, standing: Standing) {
    if token.slot == Some(region) {
        token.sequence = Some(SequenceNumber::from_units(standing.minor));
        token.placed = None;
    } else {
        token.placed = Some(Placed { policy: draft.settings().policy, standing });
    }
}

type Moved = Vec<(Token, Reason)>;

/// `band`, no midpoint left: everybody who waits in this part of the queue gets the next numbers of the band they stand in.
fn renumber(
    draft: &mut Draft<'_>,
    subject: &mut Token,
    others: &[QueuePlace<'_>],
    at: usize,
    beside: &QueuePlace<'_>,
) -> Result<Moved, Refusal> {
    let (region, anchor) = (region(draft, beside).id, beside.standing);
    let mut line: Vec<(Token, Standing)> =
        others[..at].iter().map(|place| (place.token.clone(), place.standing)).collect();
    line.push((subject.clone(), anchor));
    line.extend(others[at..].iter().map(|place| (place.token.clone(), place.standing)));
    line.retain(|(_, standing)| (standing.tier, standing.from_ns) == (anchor.tier, anchor.from_ns));
    let mut moved = Vec::new();
    for (mut token, standing) in line {
        let from = SequenceNumber::from_units(standing.minor);
        let Some(to) = draft.slot_mut(region)?.issue(from.band()) else {
            let hint = "put the token elsewhere";
            return Err(Refusal::Limit { what: "the numbering of this slot", limit: 999_999, hint });
        };
        set_standing(draft, &mut token, region, Standing { minor: to.units(), ..anchor });
        if token.id == subject.id {
            *subject = token;
        } else {
            moved.push((token, Reason::MadeRoom { from, to }));
        }
    }
    Ok(moved)
}

/// The other policies: the mean of two straight lines lies between them at all times.
fn between(own: Standing, low: Option<Standing>, high: Option<Standing>) -> Standing {
    match (low, high) {
        (None, None) => own,
        (None, Some(high)) => {
            Standing { from_ns: high.from_ns - 1, minor: high.minor.saturating_sub(1), ..high }
        }
        (Some(low), None) => Standing { from_ns: low.from_ns.max(own.from_ns), ..right_behind(low) },
        (Some(low), Some(high)) if low.tier != high.tier => right_behind(low),
        (Some(low), Some(high)) => {
            let rate = i128::from(low.rate_milli) + i128::from(high.rate_milli);
            let mass = |line: Standing| i128::from(line.rate_milli) * i128::from(line.from_ns);
            let from = (mass(low) + mass(high)).checked_div(rate).unwrap_or(i128::from(low.from_ns));
            let from = i64::try_from(from).unwrap_or(low.from_ns);
            let minor = low.minor.max(high.minor);
            Standing {
                from_ns: from,
                rate_milli: u32::try_from(rate / 2).unwrap_or(low.rate_milli),
                minor,
                ..low
            }
        }
    }
}

/// Behind this line at all times, with nothing in between.
const fn right_behind(low: Standing) -> Standing {
    Standing { from_ns: low.from_ns + 1, minor: low.minor.saturating_add(1), ..low }
}

/// The other policies, no midpoint left: those behind step back by a nanosecond each until there is room.
fn push_back(draft: &Draft<'_>, front: Standing, behind: &[QueuePlace<'_>]) -> Moved {
    let mut moved = Vec::new();
    let mut last = front;
    for place in behind {
        if last.rank(draft.now()) < place.standing.rank(draft.now()) {
            break;
        }
        last = right_behind(last);
        let mut token = place.token.clone();
        token.placed = Some(Placed { policy: draft.settings().policy, standing: last });
        moved.push((token, Reason::SteppedBack));
    }
    moved
}
