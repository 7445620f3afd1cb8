//! Doctor-days in memory, and how a commit changes them.

use std::collections::HashMap;

use baari_engine::{DayKey, DayPace, Slot, Token};
use baari_store::DayCommit;
use jiff::Timestamp;

#[derive(Default)]
pub(super) struct Kept {
    pub(super) version: u64,
    pub(super) next_token_no: u32,
    pub(super) resumes_at: Option<Timestamp>,
    pub(super) pace: DayPace,
    pub(super) slots: Vec<Slot>,
    pub(super) tokens: Vec<Token>,
}

pub(super) type Days = HashMap<DayKey, Kept>;

pub(super) fn add<T: Clone, I: PartialEq>(kept: &mut Vec<T>, rows: &[T], id: impl Fn(&T) -> I) {
    for row in rows {
        assert!(kept.iter().all(|known| id(known) != id(row)), "a new row is there already");
        kept.push(row.clone());
    }
}

fn change<T: Clone, I: PartialEq>(kept: &mut [T], rows: &[T], id: impl Fn(&T) -> I) {
    for row in rows {
        let known = kept.iter_mut().find(|known| id(known) == id(row));
        *known.expect("a changed row is there") = row.clone();
    }
}

pub(super) fn move_in(days: &mut Days, key: DayKey, tokens: &[Token]) {
    for token in tokens {
        let is_it = |known: &Token| known.id == token.id;
        let left = days.values_mut().find(|kept| kept.tokens.iter().any(is_it));
        left.expect("a token that moves is there").tokens.retain(|known| !is_it(known));
        days.entry(key).or_default().tokens.push(token.clone());
    }
}

/// What comes before any token moves; new tokens come behind that.
pub(super) fn raise(kept: &mut Kept, commit: &DayCommit) {
    (kept.version, kept.next_token_no) = (commit.version, commit.next_token_no);
    kept.resumes_at = commit.resumes_at;
    kept.pace = commit.pace.unwrap_or(kept.pace);
    change(&mut kept.slots, &commit.slots.changed, |slot| slot.id);
    add(&mut kept.slots, &commit.slots.new, |slot| slot.id);
    change(&mut kept.tokens, &commit.tokens.changed, |token| token.id);
}
