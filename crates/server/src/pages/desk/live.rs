//! All queues of today, live: one stream for the whole desk.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use baari_engine::DayKey;

use super::today;
use super::words::{hours, phone};
use crate::access::Here;
use crate::failure::Answer;
use crate::pages::live::{Moving, Shown, line, moving};
use crate::pages::queue::Queue;
use crate::pages::shell::Reader;
use crate::pages::texts::Texts;
use crate::wire::{SlotBody, TokenBody};

/// The queues of today, one for each doctor.
pub(super) struct Queues {
    pub(super) t: Texts,
    pub(super) queues: Vec<Queue>,
}

impl Queues {
    /// As they are now; that they were seen is written down.
    pub(super) async fn read(here: &Here, t: Texts) -> Answer<Self> {
        let today = here.desk.today(here.facility).await?;
        let mut queues = Vec::new();
        for doctor in today::doctors(here, today).await? {
            let key = today::day(here, doctor.id, today);
            let queue = Queue::read(here, t, key).await?;
            here.saw_queue(key).await?;
            queues.push(queue);
        }
        Ok(Self { t, queues })
    }

    /// How many minutes later than first told the next one is expected, where it is later.
    pub(super) fn late(&self, queue: &Queue) -> Option<i64> {
        let mut waiting = queue.waiting().filter(|token| token.status == "arrived");
        waiting.next().and_then(|token| token.delay).filter(|late| *late > 0)
    }

    pub(super) fn here_now(&self, queue: &Queue) -> usize {
        queue.waiting().filter(|token| token.status == "arrived").count()
    }

    pub(super) fn to_come(&self, queue: &Queue) -> usize {
        queue.waiting().filter(|token| token.status != "arrived").count()
    }

    /// In the order in which they are shown: as the queue has them, those who wait for a seat last.
    pub(super) fn rows<'a>(&self, queue: &'a Queue) -> &'a [TokenBody] {
        &queue.body.tokens
    }

    pub(super) fn hours(&self, slot: &SlotBody) -> String {
        hours(&slot.start_time, &slot.end_time)
    }

    /// 8/10, and behind it what of the buffer is taken: +0/2.
    pub(super) fn seats(&self, slot: &SlotBody) -> String {
        let taken = slot.current_count.min(slot.max_count);
        let buffer = slot.hard_limit.saturating_sub(slot.max_count);
        let beyond = slot.current_count.saturating_sub(slot.max_count);
        let seats = format!("{taken}/{}", slot.max_count);
        if buffer + beyond == 0 { seats } else { format!("{seats} +{beyond}/{buffer}") }
    }

    /// The number to call.
    pub(super) fn phone(&self, queue: &Queue, token: &TokenBody) -> String {
        queue.patient(token).map(|patient| phone(&patient.phone)).unwrap_or_default()
    }

    /// The slot that a token sits in, for plans that move it.
    pub(super) fn slot_of(&self, queue: &Queue, token: &TokenBody) -> String {
        let slot = queue.body.slots.iter().find(|slot| Some(slot.id) == token.slot_id);
        slot.map(|slot| self.hours(slot)).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "desk_now.html")]
struct Now {
    now: Queues,
}

pub(in crate::pages) async fn live(here: Here, reader: Reader, headers: HeaderMap) -> Answer<Response> {
    moving(here, &headers, DeskMoves { t: reader.texts }).await
}

struct DeskMoves {
    t: Texts,
}

impl Moving for DeskMoves {
    async fn now(&mut self, here: &Here) -> Answer<Option<Shown>> {
        let now = Queues::read(here, self.t).await?;
        let stamps: Vec<&str> = now.queues.iter().map(|queue| queue.stamp.as_str()).collect();
        let stamp = stamps.join("_");
        let date = here.desk.today(here.facility).await?;
        let key = |queue: &Queue| {
            let doctor = baari_engine::DoctorId::from_uuid(queue.body.doctor.id);
            DayKey { facility: here.facility, doctor, date }
        };
        let days = now.queues.iter().map(key).collect();
        Ok(Some(Shown { stamp, days, html: line(&Now { now }) }))
    }
}
