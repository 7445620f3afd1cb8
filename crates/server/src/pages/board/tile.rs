//! One doctor on the board, in all languages at once.

use askama::Template;
use baari_engine::{DayKey, DoctorId, DoctorStatus};
use baari_store::Doctor;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::assets::program;
use super::super::live::{Moving, Shown, line};
use super::super::texts::Texts;
use crate::access::Here;
use crate::failure::Answer;
use crate::live::views;
use crate::wire::BoardBody;

/// A delay is told in steps of so many minutes, and not before it is as long: nobody believes a minute.
const STEP_MINUTES: i64 = 5;
/// A room that is called by more letters than this has smaller ones.
const ROOM_LETTERS: usize = 3;
const ROOM_WORDS: usize = 8;
/// And one of more letters than this, two lines: what stands at its end is what one looks for.
const ROOM_LINE: usize = 22;
/// A label of more letters than `A-07` has.
const LABEL_LETTERS: usize = 4;

/// What moves on a board.
#[derive(Template)]
#[template(path = "board_now.html")]
pub(super) struct Tiles {
    tiles: Vec<Tile>,
    program: &'static str,
    /// Minutes since the epoch: a screen's own clock stands still while it sleeps.
    minute: i64,
}

struct Tile {
    id: uuid::Uuid,
    doctor: String,
    room: String,
    room_size: &'static str,
    label: Option<String>,
    /// called or in_consultation, or nobody
    status: &'static str,
    called_at_ms: Option<i64>,
    next: Vec<String>,
    lines: Vec<Line>,
}

/// The same in one language.
struct Line {
    t: Texts,
    room: String,
    /// What who is called does now.
    now: Option<String>,
    /// What is late, or away.
    late: Option<String>,
}

pub(super) struct BoardMoves {
    doctors: Vec<DoctorId>,
    languages: Vec<Texts>,
}

impl BoardMoves {
    pub(super) fn new(doctors: Vec<DoctorId>, t: Texts) -> Self {
        let languages = std::iter::once(t).chain(t.others()).collect();
        Self { doctors, languages }
    }

    /// The tiles of now, what they are known by, and the doctor-days that they rest on.
    pub(super) async fn tiles(&mut self, here: &Here) -> Answer<(Tiles, String, Vec<DayKey>)> {
        let date = here.desk.today(here.facility).await?;
        let zone = here.desk.facility_get(here.facility).await?.zone;
        let (mut stamp, mut days, mut tiles) = (date.to_string(), Vec::new(), Vec::new());
        for &id in &self.doctors {
            let key = DayKey { facility: here.facility, doctor: id, date };
            let ((version, minute), views) = views(here, key).await?;
            stamp.push_str(&format!(".{version}.{minute}"));
            days.push(key);
            let doctor = here.desk.doctor(here.facility, id).await?;
            tiles.push(Tile::new(&views.board, &doctor, &self.languages, &zone));
        }
        Ok((Tiles { tiles, program: program(), minute: here.desk.now().as_second() / 60 }, stamp, days))
    }
}

impl Moving for BoardMoves {
    async fn now(&mut self, here: &Here) -> Answer<Option<Shown>> {
        let (tiles, stamp, days) = self.tiles(here).await?;
        Ok(Some(Shown { stamp, days, html: line(&tiles) }))
    }
}

impl Tile {
    fn new(board: &BoardBody, doctor: &Doctor, languages: &[Texts], zone: &TimeZone) -> Self {
        let letters = board.room.chars().count();
        Self {
            id: board.doctor_id,
            doctor: board.doctor.clone(),
            room: board.room.clone(),
            room_size: match letters {
                0..=ROOM_LETTERS => "",
                _ if letters <= ROOM_WORDS => " long",
                _ if letters <= ROOM_LINE => " longer",
                _ => " longer longest",
            },
            label: board.now_serving.clone(),
            status: board.now_status.unwrap_or("nobody"),
            called_at_ms: board.called_at.map(Timestamp::as_millisecond),
            next: board.next.clone(),
            lines: languages.iter().map(|t| Line::new(*t, board, doctor, zone)).collect(),
        }
    }

    /// Neither late nor away.
    fn is_plain(&self) -> bool {
        self.lines.iter().all(|line| line.late.is_none())
    }

    /// Whether its room's name is too long to stand beside the label.
    fn has_room_below(&self) -> bool {
        self.room_size.starts_with(" longer")
    }

    /// Whether its label has more than a letter and two digits.
    fn is_long(&self) -> bool {
        self.label.as_ref().is_some_and(|label| label.chars().count() > LABEL_LETTERS)
    }
}

impl Line {
    fn new(t: Texts, board: &BoardBody, doctor: &Doctor, zone: &TimeZone) -> Self {
        let now = board.now_status.map(|status| t.one_of("board", status).to_string());
        let late = if let Some(at) = board.resumes_at {
            // While somebody is in, it is not about them.
            let name = if board.now_status.is_some() { "board-next-not-before" } else { "board-not-before" };
            Some(t.say(name).with("time", t.said(zone.to_datetime(at).time())))
        } else if doctor.status == DoctorStatus::OnLeave {
            Some(t.say("board-on-leave"))
        } else {
            late_minutes(board.delay).map(|minutes| t.say("board-late").with("n", minutes))
        };
        Self { t, room: t.say("board-room").to_string(), now, late: late.map(|late| late.to_string()) }
    }
}

/// By how much it is said to be late; nobody is told to be early.
fn late_minutes(delay: Option<i64>) -> Option<i64> {
    let minutes = (delay? + STEP_MINUTES / 2).div_euclid(STEP_MINUTES) * STEP_MINUTES;
    (minutes >= STEP_MINUTES).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_told_in_steps_and_only_when_it_is_one() {
        for (delay, told) in [
            (None, None),
            (Some(-12), None),
            (Some(0), None),
            (Some(2), None),
            (Some(3), Some(5)),
            (Some(7), Some(5)),
            (Some(14), Some(15)),
            (Some(61), Some(60)),
        ] {
            assert_eq!(late_minutes(delay), told, "{delay:?}");
        }
    }
}
