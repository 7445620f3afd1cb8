//! Signing in, out, and everywhere out; one's own password.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use baari_access::{Lane, Who, password};
use baari_desk::DeskError;
use baari_engine::UserId;
use baari_store::{Along, Ended, Facility, User};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::{Door, Here, clear_cookie};
use crate::app::App;
use crate::body::{Body, Params};
use crate::failure::Answer;
use crate::problem::{self, Problem};
use crate::wire::{NewPasswordBody, SessionBody, SignInBody, SignedInBody};

/// Sign in
///
/// The browser is given a cookie that it shows with every request, for 12 hours, or until nothing was done for two. Programs use
/// a key instead.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = SignInBody,
    responses((status = 201, body = SignedInBody), (status = "default", body = Problem)))]
pub(super) async fn open(State(app): State<App>, door: Door, body: Body<SignInBody>) -> Answer<Response> {
    let SignInBody { facility, name, password } = body.value;
    if password.chars().count() > password::LENGTH_MAX || name.chars().count() > 64 {
        let detail = "a name has up to 64 characters, a password up to 128";
        return Err(Problem::new(problem::FIELD_WRONG, detail).field("password").into());
    }
    let (facility, user, cookies) = app.access.sign_in(facility.as_deref(), &name, password, &door).await?;
    let cookies = AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
    let body = SignedInBody::new(&facility, &user, Vec::new());
    Ok((StatusCode::CREATED, cookies, Json(body)).into_response())
}

/// Who am I?
///
/// With all sessions of mine, so that I see where I am signed in.
#[utoipa::path(get, path = "/api/session", tag = "session",
    responses((status = 200, body = SignedInBody), (status = "default", body = Problem)))]
pub(super) async fn read(here: Here) -> Answer<Json<SignedInBody>> {
    let (facility, user) = myself(&here).await?;
    let sessions = here.desk.store().session_list(here.facility, user.id).await?;
    let sessions = sessions.iter().map(|session| SessionBody::new(session, here.caller.digest)).collect();
    Ok(Json(SignedInBody::new(&facility, &user, sessions)))
}

/// How far to sign out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CloseParams {
    /// From all browsers, not only this one.
    #[serde(default)]
    everywhere: bool,
}

/// Sign out
#[utoipa::path(delete, path = "/api/session", tag = "session", params(CloseParams),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn close(here: Here, Params(params): Params<CloseParams>) -> Answer<Response> {
    let (_, user) = myself(&here).await?;
    let which = match here.caller.digest {
        Some(digest) if !params.everywhere => Ended::One(digest),
        _ => Ended::OfUser(user.id),
    };
    let subject = format!("user {}", user.id);
    let entry = if params.everywhere {
        here.entry("signed_out_everywhere", None, subject, "")
    } else {
        here.entry("signed_out", None, subject, "")
    };
    let along = Along { audit: vec![entry], ..Along::default() };
    here.desk.store().session_end(here.facility, which, &along).await?;
    here.access.forget(here.caller.principal.who);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, clear_cookie())]).into_response())
}

/// Change my password
///
/// All my other sessions end.
#[utoipa::path(put, path = "/api/session/password", tag = "session", request_body = NewPasswordBody,
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn change_password(here: Here, body: Body<NewPasswordBody>) -> Answer<StatusCode> {
    let (facility, user) = myself(&here).await?;
    let NewPasswordBody { current, new } = body.value;
    if current == new {
        let detail = "the new password is the old one, and somebody may know it: choose another";
        return Err(Problem::new(problem::PASSWORD_WEAK, detail).field("new").into());
    }
    if current.chars().count() > password::LENGTH_MAX {
        return Err(Problem::new(problem::SIGN_IN_WRONG, "the current password is another one")
            .field("current")
            .into());
    }
    here.access.admit_change(&user)?;
    if !here.access.check(Lane::Known, current, user.password.clone()).await? {
        return Err(Problem::new(problem::SIGN_IN_WRONG, "the current password is another one")
            .field("current")
            .into());
    }
    here.access.knew(&user);
    let password = Some(accepted(&here, &facility, &user, ("new", new)).await?);
    // Working it out took a while: whoever was disabled, or was given another password, in the meantime stays so.
    let _turn = here.desk.turn(here.facility, "users").await;
    let (_, now) = myself(&here).await?;
    if !now.active || now.password != user.password {
        return Err(Problem::new(problem::SIGN_IN_WRONG, "the current password has just become another one")
            .field("current")
            .into());
    }
    let user = User { password, must_change: false, ..now };
    let entry = here.entry("password_changed", None, format!("user {}", user.id), "");
    let others = here.caller.digest.map_or(Ended::OfUser(user.id), |digest| Ended::Others(user.id, digest));
    let along = Along { audit: vec![entry], ends: Some(others), ..Along::default() };
    let put = here.desk.store().user_put(here.facility, &user, &along).await;
    here.access.forget(here.caller.principal.who);
    put?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is kept of a new password, if it is good enough.
pub(super) async fn accepted(
    here: &Here,
    facility: &Facility,
    user: &User,
    (field, new): (&str, String),
) -> Answer<String> {
    let about = [user.name.as_str(), &user.called, &facility.name, &facility.slug, "baari"];
    let weak = |weak: password::Weak| Problem::new(problem::PASSWORD_WEAK, weak.to_string()).field(field);
    password::check(&new, &about).map_err(weak)?;
    here.access.hash(new).await
}

/// The person who asks, as they are now.
async fn myself(here: &Here) -> Answer<(Facility, User)> {
    let id: UserId = match here.caller.principal.who {
        Who::User(id) => id,
        _ => {
            let detail = "this is about somebody who is signed in, and nobody is: on an open server there is no need to";
            return Err(Problem::new(problem::NOT_SIGNED_IN, detail).into());
        }
    };
    let facility = here.desk.facility_get(here.facility).await?;
    let user = here.desk.store().user_get(here.facility, id).await?;
    Ok((facility, user.ok_or(DeskError::Unknown("user"))?))
}
