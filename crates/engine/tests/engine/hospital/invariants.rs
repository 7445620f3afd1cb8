//! What always holds, whatever was asked.

use std::collections::HashMap;

use Status::{Arrived, Booked, Called, Completed, InConsultation, NoShow, Passed, Waitlisted};
use baari_engine::{
    ChangeSlot, Command, Day, Decision, EventKind, Leave, Slot, SlotStatus, Source, Status, Token, TokenId,
    next_room,
};

use super::{all, live};
use crate::support::{Hospital, Opd};

/// One doctor-day in itself.
pub(super) fn day(day: &Day) {
    for slot in day.slots() {
        let seated =
            || day.tokens().iter().filter(|token| token.slot == Some(slot.id) && token.status.holds_seat());
        let beyond = seated().filter(|token| token.by_override).count();
        let ordinary =
            seated().filter(|token| !token.by_override && token.source != Source::Emergency).count();
        assert_eq!(slot.current_count as usize, seated().count(), "{slot:?}");
        assert_eq!(slot.override_count as usize, beyond, "{slot:?}");
        assert!(slot.current_count <= slot.hard_limit + slot.override_count, "{slot:?}");
        assert!(slot.max_count <= slot.hard_limit, "{slot:?}");
        assert!(ordinary <= slot.max_count as usize, "the buffer is for emergencies: {slot:?}");
        let mut numbers: Vec<_> = day
            .tokens()
            .iter()
            .filter(|token| token.slot == Some(slot.id))
            .filter_map(|t| t.sequence)
            .collect();
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count, "a sequence number was used twice in {slot:?}");
    }
    let mut patients: Vec<_> = day.tokens().iter().filter(live).map(|token| token.patient).collect();
    let count = patients.len();
    patients.sort_unstable();
    patients.dedup();
    assert_eq!(patients.len(), count, "one live token per patient");
    for token in day.tokens() {
        let seated = token.status.holds_seat();
        assert_eq!(token.status == Waitlisted, token.sequence.is_none() && !seated && token.status.is_live());
        assert!(!seated || token.slot.is_some_and(|slot| day.slot(slot).is_some()), "{token:?}");
        assert!(!seated || token.promised_at.is_some(), "whoever has a seat was told when: {token:?}");
        assert!(!token.by_override || seated, "{token:?}");
        assert!(token.status != Called || token.called_at.is_some());
        assert!(token.status != Passed || token.passed_at.is_some());
    }
}

/// Every live token is live in one of the days, or has ended by an event that says so.
pub(super) fn nobody_lost(before: &[Day], hospital: &Hospital, decisions: &[Decision]) {
    for token in all(before).filter(live) {
        let (_, after) = hospital.find(token.id);
        let ended = decisions
            .iter()
            .flat_map(|decision| &decision.events)
            .any(|event| event.token == Some(token.id) && event.kind == EventKind::Became(after.status));
        assert!(after.status.is_live() || ended, "{token:?} was lost as {after:?}");
        assert_eq!((token.patient, token.booked_at), (after.patient, after.booked_at));
    }
}

/// Statuses change along the life of a token; an undo goes back; a move changes what a move can change.
pub(super) fn steps_allowed(before: &[Day], hospital: &Hospital, decisions: &[Decision]) {
    let old: HashMap<TokenId, &Token> = all(before).map(|token| (token.id, token)).collect();
    for opd in &hospital.days {
        for token in opd.day.tokens() {
            let Some(was) = old.get(&token.id).map(|old| old.status) else { continue };
            let events = decisions.iter().flat_map(|decision| &decision.events);
            let kinds: Vec<_> =
                events.filter(|event| event.token == Some(token.id)).map(|event| event.kind).collect();
            assert!(
                was == token.status || allowed(was, token.status, &kinds),
                "{was} → {}: {kinds:?}",
                token.status
            );
        }
    }
}

fn allowed(from: Status, to: Status, events: &[EventKind]) -> bool {
    let any = |kinds: &[EventKind]| events.iter().any(|kind| kinds.contains(kind));
    let moved = any(&[EventKind::Moved, EventKind::MovedIn, EventKind::Promoted]);
    match (from, to) {
        _ if any(&[EventKind::Undone]) => matches!(
            (from, to),
            (Called, Arrived | Booked)
                | (InConsultation, Called)
                | (Completed, InConsultation)
                | (Passed | NoShow, Called)
        ),
        (Booked | Arrived | Called | Passed, Waitlisted) => any(&[EventKind::Waitlisted]),
        (Called | Passed | Arrived, Booked) | (Called, Arrived) | (Waitlisted, Arrived) => moved,
        (Waitlisted, Booked) => moved,
        (Called, NoShow) => any(&[EventKind::Became(NoShow)]),
        (Booked, Called) => any(&[EventKind::Became(Called)]),
        _ => from.next().contains(&to),
    }
}

/// Who wants a slot and no other, and who stands at the counter, waits for no seat that there is.
pub(super) fn nobody_waits_for_nothing(opd: &Opd) {
    for token in opd.day.tokens().iter().filter(|token| token.status == Waitlisted) {
        let wanted = |slot: &&Slot| match token.slot {
            Some(asked) => slot.id == asked,
            None => token.arrived_at.is_some(),
        };
        let free = next_room(opd.day.slots().iter().filter(wanted), token.source, opd.now);
        assert_eq!(free, None, "{token:?}");
    }
}

/// Where the doctor has just left, or a slot was just cancelled, nobody waits any more.
pub(super) fn nobody_left_behind(before: &[Day], hospital: &Hospital, command: &Command) {
    let day = &hospital.days[0].day;
    let waits = |token: &&Token| token.status.is_waiting() || token.status == Called;
    let in_cancelled = |token: &&Token| {
        let slot = token.slot.and_then(|slot| day.slot(slot));
        slot.is_some_and(|slot| slot.status == SlotStatus::Cancelled)
    };
    match command {
        Command::Leave(Leave { from: None, to: None, .. }) => {
            assert_eq!(day.tokens().iter().find(waits), None, "the doctor has left");
        }
        Command::ChangeSlot(ChangeSlot { status: Some(SlotStatus::Cancelled), slot, .. })
            if before[0].slot(*slot).is_some_and(|slot| slot.status != SlotStatus::Cancelled) =>
        {
            let left = day.tokens().iter().filter(in_cancelled).filter(|token| token.slot == Some(*slot));
            let wants = |token: &Token| token.status == Waitlisted;
            let mut left = left.filter(|token| waits(token) || wants(token));
            assert_eq!(left.next(), None, "the slot was cancelled");
        }
        _ => {}
    }
}
