//! Doctors, and each doctor's queue.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use baari_engine::{DayKey, DoctorId};
use baari_store::Doctor;
use bytes::Bytes;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::body::{Body, Id, Params};
use crate::conditional::versioned;
use crate::failure::{Answer, Failure};
use crate::idempotency::IdempotencyKey;
use crate::live::stamp;
use crate::problem::Problem;
use crate::wire::{ChangeDoctorBody, DoctorBody, NewDoctorBody, Page, PageParams, QueueBody, optional_date};

/// Add a doctor
#[utoipa::path(post, path = "/api/doctor", tag = "doctor", request_body = NewDoctorBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = DoctorBody), (status = "default", body = Problem)))]
pub(super) async fn create(
    State(app): State<App>,
    key: IdempotencyKey,
    body: Body<NewDoctorBody>,
) -> Answer<(StatusCode, Json<DoctorBody>)> {
    let held = key.hold(&app.desk, app.facility, body.fingerprint).await?;
    let keep = |doctor: &Doctor| held.receipt(&DoctorBody::from(doctor.clone()), app.desk.now());
    let doctor = app.desk.doctor_add(app.facility, body.value.parse()?, keep).await?;
    Ok((StatusCode::CREATED, Json(doctor.into())))
}

/// List doctors
#[utoipa::path(get, path = "/api/doctor", tag = "doctor", params(PageParams),
    responses((status = 200, body = Page<DoctorBody>), (status = "default", body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Params(params): Params<PageParams>,
) -> Answer<Json<Page<DoctorBody>>> {
    let cursor = params.cursor()?;
    let rows = app.desk.store().doctor_list(app.facility, cursor.after()?, cursor.limit).await?;
    Ok(Json(cursor.page(rows, |doctor| doctor.id.to_string())))
}

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueParams {
    /// Today if not given.
    #[serde(default, deserialize_with = "optional_date")]
    date: Option<Date>,
}

/// Read a doctor's queue
///
/// In the order in which the patients will be called. The `ETag` is the queue's version.
#[utoipa::path(get, path = "/api/doctor/{id}", tag = "doctor",
    params(("id" = uuid::Uuid, Path), QueueParams, ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, body = QueueBody), (status = 304), (status = "default", body = Problem)))]
pub(super) async fn queue(
    State(app): State<App>,
    Id(id): Id<DoctorId>,
    Params(params): Params<QueueParams>,
    headers: HeaderMap,
) -> Answer<Response> {
    let date = match params.date {
        Some(date) => date,
        None => app.desk.today(app.facility).await?,
    };
    let (version, _, body, steady) =
        queue_now(&app, DayKey { facility: app.facility, doctor: id, date }).await?;
    Ok(versioned(&headers, version, body, steady))
}

/// The queue as it is answered now: its version, what else it rests on, and whether every answer of this version was this one.
pub(super) async fn queue_now(app: &App, key: DayKey) -> Answer<(u64, i64, Bytes, bool)> {
    // The facility first: its version stands for its doctors' records too, so what is read later is never older.
    let facility = app.desk.facility_get(app.facility).await?;
    let doctor = app.desk.doctor(app.facility, key.doctor).await?;
    let now = app.desk.now();
    let stamp = stamp(now, facility.version);
    let render = |snapshot: baari_desk::Snapshot<'_>| {
        serde_json::to_vec(&QueueBody::new(&snapshot, &doctor, &facility.settings, now)).unwrap_or_default()
    };
    let (version, body, steady) = app.desk.rendered(key, stamp, render).await?;
    Ok((version, stamp, body, steady))
}

/// Change a doctor
#[utoipa::path(patch, path = "/api/doctor/{id}", tag = "doctor", request_body = ChangeDoctorBody,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = DoctorBody), (status = "default", body = Problem)))]
pub(super) async fn change(
    State(app): State<App>,
    Id(id): Id<DoctorId>,
    body: Body<ChangeDoctorBody>,
) -> Answer<Json<DoctorBody>> {
    let change = |doctor: &mut Doctor| body.value.apply(doctor).map_err(Failure::from);
    let doctor = app.desk.doctor_change(app.facility, id, change).await?;
    Ok(Json(doctor.into()))
}
