//! `Idempotency-Key`: read from the request, held while it is under way.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use baari_desk::{Done, KeyGuard, Keyed};
use baari_store::{Along, AuditRow, Receipt};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::access::Here;
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
    here: Here,
    key: Option<(String, [u8; 32])>,
    _guard: Option<KeyGuard>,
}

impl IdempotencyKey {
    /// Holds the key; answers with the kept answer if there is one. Another caller's answer is not for this one: whoever asks is
    /// part of what must be the same.
    pub(crate) async fn hold(self, here: &Here, fingerprint: [u8; 32]) -> Answer<Held> {
        let Some(key) = self.0 else { return Ok(Held::without_key(here)) };
        let fingerprint =
            Sha256::new().chain_update(fingerprint).chain_update(here.actor()).finalize().into();
        let guard = here.desk.key_hold(here.facility, &key, &fingerprint).await?;
        Ok(Held { here: here.clone(), key: Some((key, fingerprint)), _guard: Some(guard) })
    }
}

impl Held {
    /// Of a request that is not kept.
    pub(crate) fn without_key(here: &Here) -> Self {
        Self { here: here.clone(), key: None, _guard: None }
    }

    /// For a command: how to make the answer that is kept.
    pub(crate) fn keyed(
        &self,
        render: impl Fn(&Done) -> (u16, Vec<u8>) + Send + Sync + 'static,
    ) -> Option<Keyed> {
        let (key, fingerprint) = self.key.clone()?;
        let (here, name) = (self.here.clone(), key.clone());
        let render = move |done: &Done| {
            let (status, body) = render(done);
            (status, closed(&here, &name, &body))
        };
        Some(Keyed { key, fingerprint, render: Arc::new(render) })
    }

    /// For a record: the answer that is kept.
    pub(crate) fn receipt(&self, body: &impl Serialize) -> Option<Receipt> {
        let (key, fingerprint) = self.key.clone()?;
        let body = closed(&self.here, &key, &serde_json::to_vec(body).unwrap_or_default());
        Some(Receipt {
            facility: self.here.facility,
            key,
            fingerprint,
            status: 201,
            body,
            at: self.here.desk.now(),
        })
    }

    /// For a record: the answer that is kept, and what the audit trail says.
    pub(crate) fn along(&self, body: &impl Serialize, entry: AuditRow) -> Along {
        Along { receipt: self.receipt(body), ends: None, audit: vec![entry] }
    }
}

/// An answer may hold what the database must not: the code of a page, a new key.
fn closed(here: &Here, key: &str, body: &[u8]) -> Vec<u8> {
    here.access.secret.close(here.facility, key, body, here.desk.random())
}
