//! Live streams: a doctor's queue, the board in the corridor, one patient's own view.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use baari_engine::{DayKey, DoctorId, TokenId};
use bytes::Bytes;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::doctor::queue_now;
use crate::access::Here;
use crate::app::App;
use crate::body::{Id, Params};
use crate::failure::Answer;
use crate::live::{Look, Message, stream, views};
use crate::problem::{self, Problem};
use crate::wire::{BoardBody, OwnBody, QueueBody, optional_date, typed};

/// For so many days after its date the code of a token's page can be used.
const CODE_LASTS_DAYS: i64 = 1;
/// Doctors on one board.
const BOARD_MAX: usize = 12;
/// How often, and after what pause, a token is looked for that the database has and this server does not know yet: longer in
/// all than it takes to hear of what another server did.
const CATCH_UP_LOOKS: usize = 20;
const CATCH_UP_PAUSE: Duration = Duration::from_millis(50);

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
    stream(here, &headers, DoctorLook { doctor, date: params.date, told: None }).await
}

struct DoctorLook {
    doctor: DoctorId,
    date: Option<Date>,
    /// The date of the queue that the trail says was seen.
    told: Option<Date>,
}

impl Look for DoctorLook {
    async fn look(&mut self, here: &Here) -> Answer<Option<Message>> {
        let date = date(here, self.date).await?;
        let key = DayKey { facility: here.facility, doctor: self.doctor, date };
        let (version, stamp, data, _) = queue_now(here, key).await?;
        if self.told != Some(date) {
            here.saw_queue(key).await?;
            self.told = Some(date);
        }
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
    stream(here, &headers, BoardLook { doctors, date: params.date }).await
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
    let unknown = || Problem::new(problem::TOKEN_UNKNOWN, "there is no token with this code");
    let (facility, token) = app.access.token_of(&code).await?.ok_or_else(unknown)?;
    stream(Here::of_patient(&app, facility), &headers, TokenLook { token, at: None }).await
}

struct TokenLook {
    token: TokenId,
    at: Option<DayKey>,
}

impl Look for TokenLook {
    async fn look(&mut self, here: &Here) -> Answer<Option<Message>> {
        // Where it was; if it is not there any more, where the database has it. The database may know of a booking or a move
        // a moment before this server does.
        let before = self.at.take().into_iter().map(Some);
        for before in before.chain(std::iter::repeat_n(None, CATCH_UP_LOOKS)) {
            let found = match before {
                Some(at) => Some(at),
                None => here.desk.store().token_day(here.facility, self.token).await?,
            };
            let Some(key) = found else { return Ok(None) };
            if is_over(here, key).await? {
                return Ok(None);
            }
            let ((version, stamp), views) = views(here, key).await?;
            if let Some(own) = views.tokens.get(&self.token) {
                self.at = found;
                let id = format!("{}.{}.{version}.{stamp}", key.doctor, key.date);
                return Ok(Some(Message { id, days: vec![key], data: own.clone() }));
            }
            if before.is_none() {
                tokio::time::sleep(CATCH_UP_PAUSE).await;
            }
        }
        Err(Problem::new(problem::BUSY, "this token has just changed: try again in a moment").into())
    }
}

/// A code is of use until the day after the visit is over.
async fn is_over(here: &Here, key: DayKey) -> Answer<bool> {
    let last = key.date.saturating_add(CODE_LASTS_DAYS.days());
    Ok(here.desk.today(here.facility).await? > last)
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
