//! The audit trail on the wire.

use baari_store::{AuditRow, FeedEvent};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::ReasonBody;
use super::table::harmless;

/// Who did, saw or took away what of whom.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrailBody {
    pub(crate) at: Timestamp,
    /// `user:…`, `key:…`, `patient`, `console`, `clock`, `open`
    pub(crate) actor: String,
    /// What they are called now.
    pub(crate) actor_name: Option<String>,
    /// What, for programs.
    #[schema(example = "patient_read")]
    pub(crate) action: String,
    pub(crate) patient_id: Option<uuid::Uuid>,
    pub(crate) token_id: Option<uuid::Uuid>,
    /// Of what else, as its kind and identifier.
    pub(crate) subject: String,
    /// More: the fields that were changed, the reasons.
    pub(crate) detail: String,
    /// The same, where it is reasons: for pages, which tell them in the reader's language.
    #[serde(skip)]
    pub(crate) reasons: Vec<ReasonBody>,
    /// From which address; empty if from the machine itself.
    pub(crate) address: String,
}

impl From<AuditRow> for TrailBody {
    fn from(row: AuditRow) -> Self {
        Self {
            at: row.at,
            actor: row.actor,
            actor_name: None,
            action: row.action,
            patient_id: row.patient.map(|patient| patient.as_uuid()),
            token_id: None,
            subject: row.subject,
            detail: row.detail,
            reasons: Vec::new(),
            address: row.address,
        }
    }
}

impl From<FeedEvent> for TrailBody {
    fn from(FeedEvent { day, event, .. }: FeedEvent) -> Self {
        let body = |(code, text)| ReasonBody { code, text };
        let reasons: Vec<ReasonBody> = event.reasons.into_iter().map(body).collect();
        let texts: Vec<&str> = reasons.iter().map(|reason| reason.text.as_str()).collect();
        Self {
            at: event.at,
            actor: event.actor,
            actor_name: None,
            action: event.kind.name().to_owned(),
            patient_id: None,
            token_id: event.token.map(|token| token.as_uuid()),
            subject: format!("doctor {} {}", day.doctor, day.date),
            detail: texts.join(" "),
            reasons,
            address: String::new(),
        }
    }
}

impl TrailBody {
    /// As a row of a table; the last cell is when it was by the clock on the wall.
    pub(crate) fn cells(&self, zone: &TimeZone) -> [String; 10] {
        let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let [actor_name, subject, detail] =
            [self.actor_name.as_deref().unwrap_or_default(), &self.subject, &self.detail].map(harmless);
        [
            self.at.to_string(),
            self.actor.clone(),
            actor_name,
            self.action.clone(),
            id(self.patient_id),
            id(self.token_id),
            subject,
            detail,
            self.address.clone(),
            zone.to_datetime(self.at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        ]
    }
}
