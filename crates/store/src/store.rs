//! The trait that every store implements.

use async_trait::async_trait;
use baari_engine::{
    AuditId, Day, DayKey, DayPace, DoctorId, FacilityId, KeyId, PatientId, ScheduleId, SlotId, TokenId,
    UserId,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::commit::{FeedEvent, Group, Receipt, Verdict};
use crate::error::StoreError;
use crate::people::{Ended, Key, Session, User};
use crate::records::{
    DatedSlot, DatedToken, Doctor, Facility, LastSeen, Patient, PatientQuery, ScheduleLine, SlotQuery,
    TokenQuery,
};
use crate::trail::{Along, AuditRow, TrailQuery};

/// Remembers. Everything but the list of facilities is asked for within one facility, and never answers with another's rows.
///
/// Every method fails with a [`StoreError`]; after an error nothing of the call was written, except that after
/// [`StoreError::Unavailable`] from [`Store::commit`] the outcome is unknown.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Writes a group as one durable transaction; one verdict for each of its days, in order.
    async fn commit(&self, group: Group) -> Result<Vec<Verdict>, StoreError>;

    /// The doctor-day as last committed, from one consistent view; empty at version 0 if nothing has happened yet.
    async fn day_load(&self, key: DayKey, zone: &TimeZone) -> Result<Day, StoreError>;
    /// The versions of those of these doctor-days that exist.
    async fn day_versions(
        &self,
        facility: FacilityId,
        days: &[(DoctorId, Date)],
    ) -> Result<Vec<(DoctorId, Date, u64)>, StoreError>;
    /// The doctor-day that a slot belongs to.
    async fn slot_day(&self, facility: FacilityId, slot: SlotId) -> Result<Option<DayKey>, StoreError>;
    /// The doctor-day that a token belongs to.
    async fn token_day(&self, facility: FacilityId, token: TokenId) -> Result<Option<DayKey>, StoreError>;
    /// Whose these tokens are, of those that there are; in any order.
    async fn token_patients(
        &self,
        facility: FacilityId,
        tokens: &[TokenId],
    ) -> Result<Vec<(TokenId, PatientId)>, StoreError>;
    /// Slots by date, start time and id.
    async fn slot_list(
        &self,
        facility: FacilityId,
        query: &SlotQuery,
        zone: &TimeZone,
    ) -> Result<Vec<DatedSlot>, StoreError>;
    /// Tokens by id.
    async fn token_list(
        &self,
        facility: FacilityId,
        query: &TokenQuery,
    ) -> Result<Vec<DatedToken>, StoreError>;
    /// All that happened to a token, in whatever doctor-day, oldest first; at most 1,000.
    async fn token_events(&self, facility: FacilityId, token: TokenId) -> Result<Vec<FeedEvent>, StoreError>;
    /// Everything that was committed in this facility behind this number, in order of commit; at most `limit`.
    async fn event_list(
        &self,
        facility: FacilityId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<FeedEvent>, StoreError>;
    /// The number of the facility's last event; 0 if there is none.
    async fn event_head(&self, facility: FacilityId) -> Result<u64, StoreError>;
    /// The moves of tokens into slots of this date, from another slot of the doctor-day or from another doctor-day, behind this
    /// number, in order of commit.
    async fn event_moves(
        &self,
        facility: FacilityId,
        date: Date,
        after: u64,
        limit: u32,
    ) -> Result<Vec<FeedEvent>, StoreError>;
    /// The doctor-days that there are on these dates.
    async fn day_list(
        &self,
        facility: FacilityId,
        from: Date,
        to: Date,
    ) -> Result<Vec<(DoctorId, Date)>, StoreError>;
    /// What a doctor's last days before this one show of the pace, newest first; only days with finished visits.
    async fn pace_list(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
        before: Date,
        limit: u32,
    ) -> Result<Vec<DayPace>, StoreError>;

    /// All facilities.
    async fn facility_list(&self) -> Result<Vec<Facility>, StoreError>;
    /// Inserts or updates a facility and its settings, and raises its version. A seal that is kept stays.
    async fn facility_put(&self, facility: &Facility, along: &Along) -> Result<(), StoreError>;
    /// The facility's version.
    async fn facility_version(&self, facility: FacilityId) -> Result<u64, StoreError>;

    /// Inserts or updates a doctor, and raises the facility's version.
    async fn doctor_put(
        &self,
        facility: FacilityId,
        doctor: &Doctor,
        along: &Along,
    ) -> Result<(), StoreError>;
    /// A doctor.
    async fn doctor_get(&self, facility: FacilityId, doctor: DoctorId) -> Result<Option<Doctor>, StoreError>;
    /// Doctors by id, behind `after`.
    async fn doctor_list(
        &self,
        facility: FacilityId,
        after: Option<DoctorId>,
        limit: u32,
    ) -> Result<Vec<Doctor>, StoreError>;

    /// Those of these patients that exist, in any order.
    async fn patient_get(&self, facility: FacilityId, ids: &[PatientId]) -> Result<Vec<Patient>, StoreError>;
    /// Patients by id.
    async fn patient_list(
        &self,
        facility: FacilityId,
        query: &PatientQuery,
    ) -> Result<Vec<Patient>, StoreError>;
    /// The last completed visit before this date of those of these patients that have one, in any order; of several on one
    /// date, the one that ended last. For the few patients of a screen.
    async fn patient_last_seen(
        &self,
        facility: FacilityId,
        ids: &[PatientId],
        before: Date,
    ) -> Result<Vec<LastSeen>, StoreError>;

    /// Inserts or updates a line of a schedule, and raises the facility's version.
    async fn schedule_put(
        &self,
        facility: FacilityId,
        line: &ScheduleLine,
        along: &Along,
    ) -> Result<(), StoreError>;
    /// Removes a line of a schedule; false if there is none, and then nothing is written along.
    async fn schedule_remove(
        &self,
        facility: FacilityId,
        line: ScheduleId,
        along: &Along,
    ) -> Result<bool, StoreError>;
    /// A doctor's schedule, by id; at most 1,000 lines.
    async fn schedule_list(
        &self,
        facility: FacilityId,
        doctor: DoctorId,
    ) -> Result<Vec<ScheduleLine>, StoreError>;

    /// The answer kept for a repeated request.
    async fn receipt_get(&self, facility: FacilityId, key: &str) -> Result<Option<Receipt>, StoreError>;
    /// Keeps an answer that has no change of its own to be committed with (slots generated for many dates at once).
    async fn receipt_put(&self, receipt: &Receipt) -> Result<(), StoreError>;
    /// Forgets the answers kept before this time; how many.
    async fn receipt_prune(&self, facility: FacilityId, before: jiff::Timestamp) -> Result<u64, StoreError>;

    /// Inserts a user whose version is 0; updates another one, if its version is the one that is kept, which goes up by one.
    /// Raises the facility's version.
    ///
    /// [`StoreError::Conflict`] if another one has this name or this subject, if the version is not the one that is kept, and
    /// if nobody would be left to run the system: a facility that has an active administrator keeps one, whoever else writes
    /// at the same time.
    async fn user_put(&self, facility: FacilityId, user: &User, along: &Along) -> Result<(), StoreError>;
    /// A user.
    async fn user_get(&self, facility: FacilityId, user: UserId) -> Result<Option<User>, StoreError>;
    /// The user who signs in with this name.
    async fn user_by_name(&self, facility: FacilityId, name: &str) -> Result<Option<User>, StoreError>;
    /// The user who is this one elsewhere.
    async fn user_by_subject(&self, facility: FacilityId, subject: &str) -> Result<Option<User>, StoreError>;
    /// Users by id, behind `after`.
    async fn user_list(
        &self,
        facility: FacilityId,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError>;

    /// Inserts a session.
    async fn session_put(
        &self,
        facility: FacilityId,
        session: &Session,
        along: &Along,
    ) -> Result<(), StoreError>;
    /// The session with this digest, and whose it is.
    async fn session_get(
        &self,
        facility: FacilityId,
        digest: &[u8; 32],
    ) -> Result<Option<(Session, User)>, StoreError>;
    /// Notes that a session was used; nothing if there is no such session.
    async fn session_seen(
        &self,
        facility: FacilityId,
        digest: &[u8; 32],
        at: jiff::Timestamp,
    ) -> Result<(), StoreError>;
    /// A user's sessions, newest first; at most 1,000.
    async fn session_list(&self, facility: FacilityId, user: UserId) -> Result<Vec<Session>, StoreError>;
    /// Ends sessions, as somebody signs out; how many. If there are none, nothing is written along.
    async fn session_end(&self, facility: FacilityId, which: Ended, along: &Along)
    -> Result<u64, StoreError>;

    /// Inserts or updates a key (by id).
    async fn key_put(&self, facility: FacilityId, key: &Key, along: &Along) -> Result<(), StoreError>;
    /// The key of this id.
    async fn key_by_id(&self, facility: FacilityId, key: KeyId) -> Result<Option<Key>, StoreError>;
    /// The key with this digest.
    async fn key_get(&self, facility: FacilityId, digest: &[u8; 32]) -> Result<Option<Key>, StoreError>;
    /// Keys by id, behind `after`.
    async fn key_list(
        &self,
        facility: FacilityId,
        after: Option<KeyId>,
        limit: u32,
    ) -> Result<Vec<Key>, StoreError>;

    /// Adds to the audit trail.
    async fn audit_append(&self, facility: FacilityId, rows: &[AuditRow]) -> Result<(), StoreError>;
    /// Entries of the audit trail, newest first (by id).
    async fn audit_list(
        &self,
        facility: FacilityId,
        query: &TrailQuery<AuditId>,
    ) -> Result<Vec<AuditRow>, StoreError>;
    /// Events of the feed, newest first (by number).
    async fn event_search(
        &self,
        facility: FacilityId,
        query: &TrailQuery<u64>,
    ) -> Result<Vec<FeedEvent>, StoreError>;

    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
