//! Outside text becomes typed values here, or a problem that names the field at fault.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::problem::{self, Problem};

/// How long a body may take to arrive.
const BODY_PATIENCE: Duration = Duration::from_secs(20);
const BODY_LATE: &str = "the body took too long to arrive: send it again";
const BODY_BROKEN: &str = "the body could not be read to its end: send it again";

/// Reads a body of an allowed length before anything is answered. An answer before the body has arrived closes the connection,
/// and a client that is still sending may never see it.
pub(crate) async fn read_first(allowed: usize, request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    if length == 0 || length > allowed {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(BODY_PATIENCE, axum::body::to_bytes(body, allowed)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, bytes.into())).await,
        Ok(Err(_)) => Problem::new(problem::BODY_NOT_JSON, BODY_BROKEN).into_response(),
        Err(_) => Problem::new(problem::REQUEST_TOO_SLOW, BODY_LATE).into_response(),
    }
}

/// A JSON body, with a digest of the request that it came in.
#[derive(Debug)]
pub(crate) struct Body<T> {
    pub(crate) value: T,
    pub(crate) fingerprint: [u8; 32],
    /// The names of the fields that were given, for the audit trail.
    pub(crate) fields: String,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            let detail = "say what the body is: Content-Type: application/json";
            return Err(Problem::new(problem::BODY_NOT_TYPED, detail).field("Content-Type").into());
        }
        let mut digest = Sha256::new();
        digest.update(request.method().as_str());
        digest.update(request.uri().path());
        let bytes = tokio::time::timeout(BODY_PATIENCE, Bytes::from_request(request, state)).await;
        let late = |_| Problem::new(problem::REQUEST_TOO_SLOW, BODY_LATE);
        let bytes = bytes.map_err(late)?.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(problem::BODY_TOO_LARGE, "send at most 64 KiB"),
            _ => Problem::new(problem::BODY_NOT_JSON, BODY_BROKEN),
        })?;
        digest.update(&bytes);
        Ok(Self { value: parse(&bytes)?, fingerprint: digest.finalize().into(), fields: fields(&bytes) })
    }
}

/// A JSON body that may be left out: then all of its fields are.
#[derive(Debug)]
pub(crate) struct MaybeBody<T> {
    pub(crate) value: T,
    pub(crate) fingerprint: [u8; 32],
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let length = request.headers().get(header::CONTENT_LENGTH).map(|length| length.as_bytes() == b"0");
        let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
        if length.unwrap_or(!chunked) {
            let mut digest = Sha256::new();
            digest.update(request.method().as_str());
            digest.update(request.uri().path());
            return Ok(Self { value: T::default(), fingerprint: digest.finalize().into() });
        }
        let Body { value, fingerprint, .. } = Body::from_request(request, state).await?;
        Ok(Self { value, fingerprint })
    }
}

pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Problem::new(problem::FIELD_WRONG, "the body is a list: send one object"));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            let missing = missing_field(&inner.to_string());
            let detail = match &missing {
                Some(field) => format!("{} is missing: fill it in", field.replace('_', " ")),
                None => without_position(&inner.to_string()),
            };
            let problem = Problem::new(problem::FIELD_WRONG, detail);
            let field = missing.unwrap_or(path);
            return if field == "." { problem } else { problem.field(field) };
        }
        Problem::new(problem::BODY_NOT_JSON, format!("the body is not JSON: {inner}"))
    })?;
    json.end().map_err(|_| {
        Problem::new(problem::BODY_NOT_JSON, "the body goes on after its end: send one object")
    })?;
    Ok(value)
}

fn fields(bytes: &[u8]) -> String {
    let given: BTreeMap<String, IgnoredAny> = serde_json::from_slice(bytes).unwrap_or_default();
    given.into_keys().collect::<Vec<_>>().join(", ")
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn without_position(text: &str) -> String {
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

fn missing_field(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("missing field `")?;
    rest.split('`').next().map(str::to_owned)
}

/// The query string.
#[derive(Debug)]
pub(crate) struct Params<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        let detail = |text: String| text.replace("Failed to deserialize query string: ", "");
        let wrong =
            |text| Problem::new(problem::FIELD_WRONG, format!("the address's query: {}", detail(text)));
        query.map(|Query(value)| Self(value)).map_err(|rejection| wrong(rejection.body_text()).into())
    }
}

/// The id in the path.
#[derive(Debug)]
pub(crate) struct Id<T>(pub(crate) T);

impl<S: Send + Sync, T: std::str::FromStr<Err = baari_engine::IdError>> FromRequestParts<S> for Id<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        let text =
            text.map_err(|_| Problem::new(problem::FIELD_WRONG, "the address holds no id").field("id"))?;
        let wrong =
            |error: baari_engine::IdError| Problem::new(problem::FIELD_WRONG, error.to_string()).field("id");
        Ok(Self(text.parse().map_err(wrong)?))
    }
}
