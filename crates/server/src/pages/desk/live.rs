//! All queues of today, live: one stream for the whole desk.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use baari_access::Action;
use baari_engine::{DayKey, PatientId};
use jiff::civil::Date;

use super::today;
use super::words::{hours, phone};
use crate::access::{Here, Told};
use crate::failure::Answer;
use crate::live::stamp;
use crate::pages::live::{Moving, Shown, line, moving};
use crate::pages::queue::{Mark, Queue};
use crate::pages::shell::Reader;
use crate::pages::texts::Texts;
use crate::wire::{SlotBody, TokenBody};

/// The queues of today, one for each doctor.
pub(super) struct Queues {
    pub(super) t: Texts,
    pub(super) queues: Vec<Queue>,
    /// Doctors who can be booked besides them.
    pub(super) more: usize,
    /// Where there is no doctor, whoever looks can add one.
    pub(super) may_add_doctors: bool,
}

impl Queues {
    /// As they are now, for whoever may read queues besides finding patients. Whoever shows them has it written down that they
    /// were seen (`Told`).
    async fn read(here: &Here, t: Texts, today: Date) -> Answer<Self> {
        here.require(Action::QueueRead)?;
        let (days, more) = today::days(here, today).await?;
        let mut queues = Vec::with_capacity(days.len());
        for day in days {
            queues.push(Queue::read(here, t, day).await?);
        }
        let may_add_doctors = here.require(Action::DoctorChange).is_ok();
        Ok(Self { t, queues, more, may_add_doctors })
    }

    /// As the page shows them at first.
    pub(super) async fn of_today(here: &Here, t: Texts) -> Answer<Self> {
        let queues = Self::read(here, t, here.desk.today(here.facility).await?).await?;
        for day in queues.days() {
            here.saw_queue(day).await?;
        }
        here.saw("queue_read", queues.people()).await?;
        Ok(queues)
    }

    fn days(&self) -> Vec<DayKey> {
        self.queues.iter().map(|queue| queue.mark.key).collect()
    }

    /// Whose names are among them.
    fn people(&self) -> Vec<PatientId> {
        self.queues.iter().flat_map(Queue::people).collect()
    }

    /// By how many minutes its patients are seen later than first told, where it is later.
    pub(super) fn late(&self, queue: &Queue) -> Option<i64> {
        queue.body.delay.filter(|late| *late > 0)
    }

    pub(super) fn here_now(&self, queue: &Queue) -> usize {
        queue.waiting().filter(|token| queue.is_present(token)).count()
    }

    pub(super) fn to_come(&self, queue: &Queue) -> usize {
        queue.waiting().filter(|token| !queue.is_present(token)).count()
    }

    /// In the order in which they are shown: as the queue has them, those who wait for a seat last.
    pub(super) fn rows<'a>(&self, queue: &'a Queue) -> &'a [TokenBody] {
        &queue.body.tokens
    }

    /// Slots that are over take no room on the page.
    pub(super) fn slots_to_come<'a>(&self, queue: &'a Queue) -> impl Iterator<Item = &'a SlotBody> {
        let now = queue.clock_of_day();
        queue.body.slots.iter().filter(move |slot| slot.end_time > now)
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
struct Now<'a> {
    now: &'a Queues,
}

pub(in crate::pages) async fn live(here: Here, reader: Reader, headers: HeaderMap) -> Answer<Response> {
    moving(here, &headers, DeskMoves::new(reader.texts)).await
}

struct DeskMoves {
    /// Of which date, of which minute and of what the doctors were read.
    of: Option<(Date, i64)>,
    now: Queues,
    told: Told,
    /// What they were shown as, for as long as none of them is another one.
    shown: Option<Shown>,
}

impl DeskMoves {
    fn new(t: Texts) -> Self {
        let now = Queues { t, queues: Vec::new(), more: 0, may_add_doctors: false };
        Self { of: None, now, told: Told::default(), shown: None }
    }

    /// Reads again which queues there are where there may be others by now (doctors' records count as the facility's), else only
    /// those that are not what they were.
    async fn refresh(&mut self, here: &Here) -> Answer<()> {
        let version = here.desk.facility_version(here.facility).await?;
        let (today, t) = (here.desk.today(here.facility).await?, self.now.t);
        let of = Some((today, stamp(here.desk.now(), version)));
        if self.of != of {
            self.shown = None;
            self.now = Queues::read(here, t, today).await?;
            self.of = of;
        }
        for queue in &mut self.now.queues {
            let key = queue.mark.key;
            if queue.mark != Mark::now(here, key).await? {
                self.shown = None;
                *queue = Queue::read(here, t, key).await?;
            }
        }
        Ok(())
    }
}

impl Moving for DeskMoves {
    /// A desk's screen is looked at every few seconds, and at every change of any queue: only that queue and its people are read
    /// then.
    async fn now(&mut self, here: &Here) -> Answer<Option<Shown>> {
        self.refresh(here).await?;
        if let Some(shown) = &self.shown {
            return Ok(Some(shown.clone()));
        }
        let days = self.now.days();
        for day in &days {
            self.told.shows(here, *day).await?;
        }
        self.told.shows_people(here, self.now.people()).await?;
        let stamps: Vec<&str> = self.now.queues.iter().map(|queue| queue.stamp.as_str()).collect();
        let shown = Shown { stamp: stamps.join("_"), days, html: line(&Now { now: &self.now }) };
        self.shown = Some(shown.clone());
        Ok(Some(shown))
    }
}
