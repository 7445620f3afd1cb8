//! Doctor-days in memory, and how a commit changes them.

use std::collections::HashMap;

use baari_engine::{DayKey, DayPace, Slot, Token};
use baari_store::{DayCommit, FeedEvent, Group, PatientWrite, StoreError, Verdict};
use jiff::Timestamp;

use super::Memory;

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

fn add<T: Clone, I: PartialEq>(kept: &mut Vec<T>, rows: &[T], id: impl Fn(&T) -> I) {
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

fn move_in(days: &mut Days, key: DayKey, tokens: &[Token]) {
    for token in tokens {
        let is_it = |known: &Token| known.id == token.id;
        let left = days.values_mut().find(|kept| kept.tokens.iter().any(is_it));
        left.expect("a token that moves is there").tokens.retain(|known| !is_it(known));
        days.entry(key).or_default().tokens.push(token.clone());
    }
}

/// What comes before any token moves; new tokens come behind that.
fn raise(kept: &mut Kept, commit: &DayCommit) {
    (kept.version, kept.next_token_no) = (commit.version, commit.next_token_no);
    kept.resumes_at = commit.resumes_at;
    kept.pace = commit.pace.unwrap_or(kept.pace);
    change(&mut kept.slots, &commit.slots.changed, |slot| slot.id);
    add(&mut kept.slots, &commit.slots.new, |slot| slot.id);
    change(&mut kept.tokens, &commit.tokens.changed, |token| token.id);
}

impl Memory {
    /// Writes a group, all at once.
    pub(super) fn write(&self, group: &Group) -> Result<Vec<Verdict>, StoreError> {
        let mut patients = self.patients.lock().unwrap();
        let erased = |write: &PatientWrite| {
            patients.get(&write.patient.id).is_some_and(|known| known.erased_at.is_some())
        };
        if group.patients.iter().any(erased) {
            return Err(StoreError::Conflict("a patient was erased".to_owned()));
        }
        let mut days = self.days.lock().unwrap();
        let version = |key| days.get(key).map_or(0, |kept: &Kept| kept.version);
        let current = group.days.iter().map(|day| version(&day.key) == day.expected_version).collect();
        let written = group.written(current);
        let commits = || group.days.iter().zip(&written).filter(|(_, written)| **written).map(|(day, _)| day);
        commits().for_each(|commit| raise(days.entry(commit.key).or_default(), commit));
        commits().for_each(|commit| move_in(&mut days, commit.key, &commit.moved_in));
        let (mut feed, mut receipts) = (self.feed.lock().unwrap(), self.receipts.lock().unwrap());
        for commit in commits() {
            let kept = days.entry(commit.key).or_default();
            add(&mut kept.tokens, &commit.tokens.new, |token| token.id);
            for event in &commit.events {
                let number = feed.len() as u64 + 1;
                feed.push(FeedEvent { number, day: commit.key, event: event.clone() });
            }
            receipts.extend(commit.receipts.iter().map(|receipt| (receipt.key.clone(), receipt.clone())));
        }
        patients.extend(group.patients.iter().map(|write| (write.patient.id, write.patient.clone())));
        drop(receipts);
        group.patients.iter().for_each(|write| self.write_along(&write.along));
        let verdict = |is_written| if is_written { Verdict::Committed } else { Verdict::Stale };
        Ok(written.into_iter().map(verdict).collect())
    }
}
