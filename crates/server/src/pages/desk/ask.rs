//! What the desk asks in a dialog, and the line that says what was done.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use baari_access::Action;
use baari_desk::DeskError;
use baari_engine::{DayKey, DoctorId, PatientId, SlotStatus, TokenId};
use baari_store::{Doctor, Patient};
use jiff::civil::Date;
use serde::Deserialize;

use super::find::about;
use super::today;
use super::words::hours;
use crate::access::Here;
use crate::body::{Id, Params};
use crate::failure::Answer;
use crate::pages::queue::Queue;
use crate::pages::shell::Reader;
use crate::pages::texts::Texts;
use crate::wire::{SlotBody, TokenBody, typed};

/// Digits of a phone number that tell two people apart.
const PHONE_END: usize = 4;

/// A token with its queue and whose it is.
struct Subject {
    queue: Queue,
    token: TokenBody,
    /// Empty where one may not read it.
    name: String,
    /// Asha Rao (F 52, … 2345): of two with one name, it is seen who is meant.
    who: String,
    /// Of another day than today.
    date: Option<String>,
}

impl Subject {
    /// With a queue in which nobody has a name.
    async fn alone(here: &Here, t: Texts, id: TokenId) -> Answer<Self> {
        let day = day_of(here, id).await?;
        Self::new(here, Queue::labels(here, t, day).await?, day, id).await
    }

    /// With all who wait beside it, for whoever may read that queue.
    async fn among_others(here: &Here, t: Texts, id: TokenId) -> Answer<Self> {
        let day = day_of(here, id).await?;
        here.require_with(Action::QueueRead, day.doctor)?;
        let queue = Queue::read(here, t, day).await?;
        here.saw_queue(day).await?;
        here.saw("queue_read", queue.people()).await?;
        Self::new(here, queue, day, id).await
    }

    async fn new(here: &Here, queue: Queue, day: DayKey, id: TokenId) -> Answer<Self> {
        let doctor = here.desk.doctor(here.facility, day.doctor).await?;
        let queued = queue.body.tokens.iter().find(|token| token.id == id.as_uuid()).cloned();
        let token = match queued {
            Some(token) => Some(token),
            // Whoever waits no more is in no queue.
            None => {
                here.desk
                    .look(day, |snapshot| {
                        snapshot
                            .day
                            .token(id)
                            .map(|token| TokenBody::new(day, here.marks(&doctor), token, None))
                    })
                    .await?
            }
        };
        let token = token.ok_or(DeskError::Unknown("token"))?;
        let patient = PatientId::from_uuid(token.patient_id);
        here.saw("token_read", [patient]).await?;
        let today = here.desk.today(here.facility).await?;
        let (name, who) = if here.require_with(Action::PatientRead, day.doctor).is_ok() {
            let patient = here.desk.patient(here.facility, patient).await?;
            (patient.name.clone(), who(queue.t, today, &patient))
        } else {
            (String::new(), String::new())
        };
        let date = (day.date != today).then(|| queue.t.date(day.date));
        Ok(Self { queue, token, name, who, date })
    }

    /// Where it is now: 11–12, by the doctor's hours.
    fn place(&self) -> String {
        let slot = self.queue.body.slots.iter().find(|slot| Some(slot.id) == self.token.slot_id);
        slot.map(|slot| hours(&slot.start_time, &slot.end_time)).unwrap_or_default()
    }
}

async fn day_of(here: &Here, id: TokenId) -> Answer<DayKey> {
    let day = here.desk.store().token_day(here.facility, id).await?;
    Ok(day.ok_or(DeskError::Unknown("token"))?)
}

/// The name, and what tells two people of one name apart.
fn who(t: Texts, today: Date, patient: &Patient) -> String {
    let digits = &patient.phone;
    let end = digits.get(digits.len().saturating_sub(PHONE_END)..).filter(|end| !end.is_empty());
    let about = Some(about(t, today, patient)).filter(|about| !about.is_empty());
    let facts: Vec<String> = about.into_iter().chain(end.map(|end| format!("… {end}"))).collect();
    if facts.is_empty() { patient.name.clone() } else { format!("{} ({})", patient.name, facts.join(", ")) }
}

/// What was done last, and what can be done about it.
#[derive(Template)]
#[template(path = "desk_receipt.html")]
struct Receipt {
    t: Texts,
    it: Subject,
    /// It was booked just now, and may be taken back as one step.
    booked: bool,
    did: Option<Did>,
}

/// What was done to a token that was there already.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Did {
    Cancelled,
    Moved,
    CheckedIn,
    WasHere,
    Rejoined,
}

impl Did {
    const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Moved => "moved",
            Self::CheckedIn => "checked_in",
            Self::WasHere => "was_here",
            Self::Rejoined => "rejoined",
        }
    }

    /// Who is here is told what a scan did for as long as nothing else has happened.
    fn holds(self, token: &TokenBody) -> bool {
        matches!(self, Self::Cancelled | Self::Moved) || token.status == "arrived"
    }
}

/// After what.
#[derive(Debug, Deserialize)]
pub(in crate::pages) struct After {
    booked: Option<String>,
    did: Option<Did>,
}

pub(in crate::pages) async fn receipt(
    here: Here,
    reader: Reader,
    Id(id): Id<TokenId>,
    Params(after): Params<After>,
) -> Answer<Response> {
    let it = Subject::alone(&here, reader.texts, id).await?;
    let did = after.did.filter(|did| did.holds(&it.token));
    Ok(reader.part(&Receipt { t: reader.texts, it, booked: after.booked.is_some(), did }))
}

/// Cancel it?
#[derive(Template)]
#[template(path = "desk_cancel.html")]
struct Cancel {
    t: Texts,
    it: Subject,
}

pub(in crate::pages) async fn cancel(here: Here, reader: Reader, Id(id): Id<TokenId>) -> Answer<Response> {
    let it = Subject::alone(&here, reader.texts, id).await?;
    Ok(reader.part(&Cancel { t: reader.texts, it }))
}

/// Where to?
#[derive(Template)]
#[template(path = "desk_move.html")]
struct Move {
    t: Texts,
    it: Subject,
    /// Later it is asked again for another date only, while somebody types that.
    opens: bool,
    today: Date,
    /// The date that is looked at, if it is one yet, and what takes bookings then.
    date: Option<Date>,
    slots: Vec<(Doctor, Vec<SlotBody>)>,
    may_override: bool,
}

impl Move {
    fn hours(&self, slot: &SlotBody) -> String {
        hours(&slot.start_time, &slot.end_time)
    }

    fn is_there(&self, slot: &SlotBody) -> bool {
        self.it.token.slot_id == Some(slot.id)
    }

    /// Whom it can stand beside: whoever waits on that date, if it is in their queue.
    fn others(&self) -> Vec<&TokenBody> {
        let queue = &self.it.queue;
        let stands = self.it.token.status != "waitlisted" && self.date == Some(queue.body.date);
        let others = queue.waiting().filter(|token| stands && token.id != self.it.token.id);
        others.collect()
    }

    fn has_slots(&self) -> bool {
        self.slots.iter().any(|(_, slots)| !slots.is_empty())
    }
}

/// On which date; today, if none is named. A field that is being filled in has none for a moment.
#[derive(Debug, Deserialize)]
pub(in crate::pages) struct On {
    date: Option<String>,
}

pub(in crate::pages) async fn change_place(
    here: Here,
    reader: Reader,
    Id(id): Id<TokenId>,
    Params(on): Params<On>,
) -> Answer<Response> {
    let it = Subject::among_others(&here, reader.texts, id).await?;
    let today = here.desk.today(here.facility).await?;
    let date = match on.date.as_deref() {
        None => Some(today),
        Some("") => None,
        Some(date) => Some(typed("date", date)?),
    };
    let slots = match date.filter(|date| *date >= today) {
        Some(date) => open_slots(&here, date).await?,
        None => Vec::new(),
    };
    let may_override = here.require(Action::SeatOverride).is_ok();
    Ok(reader.part(&Move { t: reader.texts, it, opens: on.date.is_none(), today, date, slots, may_override }))
}

/// Each doctor's slots that take bookings on that date.
async fn open_slots(here: &Here, date: Date) -> Answer<Vec<(Doctor, Vec<SlotBody>)>> {
    let (mut all, now) = (Vec::new(), here.desk.now());
    for doctor in today::doctors(here, date).await? {
        let key = today::day(here, doctor.id, date);
        let of_doctor = here.desk.look(key, |snapshot| {
            let slots = snapshot.day.slots().iter();
            let open = slots.filter(|slot| slot.status == SlotStatus::Open && !slot.is_over(now));
            open.map(|slot| SlotBody::new(key, slot)).collect::<Vec<_>>()
        });
        all.push((doctor, of_doctor.await?));
    }
    Ok(all)
}

/// Late, or leaving?
#[derive(Template)]
#[template(path = "desk_away.html")]
struct Away {
    t: Texts,
    doctor: Arc<Doctor>,
    /// 11:00
    now: String,
}

pub(in crate::pages) async fn away(here: Here, reader: Reader, Id(id): Id<DoctorId>) -> Answer<Response> {
    let doctor = here.desk.doctor(here.facility, id).await?;
    let zone = here.desk.facility_get(here.facility).await?.zone;
    let now = zone.to_datetime(here.desk.now()).time().strftime("%H:%M").to_string();
    Ok(reader.part(&Away { t: reader.texts, doctor, now }))
}

/// Who is it really?
#[derive(Template)]
#[template(path = "desk_person.html")]
struct Person {
    t: Texts,
    patient: Arc<Patient>,
}

pub(in crate::pages) async fn person(here: Here, reader: Reader, Id(id): Id<PatientId>) -> Answer<Response> {
    let patient = here.desk.patient(here.facility, id).await?;
    here.saw("patient_read", [id]).await?;
    Ok(reader.part(&Person { t: reader.texts, patient }))
}
