//! Sequence numbers: the n-th token of a band in a slot has the n-th number, in its band, once.

use baari_engine::{
    Band, Decision, Event, EventKind, MoveCause, Reason, SequenceNumber, SlotId, Status, Token,
};

use super::ledger::{Ledger, band_of, has_kind, is_seated};
use super::{Check, Found};

const UNITS: i64 = 1_000_000_000_000;

pub(super) fn issued(ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    // Whoever keeps seniority or is put somewhere stands between two others, and may make others step aside.
    let between = |event: &Event| match event.kind {
        EventKind::Moved | EventKind::MovedIn => !is_by_hand(event),
        kind => matches!(kind, EventKind::Renumbered | EventKind::Placed),
    };
    let plain = !decision.events.iter().any(between) && !rejoins(ledger, decision);
    let mut now_issued: Vec<(SlotId, Band)> = Vec::new();
    for event in decision.events.iter().filter(|event| issues_number(event.kind)) {
        let token = event.token.and_then(|id| decision.tokens.iter().find(|token| token.id == id));
        let Some((token, slot)) = token.and_then(|token| Some((token, token.slot?))) else { continue };
        let band = token.band;
        let in_this_decision = now_issued.iter().filter(|issued| **issued == (slot, band)).count();
        now_issued.push((slot, band));
        let before = ledger.slot(slot).map_or(0, |slot| slot.issued[band.index()]);
        let n = before + u32::try_from(in_this_decision).unwrap_or(u32::MAX);
        let units = token.sequence.map(SequenceNumber::units);
        let expected = nth_units(band.number(), n);
        if plain && units != expected {
            found(Check::SequenceNext, format!("token {} has {units:?}, not {expected:?}", token.token_no));
        }
    }
    counters(ledger, decision, plain.then_some(&now_issued), found);
    for token in &decision.tokens {
        let seat = |token: &Token| (token.slot, token.sequence, token.band);
        if ledger.before(token).is_none_or(|before| seat(before) != seat(token)) {
            one(ledger, decision, token, found);
        }
    }
}

fn is_by_hand(event: &Event) -> bool {
    let by_hand = |reason: &Reason| matches!(reason, Reason::Moved { cause: MoveCause::ByHand(_), .. });
    event.reasons.iter().any(by_hand)
}

fn rejoins(ledger: &Ledger, decision: &Decision) -> bool {
    let rejoins = |row: &Token| ledger.before(row).is_some_and(|before| before.rejoins < row.rejoins);
    decision.tokens.iter().any(rejoins)
}

/// A slot counts the numbers that it gives.
fn counters(
    ledger: &Ledger,
    decision: &Decision,
    issued: Option<&Vec<(SlotId, Band)>>,
    found: &mut Found<'_>,
) {
    for slot in &decision.slots {
        for (index, after) in slot.issued.iter().enumerate() {
            let before = ledger.slot(slot.id).map_or(0, |slot| slot.issued[index]);
            let here = |issued: &Vec<(SlotId, Band)>| {
                issued.iter().filter(|(id, band)| (*id, band.index()) == (slot.id, index)).count()
            };
            let given = after.checked_sub(before).map(|given| given as usize);
            let exact = issued.is_none_or(|issued| given == Some(here(issued)));
            if given.is_none() || !exact {
                found(Check::SequenceNext, format!("{} counted {before} numbers, then {after}", slot.window));
            }
        }
    }
}

fn one(ledger: &Ledger, decision: &Decision, token: &Token, found: &mut Found<'_>) {
    let Some(sequence) = token.sequence else {
        if is_seated(token.status) {
            found(Check::SequenceBand, format!("token {} has a seat and no number", token.token_no));
        }
        return;
    };
    let by_hand = [EventKind::Placed, EventKind::Renumbered, EventKind::Became(Status::Arrived)];
    let was_placed = by_hand.into_iter().any(|kind| has_kind(decision, token.id, kind));
    if band_of(sequence.units()) != i64::from(token.band.number()) && !was_placed {
        let band = token.band;
        found(Check::SequenceBand, format!("token {} has {sequence} in band {band}", token.token_no));
    }
    let newer = |known: &Token| decision.tokens.iter().any(|changed| changed.id == known.id);
    let others = ledger.tokens.iter().filter(|known| !decision.departed.contains(&known.id) && !newer(known));
    let same = |other: &&Token| other.slot == token.slot && other.sequence == token.sequence;
    if token.slot.is_some() && others.chain(&decision.tokens).filter(same).any(|other| other.id != token.id) {
        found(Check::SequenceUnique, format!("token {} shares {sequence}", token.token_no));
    }
}

/// A token that is booked with a seat, let in or moved by hand gets the next number.
const fn issues_number(kind: EventKind) -> bool {
    matches!(kind, EventKind::Booked | EventKind::Promoted | EventKind::Moved | EventKind::MovedIn)
}

/// The n-th number of a band, written down digit by digit: k nines, then a block of k + 1 digits that counts from 0 and
/// does not begin with a 9.
fn nth_units(band: u8, n: u32) -> Option<i64> {
    let (mut first, mut nines) = (0_u64, 0_usize);
    loop {
        let in_block = 9 * 10_u64.pow(u32::try_from(nines).ok()?);
        if u64::from(n) < first + in_block {
            let width = nines + 1;
            let digits = format!("{}{:0width$}", "9".repeat(nines), u64::from(n) - first);
            let fraction: i64 = format!("{digits:0<12}").parse().ok()?;
            return (digits.len() <= 12).then_some(i64::from(band) * UNITS + fraction);
        }
        first += in_block;
        nines += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_rule() {
        for (n, units) in [
            (0, 4_000_000_000_000),
            (8, 4_800_000_000_000),
            (9, 4_900_000_000_000),
            (10, 4_901_000_000_000),
            (98, 4_989_000_000_000),
            (99, 4_990_000_000_000),
            (998, 4_998_990_000_000),
            (999, 4_999_000_000_000),
        ] {
            assert_eq!(nth_units(4, n), Some(units), "n = {n}");
        }
    }

    #[test]
    fn two_ways_of_counting_agree() {
        let band = Band::new(4).unwrap();
        for n in (0..2_000).chain((2_000..999_999).step_by(997)).chain([999_998]) {
            assert_eq!(nth_units(4, n), SequenceNumber::nth(band, n).map(SequenceNumber::units), "n = {n}");
        }
    }
}
