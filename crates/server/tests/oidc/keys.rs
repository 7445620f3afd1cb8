//! What the test's provider signs with, well or badly.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair, RsaPublicKeyComponents,
};
use serde_json::{Value, json};

/// Of these tests only. `ring` makes no RSA keys, and the crates that do are more than a test is worth.
const RSA: &[u8] = include_bytes!("rsa_test_only.pk8");

/// A key and how it is used.
#[derive(Clone)]
pub(crate) struct Signer {
    id: &'static str,
    how: How,
}

#[derive(Clone)]
enum How {
    Es256(Arc<EcdsaKeyPair>),
    Rsa(Arc<RsaKeyPair>, &'static str),
    /// Not at all.
    None,
    /// With an HMAC, whose secret is the modulus of the RSA key: public.
    Hmac,
}

impl Signer {
    /// A new key.
    pub(crate) fn es256(id: &'static str) -> Self {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap();
        Self { id, how: How::Es256(Arc::new(key)) }
    }

    pub(crate) fn rs256(id: &'static str) -> Self {
        Self { id, how: How::Rsa(Arc::new(RsaKeyPair::from_pkcs8(RSA).unwrap()), "RS256") }
    }

    pub(crate) fn ps256(id: &'static str) -> Self {
        Self { id, how: How::Rsa(Arc::new(RsaKeyPair::from_pkcs8(RSA).unwrap()), "PS256") }
    }

    pub(crate) fn none(id: &'static str) -> Self {
        Self { id, how: How::None }
    }

    pub(crate) fn hmac(id: &'static str) -> Self {
        Self { id, how: How::Hmac }
    }

    /// Of the key set.
    pub(crate) fn published(&self) -> Value {
        let encode = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        match &self.how {
            How::Es256(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "kid": self.id, "x": encode(x), "y": encode(y)})
            }
            How::Rsa(key, algorithm) => {
                let RsaPublicKeyComponents { n, e } = public(key);
                json!({"kty": "RSA", "kid": self.id, "alg": algorithm, "use": "sig", "n": encode(&n), "e": encode(&e)})
            }
            How::None | How::Hmac => json!({"kty": "oct", "kid": self.id, "k": "c2VjcmV0"}),
        }
    }

    /// A token with these claims. `patched` puts `head` over the usual head.
    pub(crate) fn sign(&self, head: &Value, claims: &Value, patched: fn(Value, &Value) -> Value) -> String {
        let algorithm = match &self.how {
            How::Es256(_) => "ES256",
            How::Rsa(_, algorithm) => algorithm,
            How::None => "none",
            How::Hmac => "HS256",
        };
        let head = patched(json!({"alg": algorithm, "kid": self.id, "typ": "JWT"}), head);
        let [head, claims] = [&head, claims].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
        let message = format!("{head}.{claims}");
        let random = SystemRandom::new();
        let signature = match &self.how {
            How::Es256(key) => key.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            How::Rsa(key, algorithm) => {
                let padding: &dyn RsaEncoding =
                    if *algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(padding, &random, message.as_bytes(), &mut signature).unwrap();
                signature
            }
            How::None => Vec::new(),
            How::Hmac => {
                let secret = public(&RsaKeyPair::from_pkcs8(RSA).unwrap()).n;
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{message}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

fn public(key: &RsaKeyPair) -> RsaPublicKeyComponents<Vec<u8>> {
    RsaPublicKeyComponents::from(key.public())
}
