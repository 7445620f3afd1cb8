//! Seats: how many are taken, who may take one, which slot it is in, and what a cancellation gives back.

use baari_engine::{Command, Decision, EventKind, Slot, SlotId, SlotStatus, Source, Status, Token};

use super::ledger::{Change, Ledger, has_kind, is_seated};
use super::{Audit, Check, Found};

/// The slots whose counts a decision says to change, or ought to.
pub(super) fn touched(ledger: &Ledger, decision: &Decision) -> Vec<SlotId> {
    let mut touched: Vec<SlotId> = decision.slots.iter().map(|slot| slot.id).collect();
    let seat = |token: &Token| (token.slot.filter(|_| is_seated(token.status)), token.by_override);
    for Change { before, after } in ledger.changes(decision) {
        if before.map(seat) != Some(seat(after)) {
            touched.extend(before.and_then(|before| before.slot).into_iter().chain(after.slot));
        }
    }
    let left = ledger.tokens.iter().filter(|token| decision.departed.contains(&token.id));
    touched.extend(left.filter_map(|token| token.slot));
    touched
}

/// The counts are those of the tokens, and within the limits.
pub(super) fn counts(ledger: &Ledger, touched: &[SlotId], found: &mut Found<'_>) {
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

/// Whoever gets a seat gets one that there is for them.
pub(super) fn seatings(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
    let may_override = match &audit.step.command {
        Command::Book(book) => book.override_why.is_some(),
        Command::Transfer(transfer) => transfer.beyond_limits,
        _ => false,
    };
    let mut seated: Vec<(&Token, &Slot)> = Vec::new();
    for Change { before, after } in ledger.changes(decision) {
        let held = before.filter(|before| is_seated(before.status)).and_then(|before| before.slot);
        let holds = Some(after).filter(|after| is_seated(after.status)).and_then(|after| after.slot);
        let Some(id) = holds.filter(|_| held != holds) else { continue };
        let row = decision.slots.iter().find(|slot| slot.id == id).or_else(|| ledger.slot(id));
        let Some(slot) = row else {
            found(Check::Count, format!("token {} sits in an unknown slot", after.token_no));
            continue;
        };
        if after.by_override && !may_override {
            found(Check::Override, format!("nobody allowed token {} an override", after.token_no));
        }
        // A step taken back gives the seat back, also in a slot that is over by now.
        let back = has_kind(decision, after.id, EventKind::Undone);
        if !after.by_override
            && !back
            && (slot.status != SlotStatus::Open || slot.window.ends_at() <= audit.step.now)
        {
            found(Check::Override, format!("token {} got a seat in a slot that takes none", after.token_no));
        }
        seated.push((after, slot));
    }
    let by_rule = |token: &Token| token.source != Source::Emergency && !token.by_override;
    for (token, slot) in seated.iter().filter(|(token, _)| by_rule(token)) {
        let beyond = seated.iter().filter(|(other, there)| there.id == slot.id && !by_rule(other)).count();
        let back = has_kind(decision, token.id, EventKind::Undone);
        if slot.current_count as usize > slot.max_count as usize + beyond && !back {
            let what =
                format!("token {} sits in {}: {} seats", token.token_no, slot.window, slot.current_count);
            found(Check::MaxCount, what);
        }
    }
}

/// One seat less, unless the waitlist took it.
pub(super) fn frees_one(audit: &Audit<'_>, ledger: &Ledger, decision: &Decision, found: &mut Found<'_>) {
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
