//! The audit trail: who did, saw and took away what of whom. What happens to tokens is in the feed of events; everything else
//! is here. Rows are added and never changed.

use baari_engine::{AuditId, PatientId};
use jiff::Timestamp;

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
