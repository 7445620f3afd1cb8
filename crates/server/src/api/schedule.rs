//! Doctors' schedules: weekly hours, leave, and dates with other hours.

use axum::Json;
use axum::http::StatusCode;
use baari_desk::DeskError;
use baari_engine::{DoctorId, ScheduleId};
use baari_store::{Along, ScheduleLine};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Here;
use crate::body::{Body, Id, Params};
use crate::failure::Answer;
use crate::idempotency::IdempotencyKey;
use crate::problem::Problem;
use crate::wire::{NewScheduleBody, Page, ScheduleBody, typed};

/// Add a line to a doctor's schedule
///
/// Weekly hours, leave, or dates with other hours. Slots are made from it by `/api/slot/generate`.
#[utoipa::path(post, path = "/api/schedule", tag = "slot", request_body = NewScheduleBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ScheduleBody), (status = "default", body = Problem)))]
pub(super) async fn create(
    here: Here,
    key: IdempotencyKey,
    body: Body<NewScheduleBody>,
) -> Answer<(StatusCode, Json<ScheduleBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let (doctor, rule, note) = body.value.parse()?;
    let along = |line: &ScheduleLine| {
        let subject = format!("schedule {} doctor {}", line.id, line.doctor);
        held.along(&ScheduleBody::from(line.clone()), here.entry("schedule_added", None, subject, ""))
    };
    let line = here.desk.schedule_add(here.facility, doctor, rule, note, along).await?;
    Ok((StatusCode::CREATED, Json(line.into())))
}

/// Whose schedule.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParams {
    /// Of this doctor.
    #[param(value_type = uuid::Uuid)]
    doctor_id: String,
}

/// List a doctor's schedule
#[utoipa::path(get, path = "/api/schedule", tag = "slot", params(ListParams),
    responses((status = 200, body = Page<ScheduleBody>), (status = "default", body = Problem)))]
pub(super) async fn list(here: Here, Params(params): Params<ListParams>) -> Answer<Json<Page<ScheduleBody>>> {
    let doctor: DoctorId = typed("doctor_id", &params.doctor_id)?;
    here.desk.doctor(here.facility, doctor).await?;
    let lines = here.desk.store().schedule_list(here.facility, doctor).await?;
    Ok(Json(Page { items: lines.into_iter().map(ScheduleBody::from).collect(), next: None }))
}

/// Remove a line from a schedule
///
/// Slots that were made from it stay.
#[utoipa::path(delete, path = "/api/schedule/{id}", tag = "slot", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn remove(here: Here, Id(id): Id<ScheduleId>) -> Answer<StatusCode> {
    let entry = here.entry("schedule_removed", None, format!("schedule {id}"), "");
    let along = Along { audit: vec![entry], ..Along::default() };
    if here.desk.store().schedule_remove(here.facility, id, &along).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(DeskError::Unknown("schedule line").into())
    }
}
