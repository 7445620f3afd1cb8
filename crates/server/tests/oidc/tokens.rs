//! Which tokens are believed.

use baari_server::oidc::{Identity, OidcError, Provider};
use serde_json::{Value, json};

use crate::keys::Signer;
use crate::provider::{CLIENT, NOW, SUBJECT, TestProvider};
use crate::{RANDOM, assert_discreet, at, browse, sign_in, sign_in_at};

async fn start(signer: Signer) -> (TestProvider, Provider) {
    let test = TestProvider::start(signer).await;
    let provider = Provider::discover(test.config()).await.unwrap();
    (test, provider)
}

/// The variant's name.
fn name(result: &Result<Identity, OidcError>) -> String {
    let text = result.as_ref().map_or_else(|error| format!("{error:?}"), |_| "Ok".to_owned());
    text.split([' ', '{']).next().unwrap().to_owned()
}

#[tokio::test]
async fn who_signs_in_is_who_the_provider_says() {
    for signer in [Signer::es256("a"), Signer::rs256("a"), Signer::ps256("a")] {
        let (test, provider) = start(signer).await;
        let identity = sign_in(&provider).await.unwrap();
        assert_eq!(identity, Identity { issuer: test.issuer(), subject: SUBJECT.to_owned() });
    }
}

#[tokio::test]
async fn a_token_is_for_us_now_and_for_this_sign_in() {
    let (test, provider) = start(Signer::es256("a")).await;
    let cases: [(Value, &str); 24] = [
        (json!({}), "Ok"),
        (json!({"nonce": "another"}), "TokenNonce"),
        (json!({"nonce": null}), "TokenNonce"),
        (json!({"aud": "another"}), "TokenAudience"),
        (json!({"aud": []}), "TokenAudience"),
        (json!({"aud": [CLIENT]}), "Ok"),
        (json!({"aud": [CLIENT, "another"]}), "TokenAudience"),
        (json!({"aud": [CLIENT, "another"], "azp": CLIENT}), "Ok"),
        (json!({"aud": [CLIENT, "another"], "azp": "another"}), "TokenAudience"),
        (json!({"azp": "another"}), "TokenAudience"),
        (json!({"iss": "https://id.example"}), "TokenIssuer"),
        (json!({"iss": format!("{}/", test.issuer())}), "TokenIssuer"),
        (json!({"exp": NOW - 60}), "TokenExpired"),
        (json!({"exp": NOW - 59}), "Ok"),
        (json!({"exp": f64::MAX, "iat": NOW as f64 + 0.5}), "Ok"),
        (json!({"iat": NOW + 61}), "TokenEarly"),
        (json!({"iat": NOW + 60}), "Ok"),
        (json!({"nbf": NOW + 61}), "TokenEarly"),
        (json!({"exp": null}), "TokenMalformed"),
        (json!({"iat": null}), "TokenMalformed"),
        (json!({"exp": "tomorrow"}), "TokenMalformed"),
        (json!({"sub": ""}), "TokenMalformed"),
        (json!({"sub": "x".repeat(256)}), "TokenMalformed"),
        (json!({"email": "x".repeat(64 * 1024)}), "TokenMalformed"),
    ];
    for (claims, expected) in cases {
        test.acts().claims = claims.clone();
        let result = sign_in(&provider).await;
        assert_eq!(name(&result), expected, "{claims}");
        if let Err(error) = result {
            assert_discreet(&error, &test);
        }
    }
}

#[tokio::test]
async fn only_the_providers_own_key_signs() {
    let (test, provider) = start(Signer::rs256("a")).await;
    let cases = [
        (Signer::rs256("a"), json!({}), "Ok"),
        (Signer::rs256("a"), json!({"kid": null}), "Ok"),
        (Signer::none("a"), json!({}), "TokenAlgorithm"),
        (Signer::none("a"), json!({"alg": "NONE"}), "TokenAlgorithm"),
        (Signer::none("a"), json!({"alg": "RS256"}), "TokenSignature"),
        (Signer::hmac("a"), json!({}), "TokenAlgorithm"),
        (Signer::hmac("a"), json!({"alg": "RS256"}), "TokenSignature"),
        // The same name, another key.
        (Signer::es256("a"), json!({}), "TokenKeyUnknown"),
        (Signer::es256("a"), json!({"alg": "RS256"}), "TokenSignature"),
        // The key is published for RS256.
        (Signer::ps256("a"), json!({}), "TokenKeyUnknown"),
        (Signer::rs256("a"), json!({"crit": ["b64"], "b64": false}), "TokenMalformed"),
        (Signer::rs256("a"), json!({"alg": null}), "TokenMalformed"),
    ];
    for (signer, head, expected) in cases {
        (test.acts().signer, test.acts().head) = (signer, head.clone());
        let result = sign_in(&provider).await;
        assert_eq!(name(&result), expected, "{head}");
    }
    let (test, provider) = start(Signer::es256("a")).await;
    test.acts().signer = Signer::es256("a");
    assert_eq!(name(&sign_in(&provider).await), "TokenSignature", "another key of the same name and kind");
}

#[tokio::test]
async fn a_token_without_a_keys_name_needs_a_provider_with_one_key() {
    let (test, provider) = start(Signer::es256("a")).await;
    test.acts().head = json!({"kid": null});
    assert_eq!(name(&sign_in(&provider).await), "Ok");
    test.acts().keys.push(Signer::es256("b"));
    assert_eq!(name(&sign_in_at(&provider, NOW + 30).await), "Ok", "it is not known of yet");
    test.acts().claims = json!({"iat": NOW, "exp": NOW + 10_000});
    assert_eq!(name(&sign_in_at(&provider, NOW + 3600).await), "TokenKeyUnknown");
}

#[tokio::test]
async fn new_keys_are_asked_for_once_a_minute_at_most() {
    let (test, provider) = start(Signer::es256("a")).await;
    assert_eq!(test.acts().keys_asked, 1);
    assert_eq!(name(&sign_in(&provider).await), "Ok");
    assert_eq!(test.acts().keys_asked, 2, "those of the start have no age");
    let new = Signer::es256("b");
    (test.acts().keys, test.acts().signer) = (vec![new.clone()], new);
    assert_eq!(name(&sign_in_at(&provider, NOW + 59).await), "TokenKeyUnknown");
    assert_eq!(test.acts().keys_asked, 2);
    assert_eq!(name(&sign_in_at(&provider, NOW + 60).await), "Ok");
    assert_eq!(name(&sign_in_at(&provider, NOW + 61).await), "Ok");
    assert_eq!(test.acts().keys_asked, 3);
    // One that nobody knows does not make us ask again and again.
    test.acts().signer = Signer::es256("c");
    for seconds in [62, 63, 119] {
        assert_eq!(name(&sign_in_at(&provider, NOW + seconds).await), "TokenKeyUnknown");
    }
    assert_eq!(test.acts().keys_asked, 3);
}

#[tokio::test]
async fn a_withdrawn_key_is_believed_for_an_hour_at_most() {
    let (test, provider) = start(Signer::es256("a")).await;
    test.acts().claims = json!({"exp": NOW + 10_000});
    assert_eq!(name(&sign_in(&provider).await), "Ok");
    test.acts().keys = vec![Signer::es256("b")];
    assert_eq!(name(&sign_in_at(&provider, NOW + 3599).await), "Ok");
    assert_eq!(name(&sign_in_at(&provider, NOW + 3600).await), "TokenKeyUnknown");
}

#[tokio::test]
async fn a_code_is_good_once() {
    let (test, provider) = start(Signer::es256("a")).await;
    let begun = provider.begin(RANDOM);
    let (code, _) = browse(&begun).await;
    let finish = async || provider.finish(&code, &begun.verifier, &begun.nonce, at(NOW)).await;
    assert_eq!(name(&finish().await), "Ok");
    let error = finish().await.unwrap_err();
    assert!(matches!(error, OidcError::CodeRefused) && error.advice().contains("begin again"), "{error}");
    assert_discreet(&error, &test);
}

#[tokio::test]
async fn a_code_is_good_for_who_asked_for_it() {
    let (test, provider) = start(Signer::es256("a")).await;
    let begun = provider.begin(RANDOM);
    let (code, _) = browse(&begun).await;
    // The provider compares the hash of this with the challenge: a stolen code comes without the verifier.
    let result = provider.finish(&code, &begun.state[1..], &begun.nonce, at(NOW)).await;
    assert_eq!(name(&result), "CodeRefused");
    for code in ["", &"x".repeat(5000)] {
        let result = provider.finish(code, &begun.verifier, &begun.nonce, at(NOW)).await;
        assert_eq!(name(&result), "CodeRefused");
    }
    // A nonce that was lost on the way is not made up for by a token without one.
    test.acts().claims = json!({"nonce": ""});
    let (code, _) = browse(&begun).await;
    assert_eq!(name(&provider.finish(&code, &begun.verifier, "", at(NOW)).await), "TokenNonce");
}

#[tokio::test]
async fn what_is_sent_out_is_three_different_texts() {
    let (_test, provider) = start(Signer::es256("a")).await;
    let mut random = RANDOM;
    (random[32], random[64]) = (8, 9);
    let begun = provider.begin(random);
    assert_ne!(begun.state, begun.nonce);
    assert_ne!(begun.nonce, begun.verifier);
    // RFC 7636, 4.1: 43 to 128 characters.
    assert_eq!(begun.verifier.len(), 43);
    assert!(!begun.url.contains(&begun.verifier) && !format!("{begun:?}").contains(&begun.nonce));
}
