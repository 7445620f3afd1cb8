//! The guard: no handler runs before the table has said that it may. A route can't be added without its action, and a handler
//! has no facility but the one that the guard gives it.

use axum::extract::FromRequestParts;
use axum::extract::{Query, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use baari_access::{Action, Credential, Principal, Reach, Subject};
use baari_desk::DeskError;
use baari_engine::{DoctorId, PatientId, TokenId};
use baari_store::{Receipt, TokenQuery};
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::here::{Caller, Here, NO_ADDRESS, not_allowed, not_signed_in};
use super::sign_in::session_cookie;
use crate::address::ClientAddress;
use crate::app::App;
use crate::failure::{Answer, kept};
use crate::problem::{self, Problem};
use crate::wire::typed;

/// Routes, each with the action that it is; there is no way to add one without.
pub(crate) struct Guarded {
    app: Option<App>,
    router: OpenApiRouter<App>,
}

impl Guarded {
    /// None yet. Without an `app` the routes are described only.
    pub(crate) const fn new(app: Option<App>, router: OpenApiRouter<App>) -> Self {
        Self { app, router }
    }

    /// With these routes, for whoever may do this.
    pub(crate) fn to(self, action: Action, routes: UtoipaMethodRouter<App>) -> Self {
        let (schemas, mut paths, mut methods) = routes;
        paths.paths.values_mut().for_each(|item| describe(item, action));
        if let Some(app) = &self.app {
            methods = guard_one(app, action, methods);
        }
        Self { router: self.router.routes((schemas, paths, methods)), ..self }
    }

    pub(crate) fn done(self) -> OpenApiRouter<App> {
        self.router
    }
}

/// The guard before one route. What is no route is not its to answer: a method that is not there is not there for anybody.
pub(crate) fn guard_one(app: &App, action: Action, methods: MethodRouter<App>) -> MethodRouter<App> {
    methods.route_layer(middleware::from_fn_with_state((app.clone(), action), guard))
}

/// The document says which action an operation is, how one shows who one is, and that errors are problem documents. Handlers
/// have the same names in many files; an operation's is its own.
fn describe(item: &mut PathItem, action: Action) {
    let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
    for operation in operations.into_iter().flatten() {
        let extension = ExtensionsBuilder::new().add("x-action", action.name()).build();
        operation.extensions.get_or_insert_default().merge(extension);
        if !action.is_for_anybody() {
            let way = |name| SecurityRequirement::new::<_, [&str; 0], &str>(name, []);
            operation.security = Some(vec![way("session"), way("key")]);
        }
        // Functions are named by what they do, and several list something.
        let tag = operation.tags.iter().flatten().next();
        operation.operation_id =
            tag.zip(operation.operation_id.take()).map(|(tag, id)| format!("{tag}_{id}"));
        if let Some(RefOr::T(error)) = operation.responses.responses.get_mut("default")
            && let Some(problem) = error.content.shift_remove("application/json")
        {
            error.content.insert("application/problem+json".to_owned(), problem);
        }
    }
}

async fn guard(State((app, action)): State<(App, Action)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let here = match admit(&app, action, &mut parts).await {
        Ok(here) => here,
        Err(failure) => return refused(action, failure.into_response()),
    };
    if let Some(here) = &here {
        parts.extensions.insert(here.clone());
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    match (here, response.extensions_mut().remove::<Receipt>()) {
        // An answer that was given before is kept encrypted.
        (Some(here), Some(receipt)) => kept(&here.access.secret, &receipt),
        _ => response,
    }
}

/// Whoever is not let in is counted, and stands in the log: not who, and not with what.
fn refused(action: Action, response: Response) -> Response {
    let status = response.status().as_u16();
    tracing::info!(action = action.name(), status, "not let in");
    let labels = [("action", action.name().to_owned()), ("status", status.to_string())];
    metrics::counter!("baari_not_let_in_total", &labels).increment(1);
    response
}

/// What the handler may work with; none where anybody may ask, and who asks does not matter.
async fn admit(app: &App, action: Action, parts: &mut Parts) -> Answer<Option<Here>> {
    let shown = shown(&parts.headers);
    not_from_another_site(app, parts, shown.as_ref().is_some_and(|shown| shown.by_cookie))?;
    let address = ClientAddress::of(&parts.extensions).0;
    let (principal, digest) = match (app.access.open, &shown) {
        (Some(facility), _) => (Some(Principal::open(facility).into()), None),
        (None, Some(Shown { credential: Some(credential), .. })) => {
            let Credential { kind, facility, .. } = *credential;
            let digest = credential.digest();
            (app.access.principal(kind, facility, &digest).await?, Some(digest))
        }
        (None, _) => (None, None),
    };
    let Some(principal) = principal else {
        return if action.is_for_anybody() { Ok(None) } else { Err(not_signed_in().into()) };
    };
    let here = Here::new(app, Caller { principal, digest, address });
    if !action.is_for_anybody() {
        match here.caller.principal.reach(action) {
            Reach::All => {}
            Reach::Own => own(&here, action, parts).await?,
            Reach::No => return Err(not_allowed(&here.caller.principal, action).into()),
        }
    }
    if !parts.method.is_safe() && app.access.open.is_none() {
        app.access.count_change(here.caller.principal.who)?;
    }
    Ok(Some(here))
}

/// Who asks, whatever it is: somebody who may not do one thing may do others.
pub(crate) async fn whoever(app: &App, headers: &HeaderMap) -> Option<Here> {
    let shown = shown(headers)?;
    let Credential { kind, facility, .. } = *shown.credential.as_ref()?;
    let digest = shown.credential.as_ref()?.digest();
    let principal = app.access.principal(kind, facility, &digest).await.ok()??;
    Some(Here::new(app, Caller { principal, digest: Some(digest), address: NO_ADDRESS }))
}

struct Shown {
    /// None when it is not even one.
    credential: Option<Credential>,
    by_cookie: bool,
}

/// What the request shows: a key or a session in the header, or the browser's cookie.
fn shown(headers: &HeaderMap) -> Option<Shown> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().ok().and_then(|value| value.split_once(' '));
        let bearer = text.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let credential = bearer.and_then(|(_, credential)| Credential::parse(credential.trim()));
        return Some(Shown { credential, by_cookie: false });
    }
    session_cookie(headers).map(|text| Shown { credential: Credential::parse(text), by_cookie: true })
}

/// A browser sends its cookies along with what other sites make it ask. It also says who made it ask.
fn not_from_another_site(app: &App, parts: &Parts, by_cookie: bool) -> Answer<()> {
    if parts.method.is_safe() {
        return Ok(());
    }
    let text = |name| parts.headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let from_here = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = text("host").map(str::to_ascii_lowercase);
            let named = origin
                .parse::<Uri>()
                .ok()
                .and_then(|uri| uri.authority().map(|host| host.as_str().to_ascii_lowercase()));
            app.access.origin.as_deref() == Some(origin) || (named.is_some() && named == host)
        }
        // No browser, or an old one.
        (None, None) => !by_cookie,
    };
    if from_here {
        return Ok(());
    }
    let detail = "another site asked for this in your browser, so it was not done: use Baari's own pages, or send a key";
    Err(Problem::new(problem::CROSS_SITE, detail).into())
}

#[derive(Deserialize)]
struct DoctorQuery {
    doctor_id: Option<String>,
}

/// Whether what is asked is about the caller's own doctors. What does not exist is said not to, as to anybody.
async fn own(here: &Here, action: Action, parts: &mut Parts) -> Answer<()> {
    let mine = &here.caller.principal.doctors;
    let may = match action.subject() {
        Subject::None => false,
        Subject::Doctor => doctors(here, &path(parts).await, mine).await?,
        Subject::Board => {
            let ids = path(parts).await;
            let mut all = true;
            for id in ids.split(',') {
                all &= doctors(here, id.trim(), mine).await?;
            }
            all
        }
        Subject::Query => {
            let query = Query::<DoctorQuery>::try_from_uri(&parts.uri).ok();
            match query.and_then(|Query(query)| query.doctor_id) {
                Some(id) => doctors(here, &id, mine).await?,
                None => {
                    let detail = "name the doctor that you work for: doctor_id=…";
                    return Err(Problem::new(problem::NOT_ALLOWED, detail).field("doctor_id").into());
                }
            }
        }
        Subject::Token => {
            let token: TokenId = typed("id", &path(parts).await)?;
            let day = here.desk.store().token_day(here.facility, token).await?;
            mine.contains(&day.ok_or(DeskError::Unknown("token"))?.doctor)
        }
        Subject::Patient => {
            let patient: PatientId = typed("id", &path(parts).await)?;
            here.desk.patient(here.facility, patient).await?;
            has_token_with(here, patient, mine).await?
        }
    };
    if may { Ok(()) } else { Err(not_allowed(&here.caller.principal, action).into()) }
}

async fn doctors(here: &Here, id: &str, mine: &[DoctorId]) -> Answer<bool> {
    let doctor: DoctorId = typed("id", id)?;
    here.desk.doctor(here.facility, doctor).await?;
    Ok(mine.contains(&doctor))
}

async fn has_token_with(here: &Here, patient: PatientId, mine: &[DoctorId]) -> Answer<bool> {
    for &doctor in mine {
        let query =
            TokenQuery { doctor: Some(doctor), patient: Some(patient), limit: 1, ..TokenQuery::default() };
        if !here.desk.store().token_list(here.facility, &query).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The one parameter of the address.
async fn path(parts: &mut Parts) -> String {
    let params = RawPathParams::from_request_parts(parts, &()).await;
    params.ok().and_then(|params| params.iter().next().map(|(_, value)| value.to_owned())).unwrap_or_default()
}
