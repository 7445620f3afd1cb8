//! The patient's own page: whose turn it is, by a code that only they have. It works without JavaScript, on a small phone with
//! a bad line, and shows nobody's name but the doctor's and the hospital's.

mod advice;
mod story;

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State as Of};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use baari_engine::{Command, DayKey, SetStatus, SlotId, Status, WantedStatus};
use baari_store::Facility;
use jiff::Timestamp;
use jiff::civil::Time;
use serde::Deserialize;

use self::advice::{Standing, State, waited_percent};
use self::story::{Chapter, story, was_moved};
use super::live::{Moving, Shown, line, moving};
use super::shell::{Other, Reader};
use super::texts::{Text, Texts};
use crate::access::Here;
use crate::api::own::{Follow, Now, Seen, with_own};
use crate::app::App;
use crate::failure::{Answer, Failure};
use crate::problem::{self, Problem};
use crate::wire::Own;

/// Later than first told by fewer minutes is nothing to speak of.
const LATE_MINUTES: i64 = 5;

/// How it stands with somebody's turn.
struct Turn {
    t: Texts,
    facility: Facility,
    now: Timestamp,
    day: DayKey,
    own: Arc<Own>,
    state: State,
    /// It was given another slot, doctor or date than was asked for.
    moved: bool,
}

impl Turn {
    fn clock(&self, at: &Timestamp) -> String {
        self.t.said(self.time(at))
    }

    fn time(&self, at: &Timestamp) -> Time {
        self.facility.zone.to_datetime(*at).time()
    }

    /// The band in which the turn comes.
    fn band(&self) -> Option<Text> {
        let band = self.own.body.estimate.as_ref()?;
        let (from, to) = (self.time(&band.p10), self.time(&band.p90));
        // Between 12:30 and 12:30 says no more than that it is at about 12:30.
        let is_wide = (from.hour(), from.minute()) != (to.hour(), to.minute());
        let (from, to) = self.t.said_both(from, to);
        is_wide.then(|| self.t.say("own-band").with("from", from).with("to", to))
    }

    /// Mon 2 Feb
    fn date(&self) -> String {
        self.t.date(self.own.body.date)
    }

    /// What the page's own clock goes by.
    fn offset_minutes(&self) -> i32 {
        self.facility.zone.to_offset(self.now).seconds() / 60
    }

    /// The one sentence that counts.
    fn advice(&self) -> String {
        let by = match self.state {
            State::Time { back_by: at } | State::Wait { from: at } => self.clock(&at),
            _ => String::new(),
        };
        let room = self.own.body.room.clone();
        let name =
            if self.state == State::Turn && room.is_empty() { "turn-anywhere" } else { self.state.name() };
        let text = self.t.one_of("own-state", name);
        text.with("room", room).with("date", self.date()).with("by", by).to_string()
    }

    /// And what else there is to say to it.
    fn more(&self) -> Option<String> {
        let (name, by) = match self.state {
            State::Time { .. } | State::Wait { .. } | State::Inside | State::NotYet { come_by: None } => {
                return None;
            }
            State::NotYet { come_by } => ("not-yet", come_by),
            State::NotHere { come_by: come_by @ Some(_) } => ("not-here-by", come_by),
            State::Missed if self.own.body.check_in_by.is_some() => ("missed-by", self.own.body.check_in_by),
            state => (state.name(), None),
        };
        let by = by.map_or_else(String::new, |by| self.clock(&by));
        Some(self.t.one_of("own-more", name).with("by", by).to_string())
    }

    /// Until when the seat is kept: later, mostly, than one should come.
    fn seat_kept_until(&self) -> Option<String> {
        let by = self.own.body.check_in_by.filter(|by| self.state.comes() && *by > self.now)?;
        Some(self.clock(&by))
    }

    /// How many go before. Only who is here is next: others may come before, and only who is here is called.
    fn ahead(&self) -> Option<usize> {
        self.own.body.ahead.filter(|ahead| *ahead > 0 || self.own.present)
    }

    /// 1 emergency, 2 paid
    fn ahead_by(&self) -> String {
        let each = self.own.body.ahead_by.iter().flat_map(|by| by.each());
        let words =
            each.map(|(source, people)| self.t.one_of("own-by", source).with("n", people).to_string());
        words.collect::<Vec<_>>().join(", ")
    }

    fn waited(&self) -> Option<i64> {
        let token = &self.own.token;
        let expected =
            self.own.body.estimated_time.filter(|_| self.state.waits() && self.state != State::Later)?;
        Some(waited_percent(token.arrived_at.unwrap_or(token.booked_at), expected, self.now))
    }

    /// By how much it is later, or earlier, than first told; and which of both.
    fn late(&self) -> Option<(&'static str, String)> {
        let minutes = self.own.body.delay.filter(|_| self.state.waits())?;
        let (class, name) = if minutes > 0 { ("late", "own-late") } else { ("early", "own-early") };
        let words = || self.t.say(name).with("n", minutes.abs()).to_string();
        (minutes.abs() >= LATE_MINUTES).then(|| (class, words()))
    }

    /// 09:00–10:00
    fn window(&self) -> Option<String> {
        let window = self.own.window.filter(|_| self.state.waits())?;
        let (from, to) = self.t.said_both(window.start(), window.end());
        Some(format!("{from}–{to}"))
    }

    /// Who is called or with the doctor now, and which of both; not oneself, who is told so above.
    fn serving(&self) -> Option<(&'static str, &str)> {
        let others = !matches!(self.state, State::Past | State::Turn | State::Inside);
        let label = self.own.body.now_serving.as_deref().filter(|_| others)?;
        let is_called = self.own.room.serves == Some(Status::Called);
        Some((if is_called { "own-called" } else { "own-serving" }, label))
    }

    fn may_leave(&self) -> bool {
        self.state != State::Past && self.own.token.status.next().contains(&Status::Cancelled)
    }

    /// Worth asking: a seat earlier than now would be some use, and the hospital gives such seats on.
    fn may_come_earlier(&self) -> bool {
        let waits = matches!(self.state, State::Later | State::Waitlisted) || self.state.comes();
        waits && self.facility.settings.pull_forward
    }

    /// Another one when the rest of the page is another.
    fn changed(&self) -> String {
        let slot = self.own.token.slot.map_or_else(String::new, |slot| slot.to_string());
        let (leave, earlier) = (self.may_leave(), self.may_come_earlier());
        let agreed = self.own.token.earlier_ok;
        format!("{}.{}.{slot}.{leave}.{earlier}.{agreed}", self.own.body.status, self.day.doctor)
    }
}

/// What moves on the page.
#[derive(Template)]
#[template(path = "own_now.html")]
struct Moves {
    turn: Turn,
}

/// The page.
#[derive(Template)]
#[template(path = "own.html")]
struct Page {
    t: Texts,
    code: String,
    turn: Turn,
    story: Vec<Chapter>,
    others: Vec<Other>,
}

/// What is said about a code instead: that its day is over, that the place was given back, that it is too late for that.
#[derive(Template)]
#[template(path = "own_said.html")]
struct Said {
    t: Texts,
    code: Option<String>,
    title: String,
    words: String,
    /// Asks whether to give the place back.
    asks: bool,
    others: Vec<Other>,
}

/// Looks at a token again and again.
struct Eye {
    follow: Follow,
    t: Texts,
    /// Where it was seen last.
    sits: Option<(DayKey, Option<SlotId>)>,
    moved: bool,
}

impl Eye {
    fn new(follow: Follow, t: Texts) -> Self {
        Self { follow, t, sits: None, moved: false }
    }

    async fn look(&mut self, here: &Here) -> Answer<Result<(String, Turn), Gone>> {
        let now = match self.follow.look(here).await? {
            Seen::Is(now) => now,
            Seen::Over => return Ok(Err(Gone::Over)),
            Seen::Unknown => return Ok(Err(Gone::Unknown)),
        };
        let sits = (now.day, now.own.token.slot);
        match self.sits.replace(sits) {
            None => self.moved = was_moved(here, self.follow.token).await?,
            Some(before) => self.moved |= before != sits,
        }
        let facility = here.desk.facility_get(here.facility).await?;
        Ok(Ok((now.stamp(), turn(self.t, facility, here.desk.now(), now, self.moved))))
    }
}

enum Gone {
    Over,
    Unknown,
}

fn turn(t: Texts, facility: Facility, now: Timestamp, seen: Now, moved: bool) -> Turn {
    let Now { day, own, .. } = seen;
    let standing = Standing {
        status: own.token.status,
        // Where nobody checks in, nobody is told to.
        present: own.present || !facility.settings.check_in,
        today: facility.zone.to_datetime(now).date().cmp(&day.date),
        ahead: own.body.ahead.unwrap_or(0),
        p10: own.body.estimate.as_ref().map(|band| band.p10),
        check_in_by: own.body.check_in_by,
        resumes_at: own.room.resumes_at,
    };
    let state = State::of(standing, now);
    Turn { t, facility, now, day, own, state, moved: moved && (state.waits() || state == State::Waitlisted) }
}

pub(super) async fn page(Of(app): Of<App>, reader: Reader, Path(code): Path<String>) -> Answer<Response> {
    let (here, follow) = Follow::code(&app, &code).await?;
    let token = follow.token;
    match Eye::new(follow, reader.texts).look(&here).await? {
        Ok((_, turn)) => {
            let story = story(&here, reader.texts, token, &turn.facility.zone).await?;
            Ok(reader.page(&Page { t: reader.texts, code, turn, story, others: reader.others() }))
        }
        Err(gone) => said_gone(&reader, &gone),
    }
}

pub(super) async fn live(
    Of(app): Of<App>,
    reader: Reader,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let (here, follow) = Follow::code(&app, &code).await?;
    moving(here, &headers, Eye::new(follow, reader.texts)).await
}

impl Moving for Eye {
    async fn now(&mut self, here: &Here) -> Answer<Option<Shown>> {
        let Ok((stamp, turn)) = self.look(here).await? else { return Ok(None) };
        Ok(Some(Shown { stamp, days: vec![turn.day], html: line(&Moves { turn }) }))
    }
}

/// Do you really want to give your place back?
pub(super) async fn ask(Of(app): Of<App>, reader: Reader, Path(code): Path<String>) -> Answer<Response> {
    let (here, follow) = Follow::code(&app, &code).await?;
    match Eye::new(follow, reader.texts).look(&here).await? {
        Ok((_, turn)) if turn.may_leave() => {
            let t = reader.texts;
            let title = t.say("own-leave-title").with("label", turn.own.body.label.clone()).to_string();
            let words = t.say("own-leave-words").to_string();
            let others = reader.others();
            Ok(reader.page(&Said { t, code: Some(code), title, words, asks: true, others }))
        }
        Ok((_, turn)) => Ok(too_late(&reader, code, turn.state)),
        Err(gone) => said_gone(&reader, &gone),
    }
}

/// Gives the place back: the same as what the desk does for somebody who calls, and the same twice is the same.
pub(super) async fn leave(Of(app): Of<App>, reader: Reader, Path(code): Path<String>) -> Answer<Response> {
    let status = WantedStatus::Exactly(Status::Cancelled);
    let (here, Follow { token, .. }) = Follow::code(&app, &code).await?;
    match with_own(&here, token, Command::SetStatus(SetStatus { token, status })).await {
        Ok(_) => Ok(back(&code)),
        Err(Failure::Problem(problem)) if problem.is(problem::STATUS_IMPOSSIBLE) => {
            let (here, follow) = Follow::code(&app, &code).await?;
            match Eye::new(follow, reader.texts).look(&here).await? {
                Ok((_, turn)) => Ok(too_late(&reader, code, turn.state)),
                Err(gone) => said_gone(&reader, &gone),
            }
        }
        Err(failure) => or_back(failure, &code),
    }
}

/// What was ticked.
#[derive(Debug, Deserialize)]
pub(super) struct Earlier {
    earlier_ok: bool,
}

/// Agrees to come earlier, or no longer does. Whom the page does not ask gets it again as it is.
pub(super) async fn earlier(
    Of(app): Of<App>,
    reader: Reader,
    Path(code): Path<String>,
    Form(Earlier { earlier_ok }): Form<Earlier>,
) -> Answer<Response> {
    let (here, follow) = Follow::code(&app, &code).await?;
    let token = follow.token;
    match Eye::new(follow, reader.texts).look(&here).await? {
        Ok((_, turn)) if turn.may_come_earlier() => {}
        Ok(_) => return Ok(back(&code)),
        Err(gone) => return said_gone(&reader, &gone),
    }
    match with_own(&here, token, Command::AgreeEarlier { token, earlier_ok }).await {
        Ok(_) => Ok(back(&code)),
        Err(failure) => or_back(failure, &code),
    }
}

/// Who asks for too much sees the page as it is.
fn or_back(failure: Failure, code: &str) -> Answer<Response> {
    match failure {
        Failure::Problem(problem) if problem.is(problem::TOO_MANY_REQUESTS) => Ok(back(code)),
        other => Err(other),
    }
}

fn back(code: &str) -> Response {
    Redirect::to(&format!("/t/{code}")).into_response()
}

fn too_late(reader: &Reader, code: String, state: State) -> Response {
    let t = reader.texts;
    let (title, mut words) = (t.say("own-late-title").to_string(), t.say("own-late-words").to_string());
    if t.has("own-late", state.name()) {
        words = format!("{} {words}", t.one_of("own-late", state.name()));
    }
    let page = reader.page(&Said { t, code: Some(code), title, words, asks: false, others: reader.others() });
    (StatusCode::CONFLICT, page).into_response()
}

fn said_gone(reader: &Reader, gone: &Gone) -> Answer<Response> {
    let t = reader.texts;
    match gone {
        Gone::Over => {
            let (title, words) = (t.say("own-over-title").to_string(), t.say("own-over-words").to_string());
            let page =
                reader.page(&Said { t, code: None, title, words, asks: false, others: reader.others() });
            Ok((StatusCode::GONE, page).into_response())
        }
        Gone::Unknown => Err(Problem::new(problem::TOKEN_UNKNOWN, "there is no token with this code").into()),
    }
}
