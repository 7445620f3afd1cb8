//! `ETag`, `If-Match` and `If-None-Match`: the version of a doctor-day.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::failure::Failure;
use crate::problem::{self, Problem};

/// The version that the client has seen, if it insists on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatch(pub(crate) Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        if value.as_bytes() == b"*" {
            return Ok(Self(None));
        }
        let version = value.to_str().ok().and_then(version);
        let detail = "If-Match takes the ETag of the queue as it was given, for example \"42\"";
        let wrong = || Problem::new(problem::FIELD_WRONG, detail).field("If-Match");
        Ok(Self(Some(version.ok_or_else(wrong)?)))
    }
}

pub(crate) fn version(tag: &str) -> Option<u64> {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

pub(crate) fn etag(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).expect("digits and quotes make a header value")
}

/// The body with its version as `ETag`; nothing but that when the client has it already. Settings and the clock can change
/// the answer of one version, so the client has it only if every answer of that version was this one (`steady`).
pub(crate) fn versioned(request: &HeaderMap, version: u64, body: Bytes, steady: bool) -> Response {
    let seen = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let known =
        steady && seen.is_some_and(|tags| tags.split(',').any(|tag| self::version(tag) == Some(version)));
    let headers = [(header::ETAG, etag(version))];
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
