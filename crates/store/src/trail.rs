//! The audit trail: who did, saw and took away what of whom. What happens to tokens is in the feed of events; everything else
//! is here. Rows are added and never changed.

use baari_engine::{AuditId, PatientId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::commit::Receipt;
use crate::people::Ended;

/// One entry of the audit trail. It names fields that were changed, never what they held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its identifier; in the order of time.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who: `user:…`, `key:…`, `patient`, `console`, `open`.
    pub actor: String,
    /// What, by a stable name.
    pub action: String,
    /// Of which patient.
    pub patient: Option<PatientId>,
    /// Of what else, as its kind and identifier: `doctor 0194…`; empty if nothing.
    pub subject: String,
    /// More, for people; empty if nothing.
    pub detail: String,
    /// From which address; empty if from the machine itself.
    pub address: String,
}

/// Which entries of the trail, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailQuery<C> {
    /// Older than this one: an [`AuditId`], or the number of an event.
    pub before: Option<C>,
    /// Of this actor.
    pub actor: Option<String>,
    /// Of this patient (of an event: of the patient whose token it is about).
    pub patient: Option<PatientId>,
    /// Not earlier than this.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub to: Option<Timestamp>,
    /// At most this many.
    pub limit: u32,
}

impl<C> Default for TrailQuery<C> {
    fn default() -> Self {
        Self { before: None, actor: None, patient: None, from: None, to: None, limit: 0 }
    }
}

/// How far the time in an entry's identifier may be from that of the entry: a server's identifiers go on where they were when
/// its clock is set back.
const ID_SLACK: SignedDuration = SignedDuration::from_hours(1);
/// How far clocks of servers that write into one feed may be apart: its events are in the order of time but for that.
const EVENT_SLACK: SignedDuration = SignedDuration::from_mins(1);

impl TrailQuery<AuditId> {
    /// The first identifier that an entry may have, and the first one that is too high, so that a store finds a time by the
    /// identifiers. Some entries between them may be of another time nevertheless.
    pub fn ids(&self) -> (Option<AuditId>, Option<AuditId>) {
        let from = self.from.map(|from| first_id(earlier(from, ID_SLACK)));
        let to = self.to.map(|to| first_id(later(to, ID_SLACK)));
        (from, self.before.into_iter().chain(to).min())
    }
}

impl TrailQuery<u64> {
    /// All events before the first instant have lower numbers, and all from the second one on higher numbers, than those that
    /// are asked for.
    pub fn times(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        let from = self.from.map(|from| earlier(from, EVENT_SLACK));
        (from, self.to.map(|to| later(to, EVENT_SLACK)))
    }
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// The lowest identifier that could be given in this millisecond.
fn first_id(at: Timestamp) -> AuditId {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0).min((1 << 48) - 1);
    AuditId::from_uuid(Uuid::from_u128(u128::from(millis) << 80))
}

/// What is written along with a record, in the same transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Along {
    /// The answer to be kept for a repeated request.
    pub receipt: Option<Receipt>,
    /// Sessions that end with it, before anything is said of it; none need be there.
    pub ends: Option<Ended>,
    /// What the audit trail says of it.
    pub audit: Vec<AuditRow>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_found_by_identifiers() {
        let at = |hour: i64| Timestamp::from_second(1_800_000_000 + 3_600 * hour).expect("a time");
        let id = |hour, low: u128| {
            let millis = at(hour).as_millisecond().unsigned_abs();
            AuditId::from_uuid(Uuid::from_u128((u128::from(millis) << 80) + low))
        };
        let query = TrailQuery { from: Some(at(2)), to: Some(at(5)), ..TrailQuery::default() };
        assert_eq!(query.ids(), (Some(id(1, 0)), Some(id(6, 0))));
        for before in [id(3, 7), id(9, 7)] {
            let query = TrailQuery { before: Some(before), ..query.clone() };
            assert_eq!(query.ids().1, Some(before.min(id(6, 0))));
        }
        assert_eq!(TrailQuery::<AuditId>::default().ids(), (None, None));
        let all =
            TrailQuery { from: Some(Timestamp::MIN), to: Some(Timestamp::MAX), ..TrailQuery::default() };
        let (from, to) = all.ids();
        assert_eq!(from, Some(AuditId::from_uuid(Uuid::nil())));
        assert!(to > Some(id(100_000, 0)));
    }
}
