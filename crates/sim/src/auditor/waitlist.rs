//! The waitlist: by band, then by who asked first; and nobody waits for a seat that is there.

use jiff::Timestamp;

use baari_engine::{Decision, EventKind, Status, Token};

use super::ledger::{Ledger, is_seated};
use super::seats::has_room;
use super::{Audit, Check};

fn claim(token: &Token) -> (u8, Timestamp, u32) {
    (token.band.number(), token.booked_at, token.token_no)
}

/// Nobody who waits with an earlier claim could have taken the seat instead.
pub(super) fn promoted_in_order(ledger: &Ledger, decision: &Decision, found: &mut dyn FnMut(Check, String)) {
    let promoted: Vec<&Token> = decision
        .events
        .iter()
        .filter(|event| event.kind == EventKind::Promoted)
        .filter_map(|event| decision.tokens.iter().find(|token| Some(token.id) == event.token))
        .collect();
    let leaves = |known: &&Token| {
        let after = decision.tokens.iter().find(|token| token.id == known.id);
        is_seated(known.status) && after.is_some_and(|after| !is_seated(after.status))
    };
    for (index, token) in promoted.iter().enumerate() {
        let Some(slot) = token.slot.and_then(|id| ledger.slot(id)) else { continue };
        let let_in = |other: &Token| promoted[..=index].iter().any(|promoted| promoted.id == other.id);
        // Whoever is no emergency could not have used a seat of the buffer.
        let row = decision.slots.iter().find(|row| row.id == slot.id).unwrap_or(slot);
        let left = ledger.tokens.iter().filter(leaves).filter(|known| known.slot == Some(slot.id)).count();
        let same_slot = promoted[..index].iter().filter(|earlier| earlier.slot == token.slot).count();
        let seat_for_all = slot.current_count as usize + same_slot < row.max_count as usize + left;
        let earlier = ledger.tokens.iter().find(|other| {
            other.status == Status::Waitlisted
                && !let_in(other)
                && claim(other) < claim(token)
                && other.slot.is_none_or(|asked| asked == slot.id)
                && (other.source == token.source || seat_for_all)
                && decision.subject != Some(other.id)
        });
        if let (Some(earlier), true) = (earlier, decision.subject != Some(token.id)) {
            let what = format!("token {} was let in before token {}", token.token_no, earlier.token_no);
            found(Check::Waitlist, what);
        }
    }
}

/// After a seat became free, nobody who could take it waits.
pub(super) fn nobody_forgotten(
    audit: &Audit<'_>,
    ledger: &Ledger,
    decision: &Decision,
    found: &mut dyn FnMut(Check, String),
) {
    for slot in &decision.slots {
        let forgotten = ledger.tokens.iter().find(|token| {
            token.status == Status::Waitlisted
                && token.slot.is_none_or(|asked| asked == slot.id)
                && has_room(slot, token.source, audit.step.now)
        });
        if let Some(token) = forgotten {
            let what = format!("token {} waits while {} has room", token.token_no, slot.window);
            found(Check::Waitlist, what);
        }
    }
}
