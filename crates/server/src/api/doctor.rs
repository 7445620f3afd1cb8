//! Doctors, and each doctor's queue.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use baari_engine::{DayKey, DoctorId};
use baari_store::{Along, Doctor};
use bytes::Bytes;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use super::difference::difference;
use crate::access::Here;
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
    here: Here,
    key: IdempotencyKey,
    body: Body<NewDoctorBody>,
) -> Answer<(StatusCode, Json<DoctorBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let along = |doctor: &Doctor| {
        let entry = here.entry("doctor_added", None, format!("doctor {}", doctor.id), "");
        held.along(&DoctorBody::from(doctor.clone()), entry)
    };
    let doctor = here.desk.doctor_add(here.facility, body.value.parse()?, along).await?;
    Ok((StatusCode::CREATED, Json(doctor.into())))
}

/// List doctors
#[utoipa::path(get, path = "/api/doctor", tag = "doctor", params(PageParams),
    responses((status = 200, body = Page<DoctorBody>), (status = "default", body = Problem)))]
pub(super) async fn list(here: Here, Params(params): Params<PageParams>) -> Answer<Json<Page<DoctorBody>>> {
    let cursor = params.cursor()?;
    let rows = here.desk.store().doctor_list(here.facility, cursor.after()?, cursor.limit).await?;
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
    here: Here,
    Id(id): Id<DoctorId>,
    Params(params): Params<QueueParams>,
    headers: HeaderMap,
) -> Answer<Response> {
    let date = match params.date {
        Some(date) => date,
        None => here.desk.today(here.facility).await?,
    };
    let key = DayKey { facility: here.facility, doctor: id, date };
    let (version, _, body, steady) = queue_now(&here, key).await?;
    here.saw_queue(key).await?;
    Ok(versioned(&headers, version, body, steady))
}

/// The queue as it is answered now: its version, what else it rests on, and whether every answer of this version was this one.
pub(super) async fn queue_now(here: &Here, key: DayKey) -> Answer<(u64, i64, Bytes, bool)> {
    // The facility first: its version stands for its doctors' records too, so what is read later is never older.
    let facility = here.desk.facility_get(here.facility).await?;
    let doctor = here.desk.doctor(here.facility, key.doctor).await?;
    let now = here.desk.now();
    let stamp = stamp(now, facility.version);
    let render = |snapshot: baari_desk::Snapshot<'_>| {
        serde_json::to_vec(&QueueBody::new(&snapshot, &doctor, &here.codes, &facility.settings, now))
            .unwrap_or_default()
    };
    let (version, body, steady) = here.desk.rendered(key, stamp, render).await?;
    Ok((version, stamp, body, steady))
}

/// Change a doctor
#[utoipa::path(patch, path = "/api/doctor/{id}", tag = "doctor", request_body = ChangeDoctorBody,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = DoctorBody), (status = "default", body = Problem)))]
pub(super) async fn change(
    here: Here,
    Id(id): Id<DoctorId>,
    body: Body<ChangeDoctorBody>,
) -> Answer<Json<DoctorBody>> {
    let change = |doctor: &mut Doctor| {
        let before = DoctorBody::from(doctor.clone());
        body.value.apply(doctor)?;
        let changed = difference(&before, &DoctorBody::from(doctor.clone()), &["name", "speciality", "room"]);
        let subject = format!("doctor {id}");
        let entry = (!changed.is_empty()).then(|| here.entry("doctor_changed", None, subject, changed));
        Ok::<_, Failure>(Along { audit: entry.into_iter().collect(), ..Along::default() })
    };
    let doctor = here.desk.doctor_change(here.facility, id, change).await?;
    Ok(Json(doctor.into()))
}
