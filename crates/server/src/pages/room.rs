//! The doctor's room: one key runs it.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use baari_engine::{DayKey, DoctorId, DoctorStatus};
use baari_store::Doctor;

use super::live::{Moving, Shown, line, moving};
use super::queue::Queue;
use super::shell::{Reader, Shell};
use super::texts::Texts;
use crate::access::Here;
use crate::body::Id;
use crate::failure::Answer;

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
    let all = here.desk.store().doctor_list(here.facility, None, DOCTORS_MAX).await?;
    let here_today = |doctor: &Doctor| doctor.status != DoctorStatus::Inactive;
    let doctors = all.into_iter().filter(here_today).collect();
    Ok(reader.page(&Rooms { shell: Shell::new(&here, reader, "room").await?, doctors }))
}

/// Doctors to choose from.
const DOCTORS_MAX: u32 = 200;

#[derive(Template)]
#[template(path = "room.html")]
struct Room {
    shell: Shell,
    queue: Queue,
}

/// What moves on it.
#[derive(Template)]
#[template(path = "room_now.html")]
struct Now {
    queue: Queue,
}

pub(super) async fn page(here: Here, reader: Reader, Id(doctor): Id<DoctorId>) -> Answer<Response> {
    let key = today(&here, doctor).await?;
    let queue = Queue::read(&here, reader.texts, key).await?;
    here.saw_queue(key).await?;
    Ok(reader.page(&Room { shell: Shell::new(&here, reader, "room").await?, queue }))
}

pub(super) async fn live(
    here: Here,
    reader: Reader,
    Id(doctor): Id<DoctorId>,
    headers: HeaderMap,
) -> Answer<Response> {
    moving(here, &headers, RoomMoves { t: reader.texts, doctor }).await
}

struct RoomMoves {
    t: Texts,
    doctor: DoctorId,
}

impl Moving for RoomMoves {
    async fn now(&mut self, here: &Here) -> Answer<Option<Shown>> {
        let key = today(here, self.doctor).await?;
        let queue = Queue::read(here, self.t, key).await?;
        here.saw_queue(key).await?;
        Ok(Some(Shown { stamp: queue.stamp.clone(), days: vec![key], html: line(&Now { queue }) }))
    }
}

async fn today(here: &Here, doctor: DoctorId) -> Answer<DayKey> {
    Ok(DayKey { facility: here.facility, doctor, date: here.desk.today(here.facility).await? })
}
