//! A provider of sign-in on loopback, strict about what it is asked and as false as a test wants it to be.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Form, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use baari_server::oidc::{ClientSecret, OidcConfig};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use crate::keys::Signer;

pub(crate) const CLIENT: &str = "baari desk";
pub(crate) const SECRET: &str = "open:sesame%20";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:1/sign-in/done";
/// Who everybody is there, if a test does not say otherwise.
pub(crate) const SUBJECT: &str = "4711";
/// The time at which everything happens, in seconds since 1970.
pub(crate) const NOW: i64 = 1_770_000_000;

/// What the provider is at present.
pub(crate) struct Acts {
    /// Its published keys.
    pub(crate) keys: Vec<Signer>,
    /// What it signs with; one of its own, or not.
    pub(crate) signer: Signer,
    /// Put into the discovery document; null takes a member away.
    pub(crate) document: Value,
    /// Put into the claims of the token.
    pub(crate) claims: Value,
    /// Put into the head of the token.
    pub(crate) head: Value,
    /// Comes before every document, so that it is as long as this.
    pub(crate) padding: usize,
    /// Every document is elsewhere.
    pub(crate) moved: bool,
    /// How often anything was asked for, and the keys.
    pub(crate) asked: usize,
    pub(crate) keys_asked: usize,
    /// The tokens that it gave.
    pub(crate) given: Vec<String>,
    codes: HashMap<String, HashMap<String, String>>,
}

/// A running provider.
#[derive(Clone)]
pub(crate) struct TestProvider {
    pub(crate) address: SocketAddr,
    acts: Arc<Mutex<Acts>>,
}

impl TestProvider {
    /// One that signs with this.
    pub(crate) async fn start(signer: Signer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let acts = Acts {
            keys: vec![signer.clone()],
            signer,
            document: json!({}),
            claims: json!({}),
            head: json!({}),
            padding: 0,
            moved: false,
            asked: 0,
            keys_asked: 0,
            given: Vec::new(),
            codes: HashMap::new(),
        };
        let provider = Self { address: listener.local_addr().unwrap(), acts: Arc::new(Mutex::new(acts)) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .layer(middleware::from_fn_with_state(provider.clone(), count))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    pub(crate) fn acts(&self) -> MutexGuard<'_, Acts> {
        self.acts.lock().unwrap()
    }

    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn config(&self) -> OidcConfig {
        OidcConfig {
            issuer: self.issuer(),
            client_id: CLIENT.to_owned(),
            client_secret: ClientSecret::new(SECRET),
            redirect_url: REDIRECT.to_owned(),
            authorities_pem: None,
        }
    }

    fn document(&self, document: &Value) -> Response {
        let acts = self.acts();
        if acts.moved {
            return Redirect::temporary("/elsewhere").into_response();
        }
        format!("{}{document}", " ".repeat(acts.padding)).into_response()
    }
}

/// `base` with the members of `patch`; null takes one away.
fn patched(mut base: Value, patch: &Value) -> Value {
    let members: &mut Map<String, Value> = base.as_object_mut().unwrap();
    for (name, value) in patch.as_object().unwrap() {
        members.insert(name.clone(), value.clone());
    }
    members.retain(|_, value| !value.is_null());
    base
}

async fn count(State(provider): State<TestProvider>, request: Request, next: Next) -> Response {
    provider.acts().asked += 1;
    next.run(request).await
}

async fn discovery(State(provider): State<TestProvider>) -> Response {
    let issuer = provider.issuer();
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize?ui=plain"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "PS256", "HS256", "none"],
    });
    let document = patched(document, &provider.acts().document);
    provider.document(&document)
}

async fn keys(State(provider): State<TestProvider>) -> Response {
    provider.acts().keys_asked += 1;
    let keys: Vec<Value> = provider.acts().keys.iter().map(Signer::published).collect();
    provider.document(&json!({"keys": keys}))
}

async fn authorize(
    State(provider): State<TestProvider>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let as_agreed = [
        ("ui", "plain"),
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("scope", "openid"),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in as_agreed {
        assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
    }
    let mut acts = provider.acts();
    let code = format!("code/{}+", acts.codes.len());
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("code", &code).append_pair("state", &asked["state"]).finish();
    acts.codes.insert(code, asked);
    Redirect::to(&format!("{REDIRECT}?{query}")).into_response()
}

fn refuse(status: StatusCode, error: &str) -> Response {
    // The description names what must not be repeated.
    (status, Json(json!({"error": error, "error_description": SECRET}))).into_response()
}

async fn token(
    State(provider): State<TestProvider>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let basic = format!("Basic {}", BASE64.encode(b"baari+desk:open%3Asesame%2520"));
    let in_header = headers.get(header::AUTHORIZATION).is_some_and(|sent| sent == basic.as_str());
    let in_form = ["client_id", "client_secret"].map(|name| form.get(name).map(String::as_str));
    let form_only = provider.acts().document.get("token_endpoint_auth_methods_supported").is_some();
    let known =
        if form_only { in_form == [Some(CLIENT), Some(SECRET)] } else { in_header && in_form == [None; 2] };
    if !known {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let mut acts = provider.acts();
    // A code is good once, whatever comes of it.
    let Some(asked) = acts.codes.get_mut(&form["code"]).map(std::mem::take) else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    let challenge = BASE64URL_NOPAD.encode(digest(&SHA256, form["code_verifier"].as_bytes()).as_ref());
    let agrees = asked.get("code_challenge") == Some(&challenge) && form["redirect_uri"] == REDIRECT;
    if !agrees || form["grant_type"] != "authorization_code" {
        return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    let claims = json!({
        "iss": provider.issuer(),
        "sub": SUBJECT,
        "aud": CLIENT,
        "exp": NOW + 300,
        "iat": NOW,
        "nonce": asked["nonce"],
        // Not asked for; some providers say it all the same.
        "email": "asha@opd.example",
    });
    let id_token = acts.signer.sign(&acts.head, &patched(claims, &acts.claims), patched);
    acts.given.push(id_token.clone());
    let body = json!({"access_token": "opens-doors", "token_type": "Bearer", "id_token": id_token});
    Json(body).into_response()
}
