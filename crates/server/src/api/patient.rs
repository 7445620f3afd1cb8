//! Patients: found by phone or name, added, changed.

use axum::Json;
use axum::http::StatusCode;
use baari_engine::{PatientId, PatientStatus, limits};
use baari_store::{Along, DatedToken, Patient, PatientQuery, TokenQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::audit::of_patient;
use crate::access::Here;
use crate::body::{Body, Id, Params};
use crate::failure::{Answer, Failure};
use crate::idempotency::IdempotencyKey;
use crate::phone::people_of;
use crate::problem::{self, Problem};
use crate::wire::{
    ChangePatientBody, EraseBody, NewPatientBody, Page, PageParams, PatientBody, TokenBody, TrailBody, words,
};

/// Tokens read at a time.
const PAGE: u32 = 500;

/// Add a patient
#[utoipa::path(post, path = "/api/patient", tag = "patient", request_body = NewPatientBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = PatientBody), (status = "default", body = Problem)))]
pub(super) async fn create(
    here: Here,
    key: IdempotencyKey,
    body: Body<NewPatientBody>,
) -> Answer<(StatusCode, Json<PatientBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let only_if_new = body.value.only_if_new;
    let new = body.value.parse(here.desk.today(here.facility).await?)?;
    if let Some(doctor) = new.previous_doctor {
        here.desk.doctor(here.facility, doctor).await?;
    }
    if only_if_new && !people_of(&here, &new.phone).await?.is_empty() {
        let detail = "somebody on record has this phone number: look whether it is the same person";
        return Err(Problem::new(problem::PHONE_KNOWN, detail).field("phone").into());
    }
    let along = |patient: &Patient| {
        let entry = here.entry("patient_added", Some(patient.id), "", "");
        held.along(&PatientBody::from(patient.clone()), entry)
    };
    let patient = here.desk.patient_add(here.facility, new, along).await?;
    Ok((StatusCode::CREATED, Json(patient.into())))
}

/// Which patients.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchParams {
    /// Digits of the phone number, with or without a country's code, or the beginning of any word of the name.
    q: Option<String>,
    after: Option<String>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// Find patients
#[utoipa::path(get, path = "/api/patient", tag = "patient", params(SearchParams),
    responses((status = 200, body = Page<PatientBody>), (status = "default", body = Problem)))]
pub(super) async fn list(
    here: Here,
    Params(params): Params<SearchParams>,
) -> Answer<Json<Page<PatientBody>>> {
    let cursor = PageParams { after: params.after, limit: params.limit }.cursor()?;
    let text = params.q.map(|text| words("q", &text, 0, 120)).transpose()?.filter(|text| !text.is_empty());
    let query = PatientQuery { text, after: cursor.after()?, limit: cursor.limit };
    let rows = here.desk.store().patient_list(here.facility, &query).await?;
    here.saw("patient_found", rows.iter().map(|patient| patient.id)).await?;
    Ok(Json(cursor.page(rows, |patient| patient.id.to_string())))
}

/// Read a patient
#[utoipa::path(get, path = "/api/patient/{id}", tag = "patient", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = PatientBody), (status = "default", body = Problem)))]
pub(super) async fn read(here: Here, Id(id): Id<PatientId>) -> Answer<Json<PatientBody>> {
    let patient = here.desk.patient(here.facility, id).await?;
    here.saw("patient_read", [id]).await?;
    Ok(Json((*patient).clone().into()))
}

/// Change a patient
#[utoipa::path(patch, path = "/api/patient/{id}", tag = "patient", request_body = ChangePatientBody,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = PatientBody), (status = "default", body = Problem)))]
pub(super) async fn change(
    here: Here,
    Id(id): Id<PatientId>,
    body: Body<ChangePatientBody>,
) -> Answer<Json<PatientBody>> {
    let entry = here.entry("patient_changed", Some(id), "", body.fields);
    let today = here.desk.today(here.facility).await?;
    let change = |patient: &mut Patient| {
        not_erased(patient)?;
        body.value.apply(patient, today)?;
        Ok::<_, Failure>(Along { audit: vec![entry], ..Along::default() })
    };
    let patient = here.desk.patient_change(here.facility, id, change).await?;
    Ok(Json(patient.into()))
}

/// All that is kept of a patient.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PatientExportBody {
    pub(crate) patient: PatientBody,
    /// Every token, oldest first.
    pub(crate) tokens: Vec<TokenBody>,
    /// Who did, saw and took away what, newest first.
    pub(crate) trail: Vec<TrailBody>,
}

/// Take away all that is kept of a patient
///
/// For a patient who asks for it. That it was taken away is in the audit trail.
#[utoipa::path(get, path = "/api/patient/{id}/export", tag = "patient", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = PatientExportBody), (status = "default", body = Problem)))]
pub(super) async fn export(here: Here, Id(id): Id<PatientId>) -> Answer<Json<PatientExportBody>> {
    let patient = here.desk.patient(here.facility, id).await?;
    let entry = here.entry("patient_exported", Some(id), "", "");
    here.desk.store().audit_append(here.facility, &[entry]).await?;
    let mut tokens = Vec::new();
    for dated in all_tokens(&here, id).await? {
        let doctor = here.desk.doctor(here.facility, dated.day.doctor).await?;
        tokens.push(TokenBody::new(dated.day, here.marks(&doctor), &dated.token, None));
    }
    let trail = of_patient(&here, id).await?;
    Ok(Json(PatientExportBody { patient: (*patient).clone().into(), tokens, trail }))
}

/// Erase a patient
///
/// Name, phone, numbers, sex and year of birth are gone for good; the identifier stays, so that counts, queues of the past and the audit trail stay
/// true. Answers kept for repeated requests are encrypted, and forgotten within a week.
#[utoipa::path(post, path = "/api/patient/{id}/erase", tag = "patient", request_body = EraseBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = PatientBody), (status = "default", body = Problem)))]
pub(super) async fn erase(
    here: Here,
    Id(id): Id<PatientId>,
    key: IdempotencyKey,
    body: Body<EraseBody>,
) -> Answer<(StatusCode, Json<PatientBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let why = words("reason", &body.value.reason, 1, limits::WHY_CHARACTERS)?;
    let (today, now) = (here.desk.today(here.facility).await?, here.desk.now());
    let tokens = all_tokens(&here, id).await?;
    if tokens.iter().any(|dated| dated.day.date >= today && dated.token.status.is_live()) {
        let detail = "this patient has a token today or later: cancel or finish it first";
        return Err(Problem::new(problem::PATIENT_HAS_TOKEN, detail).into());
    }
    let entry = here.entry("patient_erased", Some(id), "", why);
    let change = |patient: &mut Patient| {
        not_erased(patient)?;
        *patient = Patient {
            id,
            name: String::new(),
            phone: String::new(),
            status: PatientStatus::Inactive,
            previous_doctor: None,
            mrn: None,
            abha: None,
            sex: None,
            birth_year: None,
            created_at: patient.created_at,
            erased_at: Some(now),
        };
        Ok::<_, Failure>(held.along(&PatientBody::from(patient.clone()), entry))
    };
    let patient = here.desk.patient_change(here.facility, id, change).await?;
    Ok((StatusCode::CREATED, Json(patient.into())))
}

fn not_erased(patient: &Patient) -> Answer<()> {
    if patient.erased_at.is_some() {
        let detail = "this patient was erased: there is nothing to change; if they come again, add them anew";
        return Err(Problem::new(problem::PATIENT_ERASED, detail).into());
    }
    Ok(())
}

/// Every token of a patient, in the order of booking.
pub(crate) async fn all_tokens(here: &Here, patient: PatientId) -> Answer<Vec<DatedToken>> {
    let mut all: Vec<DatedToken> = Vec::new();
    loop {
        let after = all.last().map(|dated| dated.token.id);
        let query = TokenQuery { patient: Some(patient), after, limit: PAGE, ..TokenQuery::default() };
        let page = here.desk.store().token_list(here.facility, &query).await?;
        let last = page.len() < PAGE as usize;
        all.extend(page);
        if last {
            return Ok(all);
        }
    }
}
