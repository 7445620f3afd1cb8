//! What the provider sends, as it is written.

use serde::{Deserialize, Deserializer};

/// OpenID Connect Discovery 1.0, section 3: of it, what is used.
#[derive(Deserialize)]
pub(super) struct DiscoveryBody {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) id_token_signing_alg_values_supported: Vec<String>,
    pub(super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// Core 3.1.3.3: of it, what is used.
#[derive(Deserialize)]
pub(super) struct TokenBody {
    pub(super) id_token: String,
}

/// RFC 6749, 5.2. Its description is not read: it is free text, and may hold what must not be logged.
#[derive(Deserialize)]
pub(super) struct RefusalBody {
    pub(super) error: String,
}

/// RFC 7515, section 4.
#[derive(Deserialize)]
pub(super) struct HeadBody {
    pub(super) alg: String,
    pub(super) kid: Option<String>,
    /// Extensions that whoever reads the token must understand.
    pub(super) crit: Option<serde_json::Value>,
}

/// Core, section 2: of it, what is used.
#[derive(Deserialize)]
pub(super) struct ClaimsBody {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) aud: Audience,
    pub(super) azp: Option<String>,
    #[serde(deserialize_with = "seconds")]
    pub(super) exp: i64,
    #[serde(deserialize_with = "seconds")]
    pub(super) iat: i64,
    #[serde(default, deserialize_with = "seconds_if_any")]
    pub(super) nbf: Option<i64>,
    pub(super) nonce: Option<String>,
}

/// One client, or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        }
    }
}

/// Seconds since 1970; they may have a fraction (RFC 7519, section 2), which is dropped.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let number = serde_json::Number::deserialize(from)?;
    // A float becomes the nearest whole number there is.
    let whole = number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64));
    whole.ok_or_else(|| serde::de::Error::custom("not a number of seconds"))
}

fn seconds_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    seconds(from).map(Some)
}
