//! Seats: how many are taken, who may take one, which slot it is in, and what a cancellation gives back.

use jiff::Timestamp;

use baari_engine::{Book, Command, Decision, Refusal, Slot, SlotId, SlotStatus, Source, Status, Token};

use super::ledger::{Change, Ledger, is_seated};
use super::{Audit, Check};

/// The slots whose counts a decision says to change, or ought to.
pub(super) fn touched(ledger: &Ledger, decision: &Decision) -> Vec<SlotId> {
    let mut touched: Vec<SlotId> = decision.slots.iter().map(|slot| slot.id).collect();
    let seat = |token: &Token| (token.slot.filter(|_| is_seated(token.status)), token.by_override);
    for Change { before, after } in ledger.changes(decision) {
        if before.map(seat) != Some(seat(after)) {
            touched.extend(before.and_then(|before| before.slot).into_iter().chain(after.slot));
        }
    }
    touched
}

/// The counts are those of the tokens, and within the limits.
pub(super) fn counts(ledger: &Ledger, touched: &[SlotId], found: &mut dyn FnMut(Check, String)) {
    for slot in ledger.slots.iter().filter(|slot| touched.contains(&slot.id)) {
        let seated = |token: &&Token| token.slot == Some(slot.id) && is_seated(token.status);
        let (mut taken, mut by_override) = (0, 0);
        for token in ledger.tokens.iter().filter(seated) {
            taken += 1;
            by_override += u32::from(token.by_override);
        }
        if (slot.current_count, slot.override_count) != (taken, by_override) {
            let (count, overrides) = (slot.current_count, slot.override_count);
            let what = format!(
                "{} counts {count} ({overrides} by override), {taken} ({by_override}) hold a seat",
                slot.window
            );
            found(Check::Count, what);
        }
        if slot.current_count > slot.hard_limit + slot.override_count {
            found(Check::HardLimit, format!("{} holds {} tokens", slot.window, slot.current_count));
        }
    }
}

/// Walks through the seats that a decision frees and gives, in the order of its events.
pub(super) fn seatings(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    found: &mut dyn FnMut(Check, String),
) {
    let may_override = matches!(&audit.step.command, Command::Book(book) if book.override_why.is_some());
    let mut taken: Vec<(SlotId, u32)> =
        ledger.slots.iter().map(|slot| (slot.id, slot.current_count)).collect();
    for Change { before, after } in ledger.changes(decision) {
        let held = before.filter(|before| is_seated(before.status)).and_then(|before| before.slot);
        let holds = Some(after).filter(|after| is_seated(after.status)).and_then(|after| after.slot);
        if held == holds {
            continue;
        }
        if let Some((_, count)) = taken.iter_mut().find(|(id, _)| Some(*id) == held) {
            *count = count.saturating_sub(1);
        }
        let Some(id) = holds else { continue };
        let row = decision.slots.iter().find(|slot| slot.id == id).or_else(|| ledger.slot(id));
        let Some((slot, (_, count))) = row.zip(taken.iter_mut().find(|(known, _)| *known == id)) else {
            found(Check::Count, format!("token {} sits in an unknown slot", after.token_no));
            continue;
        };
        if after.by_override {
            if !may_override {
                found(Check::Override, format!("nobody allowed token {} an override", after.token_no));
            }
        } else {
            within_limits(audit.step.now, slot, *count, after, found);
        }
        *count += 1;
    }
}

fn within_limits(
    now: Timestamp,
    slot: &Slot,
    taken: u32,
    token: &Token,
    found: &mut dyn FnMut(Check, String),
) {
    if slot.status != SlotStatus::Open || slot.window.ends_at() <= now {
        found(Check::Override, format!("token {} got a seat in a slot that takes none", token.token_no));
    }
    if taken >= slot.hard_limit {
        found(Check::HardLimit, format!("token {} got seat {}", token.token_no, taken + 1));
    }
    if taken >= slot.max_count && token.source != Source::Emergency {
        found(Check::MaxCount, format!("token {} got seat {}", token.token_no, taken + 1));
    }
}

/// One seat less, unless the waitlist took it.
pub(super) fn frees_one(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    found: &mut dyn FnMut(Check, String),
) {
    let Command::SetStatus(change) = &audit.step.command else { return };
    let subject = decision.tokens.iter().find(|token| token.id == change.token);
    let ends = subject.is_some_and(|token| matches!(token.status, Status::Cancelled | Status::NoShow));
    let before = ledger.token(change.token);
    let held = before.filter(|before| ends && is_seated(before.status)).and_then(|before| before.slot);
    let taken_before: u32 = ledger.slots.iter().map(|slot| slot.current_count).sum();
    let row = |known: &Slot| decision.slots.iter().find(|slot| slot.id == known.id).map(|s| s.current_count);
    let taken_after: u32 = ledger.slots.iter().map(|slot| row(slot).unwrap_or(slot.current_count)).sum();
    let let_in = decision.tokens.iter().filter(|token| {
        let waited = ledger.before(token).is_some_and(|before| before.status == Status::Waitlisted);
        waited && is_seated(token.status)
    });
    let expected = taken_before + u32::try_from(let_in.count()).unwrap_or(u32::MAX);
    let freed = u32::from(held.is_some());
    if taken_after + freed != expected {
        let what = format!("{freed} seats are freed, {expected} taken became {taken_after}");
        found(Check::FreesOne, what);
    }
}

/// A booking takes the slot asked for, or the first that has room; beyond the rule only by override.
pub(super) fn first_with_room(
    audit: &Audit<'_>,
    ledger: &Ledger,
    book: &Book,
    decision: &Decision,
    found: &mut dyn FnMut(Check, String),
) {
    let Some(token) = decision.tokens.iter().find(|token| token.id == book.token) else { return };
    let first = first_room(ledger, book, audit.step.now);
    match (token.status, first) {
        (Status::Waitlisted, Some(slot)) => {
            let what = format!("token {} waits while {} has room", token.token_no, slot.window);
            found(Check::FirstRoom, what);
        }
        (Status::Waitlisted, None) if !book.waitlist => {
            found(Check::FirstRoom, format!("token {} did not ask to wait", token.token_no));
        }
        (Status::Waitlisted, None) => {}
        (_, Some(slot)) if token.slot != Some(slot.id) => {
            let what = format!("token {} did not get {}, the first with room", token.token_no, slot.window);
            found(Check::FirstRoom, what);
        }
        (_, Some(_)) if token.by_override => {
            found(Check::Override, format!("token {} needed no override", token.token_no));
        }
        (_, None) if !token.by_override => {
            found(Check::FirstRoom, format!("token {} got a seat where there is none", token.token_no));
        }
        (_, None) if book.slot.is_some_and(|asked| token.slot != Some(asked)) => {
            found(Check::Override, format!("token {} is not in the slot asked for", token.token_no));
        }
        _ => {}
    }
}

fn first_room<'a>(ledger: &'a Ledger, book: &Book, now: Timestamp) -> Option<&'a Slot> {
    let mut slots: Vec<&Slot> = ledger.slots.iter().collect();
    slots.retain(|slot| book.slot.is_none_or(|asked| asked == slot.id));
    slots.sort_by_key(|slot| slot.window.starts_at());
    slots.into_iter().find(|slot| has_room(slot, book.source, now))
}

/// Open, not over, and fewer tokens than this source may find there.
pub(super) fn has_room(slot: &Slot, source: Source, now: Timestamp) -> bool {
    let seats = if source == Source::Emergency { slot.hard_limit } else { slot.max_count };
    slot.status == SlotStatus::Open && now < slot.window.ends_at() && slot.current_count < seats
}

/// A booking is refused when there is no seat, or when the patient has a token; a change, when it is impossible.
pub(super) fn refusal(
    audit: &Audit<'_>,
    ledger: &Ledger,
    refusal: &Refusal,
    found: &mut dyn FnMut(Check, String),
) {
    let justified = match (&audit.step.command, refusal) {
        (Command::Book(book), Refusal::NoSeat { .. } | Refusal::NoSlots(_)) => {
            let room = first_room(ledger, book, audit.step.now).is_some();
            let may_override = book.override_why.is_some() && !ledger.slots.is_empty();
            let may_wait = book.waitlist && !ledger.slots.is_empty();
            !room && !may_override && !may_wait
        }
        (Command::Book(book), Refusal::AlreadyBooked { .. }) => {
            ledger.live_token_of(book.patient.id).is_some()
        }
        _ => false,
    };
    if !justified {
        found(Check::Refusal, format!("refused without need: {refusal}"));
    }
}
