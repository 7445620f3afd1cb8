//! Keys: for programs, and for the screens in the corridor.

use axum::Json;
use axum::http::StatusCode;
use baari_access::{Credential, CredentialKind, Who};
use baari_desk::DeskError;
use baari_engine::KeyId;
use baari_store::{Along, Key};

use crate::access::Here;
use crate::body::{Body, Id, Params};
use crate::failure::Answer;
use crate::idempotency::IdempotencyKey;
use crate::problem::{self, Problem};
use crate::wire::{KeyBody, NewKeyBody, Page, PageParams, ShownKeyBody};

/// Keys of one facility that are of use.
const KEYS_MAX: usize = 1_000;
/// Keys read at a time.
const PAGE: u32 = 500;

/// Make a key
///
/// It is shown in this answer only. Its scopes are names of actions (docs/security.md); with doctors it is for these only: a
/// screen's key has the scope `board_read` and the doctors of its board.
#[utoipa::path(post, path = "/api/key", tag = "key", request_body = NewKeyBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ShownKeyBody), (status = "default", body = Problem)))]
pub(super) async fn create(
    here: Here,
    key: IdempotencyKey,
    body: Body<NewKeyBody>,
) -> Answer<(StatusCode, Json<ShownKeyBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let _turn = here.desk.turn(here.facility, "keys").await;
    let credential = Credential::new(CredentialKind::Key, here.facility, here.desk.random());
    let key =
        body.value.parse(KeyId::from_uuid(here.desk.mint_id()), credential.digest(), here.desk.now())?;
    for doctor in &key.doctors {
        here.desk.doctor(here.facility, *doctor).await?;
    }
    if usable(&here).await? >= KEYS_MAX {
        let detail =
            format!("a facility has up to {KEYS_MAX} keys in use: take back those that are not needed");
        return Err(Problem::new(problem::LIMIT_REACHED, detail).into());
    }
    let answer = ShownKeyBody { about: KeyBody::from(key.clone()), key: credential.reveal() };
    let doctors = key.doctors.iter().map(|doctor| format!("doctor {doctor}"));
    let detail: Vec<String> = key.scopes.iter().cloned().chain(doctors).collect();
    let entry = here.entry("key_made", None, format!("key {}", key.id), detail.join(", "));
    let along = held.along(&answer, entry);
    if let Err(error) = here.desk.store().key_put(here.facility, &key, &along).await {
        // Another server may have answered the same request.
        here.desk.not_kept(along.receipt.as_ref()).await?;
        return Err(error.into());
    }
    Ok((StatusCode::CREATED, Json(answer)))
}

/// List keys
///
/// What they are for and until when; never the keys themselves.
#[utoipa::path(get, path = "/api/key", tag = "key", params(PageParams),
    responses((status = 200, body = Page<KeyBody>), (status = "default", body = Problem)))]
pub(super) async fn list(here: Here, Params(params): Params<PageParams>) -> Answer<Json<Page<KeyBody>>> {
    let cursor = params.cursor()?;
    let rows = here.desk.store().key_list(here.facility, cursor.after()?, cursor.limit).await?;
    Ok(Json(cursor.page(rows, |key| key.id.to_string())))
}

/// Take a key back
///
/// It opens nothing any more, on all servers within seconds. It stays in the list.
#[utoipa::path(delete, path = "/api/key/{id}", tag = "key", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn revoke(here: Here, Id(id): Id<KeyId>) -> Answer<StatusCode> {
    let _turn = here.desk.turn(here.facility, "keys").await;
    let key = here.desk.store().key_by_id(here.facility, id).await?.ok_or(DeskError::Unknown("key"))?;
    if key.revoked_at.is_none() {
        let entry = here.entry("key_revoked", None, format!("key {id}"), "");
        let key = Key { revoked_at: Some(here.desk.now()), ..key };
        let along = Along { audit: vec![entry], ..Along::default() };
        here.desk.store().key_put(here.facility, &key, &along).await?;
        here.access.forget(Who::Key(id));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// How many keys open something.
async fn usable(here: &Here) -> Answer<usize> {
    let (now, mut after, mut usable) = (here.desk.now(), None, 0);
    loop {
        let page = here.desk.store().key_list(here.facility, after, PAGE).await?;
        usable += page.iter().filter(|key| key.revoked_at.is_none() && now < key.expires_at).count();
        match page.last() {
            Some(last) if page.len() == PAGE as usize => after = Some(last.id),
            _ => return Ok(usable),
        }
    }
}
