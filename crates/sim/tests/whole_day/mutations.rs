//! The auditor can fail: for each of its checks that a plain day does not reach, a step of a random sequence is tampered with
//! so that the rule is broken, and the auditor must say so, at that step.

mod seats;

use baari_engine::{
    Beside, Command, Day, Decision, EventKind, MoveCause, Placed, Reason, Slot, SlotId, Source, Standing,
    Status, Token, TokenId,
};
use baari_sim::{Auditor, Check, Step};
use jiff::SignedDuration;

use super::commands::Draws;
use super::world::World;
use seats::{
    at_the_end_of_the_band, gave_way_without_need, gives_way_for_ever, left_behind, moved_to_a_later_slot,
    nobody_comes_forward, stranded_without_need, the_waiting_are_forgotten,
};

/// Breaks a rule in this step, if it can be broken there. The days are as they were before it.
type Mutation = fn(&mut Step, &[Day]) -> bool;

const MUTATIONS: [(Check, Mutation); 30] = [
    (Check::Cause, not_told_when_to_come),
    (Check::Place, on_the_other_side),
    (Check::Place, comes_back_first),
    (Check::OutOfOrder, nobody_said_why),
    (Check::CalledFirst, another_is_called),
    (Check::OneVisit, a_second_call),
    (Check::Lost, an_arrival_is_lost),
    (Check::Lost, a_departure_is_forgotten),
    (Check::Lost, comes_as_somebody_else),
    (Check::TokenNumber, keeps_its_number_elsewhere),
    (Check::TokenNumber, gets_another_number_here),
    (Check::Untouched, something_else_changes),
    (Check::Unchanged, a_silent_change),
    (Check::PlannedMove, stranded_without_need),
    (Check::PlannedMove, left_behind),
    (Check::PlannedMove, moved_to_a_later_slot),
    (Check::Seniority, at_the_end_of_the_band),
    (Check::Displaced, gives_way_for_ever),
    (Check::Displaced, gave_way_without_need),
    (Check::PulledForward, nobody_comes_forward),
    (Check::Waitlist, the_waiting_are_forgotten),
    (Check::Lapse, one_too_many_lapses),
    (Check::Lapse, one_is_missed),
    (Check::Undo, only_half_is_undone),
    (Check::Delay, back_too_early),
    (Check::Delay, late_without_a_word),
    (Check::Cause, from_elsewhere),
    (Check::Cause, for_another_reason),
    (Check::Transition, a_call_goes_with_a_move),
    (Check::Stamp, called_once_more_at_another_time),
];

#[test]
fn every_mutation_is_caught() {
    let mut caught = [0_u32; MUTATIONS.len()];
    for seed in 0..150 {
        let mut draws = Draws::new(seed);
        let setup = draws.setup();
        let mut world = World::new(&setup);
        for _ in 0..super::COMMANDS {
            let timed = draws.next(&world);
            let before = world.days.clone();
            let step = world.step(&timed).unwrap();
            for (at, (check, mutate)) in MUTATIONS.iter().enumerate() {
                let mut broken = step.clone();
                if caught[at] >= 3 || !mutate(&mut broken, &before) {
                    continue;
                }
                let mut auditor = Auditor::new(&setup.settings, &before);
                let findings = auditor.check(&broken, &world.around(&timed));
                let found = findings.iter().any(|finding| finding.check == *check);
                assert!(found, "mutation {at} ({check:?}), seed {seed}: {findings:#?}\n{broken:#?}");
                caught[at] += 1;
            }
        }
    }
    for ((check, _), caught) in MUTATIONS.iter().zip(caught) {
        assert!(caught >= 3, "{check:?}: the mutation fits {caught} steps only");
    }
}

/// Every check has a mutation: here, or in `mutations.rs` on plain days.
#[test]
fn every_new_check_has_a_mutation() {
    let from = Check::ALL.iter().position(|check| *check == Check::OutOfOrder).unwrap();
    for check in &Check::ALL[from..] {
        assert!(MUTATIONS.iter().any(|(known, _)| known == check), "{check:?}");
    }
}

fn home(step: &mut Step) -> Option<&mut Decision> {
    step.result.as_mut().ok().filter(|decision| !decision.changes_nothing())
}

fn row(decision: &mut Decision, id: TokenId) -> Option<&mut Token> {
    decision.tokens.iter_mut().find(|row| row.id == id)
}

fn slot_row<'a>(decision: &'a mut Decision, days: &[Day], doctor: usize, id: SlotId) -> &'a mut Slot {
    if !decision.slots.iter().any(|slot| slot.id == id) {
        decision.slots.push(days[doctor].slot(id).unwrap().clone());
    }
    decision.slots.iter_mut().find(|slot| slot.id == id).unwrap()
}

/// The only token with an event of this kind.
fn only(decision: &Decision, fits: impl Fn(EventKind) -> bool) -> Option<TokenId> {
    let events = decision.events.iter().filter(|event| fits(event.kind));
    let ids: Vec<TokenId> = events.filter_map(|event| event.token).collect();
    if let [id] = ids[..] { Some(id) } else { None }
}

fn moved_for(decision: &Decision, fits: impl Fn(&MoveCause) -> bool) -> Option<TokenId> {
    let told = |reason: &Reason| matches!(reason, Reason::Moved { cause, .. } if fits(cause));
    let event =
        decision.events.iter().find(|event| event.kind == EventKind::Moved && event.reasons.iter().any(told));
    event.and_then(|event| event.token)
}

const fn is_planned(cause: &MoveCause) -> bool {
    matches!(cause, MoveCause::DoctorLeaves | MoveCause::SlotCancelled | MoveCause::FewerSeats)
}

fn on_the_other_side(step: &mut Step, _: &[Day]) -> bool {
    let changes = home(step).is_some();
    let Command::Place(place) = &mut step.command else { return false };
    place.beside = match place.beside {
        Beside::Before(anchor) => Beside::Behind(anchor),
        Beside::Behind(anchor) => Beside::Before(anchor),
    };
    changes
}

fn comes_back_first(step: &mut Step, days: &[Day]) -> bool {
    let Command::SetStatus(change) = &step.command else { return false };
    let (id, doctor) = (change.token, step.doctor);
    let passed = days[doctor].token(id).is_some_and(|before| before.status == Status::Passed);
    let Some(decision) = home(step).filter(|_| passed) else { return false };
    let behind = |reason: &Reason| matches!(reason, Reason::Rejoined { behind } if *behind > 0);
    let behind = decision.events.iter().any(|event| event.reasons.iter().any(behind));
    let Some(row) = row(decision, id).filter(|_| behind) else { return false };
    let standing = Standing { tier: 0, from_ns: 0, rate_milli: 8_000, minor: 0 };
    // Under any policy but the one it was put there by, such a place means nothing.
    let Some(policy) = row.placed.map(|placed| placed.policy) else { return false };
    row.placed = Some(Placed { policy, standing });
    true
}

fn nobody_said_why(step: &mut Step, _: &[Day]) -> bool {
    let out_of_order = |reason: &Reason| matches!(reason, Reason::CalledOutOfOrder { .. });
    let said =
        home(step).is_some_and(|home| home.events.iter().any(|event| event.reasons.iter().any(out_of_order)));
    let Command::Next(next) = &mut step.command else { return false };
    next.why = Some("  ".to_owned());
    said
}

fn another_is_called(step: &mut Step, days: &[Day]) -> bool {
    let Command::Next(next) = &step.command else { return false };
    if next.token.is_some() {
        return false;
    }
    let (doctor, now) = (step.doctor, step.now);
    let Some(decision) = home(step) else { return false };
    let Some(first) = only(decision, |kind| kind == EventKind::Became(Status::Called)) else { return false };
    let others = days[doctor].tokens().iter().filter(|token| token.status == Status::Arrived);
    let Some(mut other) = others.into_iter().find(|other| other.id != first).cloned() else { return false };
    (other.status, other.called_at) = (Status::Called, Some(now));
    for event in decision.events.iter_mut().filter(|event| event.token == Some(first)) {
        event.token = Some(other.id);
    }
    *row(decision, first).unwrap() = other;
    true
}

fn a_second_call(step: &mut Step, days: &[Day]) -> bool {
    let (doctor, now) = (step.doctor, step.now);
    let called = step.result.as_ref().ok().and_then(|home| home.subject).filter(|_| {
        matches!(step.command, Command::Next(_)) && step.result.as_ref().is_ok_and(Decision::changes_nothing)
    });
    let others = days[doctor].tokens().iter().filter(|token| token.status == Status::Arrived);
    let Some((mut other, Ok(home))) =
        others.into_iter().next().cloned().filter(|_| called.is_some()).zip(Some(&mut step.result))
    else {
        return false;
    };
    (other.status, other.called_at) = (Status::Called, Some(now));
    let reasons = std::mem::take(&mut home.unchanged);
    let (token, slot) = (Some(other.id), other.slot);
    home.events.push(baari_engine::Event { kind: EventKind::Became(Status::Called), token, slot, reasons });
    home.tokens.push(other);
    true
}

fn an_arrival_is_lost(step: &mut Step, _: &[Day]) -> bool {
    let goes = home(step).is_some_and(|home| !home.departed.is_empty());
    goes && !std::mem::take(&mut step.beside).is_empty()
}

fn a_departure_is_forgotten(step: &mut Step, _: &[Day]) -> bool {
    home(step).is_some_and(|home| home.departed.pop().is_some())
}

fn arrival(step: &mut Step) -> Option<&mut Token> {
    let id = *home(step)?.departed.first()?;
    step.beside.iter_mut().find_map(|(_, decision)| row(decision, id))
}

fn comes_as_somebody_else(step: &mut Step, days: &[Day]) -> bool {
    let other = days[step.doctor].tokens().first().map(|token| token.patient);
    let Some((row, other)) = arrival(step).zip(other).filter(|(row, other)| row.patient != *other) else {
        return false;
    };
    row.patient = other;
    true
}

fn keeps_its_number_elsewhere(step: &mut Step, days: &[Day]) -> bool {
    let doctor = step.doctor;
    let Some(row) = arrival(step) else { return false };
    let before = days[doctor].token(row.id).unwrap().token_no;
    let differs = row.token_no != before;
    row.token_no = before;
    differs
}

fn gets_another_number_here(step: &mut Step, _: &[Day]) -> bool {
    let Some(decision) = home(step) else { return false };
    let Some(id) = moved_for(decision, is_planned) else { return false };
    row(decision, id).is_some_and(|row| {
        row.token_no += 100;
        true
    })
}

fn something_else_changes(step: &mut Step, _: &[Day]) -> bool {
    let id = match step.command {
        Command::Recall(id) => id,
        _ => return false,
    };
    home(step).and_then(|home| row(home, id)).is_some_and(|row| {
        row.promised_at = None;
        true
    })
}

fn a_silent_change(step: &mut Step, _: &[Day]) -> bool {
    let lapses = matches!(step.command, Command::Lapse | Command::Next(_) | Command::AgreeEarlier { .. });
    home(step).filter(|home| lapses && !home.tokens.is_empty()).is_some_and(|home| {
        home.unchanged = home.events.drain(..).flat_map(|event| event.reasons).collect();
        true
    })
}

fn one_too_many_lapses(step: &mut Step, days: &[Day]) -> bool {
    let (doctor, now) = (step.doctor, step.now);
    if step.command != Command::Lapse {
        return false;
    }
    let Some(decision) = home(step) else { return false };
    let early = days[doctor].tokens().iter().find(|token| {
        token.status == Status::Booked && !decision.tokens.iter().any(|row| row.id == token.id)
    });
    let Some(mut early) = early.cloned() else { return false };
    (early.status, early.ended_at) = (Status::NoShow, Some(now));
    slot_row(decision, days, doctor, early.slot.unwrap()).current_count -= 1;
    let (token, slot) = (Some(early.id), early.slot);
    let reasons = vec![Reason::NothingDue];
    decision.events.push(baari_engine::Event {
        kind: EventKind::Became(Status::NoShow),
        token,
        slot,
        reasons,
    });
    decision.tokens.push(early);
    true
}

fn one_is_missed(step: &mut Step, _: &[Day]) -> bool {
    if step.command != Command::Lapse {
        return false;
    }
    let Some(decision) = home(step).filter(|home| !home.tokens.is_empty()) else { return false };
    let first = decision.tokens.remove(0);
    decision.events.retain(|event| event.token != Some(first.id));
    true
}

fn only_half_is_undone(step: &mut Step, _: &[Day]) -> bool {
    if step.command != Command::Undo {
        return false;
    }
    home(step).filter(|home| home.tokens.len() == 2).is_some_and(|home| {
        let kept = home.tokens.pop().unwrap();
        home.events.retain(|event| event.token != Some(kept.id));
        true
    })
}

fn back_too_early(step: &mut Step, _: &[Day]) -> bool {
    let late = matches!(&step.command, Command::Delay(delay) if delay.minutes > 0);
    home(step).filter(|_| late).and_then(|home| home.resumes_at.as_mut()).is_some_and(|resumes| {
        *resumes -= SignedDuration::from_secs(1);
        true
    })
}

fn late_without_a_word(step: &mut Step, days: &[Day]) -> bool {
    let (now, late) = (step.now, days[step.doctor].resumes_at());
    let books = matches!(step.command, Command::Book(_));
    home(step).filter(|_| books && late != Some(now)).is_some_and(|home| {
        home.resumes_at = Some(now);
        true
    })
}

fn from_elsewhere(step: &mut Step, _: &[Day]) -> bool {
    let Some(decision) = home(step) else { return false };
    let Some(id) = moved_for(decision, is_planned) else { return false };
    let event =
        decision.events.iter_mut().find(|event| event.token == Some(id) && event.kind == EventKind::Moved);
    event.and_then(|event| event.reasons.first_mut()).is_some_and(|reason| match reason {
        Reason::Moved { from, to, .. } => {
            *from = Some(*to);
            true
        }
        _ => false,
    })
}

fn not_told_when_to_come(step: &mut Step, _: &[Day]) -> bool {
    let Some(decision) = home(step) else { return false };
    let Some(id) = moved_for(decision, is_planned) else { return false };
    let booked =
        row(decision, id).filter(|row| row.status == Status::Booked && row.source != Source::Emergency);
    booked.is_some_and(|row| row.appointment_at.take().is_some())
}

fn for_another_reason(step: &mut Step, _: &[Day]) -> bool {
    let Some(decision) = home(step) else { return false };
    let told = decision.events.iter_mut().filter(|event| event.kind == EventKind::Moved);
    told.flat_map(|event| &mut event.reasons).any(|reason| match reason {
        Reason::Moved { cause, .. } if is_planned(cause) => {
            *cause = MoveCause::ByHand("because".to_owned());
            true
        }
        _ => false,
    })
}

fn a_call_goes_with_a_move(step: &mut Step, days: &[Day]) -> bool {
    let doctor = step.doctor;
    let Some(decision) = home(step) else { return false };
    let Some(id) = moved_for(decision, |_| true) else { return false };
    let before = days[doctor].token(id);
    let waited = before.is_some_and(|before| matches!(before.status, Status::Booked | Status::Arrived));
    row(decision, id).filter(|_| waited).is_some_and(|row| {
        row.status = Status::Called;
        true
    })
}

fn called_once_more_at_another_time(step: &mut Step, _: &[Day]) -> bool {
    let Command::Recall(id) = step.command else { return false };
    home(step).and_then(|home| row(home, id)).is_some_and(|row| {
        row.called_at = row.called_at.map(|at| at - SignedDuration::from_secs(1));
        true
    })
}
