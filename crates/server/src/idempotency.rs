//! `Idempotency-Key`: read from the request, held while it is under way.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use baari_desk::{Desk, Done, KeyGuard, Keyed};
use baari_engine::FacilityId;
use baari_store::Receipt;
use serde::Serialize;

use crate::failure::{Answer, Failure};
use crate::problem::{self, Problem};

const LENGTH_MAX: usize = 255;

/// The `Idempotency-Key` header, if there is one.
#[derive(Debug)]
pub(crate) struct IdempotencyKey(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(key) if !key.is_empty() && key.len() <= LENGTH_MAX => Ok(Self(Some(key.to_owned()))),
            _ => {
                let detail = "an Idempotency-Key has 1 to 255 visible ASCII characters: use a new UUID for each request";
                Err(Problem::new(problem::FIELD_WRONG, detail).field("Idempotency-Key").into())
            }
        }
    }
}

/// A request with a key, under way: nobody else works on the same key here.
pub(crate) struct Held {
    facility: FacilityId,
    key: Option<(String, [u8; 32])>,
    _guard: Option<KeyGuard>,
}

impl IdempotencyKey {
    /// Holds the key; answers with the kept answer if there is one.
    pub(crate) async fn hold(self, desk: &Desk, facility: FacilityId, fingerprint: [u8; 32]) -> Answer<Held> {
        let Some(key) = self.0 else { return Ok(Held::without_key(facility)) };
        let guard = desk.key_hold(facility, &key, &fingerprint).await?;
        Ok(Held { facility, key: Some((key, fingerprint)), _guard: Some(guard) })
    }
}

impl Held {
    /// Of a request that is not kept.
    pub(crate) const fn without_key(facility: FacilityId) -> Self {
        Self { facility, key: None, _guard: None }
    }

    /// For a command: how to make the answer that is kept.
    pub(crate) fn keyed(
        &self,
        render: impl Fn(&Done) -> (u16, Vec<u8>) + Send + Sync + 'static,
    ) -> Option<Keyed> {
        let (key, fingerprint) = self.key.clone()?;
        Some(Keyed { key, fingerprint, render: Arc::new(render) })
    }

    /// For a record: the answer that is kept.
    pub(crate) fn receipt(&self, body: &impl Serialize, at: jiff::Timestamp) -> Option<Receipt> {
        let (key, fingerprint) = self.key.clone()?;
        let body = serde_json::to_vec(body).unwrap_or_default();
        Some(Receipt { facility: self.facility, key, fingerprint, status: 201, body, at })
    }
}
