//! The provider as we know it, and the two steps of a sign-in.

use std::fmt;

use axum::http::StatusCode;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use super::address::Address;
use super::config::OidcConfig;
use super::error::{Asked, OidcError, error_code};
use super::fetch::{Ask, Fetch};
use super::keys::{self, Algorithm, Key};
use super::token::{Claims, Expected, Signed};
use super::wire::{DiscoveryBody, RefusalBody, TokenBody};

/// Keys that are as old as this are asked for again, so that one that the provider withdrew is not believed for long.
const KEYS_AGE_SECONDS_MAX: u64 = 60 * 60;
/// A token may name a key that is not known; the keys are asked for because of it this often at most.
const KEYS_AGE_SECONDS_MIN: u64 = 60;
/// The longest code that is passed on, in bytes.
const CODE_BYTES_MAX: usize = 4096;

/// A provider of sign-in.
pub struct Provider {
    config: OidcConfig,
    authorization: Address,
    token: Address,
    keys_at: Address,
    /// It takes our secret in the form only, not in a header.
    secret_in_form: bool,
    fetch: Fetch,
    keys: Mutex<Keys>,
}

struct Keys {
    keys: Vec<Key>,
    /// When; unknown for those of the start, which is told no time.
    fetched: Option<Timestamp>,
}

/// A sign-in that has begun. The browser goes to `url`; the rest must be there when it comes back, and nobody but this
/// server may be able to read `verifier` and `nonce` meanwhile.
#[derive(Clone)]
pub struct Begun {
    /// Where to send the browser.
    pub url: String,
    /// What the browser must bring back as `state`: it binds the answer to who asked.
    pub state: String,
    /// For [`Provider::finish`]: it binds the token to this sign-in.
    pub nonce: String,
    /// For [`Provider::finish`]: it proves that who brings the code is who asked for it.
    pub verifier: String,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Begun(…)")
    }
}

/// Who signed in. Issuer and subject together name the person; all else that a provider says may change, and is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The person's name for machines there: unique, never given to somebody else.
    pub subject: String,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Provider {
    /// Asks the provider what it offers, and for its keys.
    ///
    /// # Errors
    /// A setting that can't be used, a provider that does not answer, or one that does not offer what is needed.
    pub async fn discover(config: OidcConfig) -> Result<Self, OidcError> {
        let issuer = config.check()?;
        let fetch = if issuer.is_encrypted() {
            Fetch::encrypted(config.authorities_pem.as_deref())?
        } else {
            Fetch::plain()
        };
        let at = format!("{}/.well-known/openid-configuration", issuer.as_str().trim_end_matches('/'));
        let at = Address::parse(&at).map_err(|must| unreadable(Asked::Discovery, must))?;
        let found = document(&fetch, Asked::Discovery, &at).await?;
        let found: DiscoveryBody = serde_json::from_slice(&found)
            .map_err(|error| unreadable(Asked::Discovery, error.to_string()))?;
        // Discovery 4.3: else the tokens of one provider could be passed off as another's.
        if found.issuer != config.issuer {
            return Err(OidcError::OtherIssuer { said: found.issuer.chars().take(200).collect() });
        }
        if !found.id_token_signing_alg_values_supported.iter().any(|name| Algorithm::named(name).is_some()) {
            return Err(OidcError::Unsupported {
                what: "none of RS256, PS256 and ES256 to sign ID tokens with",
            });
        }
        let address = |text: &str| match Address::parse(text) {
            // A provider that is itself reached encrypted has no reason to name an address that is not.
            Ok(address) if address.is_encrypted() == issuer.is_encrypted() => Ok(address),
            Ok(_) => Err(unreadable(Asked::Discovery, "it mixes http and https addresses")),
            Err(must) => Err(unreadable(Asked::Discovery, format!("an address in it {must}"))),
        };
        let keys_at = address(&found.jwks_uri)?;
        Ok(Self {
            authorization: address(&found.authorization_endpoint)?,
            token: address(&found.token_endpoint)?,
            secret_in_form: secret_in_form(found.token_endpoint_auth_methods_supported.as_deref())?,
            keys: Mutex::new(Keys { keys: fetch_keys(&fetch, &keys_at).await?, fetched: None }),
            keys_at,
            fetch,
            config,
        })
    }

    /// Begins a sign-in, from 96 bytes that nobody can guess.
    pub fn begin(&self, random: [u8; 96]) -> Begun {
        let text = |from: usize| BASE64URL_NOPAD.encode(&random[from..from + 32]);
        let (state, nonce, verifier) = (text(0), text(32), text(64));
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(&verifier));
        let url = self.authorization.with_query([
            ("response_type", "code"),
            ("client_id", &self.config.client_id),
            ("redirect_uri", &self.config.redirect_url),
            ("scope", "openid"),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        Begun { url, state, nonce, verifier }
    }

    /// Finishes a sign-in: who it was. The caller has seen that the `state` that came with the code is the one of
    /// [`Begun`].
    ///
    /// # Errors
    /// The provider refuses the code or does not answer, or what it answers can't be believed.
    pub async fn finish(
        &self,
        code: &str,
        verifier: &str,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Identity, OidcError> {
        let answer = self.redeem(code, verifier).await?;
        let claims = self.verify(&Signed::read(&answer.id_token)?, now).await?;
        let (issuer, client_id) = (&self.config.issuer, &self.config.client_id);
        let claims = claims.accept(&Expected { issuer, client_id, nonce, now })?;
        Ok(Identity { issuer: issuer.clone(), subject: claims.sub })
    }

    /// The tokens for a code.
    async fn redeem(&self, code: &str, verifier: &str) -> Result<TokenBody, OidcError> {
        if code.is_empty() || code.len() > CODE_BYTES_MAX {
            return Err(OidcError::CodeRefused);
        }
        let ask = self.token_ask(code, verifier);
        let (status, body) = self.fetch.send(ask).await?;
        if status == StatusCode::OK {
            // What it can't read it would quote, and that may be a token.
            return serde_json::from_slice(&body)
                .map_err(|_| unreadable(Asked::Token, "it holds no ID token"));
        }
        Err(refusal(status, &body))
    }

    fn token_ask(&self, code: &str, verifier: &str) -> Ask<'_> {
        let (id, secret) = (&self.config.client_id, self.config.client_secret.reveal());
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code").append_pair("code", code);
        form.append_pair("redirect_uri", &self.config.redirect_url).append_pair("code_verifier", verifier);
        let authorization = if self.secret_in_form {
            form.append_pair("client_id", id).append_pair("client_secret", secret);
            None
        } else {
            // RFC 6749, 2.3.1: written as in a form first, so that neither can hold a colon.
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encode(id), encode(secret));
            Some(format!("Basic {}", BASE64.encode(pair.as_bytes())))
        };
        Ask { what: Asked::Token, at: &self.token, authorization, form: Some(form.finish()) }
    }

    /// What a token says, if the provider signed it.
    async fn verify(&self, signed: &Signed<'_>, now: Timestamp) -> Result<Claims, OidcError> {
        // Held while the keys are asked for: others who would ask for the same wait for this one answer.
        let mut held = self.keys.lock().await;
        let age_seconds = held.fetched.map(|at| at.as_second().abs_diff(now.as_second()));
        let enough = if signed.is_from(&held.keys) { KEYS_AGE_SECONDS_MAX } else { KEYS_AGE_SECONDS_MIN };
        if age_seconds.is_none_or(|age| age >= enough) {
            *held = Keys { keys: fetch_keys(&self.fetch, &self.keys_at).await?, fetched: Some(now) };
        }
        signed.verify(&held.keys)
    }
}

async fn fetch_keys(fetch: &Fetch, at: &Address) -> Result<Vec<Key>, OidcError> {
    let body = document(fetch, Asked::Keys, at).await?;
    let keys = keys::parse(&body).map_err(|error| unreadable(Asked::Keys, error.to_string()))?;
    if keys.is_empty() {
        return Err(OidcError::Unsupported { what: "no key for RS256, PS256 or ES256" });
    }
    Ok(keys)
}

async fn document(fetch: &Fetch, what: Asked, at: &Address) -> Result<bytes::Bytes, OidcError> {
    match fetch.send(Ask { what, at, authorization: None, form: None }).await? {
        (StatusCode::OK, body) => Ok(body),
        (status, _) => Err(OidcError::Status { what, status: status.as_u16() }),
    }
}

fn unreadable(what: Asked, cause: impl Into<String>) -> OidcError {
    OidcError::Unreadable { what, cause: cause.into() }
}

/// Core 9: without a word, a provider takes the secret in a header.
fn secret_in_form(offered: Option<&[String]>) -> Result<bool, OidcError> {
    let offers = |method: &str| offered.is_some_and(|offered| offered.iter().any(|one| one == method));
    if offered.is_none() || offers("client_secret_basic") {
        Ok(false)
    } else if offers("client_secret_post") {
        Ok(true)
    } else {
        Err(OidcError::Unsupported { what: "neither client_secret_basic nor client_secret_post" })
    }
}

/// RFC 6749, 5.2.
fn refusal(status: StatusCode, body: &[u8]) -> OidcError {
    let body: Option<RefusalBody> = serde_json::from_slice(body).ok();
    match body.as_ref().and_then(|body| error_code(&body.error)) {
        Some("invalid_grant") => OidcError::CodeRefused,
        Some("invalid_client" | "unauthorized_client") => OidcError::ClientRefused,
        _ if status == StatusCode::UNAUTHORIZED => OidcError::ClientRefused,
        Some(code) => OidcError::Refused { code: code.to_owned() },
        None => OidcError::Status { what: Asked::Token, status: status.as_u16() },
    }
}
