//! The doctor's room: one key runs it.

mod console;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use baari_access::{Action, Reach};
use baari_engine::{DayKey, DoctorId, DoctorStatus};
use baari_store::Doctor;

use super::live::{Moving, Shown, line, moving};
use super::queue::{Mark, Queue};
use super::shell::{Reader, Shell};
use super::texts::Texts;
use crate::access::{Here, Told};
use crate::body::Id;
use crate::failure::Answer;
use console::{Console, Moves, Why};

/// Whose room?
#[derive(Template)]
#[template(path = "rooms.html")]
struct Rooms {
    shell: Shell,
    doctors: Vec<Doctor>,
}

pub(super) async fn choose(here: Here, reader: Reader) -> Answer<Response> {
    let mine = &here.caller.principal.doctors;
    if let [only] = mine[..] {
        return Ok(Redirect::to(&format!("/doctor/{only}")).into_response());
    }
    let doctors = whom(&here, Action::QueueRead).await?;
    Ok(reader.page(&Rooms { shell: Shell::new(&here, &reader, "room").await?, doctors }))
}

/// Doctors to choose from.
const DOCTORS_MAX: u32 = 200;

/// The doctors who work here, and with whom the caller may do this.
pub(super) async fn whom(here: &Here, action: Action) -> Answer<Vec<Doctor>> {
    let all = here.desk.store().doctor_list(here.facility, None, DOCTORS_MAX).await?;
    let principal = &here.caller.principal;
    let may = |doctor: &Doctor| match principal.reach(action) {
        Reach::All => true,
        Reach::Own => principal.doctors.contains(&doctor.id),
        Reach::No => false,
    };
    Ok(all.into_iter().filter(|doctor| doctor.status != DoctorStatus::Inactive && may(doctor)).collect())
}

#[derive(Template)]
#[template(path = "room.html")]
struct Room {
    shell: Shell,
    id: DoctorId,
    doctor: String,
    room: String,
    moves: Moves,
}

pub(super) async fn page(here: Here, reader: Reader, Id(doctor): Id<DoctorId>) -> Answer<Response> {
    let key = today(&here, doctor).await?;
    let queue = Queue::read(&here, reader.texts, key).await?;
    let now = Console::new(&here, &queue, &mut Why::default()).await?;
    here.saw_queue(key).await?;
    here.saw("queue_read", now.people.iter().copied()).await?;
    let shell = Shell::new(&here, &reader, "room").await?;
    let of = here.desk.doctor(here.facility, doctor).await?;
    let page =
        Room { shell, id: doctor, doctor: of.name.clone(), room: of.room.clone(), moves: Moves { now } };
    Ok(reader.page(&page))
}

pub(super) async fn live(
    here: Here,
    reader: Reader,
    Id(doctor): Id<DoctorId>,
    headers: HeaderMap,
) -> Answer<Response> {
    let what = RoomMoves { t: reader.texts, doctor, why: Why::default(), told: Told::default(), shown: None };
    moving(here, &headers, what).await
}

struct RoomMoves {
    t: Texts,
    doctor: DoctorId,
    why: Why,
    told: Told,
    /// What the queue was shown as, for as long as it is the same.
    shown: Option<(Mark, Shown)>,
}

impl Moving for RoomMoves {
    async fn now(&mut self, here: &Here) -> Answer<Option<Shown>> {
        let key = today(here, self.doctor).await?;
        if let Some((mark, shown)) = &self.shown
            && *mark == Mark::now(here, key).await?
        {
            return Ok(Some(shown.clone()));
        }
        let queue = Queue::read(here, self.t, key).await?;
        let now = Console::new(here, &queue, &mut self.why).await?;
        self.told.shows(here, key).await?;
        self.told.shows_people(here, now.people.iter().copied()).await?;
        let shown = Shown { stamp: queue.stamp, days: vec![key], html: line(&Moves { now }) };
        self.shown = Some((queue.mark, shown.clone()));
        Ok(Some(shown))
    }
}

async fn today(here: &Here, doctor: DoctorId) -> Answer<DayKey> {
    Ok(DayKey { facility: here.facility, doctor, date: here.desk.today(here.facility).await? })
}
