//! What is written: a group of commands as one transaction.

use baari_engine::{DayKey, DayPace, EventKind, FacilityId, Slot, SlotId, Token, TokenId};
use jiff::Timestamp;

use crate::records::Patient;
use crate::trail::Along;

/// One transaction: everything in it is written, except the doctor-days that turn out stale, and those that are to be written
/// together with a stale one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Doctor-days, each at most once.
    pub days: Vec<DayCommit>,
    /// Places in `days` of those that are written together or not at all. A day may stand in several of these.
    pub together: Vec<Vec<usize>>,
    /// Patients, each at most once.
    pub patients: Vec<PatientWrite>,
}

impl Group {
    /// Which of the days are to be written, given which are current: not those that go together with a stale one, nor those
    /// that go together with these.
    pub fn written(&self, mut current: Vec<bool>) -> Vec<bool> {
        loop {
            let is_stale = |place: &usize| !current.get(*place).copied().unwrap_or(false);
            let torn = |places: &&Vec<usize>| places.iter().any(is_stale) && !places.iter().all(is_stale);
            let Some(places) = self.together.iter().find(torn) else { return current };
            for &place in places {
                if let Some(current) = current.get_mut(place) {
                    *current = false;
                }
            }
        }
    }
}

/// Whether a doctor-day of a group was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was written.
    Committed,
    /// Its version, or that of a day that it goes together with, is not the expected one; nothing of it was written.
    Stale,
}

/// All that a group changes in one doctor-day, folded together: rows as they are at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCommit {
    /// Which doctor-day.
    pub key: DayKey,
    /// Commit only if this is its version now (0: it does not exist yet).
    pub expected_version: u64,
    /// Its version afterwards.
    pub version: u64,
    /// The number that the next token gets.
    pub next_token_no: u32,
    /// The doctor is not here before this time.
    pub resumes_at: Option<Timestamp>,
    /// What the day shows of the doctor's pace; none if that has not changed.
    pub pace: Option<DayPace>,
    /// Slots.
    pub slots: Rows<Slot>,
    /// Tokens.
    pub tokens: Rows<Token>,
    /// Tokens that come from other doctor-days: their rows, found by id, move here. The day that they leave is in the same
    /// group, and goes together with this one.
    pub moved_in: Vec<Token>,
    /// Sequence numbers of existing tokens changed: they may pass through each other's values, so the store must set them
    /// aside before it writes the new ones.
    pub resequenced: bool,
    /// What happened, in order.
    pub events: Vec<EventRow>,
    /// Answers to be kept for repeated requests.
    pub receipts: Vec<Receipt>,
}

/// Rows of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<T> {
    /// To be inserted.
    pub new: Vec<T>,
    /// To be updated.
    pub changed: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { new: Vec::new(), changed: Vec::new() }
    }
}

/// One event in the order in which they were committed: the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    /// Its place in the facility's feed. Goes up with every event; whoever has read up to one has missed none before it.
    pub number: u64,
    /// In which doctor-day.
    pub day: DayKey,
    /// The event.
    pub event: EventRow,
}

/// One event of a doctor-day. Its key is (facility, doctor, date, version, ordinal).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// The version of the doctor-day that it made.
    pub version: u64,
    /// Its place among the events of that version, from 0.
    pub ordinal: u16,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What.
    pub kind: EventKind,
    /// To which token.
    pub token: Option<TokenId>,
    /// In or to which slot.
    pub slot: Option<SlotId>,
    /// Why: code and sentence.
    pub reasons: Vec<(String, String)>,
}

/// The answer to a request with an `Idempotency-Key`, kept so that the same request gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Whose.
    pub facility: FacilityId,
    /// The key as the client gave it.
    pub key: String,
    /// A digest of the request: another request with the same key is refused.
    pub fingerprint: [u8; 32],
    /// The answer's HTTP status.
    pub status: u16,
    /// The answer's body; opaque to the store.
    pub body: Vec<u8>,
    /// When.
    pub at: Timestamp,
}

/// A patient to be inserted or updated (by id). Who was erased is never written back: the group is a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientWrite {
    /// Whose.
    pub facility: FacilityId,
    /// The record as it will be.
    pub patient: Patient,
    /// What is written along with it.
    pub along: Along,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staleness_spreads_as_far_as_days_go_together() {
        let together = vec![vec![4, 5], vec![3, 4], vec![0, 1]];
        let group = Group { together, ..Group::default() };
        let stale = |places: &[usize]| (0..7).map(|place| !places.contains(&place)).collect::<Vec<_>>();
        for (found, left_out) in [
            (&[][..], &[][..]),
            (&[2], &[2]),
            (&[0], &[0, 1]),
            (&[1, 6], &[0, 1, 6]),
            (&[3], &[3, 4, 5]),
            (&[5], &[3, 4, 5]),
            (&[0, 1, 2, 3, 4, 5, 6], &[0, 1, 2, 3, 4, 5, 6]),
        ] {
            assert_eq!(group.written(stale(found)), stale(left_out), "{found:?}");
        }
    }
}
