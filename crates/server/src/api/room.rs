//! The doctor's room: next, undo, late, leave.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use baari_desk::{DeskError, Done, Order};
use baari_engine::{Command, DayKey, Delay, DoctorId, Leave, Next, limits};
use baari_store::Doctor;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::access::Here;
use crate::body::{Body, Id, MaybeBody};
use crate::conditional::{IfMatch, etag};
use crate::failure::Answer;
use crate::idempotency::{Held, IdempotencyKey};
use crate::problem::{self, Problem};
use crate::wire::{
    CalledBody, DayBody, DelayBody, DelayedBody, Doctors, LeaveBody, Marks, NextBody, PlanBody, UndoneBody,
    parse_hour, words,
};

/// The longest delay that can be said, in minutes.
const DELAY_MAX: u16 = 720;

/// Call the next patient
///
/// The first who is here, by the facility's policy. While somebody is called and has not come in yet the answer is that
/// token again: two who press at once call one patient once.
#[utoipa::path(post, path = "/api/doctor/{id}/next", tag = "room", request_body = NextBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = CalledBody), (status = "default", body = Problem)))]
pub(super) async fn next(
    here: Here,
    Id(id): Id<DoctorId>,
    key: IdempotencyKey,
    IfMatch(if_match): IfMatch,
    body: MaybeBody<NextBody>,
) -> Answer<Response> {
    let held = key.hold(&here, body.fingerprint).await?;
    let NextBody { finish, token_id, reason, date } = body.value;
    let why = reason.map(|why| words("reason", &why, 0, limits::WHY_CHARACTERS)).transpose()?;
    let command = Command::Next(Next { finish, token: token_id, why });
    let (day, doctor) = find(&here, id, date).await?;
    let codes = Arc::clone(&here.codes);
    let render = move |done: &Done| CalledBody::new(done, Marks::new(&doctor, &codes));
    on_day(&here, day, command, if_match, &held, render).await
}

/// Take the last step back
///
/// The last call, start, finish, pass or no-show in this doctor's room. What was one step is taken back as one.
#[utoipa::path(post, path = "/api/doctor/{id}/undo", tag = "room", request_body = DayBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = UndoneBody), (status = "default", body = Problem)))]
pub(super) async fn undo(
    here: Here,
    Id(id): Id<DoctorId>,
    key: IdempotencyKey,
    IfMatch(if_match): IfMatch,
    body: MaybeBody<DayBody>,
) -> Answer<Response> {
    let held = key.hold(&here, body.fingerprint).await?;
    let (day, doctor) = find(&here, id, body.value.date).await?;
    let codes = Arc::clone(&here.codes);
    let render = move |done: &Done| UndoneBody::new(done, Marks::new(&doctor, &codes));
    on_day(&here, day, Command::Undo, if_match, &held, render).await
}

/// Say that the doctor is late
///
/// Nothing is lost: the times of all who wait move at once.
#[utoipa::path(post, path = "/api/doctor/{id}/delay", tag = "room", request_body = DelayBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = DelayedBody), (status = "default", body = Problem)))]
pub(super) async fn delay(
    here: Here,
    Id(id): Id<DoctorId>,
    key: IdempotencyKey,
    IfMatch(if_match): IfMatch,
    body: Body<DelayBody>,
) -> Answer<Response> {
    let held = key.hold(&here, body.fingerprint).await?;
    let DelayBody { minutes, keeps_later, reason, date } = body.value;
    if minutes > DELAY_MAX {
        let detail = format!("a delay is 0 to {DELAY_MAX} minutes: for longer, let the doctor leave");
        return Err(Problem::new(problem::FIELD_WRONG, detail).field("minutes").into());
    }
    let why = reason.map(|why| words("reason", &why, 0, limits::WHY_CHARACTERS)).transpose()?;
    let (day, _) = find(&here, id, date).await?;
    let command = Command::Delay(Delay { minutes, keeps_later, why });
    on_day(&here, day, command, if_match, &held, |done| DelayedBody::from(done)).await
}

/// Let the doctor leave
///
/// Cancels the slots of that time and moves everybody who waits in them: to later slots of the same doctor that day, then to
/// doctors of the same speciality; who is left is on the waiting list for the desk to call. With `preview` it only says so.
#[utoipa::path(post, path = "/api/doctor/{id}/leave", tag = "room", request_body = LeaveBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = PlanBody), (status = "default", body = Problem)))]
pub(super) async fn leave(
    here: Here,
    Id(id): Id<DoctorId>,
    key: IdempotencyKey,
    IfMatch(if_match): IfMatch,
    body: Body<LeaveBody>,
) -> Answer<Response> {
    let held = key.hold(&here, body.fingerprint).await?;
    let body = body.value;
    let why = words("reason", &body.reason, 1, limits::WHY_CHARACTERS)?;
    let (day, _) = find(&here, id, body.date).await?;
    let (from, to) =
        (instant(&here, day, "from", body.from).await?, instant(&here, day, "to", body.to).await?);
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        let detail = "a leave ends later than it begins, on the same date";
        return Err(Problem::new(problem::FIELD_WRONG, detail).field("to").into());
    }
    let command = Command::Leave(Leave { from, to, why });
    reallocate(&here, day, command, if_match, &held, body.preview).await
}

/// What it would do to whom if the doctor were away that day.
pub(crate) async fn leave_planned(here: &Here, day: DayKey, why: String) -> Answer<PlanBody> {
    let keys = here.desk.with_colleagues(day).await?;
    let doctors = doctors_of(here, &keys).await?;
    let command = Command::Leave(Leave { from: None, to: None, why });
    let order = Order { command, actor: here.actor(), if_match: None, keyed: None };
    let done = here.desk.execute_or_preview(&keys, &order, true).await?;
    Ok(PlanBody::new(&done, &doctors, &here.codes, true))
}

/// Executes a command that takes seats away, or says what it would do.
async fn reallocate(
    here: &Here,
    day: DayKey,
    command: Command,
    if_match: Option<u64>,
    held: &Held,
    preview: bool,
) -> Answer<Response> {
    let keys = here.desk.with_colleagues(day).await?;
    let doctors = doctors_of(here, &keys).await?;
    let codes = Arc::clone(&here.codes);
    let render = move |done: &Done| bytes(&PlanBody::new(done, &doctors, &codes, preview));
    let render = Arc::new(render);
    let keyed = held.keyed({
        let render = Arc::clone(&render);
        move |done| (200, render(done))
    });
    let order = Order { command, actor: here.actor(), if_match, keyed };
    let done = here.desk.execute_or_preview(&keys, &order, preview).await?;
    Ok(answer(&done, render(&done)))
}

/// The doctors of these doctor-days.
pub(super) async fn doctors_of(here: &Here, keys: &[DayKey]) -> Answer<Doctors> {
    let mut doctors: Doctors = HashMap::new();
    for key in keys {
        doctors.insert(key.doctor, here.desk.doctor(here.facility, key.doctor).await?);
    }
    Ok(doctors)
}

/// Executes a command on one doctor-day; `render` makes the answer.
pub(super) async fn on_day<B: Serialize>(
    here: &Here,
    day: DayKey,
    command: Command,
    if_match: Option<u64>,
    held: &Held,
    render: impl Fn(&Done) -> B + Clone + Send + Sync + 'static,
) -> Answer<Response> {
    let keyed = held.keyed({
        let render = render.clone();
        move |done| (200, bytes(&render(done)))
    });
    let order = Order { command, actor: here.actor(), if_match, keyed };
    let done = here.desk.execute(day, &order).await?;
    Ok(answer(&done, bytes(&render(&done))))
}

pub(super) fn answer(done: &Done, body: Vec<u8>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, [(header::ETAG, etag(done.version))], body).into_response()
}

fn bytes(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).unwrap_or_default()
}

async fn find(here: &Here, id: DoctorId, date: Option<Date>) -> Answer<(DayKey, Arc<Doctor>)> {
    let doctor = here.desk.doctor(here.facility, id).await?;
    let date = match date {
        Some(date) => date,
        None => here.desk.today(here.facility).await?,
    };
    Ok((DayKey { facility: here.facility, doctor: id, date }, doctor))
}

async fn instant(here: &Here, day: DayKey, field: &str, text: Option<String>) -> Answer<Option<Timestamp>> {
    let Some(text) = text else { return Ok(None) };
    let time = parse_hour(field, &text)?;
    let zone = here.desk.facility_get(here.facility).await?.zone;
    let at = zone.to_timestamp(day.date.to_datetime(time));
    Ok(Some(at.map_err(|_| DeskError::Unknown("hour on that date"))?))
}
