//! Signing in at an OpenID Connect provider: there with the browser, and back with a code. Whoever comes back must be a user
//! here already: an administrator has written down who they are there (`subject`).

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use baari_engine::FacilityId;
use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
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

/// A provider, found when it is first needed: the desk opens also when the provider does not.
pub(super) struct Elsewhere {
    config: OidcConfig,
    provider: OnceCell<Provider>,
}

impl Elsewhere {
    pub(super) const fn new(config: OidcConfig) -> Self {
        Self { config, provider: OnceCell::const_new() }
    }

    async fn provider(&self) -> Answer<&Provider> {
        let discover = || Provider::discover(self.config.clone());
        self.provider.get_or_try_init(discover).await.map_err(|error| failure(&error))
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
        until_second: (app.desk.now() + PATIENCE).as_second(),
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
    let provider = elsewhere(&app.access)?.provider().await?;
    let between = cookie(headers, BETWEEN).and_then(|text| app.access.opened_between(text));
    let between = between.filter(|between| app.desk.now().as_second() < between.until_second);
    let again = || {
        Problem::new(problem::SIGN_IN_WRONG, "that took too long, or began in another browser: sign in again")
    };
    let between =
        between.filter(|between| params.state.as_ref() == Some(&between.state)).ok_or_else(again)?;
    if let Some(error) = &params.error {
        return Err(failure(&OidcError::declined(error)));
    }
    let code = params.code.ok_or_else(again)?;
    let identity = provider.finish(&code, &between.verifier, &between.nonce, app.desk.now()).await;
    let identity = identity.map_err(|error| failure(&error))?;
    let facility = FacilityId::from_uuid(between.facility);
    let Identity { issuer, subject } = identity;
    let subject = format!("{issuer} {subject}");
    let user = app.desk.store().user_by_subject(facility, &subject).await?.filter(|user| user.active);
    let user = user.ok_or_else(|| {
        let detail =
            format!("nobody here is known as “{subject}”: ask an administrator to write that down for you");
        Problem::new(problem::SIGN_IN_WRONG, detail)
    })?;
    let session = app.access.open_session(facility, &user, door).await?;
    let facility = app.desk.facility_get(facility).await?;
    Ok((set_cookie(SESSION, &session, LASTS), SignedInBody::new(&facility, &user, Vec::new())))
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
    Problem::new(problem::SIGN_IN_WRONG, error.advice()).into()
}
