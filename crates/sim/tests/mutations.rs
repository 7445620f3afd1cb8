//! The auditor can fail: for each of its checks, a day that went well is tampered with so that the rule is broken, and the
//! auditor must say so, at that step.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use baari_engine::{
    Book, Command, Decision, EventKind, PolicyKind, Refusal, SequenceNumber, Slot, Source, Status, Token,
    TokenId, WantedStatus,
};
use baari_sim::{Check, Scenario, Step, audit, invent, replay};
use jiff::SignedDuration;

/// Breaks a rule in the first place where it can be broken; returns the step at which the auditor must notice.
type Mutation = fn(&mut [Step]) -> Option<usize>;

const UNITS: i64 = SequenceNumber::UNITS;

/// None for the checks of what a plain day does not have; `whole_day/mutations.rs` has theirs.
const fn mutation(check: Check) -> Option<(PolicyKind, Mutation)> {
    let mutation: Mutation = match check {
        Check::Version => |steps| at_booking(steps, |_, decision| decision.made_from += 1),
        Check::Rows => |steps| at_booking(steps, |_, decision| decision.events.clear()),
        Check::TokenNumber => |steps| at_booking(steps, |_, decision| decision.tokens[0].token_no += 1),
        Check::Identity => |steps| {
            at_becoming(steps, Status::Arrived, |_, decision| decision.tokens[0].source = Source::Emergency)
        },
        Check::OneLiveToken => a_patient_with_two_tokens,
        Check::Transition => |steps| {
            at_becoming(steps, Status::InConsultation, |_, decision| {
                decision.tokens[0].status = Status::Completed;
            })
        },
        Check::Effect => |steps| {
            at_becoming(steps, Status::Arrived, |step, _| {
                let Command::SetStatus(change) = &mut step.command else { return };
                change.status = WantedStatus::Exactly(Status::Cancelled);
            })
        },
        Check::Stamp => |steps| {
            at_becoming(steps, Status::Arrived, |_, decision| {
                let arrived_at = decision.tokens[0].arrived_at.as_mut().unwrap();
                *arrived_at -= SignedDuration::from_secs(1);
            })
        },
        Check::Count => |steps| at_booking(steps, |_, decision| decision.slots[0].current_count += 1),
        Check::HardLimit => |steps| at_booking(steps, |_, decision| decision.slots[0].hard_limit = 0),
        Check::MaxCount => |steps| at_booking(steps, |_, decision| decision.slots[0].max_count = 0),
        Check::Override => an_override_that_nobody_gave,
        Check::FreesOne => {
            |steps| at_becoming(steps, Status::Cancelled, |_, decision| decision.slots[0].current_count -= 1)
        }
        Check::FirstRoom => a_later_slot_than_need_be,
        Check::Refusal => a_refusal_without_need,
        Check::Waitlist => a_seat_that_nobody_was_told_of,
        Check::SequenceUnique => a_number_given_twice,
        Check::SequenceBand => |steps| at_booking(steps, |_, decision| renumber(decision, UNITS)),
        Check::SequenceNext => |steps| at_booking(steps, |_, decision| renumber(decision, UNITS / 100)),
        Check::CalledFirst => |steps| the_last_is_called(steps, |_, _| true),
        Check::PassingBound => {
            return Some((PolicyKind::Target, |steps| the_last_is_called(steps, passes_unfairly)));
        }
        Check::OneVisit => a_visit_that_did_not_end,
        Check::Idle => a_late_call,
        Check::OutOfOrder
        | Check::Lost
        | Check::Untouched
        | Check::Unchanged
        | Check::PlannedMove
        | Check::Seniority
        | Check::Displaced
        | Check::PulledForward
        | Check::Lapse
        | Check::Undo
        | Check::Delay
        | Check::Cause
        | Check::Place => return None,
    };
    Some((PolicyKind::Band, mutation))
}

fn day(seed: u64, policy: PolicyKind) -> Scenario {
    let mut day = invent(seed);
    day.settings.policy = policy;
    day
}

#[test]
fn every_check_catches_its_mutation() {
    for check in Check::ALL {
        let Some((policy, mutate)) = mutation(check) else { continue };
        let mut caught = 0;
        for seed in 0..30 {
            let day = day(seed, policy);
            let mut steps = replay(&day).unwrap().steps;
            let Some(step) = mutate(&mut steps) else { continue };
            let findings = audit(&day, &steps).unwrap();
            let found = findings.iter().any(|finding| (finding.check, finding.step) == (check, step));
            assert!(found, "{check:?} at step {step} of day {seed}: {findings:#?}");
            caught += 1;
        }
        assert!(caught >= 3, "{check:?}: the mutation fits {caught} days only");
    }
}

#[test]
fn the_waitlist_is_let_in_in_order() {
    let mut caught = 0;
    for seed in 0..300 {
        let day = day(seed, PolicyKind::Band);
        let mut steps = replay(&day).unwrap().steps;
        let Some(step) = the_wrong_one_is_let_in(&mut steps) else { continue };
        let findings = audit(&day, &steps).unwrap();
        assert!(findings.iter().any(|finding| (finding.check, finding.step) == (Check::Waitlist, step)));
        caught += 1;
    }
    assert!(caught >= 3, "{caught}");
}

#[test]
fn a_day_cut_short_leaves_people_waiting() {
    let day = day(1, PolicyKind::Band);
    let mut steps = replay(&day).unwrap().steps;
    steps.truncate(steps.len() / 2);
    let findings = audit(&day, &steps).unwrap();
    assert!(findings.iter().all(|finding| finding.check == Check::Idle) && !findings.is_empty());
}

#[test]
fn a_second_cancel_that_frees_a_second_seat_is_caught() {
    let day = day(1, PolicyKind::Band);
    let mut steps = replay(&day).unwrap().steps;
    let first = find(&steps, |step, decision| becomes(step, decision, Status::Cancelled)).unwrap();
    let mut again = steps[first].clone();
    let decision = again.result.as_mut().unwrap();
    decision.made_from += 1;
    decision.slots[0].current_count -= 1;
    steps.insert(first + 1, again);
    let findings = audit(&day, &steps).unwrap();
    for check in [Check::Effect, Check::FreesOne, Check::Count] {
        assert!(
            findings.iter().any(|finding| (finding.check, finding.step) == (check, first + 1)),
            "{check:?}"
        );
    }
}

fn find(steps: &[Step], fits: impl Fn(&Step, &Decision) -> bool) -> Option<usize> {
    steps.iter().position(|step| step.result.as_ref().is_ok_and(|decision| fits(step, decision)))
}

/// At the first booking of a walk-in that got a seat by the rule.
fn at_booking(steps: &mut [Step], tamper: fn(&mut Step, &mut Decision)) -> Option<usize> {
    let index = find(steps, |step, decision| seat_by_rule(step, decision, Source::WalkIn).is_some())?;
    tamper_at(steps, index, tamper)
}

fn at_becoming(steps: &mut [Step], status: Status, tamper: fn(&mut Step, &mut Decision)) -> Option<usize> {
    let index = find(steps, |step, decision| becomes(step, decision, status))?;
    tamper_at(steps, index, tamper)
}

fn tamper_at(steps: &mut [Step], index: usize, tamper: fn(&mut Step, &mut Decision)) -> Option<usize> {
    let mut decision = steps[index].result.clone().ok()?;
    tamper(&mut steps[index], &mut decision);
    steps[index].result = Ok(decision);
    Some(index)
}

fn becomes(step: &Step, decision: &Decision, status: Status) -> bool {
    let asked =
        matches!(&step.command, Command::SetStatus(change) if change.status == WantedStatus::Exactly(status));
    asked && !decision.changes_nothing()
}

fn seat_by_rule<'a>(step: &'a Step, decision: &'a Decision, source: Source) -> Option<(&'a Book, &'a Token)> {
    let Command::Book(book) = &step.command else { return None };
    let token = decision.tokens.iter().find(|token| token.id == book.token)?;
    let by_rule = book.slot.is_none() && token.sequence.is_some() && token.source == source;
    by_rule.then_some((book, token))
}

fn renumber(decision: &mut Decision, units: i64) {
    let sequence = decision.tokens[0].sequence.unwrap();
    decision.tokens[0].sequence = Some(SequenceNumber::from_units(sequence.units() + units));
}

/// The rows of a doctor-day as they were before a step.
fn rows_before(steps: &[Step], index: usize) -> (Vec<Slot>, Vec<Token>) {
    let (mut slots, mut tokens): (Vec<Slot>, Vec<Token>) = (Vec::new(), Vec::new());
    let doctor = steps[index].doctor;
    for decision in steps[..index].iter().filter(|step| step.doctor == doctor).flat_map(|step| &step.result) {
        for slot in &decision.slots {
            slots.retain(|known| known.id != slot.id);
            slots.push(slot.clone());
        }
        for token in &decision.tokens {
            tokens.retain(|known| known.id != token.id);
            tokens.push(token.clone());
        }
    }
    slots.sort_by_key(|slot| slot.window.starts_at());
    (slots, tokens)
}

fn a_patient_with_two_tokens(steps: &mut [Step]) -> Option<usize> {
    let index = find(steps, |step, decision| seat_by_rule(step, decision, Source::WalkIn).is_some())?;
    let live = rows_before(steps, index).1.into_iter().find(|token| token.status == Status::Booked)?;
    let Command::Book(book) = &mut steps[index].command else { return None };
    book.patient.id = live.patient;
    steps[index].result.as_mut().ok()?.tokens[0].patient = live.patient;
    Some(index)
}

fn an_override_that_nobody_gave(steps: &mut [Step]) -> Option<usize> {
    at_booking(steps, |_, decision| {
        decision.tokens[0].by_override = true;
        decision.slots[0].override_count += 1;
    })
}

fn a_later_slot_than_need_be(steps: &mut [Step]) -> Option<usize> {
    let index = find(steps, |step, decision| seat_by_rule(step, decision, Source::WalkIn).is_some())?;
    let (slots, _) = rows_before(steps, index);
    let decision = steps[index].result.as_mut().ok()?;
    let taken = slots.iter().position(|slot| Some(slot.id) == decision.tokens[0].slot)?;
    let mut later = slots.get(taken + 1)?.clone();
    later.current_count += 1;
    decision.tokens[0].slot = Some(later.id);
    decision.events[0].slot = Some(later.id);
    decision.slots = vec![later];
    Some(index)
}

fn a_refusal_without_need(steps: &mut [Step]) -> Option<usize> {
    let index = find(steps, |step, decision| seat_by_rule(step, decision, Source::WalkIn).is_some())?;
    let date = "2026-02-02".parse().ok()?;
    steps[index].result = Err(Refusal::NoSeat { date, looked_at: Vec::new(), next: None });
    Some(index)
}

fn let_in(decision: &Decision) -> Option<TokenId> {
    decision.events.iter().find(|event| event.kind == EventKind::Promoted).and_then(|event| event.token)
}

fn a_seat_that_nobody_was_told_of(steps: &mut [Step]) -> Option<usize> {
    let index = find(steps, |_, decision| let_in(decision).is_some())?;
    let decision = steps[index].result.as_mut().ok()?;
    let token = let_in(decision)?;
    decision.events.retain(|event| event.token != Some(token));
    decision.tokens.retain(|row| row.id != token);
    decision.slots[0].current_count -= 1;
    Some(index)
}

fn the_wrong_one_is_let_in(steps: &mut [Step]) -> Option<usize> {
    let index = find(steps, |_, decision| let_in(decision).is_some())?;
    let (_, before) = rows_before(steps, index);
    let decision = steps[index].result.as_mut().ok()?;
    let right = let_in(decision)?;
    let waiting = |token: &&Token| token.status == Status::Waitlisted && token.id != right;
    let mut wrong = before.iter().find(waiting)?.clone();
    let row = decision.tokens.iter_mut().find(|row| row.id == right)?;
    (wrong.status, wrong.slot, wrong.sequence) = (row.status, row.slot, row.sequence);
    for event in decision.events.iter_mut().filter(|event| event.token == Some(right)) {
        event.token = Some(wrong.id);
    }
    *row = wrong;
    Some(index)
}

fn a_number_given_twice(steps: &mut [Step]) -> Option<usize> {
    let index = find(steps, |step, decision| {
        let second = |token: &Token| token.sequence.is_some_and(|sequence| sequence.units() % UNITS > 0);
        seat_by_rule(step, decision, Source::WalkIn).is_some_and(|(_, token)| second(token))
    })?;
    let (_, before) = rows_before(steps, index);
    let row = &mut steps[index].result.as_mut().ok()?.tokens[0];
    let other = before.iter().find(|token| token.slot == row.slot && token.band == row.band)?;
    row.sequence = other.sequence;
    Some(index)
}

/// Of those present when somebody is called, the last by arrival who is not an emergency, if `fits`.
fn the_last_is_called(steps: &mut [Step], fits: fn(&Token, &[Token]) -> bool) -> Option<usize> {
    for index in 0..steps.len() {
        let Some(row) = called_row(&steps[index]) else { continue };
        let Ok(decision) = &steps[index].result else { continue };
        let first = decision.tokens[row].id;
        let (slots, mut present) = rows_before(steps, index);
        present.retain(|token| token.status == Status::Arrived);
        let start = |token: &Token| {
            slots.iter().find(|slot| Some(slot.id) == token.slot).map(|slot| slot.window.starts_at())
        };
        present.sort_by_key(|token| (start(token), token.sequence));
        let Some(mut last) = present.last().cloned() else { continue };
        if last.id == first || last.source == Source::Emergency || !fits(&last, &present) {
            continue;
        }
        (last.status, last.called_at) = (Status::Called, Some(steps[index].now));
        let decision = steps[index].result.as_mut().ok()?;
        let told = decision.events.iter_mut().filter(|event| event.token == Some(first));
        told.for_each(|event| event.token = Some(last.id));
        decision.subject = Some(last.id);
        decision.tokens[row] = last;
        return Some(index);
    }
    None
}

/// A walk-in who came after one whose allowance is shorter, so that no allowance can be an excuse.
fn passes_unfairly(last: &Token, present: &[Token]) -> bool {
    let no_excuse = |other: &Token| {
        other.id != last.id
            && other.source != Source::Emergency
            && other.appointment_at.is_none()
            && other.arrived_at < last.arrived_at
    };
    last.class == Source::WalkIn && present.iter().any(no_excuse)
}

fn a_visit_that_did_not_end(steps: &mut [Step]) -> Option<usize> {
    let index = steps.iter().position(|step| called_row(step) == Some(1))?;
    let decision = steps[index].result.as_mut().ok()?;
    let finished = decision.tokens.remove(0).id;
    decision.events.retain(|event| event.token != Some(finished));
    Some(index)
}

fn a_late_call(steps: &mut [Step]) -> Option<usize> {
    let index = steps.iter().position(|step| called_row(step) == Some(0))?;
    tamper_at(steps, index, |step, decision| {
        step.now += SignedDuration::from_mins(1);
        decision.tokens[0].called_at = Some(step.now);
    })
}

/// Where the row is of whom the doctor calls: the first one, or the second one after that of a visit finished.
fn called_row(step: &Step) -> Option<usize> {
    let Command::Next(_) = step.command else { return None };
    let decision = step.result.as_ref().ok()?;
    decision.tokens.iter().position(|token| token.status == Status::Called)
}
