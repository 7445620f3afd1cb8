//! Seats given to the wrong one, or to nobody.

use baari_engine::{
    Command, Day, Decision, Event, EventKind, MoveCause, Reason, SequenceNumber, Status, Token, TokenId,
};
use baari_sim::Step;

use super::{home, is_planned, moved_for, only, row, slot_row};

/// The row as the waiting list would have it, its seat given back.
fn strand(decision: &mut Decision, days: &[Day], doctor: usize, id: TokenId) {
    let slot = row(decision, id).and_then(|row| row.slot).unwrap();
    slot_row(decision, days, doctor, slot).current_count -= 1;
    let row = row(decision, id).unwrap();
    (row.status, row.slot, row.sequence, row.called_at) = (Status::Waitlisted, None, None, None);
    for event in decision.events.iter_mut().filter(|event| event.token == Some(id)) {
        (event.kind, event.slot) = (EventKind::Waitlisted, None);
    }
}

pub(super) fn stranded_without_need(step: &mut Step, days: &[Day]) -> bool {
    let doctor = step.doctor;
    let Some(decision) = home(step) else { return false };
    let Some(id) = moved_for(decision, is_planned) else { return false };
    strand(decision, days, doctor, id);
    true
}

pub(super) fn left_behind(step: &mut Step, _: &[Day]) -> bool {
    let Some(decision) = home(step) else { return false };
    let Some(id) = moved_for(decision, is_planned) else { return false };
    decision.tokens.retain(|row| row.id != id);
    decision.events.retain(|event| event.token != Some(id));
    true
}

pub(super) fn moved_to_a_later_slot(step: &mut Step, days: &[Day]) -> bool {
    let doctor = step.doctor;
    let Some(decision) = home(step) else { return false };
    let Some(id) = moved_for(decision, is_planned) else { return false };
    let slots = days[doctor].slots();
    let from = row(decision, id).and_then(|row| row.slot).unwrap();
    let at = slots.iter().position(|slot| slot.id == from).unwrap();
    let Some(later) = slots.get(at + 1) else { return false };
    slot_row(decision, days, doctor, from).current_count -= 1;
    slot_row(decision, days, doctor, later.id).current_count += 1;
    row(decision, id).unwrap().slot = Some(later.id);
    true
}

pub(super) fn at_the_end_of_the_band(step: &mut Step, _: &[Day]) -> bool {
    let Some(decision) = home(step) else { return false };
    let told = |reason: &Reason| matches!(reason, Reason::KeepsSeniority { .. });
    let last = |id: TokenId, decision: &Decision| {
        decision
            .events
            .iter()
            .rfind(|event| event.token == Some(id))
            .is_some_and(|event| event.reasons.iter().any(told))
    };
    let kept = decision.tokens.iter().find(|row| last(row.id, decision) && row.status != Status::Waitlisted);
    let Some(id) = kept.map(|row| row.id) else { return false };
    let row = row(decision, id).unwrap();
    let end = (i64::from(row.band.number()) + 1) * SequenceNumber::UNITS - 2_000_000;
    row.sequence = Some(SequenceNumber::from_units(end));
    true
}

pub(super) fn gives_way_for_ever(step: &mut Step, _: &[Day]) -> bool {
    let Some(decision) = home(step) else { return false };
    let Some(id) = moved_for(decision, |cause| matches!(cause, MoveCause::Displaced(_))) else {
        return false;
    };
    row(decision, id).unwrap().displaced = false;
    true
}

pub(super) fn gave_way_without_need(step: &mut Step, days: &[Day]) -> bool {
    let doctor = step.doctor;
    let Command::Book(book) = &step.command else { return false };
    let newcomer = book.token;
    let Some(decision) = home(step) else { return false };
    let Some(taken) = row(decision, newcomer).and_then(|row| row.slot) else { return false };
    if decision.events.len() > 1 {
        return false;
    }
    let slots = days[doctor].slots();
    let sits = |token: &&Token| token.slot == Some(taken) && token.status == Status::Booked;
    let victim = days[doctor].tokens().iter().find(sits).cloned();
    let next = slots
        .iter()
        .find(|slot| slot.window.starts_at() > days[doctor].slot(taken).unwrap().window.starts_at());
    let Some((mut victim, next)) = victim.zip(next) else { return false };
    let cause = MoveCause::Displaced(victim.band);
    let from = days[doctor].slot(taken).map(|slot| slot.window);
    let reasons = vec![Reason::Moved { from, to: next.window, cause }];
    slot_row(decision, days, doctor, taken).current_count -= 1;
    slot_row(decision, days, doctor, next.id).current_count += 1;
    (victim.slot, victim.displaced) = (Some(next.id), true);
    let (token, slot) = (Some(victim.id), victim.slot);
    decision.events.push(Event { kind: EventKind::Moved, token, slot, reasons });
    decision.tokens.push(victim);
    true
}

/// Takes a change of one token out of a decision again, with the seat that it took.
fn take_back(decision: &mut Decision, days: &[Day], doctor: usize, id: TokenId) {
    let to = row(decision, id).and_then(|row| row.slot).unwrap();
    let before = days[doctor].token(id).unwrap();
    slot_row(decision, days, doctor, to).current_count -= 1;
    if let Some(from) = before.slot.filter(|_| before.status.holds_seat()) {
        slot_row(decision, days, doctor, from).current_count += 1;
    }
    decision.tokens.retain(|row| row.id != id);
    decision.events.retain(|event| event.token != Some(id));
}

pub(super) fn nobody_comes_forward(step: &mut Step, days: &[Day]) -> bool {
    let doctor = step.doctor;
    let Some(decision) = home(step) else { return false };
    let Some(id) = moved_for(decision, |cause| *cause == MoveCause::CameForward) else { return false };
    if days[doctor].token(id).is_none_or(|before| !before.status.holds_seat()) {
        return false;
    }
    take_back(decision, days, doctor, id);
    true
}

pub(super) fn the_waiting_are_forgotten(step: &mut Step, days: &[Day]) -> bool {
    let doctor = step.doctor;
    let asked = matches!(step.command, Command::SetStatus(_));
    let Some(decision) = home(step) else { return false };
    let Some(id) = only(decision, |kind| kind == EventKind::Promoted) else { return false };
    let alone = decision.events.iter().filter(|event| event.token == Some(id)).count() == 1;
    if !alone || asked && decision.subject == Some(id) {
        return false;
    }
    take_back(decision, days, doctor, id);
    true
}
