//! The people who sign in.

use axum::Json;
use axum::http::StatusCode;
use baari_access::Who;
use baari_access::password::one_time;
use baari_desk::DeskError;
use baari_engine::UserId;
use baari_store::{Along, Ended, Role, StoreError, User};

use super::difference::difference;
use super::session::accepted;
use crate::access::Here;
use crate::body::{Body, Id, MaybeBody, Params};
use crate::failure::Answer;
use crate::idempotency::IdempotencyKey;
use crate::problem::{self, Problem};
use crate::wire::{
    ChangeUserBody, NewUserBody, NothingBody, Page, PageParams, UserBody, UserWithPasswordBody,
};

/// People of one facility.
const USERS_MAX: u32 = 5_000;

/// Add a user
///
/// Without a password one is made, and shown in this answer only; its holder must change it first.
#[utoipa::path(post, path = "/api/user", tag = "user", request_body = NewUserBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = UserWithPasswordBody), (status = "default", body = Problem)))]
pub(super) async fn create(
    here: Here,
    key: IdempotencyKey,
    body: Body<NewUserBody>,
) -> Answer<(StatusCode, Json<UserWithPasswordBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let _turn = here.desk.turn(here.facility, "users").await;
    let (mut user, given) = body.value.parse(UserId::from_uuid(here.desk.mint_id()), here.desk.now())?;
    if let Some(doctor) = user.doctor {
        here.desk.doctor(here.facility, doctor).await?;
    }
    if all(&here).await?.len() >= USERS_MAX as usize {
        let detail =
            format!("a facility has up to {USERS_MAX} users: change one that is not needed any more");
        return Err(Problem::new(problem::LIMIT_REACHED, detail).into());
    }
    // Whoever signs in elsewhere needs no password here.
    let shown = match (given, &user.subject) {
        (None, Some(_)) => None,
        (given, _) => set_password(&here, &mut user, given).await?,
    };
    let answer = UserWithPasswordBody { user: UserBody::from(user.clone()), password: shown };
    let entry = here.entry("user_added", None, format!("user {}", user.id), format!("role {}", user.role));
    put(&here, &user, &held.along(&answer, entry)).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// List users
#[utoipa::path(get, path = "/api/user", tag = "user", params(PageParams),
    responses((status = 200, body = Page<UserBody>), (status = "default", body = Problem)))]
pub(super) async fn list(here: Here, Params(params): Params<PageParams>) -> Answer<Json<Page<UserBody>>> {
    let cursor = params.cursor()?;
    let rows = here.desk.store().user_list(here.facility, cursor.after()?, cursor.limit).await?;
    Ok(Json(cursor.page(rows, |user| user.id.to_string())))
}

/// Read a user
#[utoipa::path(get, path = "/api/user/{id}", tag = "user", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = UserBody), (status = "default", body = Problem)))]
pub(super) async fn read(here: Here, Id(id): Id<UserId>) -> Answer<Json<UserBody>> {
    Ok(Json(find(&here, id).await?.into()))
}

/// Change a user
///
/// Who is disabled, or works as something else, is signed out everywhere. The last administrator stays one.
#[utoipa::path(patch, path = "/api/user/{id}", tag = "user", request_body = ChangeUserBody,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = UserBody), (status = "default", body = Problem)))]
pub(super) async fn change(
    here: Here,
    Id(id): Id<UserId>,
    body: Body<ChangeUserBody>,
) -> Answer<Json<UserBody>> {
    let _turn = here.desk.turn(here.facility, "users").await;
    let before = find(&here, id).await?;
    let mut user = before.clone();
    body.value.apply(&mut user)?;
    if let Some(doctor) = user.doctor {
        here.desk.doctor(here.facility, doctor).await?;
    }
    let runs = |user: &User| user.active && user.role == Role::Admin;
    if runs(&before) && !runs(&user) && !all(&here).await?.iter().any(|other| other.id != id && runs(other)) {
        let detail = "this is the last administrator: make another one first";
        return Err(Problem::new(problem::LAST_ADMIN, detail).into());
    }
    let (was, is) = (UserBody::from(before.clone()), UserBody::from(user.clone()));
    let changed = difference(&was, &is, &["called", "doctor_id", "subject"]);
    let subject = format!("user {id}");
    let entry = (!changed.is_empty()).then(|| here.entry("user_changed", None, subject, changed));
    let other = (before.role, before.doctor, &before.subject) != (user.role, user.doctor, &user.subject);
    let other = other || !user.active;
    let ends = other.then_some(Ended::OfUser(id));
    put(&here, &user, &Along { audit: entry.into_iter().collect(), ends, ..Along::default() }).await?;
    Ok(Json(user.into()))
}

/// Reset a user's password
///
/// To one that is shown in this answer only, and must be changed first. All sessions of the user end.
#[utoipa::path(post, path = "/api/user/{id}/reset", tag = "user", request_body = NothingBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = UserWithPasswordBody), (status = "default", body = Problem)))]
pub(super) async fn reset(
    here: Here,
    Id(id): Id<UserId>,
    key: IdempotencyKey,
    body: MaybeBody<NothingBody>,
) -> Answer<(StatusCode, Json<UserWithPasswordBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let _turn = here.desk.turn(here.facility, "users").await;
    let mut user = find(&here, id).await?;
    let shown = set_password(&here, &mut user, None).await?;
    let answer = UserWithPasswordBody { user: UserBody::from(user.clone()), password: shown };
    let entry = here.entry("password_reset", None, format!("user {id}"), "");
    let ends = Some(Ended::OfUser(id));
    put(&here, &user, &Along { ends, ..held.along(&answer, entry) }).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Sets the given password, or one that is to be shown.
async fn set_password(here: &Here, user: &mut User, given: Option<String>) -> Answer<Option<String>> {
    user.must_change = true;
    if let Some(given) = given {
        let facility = here.desk.facility_get(here.facility).await?;
        user.password = Some(accepted(here, &facility, user, ("password", given)).await?);
        return Ok(None);
    }
    let made = one_time(here.desk.random());
    user.password = Some(here.access.hash(made.clone()).await?);
    Ok(Some(made))
}

async fn put(here: &Here, user: &User, along: &Along) -> Answer<()> {
    let put = here.desk.store().user_put(here.facility, user, along).await;
    // Also when it is not known whether it was written.
    here.access.forget(Who::User(user.id));
    match put {
        Err(StoreError::Conflict(why)) => {
            // Another server may have answered the same request.
            here.desk.not_kept(along.receipt.as_ref()).await?;
            let elsewhere = match &user.subject {
                Some(subject) => here.desk.store().user_by_subject(here.facility, subject).await?,
                None => None,
            };
            if user.version == 0 || elsewhere.is_some_and(|other| other.id != user.id) {
                return Err(DeskError::Taken("this name, or this identity elsewhere,").into());
            }
            Err(StoreError::Conflict(why).into())
        }
        other => Ok(other?),
    }
}

async fn find(here: &Here, id: UserId) -> Answer<User> {
    let user = here.desk.store().user_get(here.facility, id).await?;
    Ok(user.ok_or(DeskError::Unknown("user"))?)
}

async fn all(here: &Here) -> Answer<Vec<User>> {
    Ok(here.desk.store().user_list(here.facility, None, USERS_MAX).await?)
}
