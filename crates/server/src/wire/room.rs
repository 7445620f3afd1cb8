//! The doctor's room on the wire: next, undo, late, leave.

use baari_desk::Done;
use baari_engine::{EventKind, Status, TokenId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Marks, ReasonBody, TokenBody, optional_date, optional_token_id, reasons};

/// Call the next patient.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NextBody {
    /// Finish the visit in progress first.
    #[serde(default)]
    pub(crate) finish: bool,
    /// This one, out of order.
    #[serde(default, deserialize_with = "optional_token_id")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) token_id: Option<TokenId>,
    /// Why out of order.
    pub(crate) reason: Option<String>,
    /// Today if not given.
    #[serde(default, deserialize_with = "optional_date")]
    pub(crate) date: Option<Date>,
}

/// Whom the doctor called.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalledBody {
    /// Who was called; when nobody could be and a visit was finished, that one.
    #[serde(flatten)]
    pub(crate) token: TokenBody,
    /// The visits that were finished.
    pub(crate) finished: Vec<TokenBody>,
}

impl CalledBody {
    pub(crate) fn new(done: &Done, marks: Marks<'_>) -> Option<Self> {
        let finished = |event: &&baari_engine::Event| event.kind == EventKind::Became(Status::Completed);
        let finished = done.decision.events.iter().filter(finished).filter_map(|event| event.token);
        Some(Self {
            token: TokenBody::done(done, marks)?,
            finished: finished.filter_map(|id| changed(done, id, marks)).collect(),
        })
    }
}

/// Which day.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DayBody {
    /// Today if not given.
    #[serde(default, deserialize_with = "optional_date")]
    pub(crate) date: Option<Date>,
}

/// What was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UndoneBody {
    /// The version of the queue now.
    pub(crate) version: u64,
    /// The tokens of the step, as they are again.
    pub(crate) tokens: Vec<TokenBody>,
}

impl UndoneBody {
    pub(crate) fn new(done: &Done, marks: Marks<'_>) -> Self {
        let tokens = done.decision.events.iter().filter_map(|event| event.token);
        let tokens = tokens.filter_map(|id| changed(done, id, marks)).collect();
        Self { version: done.version, tokens }
    }
}

/// A token that was changed, as it is now, with the reasons.
fn changed(done: &Done, id: TokenId, marks: Marks<'_>) -> Option<TokenBody> {
    let token = done.decision.tokens.iter().find(|token| token.id == id)?;
    let event = done.decision.events.iter().find(|event| event.token == Some(id))?;
    let body = TokenBody::new(done.key, marks, token, None);
    Some(TokenBody { reasons: reasons(&event.reasons), ..body })
}

/// The doctor runs late, takes a break, or is back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DelayBody {
    /// From now; before the doctor's first slot, from its start. 0: not late any more. At most 720.
    #[schema(example = 20, maximum = 720)]
    pub(crate) minutes: u16,
    /// A later time that was said before stays.
    #[serde(default)]
    pub(crate) keeps_later: bool,
    /// Why, for those who wait.
    pub(crate) reason: Option<String>,
    /// Today if not given.
    #[serde(default, deserialize_with = "optional_date")]
    pub(crate) date: Option<Date>,
}

/// How late the doctor is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DelayedBody {
    pub(crate) version: u64,
    /// Not here before this time; null when not late any more.
    pub(crate) resumes_at: Option<Timestamp>,
    pub(crate) reasons: Vec<ReasonBody>,
}

impl From<&Done> for DelayedBody {
    fn from(done: &Done) -> Self {
        let resumes_at = done.decision.resumes_at;
        Self { version: done.version, resumes_at, reasons: reasons(done.decision.reasons()) }
    }
}

/// The doctor leaves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaveBody {
    /// Today if not given.
    #[serde(default, deserialize_with = "optional_date")]
    pub(crate) date: Option<Date>,
    /// From this time of the day on; from now, or the start of the day, if not given.
    #[schema(example = "12:00")]
    pub(crate) from: Option<String>,
    /// Until this time; the rest of the day if not given.
    #[schema(example = "14:00")]
    pub(crate) to: Option<String>,
    /// Why.
    pub(crate) reason: String,
    /// Only say what would happen.
    #[serde(default)]
    pub(crate) preview: bool,
}
