//! One token, by hand: into another slot, beside another token, back into the queue, called once more.

use std::sync::Arc;

use axum::response::Response;
use baari_access::Action;
use baari_desk::{Done, Order};
use baari_engine::{Beside, Command, SetStatus, SlotId, Status, TokenId, Transfer, WantedStatus, limits};

use super::room::{answer, on_day};
use super::whereabouts::{Place, is_gone};
use crate::access::Here;
use crate::body::{Body, Id, MaybeBody};
use crate::conditional::IfMatch;
use crate::failure::{Answer, Failure};
use crate::idempotency::{Held, IdempotencyKey};
use crate::problem::{self, Problem};
use crate::wire::{Marks, MoveBody, NothingBody, TokenBody, words};

/// Move a token
///
/// Into another slot, of whatever doctor and date, by the seat rule and to the end of its band; or right before or behind
/// another waiting token of the same doctor, a place that it keeps. Emergencies stay before all others.
#[utoipa::path(post, path = "/api/token/{id}/move", tag = "token", request_body = MoveBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = TokenBody), (status = "default", body = Problem)))]
pub(super) async fn place(
    here: Here,
    Id(token): Id<TokenId>,
    key: IdempotencyKey,
    IfMatch(if_match): IfMatch,
    body: Body<MoveBody>,
) -> Answer<Response> {
    let held = key.hold(&here, body.fingerprint).await?;
    let body = body.value;
    if body.r#override {
        here.require(Action::SeatOverride)?;
    }
    let why = words("reason", &body.reason, 1, limits::WHY_CHARACTERS)?;
    let beside = match (body.before, body.behind, body.slot_id) {
        (Some(before), None, None) => Beside::Before(before),
        (None, Some(behind), None) => Beside::Behind(behind),
        (None, None, Some(slot)) => {
            let transfer = Transfer { token, slot, why, beyond_limits: body.r#override };
            return into_slot(&here, transfer, if_match, &held).await;
        }
        _ => {
            let detail = "name one of three: a token to stand before or behind, or a slot to move to";
            return Err(Problem::new(problem::FIELD_WRONG, detail).field("slot_id").into());
        }
    };
    on_token(&here, token, Command::Place(baari_engine::Place { token, beside, why }), if_match, &held).await
}

/// Let a patient who missed the call rejoin
///
/// Behind the next 2 people who are here, at most twice (settings).
#[utoipa::path(post, path = "/api/token/{id}/rejoin", tag = "token", request_body = NothingBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = TokenBody), (status = "default", body = Problem)))]
pub(super) async fn rejoin(
    here: Here,
    Id(token): Id<TokenId>,
    key: IdempotencyKey,
    IfMatch(if_match): IfMatch,
    body: MaybeBody<NothingBody>,
) -> Answer<Response> {
    let held = key.hold(&here, body.fingerprint).await?;
    let status = WantedStatus::Exactly(Status::Arrived);
    on_token(&here, token, Command::SetStatus(SetStatus { token, status }), if_match, &held).await
}

/// Call a called patient once more
///
/// The time to come starts anew.
#[utoipa::path(post, path = "/api/token/{id}/recall", tag = "token", request_body = NothingBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = TokenBody), (status = "default", body = Problem)))]
pub(super) async fn recall(
    here: Here,
    Id(token): Id<TokenId>,
    key: IdempotencyKey,
    IfMatch(if_match): IfMatch,
    body: MaybeBody<NothingBody>,
) -> Answer<Response> {
    let held = key.hold(&here, body.fingerprint).await?;
    on_token(&here, token, Command::Recall(token), if_match, &held).await
}

/// Does this with a token, wherever it is by then.
pub(super) async fn on_token(
    here: &Here,
    token: TokenId,
    command: Command,
    if_match: Option<u64>,
    held: &Held,
) -> Answer<Response> {
    let mut place = Place::find(here, token).await?;
    loop {
        // It may have gone to a doctor whom the caller does not work for.
        here.require_with(Action::TokenChange, place.day.doctor)?;
        let (doctor, codes) = (Arc::clone(&place.doctor), Arc::clone(&here.codes));
        let render = move |done: &Done| TokenBody::done(done, Marks::new(&doctor, &codes));
        let outcome = on_day(here, place.day, command.clone(), if_match, held, render).await;
        if !place.has_changed(here, is_gone(&outcome)).await? {
            return outcome;
        }
    }
}

async fn into_slot(here: &Here, transfer: Transfer, if_match: Option<u64>, held: &Held) -> Answer<Response> {
    let slot: SlotId = transfer.slot;
    let to = here.desk.slot_day(here.facility, slot).await?;
    here.require_with(Action::TokenChange, to.doctor)?;
    let (doctor, codes) = (here.desk.doctor(here.facility, to.doctor).await?, Arc::clone(&here.codes));
    let render = move |done: &Done| {
        serde_json::to_vec(&TokenBody::done(done, Marks::new(&doctor, &codes))).unwrap_or_default()
    };
    let keyed = held.keyed({
        let render = render.clone();
        move |done| (200, render(done))
    });
    let token = transfer.token;
    let order = Order { command: Command::Transfer(transfer), actor: here.actor(), if_match, keyed };
    let mut place = Place::find(here, token).await?;
    loop {
        here.require_with(Action::TokenChange, place.day.doctor)?;
        let keys = if to == place.day { vec![to] } else { vec![place.day, to] };
        let outcome = here.desk.execute_together(&keys, &order).await.map_err(Failure::from);
        if !place.has_changed(here, is_gone(&outcome)).await? {
            let done = outcome?;
            return Ok(answer(&done, render(&done)));
        }
    }
}
