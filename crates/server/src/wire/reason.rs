//! Reasons on the wire: a stable code and a sentence.

use baari_engine::Reason;
use serde::Serialize;
use utoipa::ToSchema;

/// Why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReasonBody {
    /// A stable name for programs.
    #[schema(example = "seat_taken")]
    pub(crate) code: String,
    /// A sentence for people.
    #[schema(example = "Seat 3 of 10 in 09:00–10:00.")]
    pub(crate) text: String,
}

pub(crate) fn reasons(reasons: &[Reason]) -> Vec<ReasonBody> {
    let body = |reason: &Reason| ReasonBody { code: reason.code().to_owned(), text: reason.to_string() };
    reasons.iter().map(body).collect()
}
