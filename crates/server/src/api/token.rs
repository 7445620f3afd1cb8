//! Booking a token, changing its status, moving it, reading it.

use std::sync::Arc;

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use baari_access::Action;
use baari_desk::{BookRequest, DeskError, Done};
use baari_engine::{Command, DayKey, DoctorId, Estimator, PatientId, Refusal, SetStatus, TokenId, limits};
use baari_store::{Doctor, TokenQuery};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use super::moving::on_token;
use super::whereabouts::Place;
use crate::access::Here;
use crate::body::{Body, Id, Params};
use crate::conditional::{IfMatch, etag};
use crate::failure::{Answer, Failure};
use crate::idempotency::{Held, IdempotencyKey};
use crate::problem::Problem;
use crate::wire::{
    BookBody, ChangeTokenBody, Marks, Page, PageParams, ReasonBody, StatusBody, TokenBody, in_order,
    optional_date, typed, words,
};

/// Book a token
///
/// Allocates the first seat by the rules: the slot by start time, the number by band. With `waitlist` a token without a
/// seat is kept; without, the refusal names the next room.
#[utoipa::path(post, path = "/api/token/book", tag = "token", request_body = BookBody,
    params(("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 201, body = TokenBody), (status = "default", body = Problem)))]
pub(super) async fn book(
    here: Here,
    key: IdempotencyKey,
    IfMatch(if_match): IfMatch,
    body: Body<BookBody>,
) -> Answer<Response> {
    let held = key.hold(&here, body.fingerprint).await?;
    let body = body.value;
    if body.r#override.is_some() {
        here.require(Action::SeatOverride)?;
    }
    let request = BookRequest {
        patient: body.patient_id,
        doctor: body.doctor_id,
        source: typed("source", &body.source)?,
        date: body.date,
        slot: body.slot_id,
        waitlist: body.waitlist,
        override_why: body
            .r#override
            .map(|why| words("override", &why, 1, limits::WHY_CHARACTERS))
            .transpose()?,
        checked_in: body.checked_in,
        earlier_ok: body.earlier_ok,
    };
    let doctor = here.desk.doctor(here.facility, request.doctor).await?;
    let keyed = held.keyed({
        let doctor = Arc::clone(&doctor);
        let codes = Arc::clone(&here.codes);
        move |done| (201, render(done, Marks::new(&doctor, &codes)))
    });
    match here.desk.book(here.facility, request, here.actor(), if_match, keyed).await {
        Ok(done) => Ok(created(&done, here.marks(&doctor))),
        Err(error) => Err(with_token_there_is(&here, &doctor, error).await),
    }
}

/// Change a token's status
///
/// The same change twice is a success that changes nothing. An impossible one names those that are possible.
#[utoipa::path(patch, path = "/api/token/{id}/status", tag = "token", request_body = StatusBody,
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = TokenBody), (status = "default", body = Problem)))]
pub(super) async fn status(
    here: Here,
    Id(token): Id<TokenId>,
    IfMatch(if_match): IfMatch,
    body: Body<StatusBody>,
) -> Answer<Response> {
    let status = typed("status", &body.value.status)?;
    let held = Held::without_key(&here);
    on_token(&here, token, Command::SetStatus(SetStatus { token, status }), if_match, &held).await
}

/// Which tokens.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParams {
    /// Of this doctor.
    #[param(value_type = Option<uuid::Uuid>)]
    doctor_id: Option<String>,
    /// Of this patient.
    #[param(value_type = Option<uuid::Uuid>)]
    patient_id: Option<String>,
    /// On this date.
    #[serde(default, deserialize_with = "optional_date")]
    date: Option<Date>,
    /// In this status.
    status: Option<String>,
    after: Option<String>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// List tokens
///
/// In the order of booking. Estimates are in the doctor's queue, not here.
#[utoipa::path(get, path = "/api/token", tag = "token", params(ListParams),
    responses((status = 200, body = Page<TokenBody>), (status = "default", body = Problem)))]
pub(super) async fn list(here: Here, Params(params): Params<ListParams>) -> Answer<Json<Page<TokenBody>>> {
    let cursor = PageParams { after: params.after, limit: params.limit }.cursor()?;
    let query = TokenQuery {
        doctor: params.doctor_id.map(|id| typed::<DoctorId>("doctor_id", &id)).transpose()?,
        date: params.date,
        patient: params.patient_id.map(|id| typed::<PatientId>("patient_id", &id)).transpose()?,
        status: params.status.map(|status| typed("status", &status)).transpose()?,
        after: cursor.after()?,
        limit: cursor.limit,
    };
    let rows = here.desk.store().token_list(here.facility, &query).await?;
    let mut named = Vec::with_capacity(rows.len());
    for dated in rows {
        let doctor = here.desk.doctor(here.facility, dated.day.doctor).await?;
        named.push(TokenBody::new(dated.day, here.marks(&doctor), &dated.token, None));
    }
    let patients = named.iter().map(|token| PatientId::from_uuid(token.patient_id));
    here.saw("token_read", patients).await?;
    Ok(Json(cursor.page(named, |token| token.id.to_string())))
}

/// Read a token
///
/// With everything that happened to it, as reasons, oldest first.
#[utoipa::path(get, path = "/api/token/{id}", tag = "token", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = TokenBody), (status = "default", body = Problem)))]
pub(super) async fn read(here: Here, Id(id): Id<TokenId>) -> Answer<Json<TokenBody>> {
    let mut place = Place::find(&here, id).await?;
    let body = loop {
        here.desk.catch_up(place.day).await?;
        let body = as_it_is(&here, place.day, &place.doctor, id).await?;
        if !place.has_changed(&here, body.is_none()).await? {
            break body;
        }
    };
    let mut body = body.ok_or(DeskError::Unknown("token"))?;
    here.saw("token_read", [PatientId::from_uuid(body.patient_id)]).await?;
    let events = here.desk.store().token_events(here.facility, id).await?;
    let reasons = in_order(events).into_iter().flat_map(|told| told.event.reasons);
    body.reasons = reasons.map(|(code, text)| ReasonBody { code, text }).collect();
    Ok(Json(body))
}

/// Change what was agreed about a token
#[utoipa::path(patch, path = "/api/token/{id}", tag = "token", request_body = ChangeTokenBody,
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = TokenBody), (status = "default", body = Problem)))]
pub(super) async fn change(
    here: Here,
    Id(token): Id<TokenId>,
    IfMatch(if_match): IfMatch,
    body: Body<ChangeTokenBody>,
) -> Answer<Response> {
    let earlier_ok = body.value.earlier_ok;
    let held = Held::without_key(&here);
    on_token(&here, token, Command::AgreeEarlier { token, earlier_ok }, if_match, &held).await
}

/// The token with its estimate, as durable.
async fn as_it_is(here: &Here, day: DayKey, doctor: &Doctor, id: TokenId) -> Answer<Option<TokenBody>> {
    let settings = here.desk.facility_get(here.facility).await?.settings;
    let now = here.desk.now();
    let body = here.desk.look(day, |snapshot| {
        let token = snapshot.day.token(id)?;
        let slot = token.slot.and_then(|slot| snapshot.day.slot(slot));
        let estimator = Estimator::new(snapshot.day, &settings, doctor.facts(snapshot.past), now);
        let told = slot.and_then(|slot| estimator.of(snapshot.day, token, slot));
        Some(TokenBody::new(day, here.marks(doctor), token, told))
    });
    Ok(body.await?)
}

fn render(done: &Done, marks: Marks<'_>) -> Vec<u8> {
    serde_json::to_vec(&TokenBody::done(done, marks)).unwrap_or_default()
}

fn changed(done: &Done, marks: Marks<'_>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, [(header::ETAG, etag(done.version))], render(done, marks)).into_response()
}

fn created(done: &Done, marks: Marks<'_>) -> Response {
    let mut headers = HeaderMap::new();
    let location = done.token.as_ref().and_then(|token| format!("/api/token/{}", token.1.id).parse().ok());
    headers.extend(location.map(|location| (header::LOCATION, location)));
    (StatusCode::CREATED, headers, changed(done, marks)).into_response()
}

/// A second booking is answered with the token that there is.
async fn with_token_there_is(here: &Here, doctor: &Doctor, error: DeskError) -> Failure {
    let DeskError::Refused { refusal: Refusal::AlreadyBooked { token, .. }, .. } = error else {
        return error.into();
    };
    let there_is = async {
        let day = here.desk.store().token_day(here.facility, token).await.ok()??;
        let there_is = as_it_is(here, day, doctor, token).await.ok()??;
        here.saw("token_read", [PatientId::from_uuid(there_is.patient_id)]).await.ok()?;
        Some(there_is)
    };
    match (Failure::from(error), there_is.await) {
        (Failure::Problem(problem), Some(token)) => Failure::Problem(Box::new(problem.with("token", token))),
        (failure, _) => failure,
    }
}
