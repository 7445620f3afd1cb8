//! Patients: found by phone or name, added, changed.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use baari_engine::PatientId;
use baari_store::{Patient, PatientQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::body::{Body, Id, Params};
use crate::failure::{Answer, Failure};
use crate::idempotency::IdempotencyKey;
use crate::problem::Problem;
use crate::wire::{ChangePatientBody, NewPatientBody, Page, PageParams, PatientBody, words};

/// Add a patient
#[utoipa::path(post, path = "/api/patient", tag = "patient", request_body = NewPatientBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = PatientBody), (status = "default", body = Problem)))]
pub(super) async fn create(
    State(app): State<App>,
    key: IdempotencyKey,
    body: Body<NewPatientBody>,
) -> Answer<(StatusCode, Json<PatientBody>)> {
    let held = key.hold(&app.desk, app.facility, body.fingerprint).await?;
    let new = body.value.parse()?;
    if let Some(doctor) = new.previous_doctor {
        app.desk.doctor(app.facility, doctor).await?;
    }
    let keep = |patient: &Patient| held.receipt(&PatientBody::from(patient.clone()), app.desk.now());
    let patient = app.desk.patient_add(app.facility, new, keep).await?;
    Ok((StatusCode::CREATED, Json(patient.into())))
}

/// Which patients.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchParams {
    /// Digits of the phone number, or the beginning of any word of the name.
    q: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

/// Find patients
#[utoipa::path(get, path = "/api/patient", tag = "patient", params(SearchParams),
    responses((status = 200, body = Page<PatientBody>), (status = "default", body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Params(params): Params<SearchParams>,
) -> Answer<Json<Page<PatientBody>>> {
    let cursor = PageParams { after: params.after, limit: params.limit }.cursor()?;
    let text = params.q.map(|text| words("q", &text, 0, 120)).transpose()?.filter(|text| !text.is_empty());
    let query = PatientQuery { text, after: cursor.after()?, limit: cursor.limit };
    let rows = app.desk.store().patient_list(app.facility, &query).await?;
    Ok(Json(cursor.page(rows, |patient| patient.id.to_string())))
}

/// Read a patient
#[utoipa::path(get, path = "/api/patient/{id}", tag = "patient", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = PatientBody), (status = "default", body = Problem)))]
pub(super) async fn read(State(app): State<App>, Id(id): Id<PatientId>) -> Answer<Json<PatientBody>> {
    let patient = app.desk.patient(app.facility, id).await?;
    Ok(Json((*patient).clone().into()))
}

/// Change a patient
#[utoipa::path(patch, path = "/api/patient/{id}", tag = "patient", request_body = ChangePatientBody,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = PatientBody), (status = "default", body = Problem)))]
pub(super) async fn change(
    State(app): State<App>,
    Id(id): Id<PatientId>,
    body: Body<ChangePatientBody>,
) -> Answer<Json<PatientBody>> {
    let change = |patient: &mut Patient| body.value.apply(patient).map_err(Failure::from);
    let patient = app.desk.patient_change(app.facility, id, change).await?;
    Ok(Json(patient.into()))
}
