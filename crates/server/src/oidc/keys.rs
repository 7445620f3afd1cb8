//! The provider's public keys (RFC 7517), as far as they can verify what is accepted here.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

/// How a token may be signed. `none` and the HMACs can't be written down: a key that we verify with proves nothing when
/// it can sign as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rs256,
    Ps256,
    Es256,
}

impl Algorithm {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// One key.
pub(super) struct Key {
    id: Option<String>,
    /// The only algorithm that it is for, where the provider says so.
    only: Option<Algorithm>,
    public: Public,
}

enum Public {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// A point on P-256, uncompressed.
    P256(Vec<u8>),
}

impl Key {
    /// Whether it may have signed with this algorithm and under this name; without a name it may be any.
    pub(super) fn fits(&self, algorithm: Algorithm, id: Option<&str>) -> bool {
        let kind = match self.public {
            Public::Rsa { .. } => matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256),
            Public::P256(_) => algorithm == Algorithm::Es256,
        };
        kind && self.only.is_none_or(|only| only == algorithm)
            && id.is_none_or(|id| self.id.as_deref() == Some(id))
    }

    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let rsa = |parameters: &RsaParameters| match &self.public {
            Public::Rsa { modulus, exponent } => {
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                key.verify(parameters, message, signature).is_ok()
            }
            Public::P256(_) => false,
        };
        match (algorithm, &self.public) {
            (Algorithm::Rs256, _) => rsa(&RSA_PKCS1_2048_8192_SHA256),
            (Algorithm::Ps256, _) => rsa(&RSA_PSS_2048_8192_SHA256),
            (Algorithm::Es256, Public::P256(point)) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
            (Algorithm::Es256, Public::Rsa { .. }) => false,
        }
    }
}

/// The keys of a key set that can verify a token; others that it may hold are passed over.
///
/// # Errors
/// It is not a key set.
pub(super) fn parse(document: &[u8]) -> Result<Vec<Key>, serde_json::Error> {
    let set: KeySet = serde_json::from_slice(document)?;
    Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok().and_then(key_of)).collect())
}

#[derive(Deserialize)]
struct KeySet {
    // Each is read by itself, so that one of a kind that we don't know does not hide the others.
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct KeyBody {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

fn key_of(body: KeyBody) -> Option<Key> {
    if body.purpose.is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let only = match body.alg {
        Some(name) => Some(Algorithm::named(&name)?),
        None => None,
    };
    let public = match body.kty.as_str() {
        "RSA" => Public::Rsa { modulus: number(&body.n?)?, exponent: number(&body.e?)? },
        "EC" if body.crv.as_deref() == Some("P-256") => {
            let (x, y) = (coordinate(&body.x?)?, coordinate(&body.y?)?);
            // SEC 1, 2.3.3: 4 means that both coordinates follow.
            Public::P256([&[4], x.as_slice(), y.as_slice()].concat())
        }
        _ => return None,
    };
    Some(Key { id: body.kid, only, public })
}

/// Without the zeros in front, which RFC 7518 forbids, some providers send, and `ring` does not take.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    Some(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}

fn coordinate(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok().filter(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_cant_verify_are_passed_over() {
        let (n, x) = (BASE64URL_NOPAD.encode(&[7; 256]), BASE64URL_NOPAD.encode(&[7; 32]));
        let key = |kind: &str| format!(r#"{{{kind},"n":"{n}","e":"AQAB","x":"{x}","y":"{x}"}}"#);
        for (kind, expected) in [
            (r#""kty":"RSA""#, 1),
            (r#""kty":"RSA","use":"sig","alg":"PS256""#, 1),
            (r#""kty":"EC","crv":"P-256""#, 1),
            (r#""kty":"RSA","use":"enc""#, 0),
            (r#""kty":"RSA","alg":"RSA-OAEP""#, 0),
            (r#""kty":"EC","crv":"P-384""#, 0),
            (r#""kty":"oct","k":"AAAA""#, 0),
            (r#""kty":7"#, 0),
        ] {
            let document = format!(r#"{{"keys":[{}]}}"#, key(kind));
            assert_eq!(parse(document.as_bytes()).map(|keys| keys.len()).ok(), Some(expected), "{kind}");
        }
        assert!(parse(b"[]").is_err());
    }

    #[test]
    fn a_key_is_for_its_own_kind_name_and_algorithm() {
        let (modulus, exponent) = (vec![7; 256], vec![1, 0, 1]);
        let public = Public::Rsa { modulus, exponent };
        let key = Key { id: Some("a".to_owned()), only: Some(Algorithm::Rs256), public };
        for (algorithm, id, expected) in [
            (Algorithm::Rs256, Some("a"), true),
            (Algorithm::Rs256, None, true),
            (Algorithm::Rs256, Some("b"), false),
            (Algorithm::Ps256, Some("a"), false),
            (Algorithm::Es256, Some("a"), false),
        ] {
            assert_eq!(key.fits(algorithm, id), expected, "{algorithm:?} {id:?}");
        }
    }
}
