//! Signing in at an OpenID Connect provider: there with the browser, and back with a code. Whoever comes back must be a user
//! here already: an administrator has written down who they are there (`subject`).
//!
//! Nobody can make this server a nuisance to the provider: while it can't be found, it is looked for once in a while; a code is
//! brought there only for a sign-in that began here, and counts as a password that is tried does.

use std::net::IpAddr;
use std::sync::{Arc, MutexGuard, PoisonError};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use baari_access::Attempts;
use baari_engine::FacilityId;
use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};
use uuid::Uuid;

use super::sign_in::{Door, SESSION, cookie, set_cookie};
use super::{Access, LASTS};
use crate::app::App;
use crate::failure::{Answer, Failure};
use crate::oidc::{Identity, OidcConfig, OidcError, Provider};
use crate::problem::{self, Problem};
use crate::wire::SignedInBody;

/// Where a sign-in elsewhere begins.
const BEGIN: &str = "/sign-in/oidc";
/// Where the provider sends the browser back to.
pub(crate) const DONE: &str = "/sign-in/oidc/done";
/// What the browser holds in between, encrypted.
const BETWEEN: &str = "__Host-baari-oidc";
/// How long somebody may take at the provider.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// How long a provider that could not be found is left alone.
const PAUSE: Duration = Duration::from_secs(10);

/// A provider, found when it is first needed: the desk opens also when the provider does not.
pub(super) struct Elsewhere {
    config: OidcConfig,
    /// Held while the provider is looked for: others wait for the same answer.
    found: Arc<Mutex<Found>>,
}

enum Found {
    NotYet,
    Not(Failed),
    Yes(Arc<Provider>),
}

#[derive(Clone, Copy)]
struct Failed {
    at: Instant,
    advice: &'static str,
}

impl Failed {
    fn left(self) -> Duration {
        PAUSE.saturating_sub(self.at.elapsed())
    }

    fn failure(self) -> Failure {
        Problem::new(problem::BUSY, self.advice).retry_after(self.left().as_secs() + 1).into()
    }
}

impl Elsewhere {
    pub(super) fn new(config: OidcConfig) -> Self {
        Self { config, found: Arc::new(Mutex::new(Found::NotYet)) }
    }

    async fn provider(&self) -> Answer<Arc<Provider>> {
        let mut found = Arc::clone(&self.found).lock_owned().await;
        match &*found {
            Found::Yes(provider) => return Ok(Arc::clone(provider)),
            Found::Not(failed) if !failed.left().is_zero() => return Err(failed.failure()),
            Found::Not(_) | Found::NotYet => {}
        }
        let config = self.config.clone();
        // Goes on when the browser that asked is gone: else asking and going away would have the provider asked each time.
        let look = tokio::spawn(async move {
            match Provider::discover(config).await {
                Ok(provider) => {
                    let provider = Arc::new(provider);
                    *found = Found::Yes(Arc::clone(&provider));
                    Ok(provider)
                }
                Err(error) => {
                    tracing::warn!(%error, "the provider of sign-in could not be found");
                    let failed = Failed { at: Instant::now(), advice: error.advice() };
                    *found = Found::Not(failed);
                    Err(failed.failure())
                }
            }
        });
        let broken = |_| Problem::new(problem::BUSY, "the server is stopping: try again in a moment");
        look.await.map_err(broken)?
    }
}

/// Its two routes. Part of no API: a browser goes there by itself.
pub(crate) fn routes() -> Router<App> {
    Router::new().route(BEGIN, get(begin)).route(DONE, get(done))
}

/// What must be the same when the browser comes back.
#[derive(Serialize, Deserialize)]
struct Between {
    facility: Uuid,
    state: String,
    nonce: String,
    verifier: String,
    until_second: i64,
}

#[derive(Deserialize)]
struct BeginParams {
    facility: Option<String>,
}

async fn begin(State(app): State<App>, Query(params): Query<BeginParams>) -> Answer<Response> {
    let provider = elsewhere(&app.access)?.provider().await?;
    let facility = app.access.facility_named(params.facility.as_deref()).await?;
    let unknown = || Problem::new(problem::FACILITY_UNKNOWN, "name the facility: /sign-in/oidc?facility=…");
    let facility = facility.ok_or_else(unknown)?.id;
    let begun = provider.begin(app.desk.random());
    let between = Between {
        facility: facility.as_uuid(),
        state: begun.state,
        nonce: begun.nonce,
        verifier: begun.verifier,
        until_second: (app.access.now() + PATIENCE).as_second(),
    };
    let cookie = set_cookie(BETWEEN, &app.access.closed_between(&between), PATIENCE);
    let location = HeaderValue::from_str(&begun.url)
        .map_err(|_| Problem::new(problem::DEFECT, "the provider's address can't be gone to"))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::SET_COOKIE, cookie)]).into_response())
}

#[derive(Deserialize)]
struct DoneParams {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

async fn done(
    State(app): State<App>,
    door: Door,
    headers: HeaderMap,
    Query(params): Query<DoneParams>,
) -> Response {
    let over = set_cookie(BETWEEN, "", SignedDuration::ZERO);
    match come_back(&app, &door, &headers, params).await {
        Ok((session, body)) => {
            let cookies = AppendHeaders([(header::SET_COOKIE, session), (header::SET_COOKIE, over)]);
            (StatusCode::OK, cookies, Json(body)).into_response()
        }
        Err(failure) => (AppendHeaders([(header::SET_COOKIE, over)]), failure).into_response(),
    }
}

async fn come_back(
    app: &App,
    door: &Door,
    headers: &HeaderMap,
    params: DoneParams,
) -> Answer<(HeaderValue, SignedInBody)> {
    let elsewhere = elsewhere(&app.access)?;
    let again = || {
        Problem::new(problem::SIGN_IN_WRONG, "that took too long, or began in another browser: sign in again")
    };
    let now = app.access.now();
    let between = cookie(headers, BETWEEN).and_then(|text| app.access.opened_between(text));
    let between = between.filter(|between| {
        now.as_second() < between.until_second && params.state.as_ref() == Some(&between.state)
    });
    let between = between.ok_or_else(again)?;
    if let Some(error) = &params.error {
        return Err(failure(&OidcError::declined(error)));
    }
    let code = params.code.ok_or_else(again)?;
    // Strangers get no further than this: from here on the provider is asked.
    let provider = elsewhere.provider().await?;
    let attempt = Attempt::admit(&app.access, &between, door)?;
    let identity = match provider.finish(&code, &between.verifier, &between.nonce, now).await {
        Ok(identity) => identity,
        Err(error) => {
            if is_away(&error) {
                attempt.forgive();
            }
            return Err(failure(&error));
        }
    };
    let facility = FacilityId::from_uuid(between.facility);
    let Identity { issuer, subject } = identity;
    let subject = format!("{issuer} {subject}");
    let user = app.desk.store().user_by_subject(facility, &subject).await?.filter(|user| user.active);
    let user = user.ok_or_else(|| {
        let detail =
            format!("nobody here is known as “{subject}”: ask an administrator to write that down for you");
        Problem::new(problem::SIGN_IN_WRONG, detail)
    })?;
    attempt.forgive();
    let session = app.access.open_session(facility, &user, door).await?;
    let facility = app.desk.facility_get(facility).await?;
    Ok((set_cookie(SESSION, &session, LASTS), SignedInBody::new(&facility, &user, Vec::new())))
}

/// A code that is tried, which counts against this sign-in and the network that it comes from.
struct Attempt<'a> {
    access: &'a Access,
    account: [u8; 32],
    network: IpAddr,
}

impl<'a> Attempt<'a> {
    fn admit(access: &'a Access, between: &Between, door: &Door) -> Answer<Self> {
        // No facility has such a name.
        let attempt =
            Self { access, account: access.secret.account(BETWEEN, &between.state), network: door.network };
        let admitted = attempt.all().admit(None, attempt.account, attempt.network, access.now());
        admitted.map_err(|wait| {
            let seconds = wait.as_secs() + 1;
            let detail =
                format!("there were too many attempts to sign in: wait {seconds} seconds and sign in again");
            Problem::new(problem::SIGN_IN_TOO_OFTEN, detail).retry_after(seconds)
        })?;
        Ok(attempt)
    }

    /// It was no guess.
    fn forgive(self) {
        self.all().succeeded(None, self.account, self.network);
    }

    fn all(&self) -> MutexGuard<'a, Attempts> {
        self.access.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn elsewhere(access: &Access) -> Answer<&Elsewhere> {
    let none = || Problem::new(problem::PATH_UNKNOWN, "this server knows no provider to sign in at");
    Ok(access.elsewhere.as_ref().ok_or_else(none)?)
}

impl Access {
    fn closed_between(&self, between: &Between) -> String {
        let text = serde_json::to_vec(between).unwrap_or_default();
        BASE64URL_NOPAD.encode(&self.secret.close(NO_FACILITY, BETWEEN, &text, self.desk.random()))
    }

    fn opened_between(&self, text: &str) -> Option<Between> {
        let closed = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        serde_json::from_slice(&self.secret.open(NO_FACILITY, BETWEEN, &closed)?).ok()
    }
}

/// Which facility it is stands inside.
const NO_FACILITY: FacilityId = FacilityId::from_uuid(Uuid::nil());

/// The log is told what to set right, the person what to do.
fn failure(error: &OidcError) -> Failure {
    tracing::warn!(%error, "a sign-in at the provider came to nothing");
    let kind = if is_away(error) { problem::BUSY } else { problem::SIGN_IN_WRONG };
    Problem::new(kind, error.advice()).into()
}

/// The provider does not answer, whoever asks.
const fn is_away(error: &OidcError) -> bool {
    matches!(error, OidcError::Unreachable { .. } | OidcError::TooSlow { .. })
}
