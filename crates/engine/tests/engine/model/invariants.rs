//! What always holds, whatever was asked.

use baari_engine::{
    Command, Day, Decision, EventKind, PolicyKind, SequenceNumber, SetStatus, Source, Status, Token, TokenId,
};
use jiff::Timestamp;

use super::numbers::nth;
use super::order::ready;
use super::rules::Model;
use crate::support::Opd;

pub(super) fn check(opd: &Opd, model: &Model, placed: &[TokenId]) {
    seats(&opd.day);
    numbers(&opd.day, placed);
    waitlist(opd, model);
    emergencies_first(opd, model);
    passing_bound(opd, model);
    room_for_the_next(&opd.day);
}

/// Every number in use is below the next one that its slot and band will issue: who comes later stands behind.
fn room_for_the_next(day: &Day) {
    let own = |token: &Token| Some((day.slot(token.slot?)?.window.starts_at(), token.sequence?.units()));
    let placed = |token: &Token| {
        let placed = token.placed.filter(|placed| placed.policy == PolicyKind::Band)?;
        Some((Timestamp::from_nanosecond(placed.standing.from_ns.into()).unwrap(), placed.standing.minor))
    };
    for (start, units) in day.tokens().iter().flat_map(|token| [own(token), placed(token)]).flatten() {
        let band = SequenceNumber::from_units(units).band();
        let slot = day.slots().iter().find(|slot| slot.window.starts_at() == start).unwrap();
        let next = nth(band, slot.issued[band.index()] as usize);
        assert!(SequenceNumber::from_units(units) < next, "{units} in {slot:?}");
    }
}

fn seats(day: &Day) {
    for slot in day.slots() {
        let seated =
            day.tokens().iter().filter(|token| token.slot == Some(slot.id) && token.status.holds_seat());
        let by_rule = seated.clone().filter(|token| !token.by_override);
        let ordinary = by_rule.filter(|token| token.source != Source::Emergency).count() as u32;
        assert!(slot.current_count <= slot.hard_limit + slot.override_count, "{slot:?}");
        assert_eq!(slot.current_count as usize, seated.count(), "{slot:?}");
        assert!(ordinary <= slot.max_count, "{slot:?}");
    }
}

fn numbers(day: &Day, placed: &[TokenId]) {
    let token_nos: Vec<u32> = day.tokens().iter().map(|token| token.token_no).collect();
    assert_eq!(token_nos, (1..day.next_token_no()).collect::<Vec<_>>(), "1, 2, 3, … and none twice");
    let mut used: Vec<_> =
        day.tokens().iter().filter_map(|token| Some((token.slot?, token.sequence?))).collect();
    let count = used.len();
    used.sort();
    used.dedup();
    assert_eq!(used.len(), count, "a sequence number was used twice");
    for token in day.tokens().iter().filter(|token| !placed.contains(&token.id)) {
        let shown = token.sequence.map(|sequence| sequence.to_string());
        assert!(shown.is_none_or(|shown| shown.starts_with(&format!("{}.", token.band))), "{token:?}");
    }
}

fn waitlist(opd: &Opd, model: &Model) {
    for token in opd.day.tokens().iter().filter(|token| token.status == Status::Waitlisted) {
        let wanted = opd.day.slots().iter().filter(|slot| token.slot.is_none_or(|asked| asked == slot.id));
        let free = wanted.into_iter().find(|slot| model.has_seat(slot, token.source, opd.now));
        assert_eq!(free, None, "{token:?} waits for a seat that there is");
    }
}

fn emergencies_first(opd: &Opd, model: &Model) {
    if super::emergencies_first(opd.settings.policy) {
        let line = model.waiting(&opd.settings, opd.now);
        let urgent: Vec<bool> = line.iter().map(|token| token.class == Source::Emergency).collect();
        assert!(urgent.is_sorted_by(|one, next| one >= next), "{urgent:?}");
    }
}

/// `target`: nobody but an emergency passes anybody who became ready more than (own − other's allowance) earlier.
fn passing_bound(opd: &Opd, model: &Model) {
    if opd.settings.policy != PolicyKind::Target {
        return;
    }
    let by_hand = |token: &Token| token.placed.is_some_and(|placed| placed.policy == PolicyKind::Target);
    let mut line = model.waiting(&opd.settings, opd.now);
    line.retain(|token| token.class != Source::Emergency && !by_hand(token));
    let since = |token: &Token| ready(token, model.slot(token.slot.unwrap()));
    let allowance = |token: &Token| opd.settings.allowances[token.class].as_nanos();
    for (at, passed) in line.iter().enumerate() {
        for first in &line[..at] {
            let later = since(first) - since(passed);
            assert!(later <= allowance(passed) - allowance(first), "{first:?} passes {passed:?}");
        }
    }
}

/// A cancel and a no-show free the token's own seat; those who were let in take one each.
pub(super) fn seats_freed(before: &Day, after: &Day, command: &Command, decision: &Decision) {
    let Command::SetStatus(SetStatus { token, .. }) = command else { return };
    let taken = |day: &Day| day.slots().iter().map(|slot| slot.current_count).sum::<u32>();
    let (was, is) = (before.token(*token).unwrap().status, after.token(*token).unwrap().status);
    let promoted = decision.events.iter().filter(|event| event.kind == EventKind::Promoted).count() as u32;
    let freed = u32::from(was.holds_seat() && !is.holds_seat());
    assert_eq!(taken(before) + promoted, taken(after) + freed, "{decision:?}");
}

/// An appointment that the engine gives is inside the slot, still to come, and nobody else's while there is a free one. An
/// emergency gets none.
pub(super) fn appointment(opd: &Opd, token: &Token) {
    if token.source == Source::Emergency {
        assert_eq!(token.appointment_at, None);
        return;
    }
    let slot = opd.day.slot(token.slot.unwrap()).unwrap();
    let due = token.appointment_at.unwrap();
    assert!(
        due >= slot.window.starts_at().min(opd.now) && due >= opd.now.min(slot.window.ends_at()),
        "{due}"
    );
    assert!(due < slot.window.ends_at() || due == opd.now, "{due}");
    let sharing = |other: &&Token| {
        let here = other.id != token.id && other.slot == token.slot && other.status.holds_seat();
        here && other.appointment_at == Some(due)
    };
    let last = slot.window.ends_at().duration_since(due).as_secs() * i64::from(slot.max_count)
        <= slot.window.ends_at().duration_since(slot.window.starts_at()).as_secs()
            + i64::from(slot.max_count);
    let shared = opd.day.tokens().iter().filter(sharing).count();
    assert!(shared == 0 || last, "{due} is somebody else's, and not the last step of {slot:?}");
}
