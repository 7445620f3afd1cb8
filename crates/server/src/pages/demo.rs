//! A demonstration's own pages: who one can be, what one can look at, and how fast the clock runs. A server that is none does
//! not have them.

mod bar;

use askama::Template;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json};
use baari_access::Action;
use baari_engine::{DayKey, Status, TokenId};
use baari_store::{Doctor, Facility, Role};
use serde::{Deserialize, Serialize};

use super::Pages;
use super::shell::{Other, Reader};
use super::sign_in::ours;
use super::texts::Texts;
use crate::access::{Door, Visitor};
use crate::app::App;
use crate::failure::{Answer, Failure};
use crate::problem::{self, Problem};

pub(super) use bar::with_bar;

/// How fast the clock can run.
const SPEEDS: [u32; 3] = [1, 10, 60];
/// People and doctors that are shown.
const SHOWN_MAX: u32 = 100;

/// With the demonstration's pages.
pub(super) fn described(pages: Pages) -> Pages {
    pages
        .to(Action::SessionOpen, "/demo", get(page))
        .to(Action::SessionOpen, "/demo/be", post(be))
        .to(Action::SessionOpen, "/demo/phone", get(phone))
        .to(Action::SessionOpen, "/demo/clock", get(clock))
        .to(Action::SessionOpen, "/demo/speed", post(speed))
}

/// Somebody whom one can be.
struct Person {
    name: String,
    called: String,
    /// Whose room, if it is a doctor.
    doctor: Option<Doctor>,
}

#[derive(Template)]
#[template(path = "demo.html")]
struct Places {
    t: Texts,
    facility: String,
    doctors: Vec<Person>,
    reception: Option<Person>,
    supervisor: Option<Person>,
    admin: Option<Person>,
    others: Vec<Other>,
}

impl Places {
    async fn new(app: &App, reader: &Reader) -> Answer<Self> {
        let facility = facility(app).await?;
        let doctors = app.desk.store().doctor_list(facility.id, None, SHOWN_MAX).await?;
        let mut places = Self {
            t: reader.texts,
            facility: facility.name,
            doctors: Vec::new(),
            reception: None,
            supervisor: None,
            admin: None,
            others: reader.others(),
        };
        for user in app.desk.store().user_list(facility.id, None, SHOWN_MAX).await? {
            let doctor = doctors.iter().find(|doctor| user.doctor == Some(doctor.id)).cloned();
            let person = Person { name: user.name, called: user.called, doctor };
            match user.role {
                Role::Doctor => places.doctors.push(person),
                Role::Reception => places.reception = Some(person),
                Role::Supervisor => places.supervisor = Some(person),
                Role::Admin => places.admin = Some(person),
            }
        }
        places.doctors.sort_by_key(|person| person.doctor.as_ref().map(|doctor| doctor.letter.clone()));
        Ok(places)
    }
}

async fn facility(app: &App) -> Answer<Facility> {
    let none = || Problem::new(problem::FACILITY_UNKNOWN, "the demonstration has no hospital: start it anew");
    Ok(app.access.facility_named(None).await?.ok_or_else(none)?)
}

async fn page(
    State(app): State<App>,
    _: Visitor,
    reader: Reader,
    OriginalUri(address): OriginalUri,
    headers: HeaderMap,
) -> Answer<Response> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    // Browsers keep the session of a server without TLS for this name only.
    if let Some(port) = host.strip_prefix("127.0.0.1:")
        && headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"))
    {
        return Ok(Redirect::to(&format!("http://localhost:{port}{address}")).into_response());
    }
    Ok(reader.page(&Places::new(&app, &reader).await?))
}

/// Whom one wants to be.
#[derive(Debug, Deserialize)]
struct Wanted {
    who: String,
}

async fn be(
    State(app): State<App>,
    visitor: Visitor,
    door: Door,
    Form(wanted): Form<Wanted>,
) -> Answer<Response> {
    let entered = app.access.be(&wanted.who, &visitor, &door).await?;
    let cookies = AppendHeaders(entered.cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok((cookies, Redirect::to(&entered.place)).into_response())
}

/// To the page of somebody who waits now, as they see it.
async fn phone(State(app): State<App>, _: Visitor) -> Answer<Response> {
    let facility = facility(&app).await?;
    let date = app.desk.today(facility.id).await?;
    let mut found: Option<(usize, TokenId)> = None;
    for doctor in app.desk.store().doctor_list(facility.id, None, SHOWN_MAX).await? {
        let key = DayKey { facility: facility.id, doctor: doctor.id, date };
        let (waiting, middle) = app.desk.look(key, |snapshot| waits(snapshot.day)).await?;
        if let Some(token) = middle
            && found.is_none_or(|(most, _)| waiting > most)
        {
            found = Some((waiting, token));
        }
    }
    Ok(match found {
        Some((_, token)) => Redirect::to(&format!("/t/{}", app.access.codes(facility.id).code(token))),
        None => Redirect::to("/demo"),
    }
    .into_response())
}

/// How many wait, and somebody with people before and behind; who is here already, if anybody is.
fn waits(day: &baari_engine::Day) -> (usize, Option<TokenId>) {
    let those = |status: Status| {
        let mut all: Vec<_> = day.tokens().iter().filter(|token| token.status == status).collect();
        all.sort_by_key(|token| token.sequence);
        all
    };
    let (arrived, booked) = (those(Status::Arrived), those(Status::Booked));
    let waiting = arrived.len() + booked.len();
    let all = if arrived.is_empty() { booked } else { arrived };
    (waiting, all.get(all.len() / 2).map(|token| token.id))
}

/// What the pages' clocks go by.
#[derive(Debug, Serialize)]
struct ClockNow {
    /// Milliseconds since 1970.
    now: i64,
    speed: f64,
}

async fn clock(State(app): State<App>, _: Visitor) -> Json<ClockNow> {
    Json(ClockNow {
        now: app.desk.now().as_millisecond(),
        speed: app.desk.clock().speed().unwrap_or_default(),
    })
}

/// How fast the clock is to run, and which page asks.
#[derive(Debug, Deserialize)]
struct Faster {
    speed: u32,
    back: Option<String>,
}

async fn speed(State(app): State<App>, visitor: Visitor, Form(faster): Form<Faster>) -> Answer<Redirect> {
    visitor.require_own()?;
    if !SPEEDS.contains(&faster.speed) || !app.desk.clock().pace(f64::from(faster.speed)) {
        let detail = "the clock of a demonstration runs 1, 10 or 60 times as fast";
        return Err(Failure::from(Problem::new(problem::FIELD_WRONG, detail).field("speed")));
    }
    Ok(Redirect::to(&ours(faster.back)))
}
