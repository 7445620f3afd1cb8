//! The board in the corridor: a screen that nobody touches. Labels only, never a name.
//!
//! A screen comes with its key in the part of the address that browsers send to nobody (`/board#baari_k_…`); a script posts it
//! once, and from then on the browser shows it as a cookie (`crate::access`, `display.rs`). A kiosk comes in by the same door.

mod asked;
mod far;
mod reads;
mod tile;

use std::collections::HashSet;

use askama::Template;
use axum::extract::{Extension, Form, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use baari_access::{Action, Reach, Who};
use baari_engine::DoctorId;
use baari_store::Doctor;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::assets::{program, voice};
use super::room::whom;
use super::shell::{Other, Reader, Shell};
use super::sign_in::ours;
use super::texts::Texts;
use crate::access::{Door, Here, Screen, shows_key};
use crate::api::live::{BOARD_MAX, board_doctors};
use crate::app::App;
use crate::failure::{Answer, Failure};
use asked::Asked;
use tile::{BoardMoves, Tiles};

pub(super) use far::Far;

/// Which doctors, and how they are shown?
#[derive(Template)]
#[template(path = "boards.html")]
struct Boards {
    shell: Shell,
    doctors: Vec<Doctor>,
    languages: Vec<Texts>,
    far: Far,
}

/// For who has not signed in: the key of a screen.
#[derive(Template)]
#[template(path = "board_open.html")]
struct Opens {
    t: Texts,
    /// A kiosk is wanted, not a board.
    is_kiosk: bool,
    /// What was against it.
    trouble: Option<String>,
    /// What one wanted to see.
    next: String,
    /// The same as part of an address.
    next_part: String,
    others: Vec<Other>,
}

impl Opens {
    fn new(reader: &Reader, trouble: Option<String>, next: String) -> Self {
        let others = reader.others_with(&[("next", &next)]);
        let next_part = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let (t, is_kiosk) = (reader.texts, is_of_kiosk(&next));
        Self { t, is_kiosk, trouble, next, next_part, others }
    }
}

pub(super) async fn choose(
    here: Option<Extension<Here>>,
    reader: Reader,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Answer<Response> {
    let asked = Asked::new(query.as_deref());
    let over = key_is_over(here.as_ref(), &reader, &headers);
    // Who may not look at a board here may still have the key of a screen.
    let may = |here: &Extension<Here>| here.caller.principal.reach(Action::BoardRead) != Reach::No;
    let Some(Extension(here)) = here.filter(may) else {
        let next = asked.next.clone().unwrap_or_else(|| format!("/board{}", asked.query()));
        return Ok(reader.page(&Opens::new(&reader, over, ours(Some(next)))));
    };
    if let Some(address) = asked.chosen() {
        return Ok(Redirect::to(&address).into_response());
    }
    let mine = &here.caller.principal.doctors;
    let is_own = here.caller.principal.reach(Action::BoardRead) == Reach::Own;
    if is_own && (1..=BOARD_MAX).contains(&mine.len()) {
        return Ok(Redirect::to(&(address_of(mine) + &asked.query())).into_response());
    }
    let doctors = whom(&here, Action::BoardRead).await?;
    if let (Who::Key(_), Some(some)) = (here.caller.principal.who, doctors.chunks(BOARD_MAX).next()) {
        // Nobody stands before a screen to choose.
        let all: Vec<DoctorId> = some.iter().map(|doctor| doctor.id).collect();
        return Ok(Redirect::to(&(address_of(&all) + &asked.query())).into_response());
    }
    let shell = Shell::new(&here, &reader, "board").await?;
    let far = Far { t: reader.texts, tiles: doctors.len().min(BOARD_MAX) };
    Ok(reader.page(&Boards { shell, doctors, languages: Texts::all(), far }))
}

/// The address of a kiosk, and not of what is fetched into it.
fn is_of_kiosk(address: &str) -> bool {
    address.strip_prefix("/kiosk").is_some_and(|rest| rest.is_empty() || rest.starts_with('?'))
}

/// The same for a kiosk: who has not signed in is sent here.
pub(super) async fn kiosk_opens(
    here: Option<Extension<Here>>,
    reader: Reader,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let over = key_is_over(here.as_ref(), &reader, &headers);
    let next = Asked::new(query.as_deref()).next.filter(|next| is_of_kiosk(next));
    reader.page(&Opens::new(&reader, over, ours(next.or_else(|| Some("/kiosk".to_owned())))))
}

/// Why a screen that had a key is asked for one.
fn key_is_over(here: Option<&Extension<Here>>, reader: &Reader, headers: &HeaderMap) -> Option<String> {
    let is_over = here.is_none() && shows_key(headers);
    is_over.then(|| reader.texts.say("board-open-over").to_string())
}

/// Whoever loads the address of the key's form again, or in another language.
pub(super) async fn to_choose(RawQuery(query): RawQuery) -> Redirect {
    Redirect::to(&format!("/board?{}", query.unwrap_or_default()))
}

/// A screen's key, and the board or kiosk that it wanted to show.
#[derive(Deserialize)]
pub(super) struct Key {
    key: String,
    next: Option<String>,
}

pub(super) async fn open(
    State(app): State<App>,
    here: Option<Extension<Here>>,
    door: Door,
    reader: Reader,
    Form(Key { key, next }): Form<Key>,
) -> Answer<Response> {
    let next = Some(ours(next)).filter(|next| of_screen(next).is_some());
    let refused = |status: StatusCode, trouble: String| {
        let next = next.clone().unwrap_or_else(|| "/board".to_owned());
        let page = Opens::new(&reader, Some(trouble), next);
        Ok((status, reader.page(&page)).into_response())
    };
    // Somebody who is signed in did not mean to become a screen: a link of somebody else's would do that.
    if here.is_some_and(|Extension(here)| matches!(here.caller.principal.who, Who::User(_))) {
        return refused(StatusCode::CONFLICT, reader.texts.say("board-open-signed-in").to_string());
    }
    match app.access.open_screen(key.trim(), &door).await {
        Ok(Some((screen, principal, cookie))) => {
            let of_key = || match (screen, principal.doctors.len()) {
                (Screen::Kiosk, _) => "/kiosk".to_owned(),
                (Screen::Board, 1..=BOARD_MAX) => address_of(&principal.doctors),
                (Screen::Board, _) => "/board".to_owned(),
            };
            let to = next.clone().filter(|next| of_screen(next) == Some(screen)).unwrap_or_else(of_key);
            Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(&to)).into_response())
        }
        Ok(None) => refused(StatusCode::UNAUTHORIZED, reader.texts.say("board-open-wrong").to_string()),
        Err(Failure::Problem(problem)) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNAUTHORIZED);
            refused(status, reader.texts.problem(&problem))
        }
        Err(failure) => Err(failure),
    }
}

/// Whose address it is.
fn of_screen(address: &str) -> Option<Screen> {
    if is_of_kiosk(address) {
        return Some(Screen::Kiosk);
    }
    let is_board = address.starts_with("/board?") || address.starts_with("/board/");
    (is_board && address != "/board/open").then_some(Screen::Board)
}

fn address_of(doctors: &[DoctorId]) -> String {
    let ids: Vec<String> = doctors.iter().map(ToString::to_string).collect();
    format!("/board/{}", ids.join(","))
}

/// The board itself.
#[derive(Template)]
#[template(path = "board.html")]
struct Board {
    t: Texts,
    facility: String,
    zone: TimeZone,
    now: Timestamp,
    asked: Asked,
    /// Where its stream is.
    stream: String,
    rows: usize,
    columns: usize,
    tiles: Tiles,
}

impl Board {
    /// The digest of what it speaks with.
    fn words(&self) -> &'static str {
        voice()
    }

    fn program(&self) -> &'static str {
        program()
    }

    fn is_tall(&self) -> bool {
        reads::is_tall(self.columns, self.rows)
    }

    fn is_flat(&self) -> bool {
        reads::is_flat(self.columns, self.rows)
    }

    fn clock(&self) -> String {
        self.t.said(self.zone.to_datetime(self.now).time())
    }

    fn offset_minutes(&self) -> i32 {
        self.zone.to_offset(self.now).seconds() / 60
    }
}

pub(super) async fn page(
    here: Here,
    reader: Reader,
    Path(ids): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer<Response> {
    let doctors = doctors(&here, &ids).await?;
    let asked = Asked::new(query.as_deref());
    let columns = asked.columns.unwrap_or_else(|| reads::columns_for(doctors.len())).min(doctors.len());
    let rows = doctors.len().div_ceil(columns);
    let mut moves = BoardMoves::new(doctors, reader.texts);
    let (tiles, ..) = moves.tiles(&here).await?;
    let facility = here.desk.facility_get(here.facility).await?;
    let board = Board {
        t: reader.texts,
        facility: facility.name,
        zone: facility.zone,
        now: here.desk.now(),
        asked,
        stream: format!("/board/{ids}/live?lang={}", reader.texts.code()),
        rows,
        columns,
        tiles,
    };
    // Not `page`: what language a screen shows is not what the people at this browser read.
    Ok(reader.part(&board))
}

pub(super) async fn live(
    here: Here,
    reader: Reader,
    Path(ids): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let doctors = doctors(&here, &ids).await?;
    super::live::moving(here, &headers, BoardMoves::new(doctors, reader.texts)).await
}

/// The doctors that an address names, each once.
async fn doctors(here: &Here, ids: &str) -> Answer<Vec<DoctorId>> {
    let mut seen = HashSet::new();
    let mut doctors = board_doctors(here, ids).await?;
    doctors.retain(|doctor| seen.insert(*doctor));
    Ok(doctors)
}
