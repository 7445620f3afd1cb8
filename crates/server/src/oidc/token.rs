//! The ID token: how it is read, and whether it is believed (OpenID Connect Core 1.0, 3.1.3.7).

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;

use super::error::OidcError;
use super::keys::{Algorithm, Key};
use super::wire::{ClaimsBody, HeadBody};

/// How far the provider's clock may be from ours, in seconds.
const LEEWAY_SECONDS: i64 = 60;
/// The longest token that is read, in bytes; those that list a person's many groups have some thousands.
const BYTES_MAX: usize = 64 * 1024;
/// Core, section 2: the longest name of a person at a provider, in bytes.
const SUBJECT_BYTES_MAX: usize = 255;

/// A token as it came: nothing of it is known to be true.
pub(super) struct Signed<'t> {
    algorithm: Algorithm,
    key_id: Option<String>,
    message: &'t [u8],
    claims: &'t str,
    signature: Vec<u8>,
}

impl<'t> Signed<'t> {
    /// # Errors
    /// It is not a signed token, or signed in a way that is not accepted.
    pub(super) fn read(token: &'t str) -> Result<Self, OidcError> {
        let malformed = |cause| OidcError::TokenMalformed { cause };
        if token.len() > BYTES_MAX {
            return Err(malformed("it is too long"));
        }
        let (message, signature) = token.rsplit_once('.').ok_or(malformed("it has no parts"))?;
        let (head, claims) = message.split_once('.').ok_or(malformed("it has two parts, not three"))?;
        if claims.contains('.') {
            return Err(malformed("it has more than three parts"));
        }
        let head: HeadBody = decode(head).ok_or(malformed("its head is not that of a token"))?;
        if head.crit.is_some() {
            return Err(malformed("it asks for an extension that is not known here"));
        }
        let algorithm = Algorithm::named(&head.alg)
            .ok_or_else(|| OidcError::TokenAlgorithm { said: head.alg.chars().take(20).collect() })?;
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes());
        let signature = signature.map_err(|_| malformed("its signature is not in base64url"))?;
        Ok(Self { algorithm, key_id: head.kid, message: message.as_bytes(), claims, signature })
    }

    /// Whether one of these keys may have signed it.
    pub(super) fn is_from(&self, keys: &[Key]) -> bool {
        keys.iter().any(|key| key.fits(self.algorithm, self.key_id.as_deref()))
    }

    /// What it says, if one of these keys signed it.
    ///
    /// # Errors
    /// None of them did, or can have done.
    pub(super) fn verify(&self, keys: &[Key]) -> Result<Claims, OidcError> {
        let fitting = keys.iter().filter(|key| key.fits(self.algorithm, self.key_id.as_deref()));
        let fitting: Vec<&Key> = fitting.collect();
        // Core 10.1: a token need not name its key when there is only one.
        if fitting.is_empty() || (self.key_id.is_none() && fitting.len() > 1) {
            return Err(OidcError::TokenKeyUnknown);
        }
        if !fitting.iter().any(|key| key.verifies(self.algorithm, self.message, &self.signature)) {
            return Err(OidcError::TokenSignature);
        }
        let body = decode(self.claims);
        body.map(Claims).ok_or(OidcError::TokenMalformed { cause: "a claim is missing or of the wrong type" })
    }
}

fn decode<T: serde::de::DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).ok()?).ok()
}

/// What the provider says: true, but not yet known to be meant for us.
pub(super) struct Claims(ClaimsBody);

/// Whose token for whom is waited for.
pub(super) struct Expected<'e> {
    pub(super) issuer: &'e str,
    pub(super) client_id: &'e str,
    pub(super) nonce: &'e str,
    pub(super) now: Timestamp,
}

impl Claims {
    /// What it says, if it is meant for us, now, and for this sign-in.
    ///
    /// # Errors
    /// The first thing that is not as expected.
    pub(super) fn accept(self, expected: &Expected<'_>) -> Result<ClaimsBody, OidcError> {
        let Self(claims) = self;
        let now = expected.now.as_second();
        if claims.iss != expected.issuer {
            return Err(OidcError::TokenIssuer);
        }
        let audience = claims.aud.as_slice();
        let ours = audience.iter().any(|one| one == expected.client_id);
        // With several audiences, it must say which of them it was made for.
        let party = match &claims.azp {
            Some(party) => party == expected.client_id,
            None => audience.len() == 1,
        };
        if !ours || !party {
            return Err(OidcError::TokenAudience);
        }
        if claims.exp.saturating_add(LEEWAY_SECONDS) <= now {
            return Err(OidcError::TokenExpired);
        }
        let begins = claims.nbf.map_or(claims.iat, |nbf| nbf.max(claims.iat));
        if begins > now.saturating_add(LEEWAY_SECONDS) {
            return Err(OidcError::TokenEarly);
        }
        if expected.nonce.is_empty() || claims.nonce.as_deref() != Some(expected.nonce) {
            return Err(OidcError::TokenNonce);
        }
        if claims.sub.is_empty() || claims.sub.len() > SUBJECT_BYTES_MAX {
            return Err(OidcError::TokenMalformed { cause: "its subject is empty or too long" });
        }
        Ok(claims)
    }
}
