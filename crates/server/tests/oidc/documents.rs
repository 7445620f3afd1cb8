//! What the provider may say of itself, and what becomes of one that says nothing.

use std::time::{Duration, Instant};

use baari_server::oidc::{ClientSecret, OidcError, Provider};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::keys::Signer;
use crate::provider::TestProvider;
use crate::{assert_discreet, sign_in};

async fn refused(test: &TestProvider) -> OidcError {
    let error = Provider::discover(test.config()).await.unwrap_err();
    assert_discreet(&error, test);
    error
}

#[tokio::test]
async fn a_provider_must_be_what_it_is_asked_for() {
    let test = TestProvider::start(Signer::es256("a")).await;
    let cases: [(Value, &str); 9] = [
        (json!({"issuer": "https://id.example"}), "must say exactly the same"),
        (json!({"issuer": format!("{}/", test.issuer())}), "must say exactly the same"),
        (json!({"jwks_uri": null}), "missing field `jwks_uri`"),
        (json!({"token_endpoint": "http://id.example/token"}), "must be an https address"),
        (json!({"token_endpoint": "https://id.example/token"}), "mixes http and https"),
        (json!({"authorization_endpoint": "javascript:alert(1)"}), "must be an https address"),
        (json!({"id_token_signing_alg_values_supported": ["HS256", "none"]}), "none of RS256"),
        (
            json!({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}),
            "neither client_secret_basic",
        ),
        (
            json!({"jwks_uri": format!("{}/nowhere", test.issuer())}),
            "HTTP 404 when asked for the provider's key set",
        ),
    ];
    for (document, expected) in cases {
        test.acts().document = document.clone();
        let error = refused(&test).await.to_string();
        assert!(error.contains(expected), "{document}: {error}");
    }
}

#[tokio::test]
async fn a_provider_without_a_key_that_we_can_use_is_refused() {
    let test = TestProvider::start(Signer::none("a")).await;
    assert!(matches!(refused(&test).await, OidcError::Unsupported { .. }));
}

#[tokio::test]
async fn the_secret_goes_where_the_provider_takes_it() {
    let test = TestProvider::start(Signer::es256("a")).await;
    test.acts().document = json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]});
    let provider = Provider::discover(test.config()).await.unwrap();
    sign_in(&provider).await.unwrap();
    let mut config = test.config();
    config.client_secret = ClientSecret::new("not sesame");
    let provider = Provider::discover(config).await.unwrap();
    let error = sign_in(&provider).await.unwrap_err();
    assert!(
        matches!(error, OidcError::ClientRefused) && error.to_string().contains("client_secret"),
        "{error}"
    );
    assert_discreet(&error, &test);
}

#[tokio::test]
async fn documents_of_any_length_are_not_read() {
    let test = TestProvider::start(Signer::es256("a")).await;
    test.acts().padding = 255 * 1024;
    let provider = Provider::discover(test.config()).await.unwrap();
    test.acts().padding = 256 * 1024;
    assert!(matches!(refused(&test).await, OidcError::TooLarge { bytes_max: 262_144, .. }));
    // Nor is the key set, which the first sign-in asks for again.
    let error = sign_in(&provider).await.unwrap_err().to_string();
    assert!(error.contains("key set is longer than 262144 bytes"), "{error}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let test = TestProvider::start(Signer::es256("a")).await;
    test.acts().moved = true;
    assert!(matches!(refused(&test).await, OidcError::Status { status: 307, .. }));
}

#[tokio::test]
async fn a_provider_that_is_down_is_noticed_at_once() {
    let test = TestProvider::start(Signer::es256("a")).await;
    let mut config = test.config();
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    config.issuer = format!("http://{nobody}");
    let begun = Instant::now();
    let error = Provider::discover(config).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert!(
        error.to_string().contains(&nobody.to_string()) && error.advice().contains("try again"),
        "{error}"
    );
    // The same when it goes down between the two steps.
    test.acts().document = json!({"token_endpoint": format!("http://{nobody}/token")});
    let provider = Provider::discover(test.config()).await.unwrap();
    let error = sign_in(&provider).await.unwrap_err();
    assert!(matches!(error, OidcError::Unreachable { .. }), "{error}");
    assert_discreet(&error, &test);
}

/// The clock of the runtime stands still, and jumps when there is nothing else to do.
#[tokio::test(start_paused = true)]
async fn a_provider_that_says_nothing_is_not_waited_for_for_long() {
    let test = TestProvider::start(Signer::es256("a")).await;
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = test.config();
    config.issuer = format!("http://{}", deaf.local_addr().unwrap());
    let error = Provider::discover(config).await.unwrap_err();
    assert!(matches!(error, OidcError::TooSlow { seconds: 10, .. }), "{error}");
}

#[tokio::test]
async fn authorities_must_hold_a_certificate() {
    let test = TestProvider::start(Signer::es256("a")).await;
    let mut config = test.config();
    config.issuer = format!("https://{}", test.address);
    config.authorities_pem = Some(b"none".to_vec());
    let error = Provider::discover(config).await.unwrap_err();
    assert!(error.to_string().contains("authorities_pem must hold a certificate"), "{error}");
}
