//! Live streams: a doctor's queue, the board in the corridor, one patient's own view.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use baari_engine::{DayKey, DoctorId};
use bytes::Bytes;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::doctor::queue_now;
use super::own::{Follow, Seen};
use crate::access::{Here, Told};
use crate::app::App;
use crate::body::{Id, Params};
use crate::failure::Answer;
use crate::live::{Look, Message, stream, views};
use crate::problem::{self, Problem};
use crate::wire::{BoardBody, OwnBody, QueueBody, optional_date, typed};

/// Doctors on one board.
pub(crate) const BOARD_MAX: usize = 12;

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LiveParams {
    /// Whichever day it is, if not given: a stream goes over to the next day at midnight.
    #[serde(default, deserialize_with = "optional_date")]
    date: Option<Date>,
}

/// Follow a doctor's queue
///
/// Server-sent events: each carries the whole queue, as `GET /api/doctor/{id}` answers it; the first one comes at once. Give
/// the last `id` back as `Last-Event-ID`: if nothing has changed, nothing is sent again.
#[utoipa::path(get, path = "/api/live/doctor/{id}", tag = "live",
    params(("id" = uuid::Uuid, Path), LiveParams, ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, body = QueueBody, content_type = "text/event-stream"), (status = "default", body = Problem)))]
pub(super) async fn doctor(
    here: Here,
    Id(doctor): Id<DoctorId>,
    Params(params): Params<LiveParams>,
    headers: HeaderMap,
) -> Answer<Response> {
    stream(here, &headers, DoctorLook { doctor, date: params.date, told: Told::default() }).await
}

struct DoctorLook {
    doctor: DoctorId,
    date: Option<Date>,
    told: Told,
}

impl Look for DoctorLook {
    async fn look(&mut self, here: &Here) -> Answer<Option<Message>> {
        let date = date(here, self.date).await?;
        let key = DayKey { facility: here.facility, doctor: self.doctor, date };
        let (version, stamp, data, _) = queue_now(here, key).await?;
        self.told.shows(here, key).await?;
        Ok(Some(Message { id: format!("{date}.{version}.{stamp}"), days: vec![key], data }))
    }
}

/// The doctors of a board.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BoardsBody {
    /// In the order that was asked for.
    pub(crate) doctors: Vec<BoardBody>,
}

/// Follow a board
///
/// One doctor, or up to 12 with commas between them: who is served, the next three, the delay. Labels only, never a name.
#[utoipa::path(get, path = "/api/live/board/{id}", tag = "live",
    params(("id" = String, Path), LiveParams, ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, body = BoardsBody, content_type = "text/event-stream"), (status = "default", body = Problem)))]
pub(super) async fn board(
    here: Here,
    Path(ids): Path<String>,
    Params(params): Params<LiveParams>,
    headers: HeaderMap,
) -> Answer<Response> {
    let doctors = board_doctors(&here, &ids).await?;
    stream(here, &headers, BoardLook { doctors, date: params.date }).await
}

/// The doctors that the address of a board names.
pub(crate) async fn board_doctors(here: &Here, ids: &str) -> Answer<Vec<DoctorId>> {
    let mut doctors = Vec::new();
    for id in ids.split(',') {
        let id = typed::<DoctorId>("id", id.trim())?;
        here.desk.doctor(here.facility, id).await?;
        doctors.push(id);
    }
    if doctors.len() > BOARD_MAX {
        let detail = format!("a board shows up to {BOARD_MAX} doctors");
        return Err(Problem::new(problem::FIELD_WRONG, detail).field("id").into());
    }
    Ok(doctors)
}

struct BoardLook {
    doctors: Vec<DoctorId>,
    date: Option<Date>,
}

impl Look for BoardLook {
    async fn look(&mut self, here: &Here) -> Answer<Option<Message>> {
        let date = date(here, self.date).await?;
        let (mut id, mut days, mut doctors) = (date.to_string(), Vec::new(), Vec::new());
        for &doctor in &self.doctors {
            let key = DayKey { facility: here.facility, doctor, date };
            let ((version, stamp), views) = views(here, key).await?;
            id.push_str(&format!(".{version}.{stamp}"));
            days.push(key);
            doctors.push(views.board.clone());
        }
        Ok(Some(Message { id, days, data: json(&BoardsBody { doctors }) }))
    }
}

/// Follow one's own token
///
/// By the code of the patient's page: place in the queue, the time with its band, the delay. It follows the token to other
/// doctors and dates.
#[utoipa::path(get, path = "/api/live/token/{code}", tag = "live",
    params(("code" = String, Path), ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, body = OwnBody, content_type = "text/event-stream"), (status = "default", body = Problem)))]
pub(super) async fn token(
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let (here, follow) = Follow::code(&app, &code).await?;
    stream(here, &headers, TokenLook(follow)).await
}

struct TokenLook(Follow);

impl Look for TokenLook {
    async fn look(&mut self, here: &Here) -> Answer<Option<Message>> {
        let Seen::Is(now) = self.0.look(here).await? else { return Ok(None) };
        let data = now.own.json.clone();
        Ok(Some(Message { id: now.stamp(), days: vec![now.day], data }))
    }
}

async fn date(here: &Here, asked: Option<Date>) -> Answer<Date> {
    match asked {
        Some(date) => Ok(date),
        None => Ok(here.desk.today(here.facility).await?),
    }
}

fn json(body: &impl Serialize) -> Bytes {
    serde_json::to_vec(body).unwrap_or_default().into()
}
