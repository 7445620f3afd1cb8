//! Tokens that get another seat: nobody is lost on the way, each gets the seat that the rule gives, and is told why.

use baari_engine::{
    Command, Decision, Event, EventKind, MoveCause, Reason, SlotId, Source, Status, Token, Window,
};

use super::ledger::{Ledger, has_kind, is_live, is_seated, waits};
use super::seating::{Person, Seating};
use super::{Audit, Check, Found};

/// Whoever leaves a day comes to exactly one other; whoever comes without a booking left one.
pub(super) fn departures(
    audit: &Audit<'_>,
    ledgers: &[Ledger],
    decisions: &[(usize, &Decision)],
    found: &mut Found<'_>,
) {
    let by_hand = matches!(audit.step.command, Command::Transfer(_));
    for (from, decision) in decisions {
        for id in &decision.departed {
            let Some(before) = ledgers[*from].token(*id).filter(|before| is_live(before.status)) else {
                found(Check::Lost, format!("{id} departs and was not there"));
                continue;
            };
            if decision.tokens.iter().any(|row| row.id == *id) {
                found(Check::Lost, format!("token {} departs and stays", before.token_no));
            }
            let arrivals = decisions.iter().filter(|(to, _)| to != from);
            let arrivals =
                arrivals.flat_map(|(to, there)| there.tokens.iter().map(move |row| (*to, *there, row)));
            let mut arrivals = arrivals.filter(|(.., row)| row.id == *id);
            let (Some((to, there, after)), None) = (arrivals.next(), arrivals.next()) else {
                found(
                    Check::Lost,
                    format!("token {} departs and does not come to one place", before.token_no),
                );
                continue;
            };
            let who = |token: &Token| {
                let Token { patient, source, class, band, booked_at, .. } = *token;
                let Token { rejoins, earlier_ok, displaced, passed_at, promised_at, .. } = *token;
                // What is agreed on by hand is promised anew.
                let promised_at = promised_at.filter(|_| !by_hand);
                let kept = (rejoins, earlier_ok, displaced, passed_at, promised_at);
                (patient, source, class, band, booked_at, kept)
            };
            let told =
                has_kind(decision, *id, EventKind::MovedAway) && has_kind(there, *id, EventKind::MovedIn);
            if who(before) != who(after) || ledgers[to].token(*id).is_some() || !told {
                found(Check::Lost, format!("token {} comes as somebody else", before.token_no));
            }
        }
    }
    for (to, decision) in decisions {
        for row in decision.tokens.iter().filter(|row| ledgers[*to].before(row).is_none()) {
            let departed =
                decisions.iter().any(|(from, other)| from != to && other.departed.contains(&row.id));
            let booked = [EventKind::Booked, EventKind::Waitlisted];
            let is_new = booked.into_iter().any(|kind| has_kind(decision, row.id, kind));
            if departed == is_new {
                found(Check::Lost, format!("token {} comes from nowhere", row.token_no));
            }
        }
    }
}

/// Every move says from where, to where and why.
pub(super) fn causes(
    audit: &Audit<'_>,
    ledgers: &[Ledger],
    doctor: usize,
    decision: &Decision,
    found: &mut Found<'_>,
) {
    for event in decision.events.iter().filter(|event| is_move(event.kind)) {
        let Some(id) = event.token else { continue };
        let told = event.reasons.iter().find_map(|reason| match reason {
            Reason::Moved { from, to, cause } => Some((*from, *to, cause)),
            _ => None,
        });
        let Some((from, to, cause)) = told else {
            found(Check::Cause, format!("{} does not say from where to where", event.kind));
            continue;
        };
        let row = decision.tokens.iter().find(|row| row.id == id);
        let window = |slot: SlotId| {
            decision.slots.iter().find(|row| row.id == slot).or_else(|| ledgers[doctor].slot(slot))
        };
        let sits_in: Option<Window> = row.and_then(|row| window(row.slot?)).map(|slot| slot.window);
        // Who moves twice in one decision is told of both moves; the last one leads to where it sits.
        let last = decision.events.iter().rfind(|other| other.token == Some(id) && is_move(other.kind));
        let is_last = last.is_some_and(|last| std::ptr::eq::<Event>(last, event));
        if is_last && event.kind != EventKind::MovedAway && sits_in != Some(to) {
            found(Check::Cause, format!("{} to {to}, and it sits elsewhere", event.kind));
        }
        let waits_elsewhere =
            row.filter(|row| row.status == Status::Booked && row.source != Source::Emergency);
        let has_time = |row: &Token| {
            row.appointment_at
                .is_some_and(|due| to.starts_at() <= due && (due < to.ends_at() || row.by_override))
        };
        if is_last && sits_in == Some(to) && !waits_elsewhere.is_none_or(has_time) {
            found(Check::Cause, format!("{} to {to}, and is not told when to come", event.kind));
        }
        let due = |ledger: &Ledger| ledger.token(id).and_then(|before| before.appointment_at);
        let told = ledgers.iter().find_map(due).filter(|told| *told < to.ends_at());
        let planned = !matches!(cause, MoveCause::ByHand(_) | MoveCause::CameForward);
        if planned && is_last && waits_elsewhere.is_some_and(|row| row.appointment_at < told) {
            found(Check::Cause, format!("{} to {to}, and is told to come earlier than before", event.kind));
        }
        let first = decision.events.iter().find(|other| other.token == Some(id));
        let before = ledgers[doctor].token(id).filter(|before| before.status.holds_seat());
        let sat_in = before.and_then(|before| ledgers[doctor].slot(before.slot?));
        let is_first = first.is_some_and(|first| std::ptr::eq::<Event>(first, event));
        if is_first && event.kind != EventKind::MovedIn && sat_in.map(|slot| slot.window) != from {
            found(Check::Cause, format!("{} from where it did not sit", event.kind));
        }
        if !fits(audit, cause) {
            found(Check::Cause, format!("{} for no good reason: {cause}", event.kind));
        }
    }
}

const fn is_move(kind: EventKind) -> bool {
    matches!(kind, EventKind::Moved | EventKind::MovedAway | EventKind::MovedIn)
}

fn fits(audit: &Audit<'_>, cause: &MoveCause) -> bool {
    let command = &audit.step.command;
    match cause {
        MoveCause::DoctorLeaves => matches!(command, Command::Leave(_)),
        MoveCause::SlotCancelled | MoveCause::FewerSeats => matches!(command, Command::ChangeSlot(_)),
        MoveCause::Displaced(_) => audit.settings.displacement && matches!(command, Command::Book(_)),
        MoveCause::CameForward => audit.settings.pull_forward,
        MoveCause::ByHand(_) => matches!(command, Command::Transfer(_)),
    }
}

/// Everybody has the seat that the rule gives, and the moved stand where they should.
pub(super) fn as_expected(
    audit: &Audit<'_>,
    ledgers: &[Ledger],
    expected: Option<&Seating<'_>>,
    found: &mut Found<'_>,
) {
    let Some(expected) = expected else { return };
    for person in &expected.people {
        let Some(token) = ledgers[person.doctor].token(person.id) else {
            let check = person.by.unwrap_or(Check::PlannedMove);
            found(check, format!("token {} is not with doctor {}", person.token_no, person.doctor));
            continue;
        };
        let seat = |status, slot, by_override| (is_seated(status), slot, by_override);
        let has = seat(token.status, token.slot, token.by_override);
        let should = seat(person.status, person.slot, person.by_override);
        if has != should {
            let check = person.by.unwrap_or_else(|| what_happened(audit, person));
            let what = format!("token {} is {} in {has:?}, not in {should:?}", token.token_no, token.status);
            found(check, what);
        } else if (token.status == Status::Waitlisted) != (person.status == Status::Waitlisted) {
            found(Check::Waitlist, format!("token {} is {}", token.token_no, token.status));
        }
        if token.displaced != person.displaced {
            found(Check::Displaced, format!("token {} gave way, or did not", token.token_no));
        }
    }
    for room in &expected.rooms {
        let here = |person: &&Person| person.sits_in(room) && waits(person.status);
        let mut line: Vec<&Person> = expected.people.iter().filter(here).collect();
        let kept = |check| matches!(check, Check::PlannedMove | Check::Displaced | Check::PulledForward);
        if !line.iter().any(|person| person.by.is_some_and(kept)) {
            continue;
        }
        line.sort_by_key(|person| (person.place, person.token_no));
        let numbers =
            line.iter().map(|person| ledgers[room.doctor].token(person.id).and_then(|t| t.sequence));
        let numbers: Vec<_> = numbers.collect();
        if !numbers.is_sorted() {
            let order: Vec<u32> = line.iter().map(|person| person.token_no).collect();
            found(Check::Seniority, format!("the order should be {order:?}: {numbers:?}"));
        }
    }
}

/// Which rule a change broke that should not have been.
fn what_happened(audit: &Audit<'_>, person: &Person) -> Check {
    let decisions = audit.step.result.iter().chain(audit.step.beside.iter().map(|(_, decision)| decision));
    let mut events = decisions.flat_map(|decision| &decision.events);
    let Some(event) = events.find(|event| event.token == Some(person.id)) else { return Check::PlannedMove };
    let cause = event.reasons.iter().find_map(|reason| match reason {
        Reason::Moved { cause, .. } => Some(cause),
        _ => None,
    });
    match (event.kind, cause) {
        (EventKind::Promoted, _) => Check::Waitlist,
        (EventKind::Booked, _) => Check::FirstRoom,
        (_, Some(MoveCause::Displaced(_))) => Check::Displaced,
        (_, Some(MoveCause::CameForward)) => Check::PulledForward,
        (_, Some(MoveCause::ByHand(_))) => Check::Effect,
        _ => Check::PlannedMove,
    }
}
