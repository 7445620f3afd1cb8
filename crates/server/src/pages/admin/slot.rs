//! The slots of a date: how full, how many seats, and what a change does to whom.

use std::collections::HashSet;
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use baari_desk::DeskError;
use baari_engine::{DoctorId, SlotId, SlotStatus, Source, Status, Window};
use baari_store::{DatedSlot, Doctor, SlotQuery, TokenQuery};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::advice;
use super::{Part, all_doctors, is_here, parts};
use crate::access::Here;
use crate::api::slot_changed;
use crate::body::{Id, Params};
use crate::failure::Answer;
use crate::pages::shell::{Reader, Shell};
use crate::pages::texts::Texts;
use crate::wire::{ChangeSlotBody, ChangedSlotBody, SlotBody, typed};

/// Slots read at a time.
const PAGE: u32 = 500;
/// So many dates back tell how many come.
const DAYS_BACK: i64 = 14;
/// Tokens of one of them.
const TOKENS_MAX: u32 = 500;
/// With fewer bookings than that nothing is known yet.
const BOOKINGS_LEAST: u32 = 20;

/// Which slots.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    date: String,
    #[serde(default)]
    doctor: String,
    /// The one that was added just now.
    #[serde(default)]
    added: String,
}

#[derive(Template)]
#[template(path = "admin/slots.html")]
struct Slots {
    shell: Shell,
    parts: Vec<Part>,
    doctors: Vec<Doctor>,
    chosen: Option<DoctorId>,
    date: Date,
    today: Date,
    groups: Vec<(Doctor, Vec<SlotBody>)>,
    added: String,
}

impl Slots {
    /// Mon 2 Feb; of another year, with that.
    fn day(&self) -> String {
        self.shell.t.date_from(self.today, self.date)
    }

    fn is_chosen(&self, doctor: &Doctor) -> bool {
        self.chosen == Some(doctor.id)
    }

    /// The date of one more slot, if nobody says otherwise: nobody can be booked on one that is over.
    fn offered(&self) -> Date {
        self.date.max(self.today)
    }

    /// Whose slot was added just now.
    fn added(&self) -> Option<(&Doctor, &SlotBody)> {
        let mut all =
            self.groups.iter().flat_map(|(doctor, slots)| slots.iter().map(move |slot| (doctor, slot)));
        all.find(|(_, slot)| slot.id.to_string() == self.added)
    }

    fn address(&self) -> String {
        let doctor = self.chosen.map(|id| id.to_string()).unwrap_or_default();
        format!("/admin/slot?date={}&doctor={doctor}", self.date)
    }

    fn beside(&self, days: i64) -> String {
        let doctor = self.chosen.map(|id| id.to_string()).unwrap_or_default();
        format!("/admin/slot?date={}&doctor={doctor}", self.date.saturating_add(days.days()))
    }
}

pub(crate) async fn page(here: Here, reader: Reader, Params(which): Params<Which>) -> Answer<Response> {
    let mut doctors = all_doctors(&here).await?;
    let chosen = Some(which.doctor).filter(|id| !id.is_empty());
    let chosen = chosen.map(|id| typed::<DoctorId>("doctor", &id)).transpose()?;
    let today = here.desk.today(here.facility).await?;
    let date = match which.date.as_str() {
        "" => today,
        date => typed("date", date)?,
    };
    let zone = here.desk.facility_get(here.facility).await?.zone;
    let all = slots(&here, chosen, date, date, &zone).await?;
    let of = |doctor: &Doctor| {
        let mine = all.iter().filter(|dated| dated.day.doctor == doctor.id);
        (doctor.clone(), mine.cloned().map(SlotBody::from).collect::<Vec<_>>())
    };
    // Whoever does not work here any more may have left slots behind, with patients in them.
    let groups = doctors.iter().map(of).filter(|(_, slots)| !slots.is_empty()).collect();
    doctors.retain(is_here);
    let shell = Shell::new(&here, &reader, "admin").await?;
    let (parts, added) = (parts(&shell, "slot"), which.added);
    Ok(reader.page(&Slots { parts, shell, doctors, chosen, date, today, groups, added }))
}

/// All slots of these dates, of one doctor or of all.
pub(super) async fn slots(
    here: &Here,
    doctor: Option<DoctorId>,
    from: Date,
    to: Date,
    zone: &TimeZone,
) -> Answer<Vec<DatedSlot>> {
    let mut all = Vec::<DatedSlot>::new();
    loop {
        let after = all.last().map(|last| (last.day.date, last.slot.window.start(), last.slot.id));
        let query = SlotQuery { doctor, from, to, after, limit: PAGE };
        let page = here.desk.store().slot_list(here.facility, &query, zone).await?;
        let is_last = page.len() < PAGE as usize;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}

/// A slot to be changed.
#[derive(Template)]
#[template(path = "admin/slot.html")]
struct One {
    t: Texts,
    slot: SlotBody,
    doctor: Arc<Doctor>,
    advice: Advice,
}

/// What the last days say about how many seats it should have.
struct Advice {
    /// Percent of those booked who come.
    come: u32,
    /// Of so many bookings; none where too few are known.
    known: Option<u32>,
    emergencies: String,
    places: u32,
    bookings: u32,
    buffer: u32,
    times: Vec<String>,
}

impl One {
    const STATUSES: [&'static str; 3] = ["open", "closed", "cancelled"];

    fn risk() -> u32 {
        whole(advice::RISK * 100.0)
    }

    /// Mon 2 Feb
    fn day(&self, date: &Date) -> String {
        self.t.date(*date)
    }
}

pub(crate) async fn one(here: Here, reader: Reader, Id(id): Id<SlotId>) -> Answer<Response> {
    let day = here.desk.store().slot_day(here.facility, id).await?.ok_or(DeskError::Unknown("slot"))?;
    let zone = here.desk.facility_get(here.facility).await?.zone;
    let doctor = here.desk.doctor(here.facility, day.doctor).await?;
    let today = here.desk.today(here.facility).await?;
    let of_doctor = async |from, to| slots(&here, Some(day.doctor), from, to, &zone).await;
    let slot = of_doctor(day.date, day.date)
        .await?
        .into_iter()
        .find(|dated| dated.slot.id == id)
        .ok_or(DeskError::Unknown("slot"))?;
    // Days that are over: what is still to come tells nothing.
    let end = day.date.min(today);
    let past = of_doctor(end.saturating_sub(DAYS_BACK.days()), end.saturating_sub(1.days())).await?;
    let advice = advised(&here, reader.texts, &slot, &doctor, &past).await?;
    Ok(reader.part(&One { t: reader.texts, slot: slot.into(), doctor, advice }))
}

async fn advised(
    here: &Here,
    t: Texts,
    slot: &DatedSlot,
    doctor: &Doctor,
    past: &[DatedSlot],
) -> Answer<Advice> {
    let dates: HashSet<Date> = past.iter().map(|dated| dated.day.date).collect();
    let (mut came, mut missed, mut emergencies) = (0_u32, 0_u32, 0_u32);
    for date in &dates {
        let (doctor, date) = (Some(slot.day.doctor), Some(*date));
        let query = TokenQuery { doctor, date, limit: TOKENS_MAX, ..TokenQuery::default() };
        for dated in here.desk.store().token_list(here.facility, &query).await? {
            match (dated.token.source, dated.token.status) {
                (Source::Emergency, _) => emergencies += 1,
                // Who stands at the counter has come already.
                (Source::WalkIn, _) => {}
                (_, Status::Completed) => came += 1,
                (_, Status::NoShow) => missed += 1,
                _ => {}
            }
        }
    }
    let bookings = came + missed;
    let known = (bookings >= BOOKINGS_LEAST).then_some(bookings);
    let come = known.map_or(advice::COME_USUALLY, |bookings| f64::from(came) / f64::from(bookings));
    let held = past.iter().filter(|dated| dated.slot.status != SlotStatus::Cancelled);
    let held: Vec<u32> = held.map(|dated| minutes_of(dated.slot.window)).collect();
    let (window, seats) = (slot.slot.window, slot.slot.max_count);
    let minutes = minutes_of(window);
    let expected = advice::emergencies(minutes, emergencies, &held);
    let places = advice::places(minutes, doctor.mean_visit_minutes);
    Ok(Advice {
        come: whole(come * 100.0),
        known,
        emergencies: t.number(expected, 1),
        places,
        bookings: advice::bookings(places, come, advice::RISK),
        buffer: advice::buffer(expected),
        times: times(window.start(), i64::from(minutes) * 60, seats)
            .into_iter()
            .map(|at| t.time(at))
            .collect(),
    })
}

fn minutes_of(window: Window) -> u32 {
    let minutes = window.ends_at().duration_since(window.starts_at()).as_mins();
    u32::try_from(minutes).unwrap_or(0)
}

/// When each of so many is asked to come: equal steps. The first few are enough to show it.
fn times(start: Time, seconds: i64, seats: u32) -> Vec<Time> {
    let at = |n: i64| start.wrapping_add((seconds * n / i64::from(seats.max(1))).seconds());
    (0..i64::from(seats.min(4))).map(at).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a percentage")]
fn whole(share: f64) -> u32 {
    share.round().clamp(0.0, 100.0) as u32
}

/// A change of which it is asked what it would do.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    max_count: String,
    #[serde(default)]
    hard_limit: String,
    #[serde(default)]
    status: String,
}

/// What a change would do to whom, and the button that does it.
#[derive(Template)]
#[template(path = "admin/plan.html")]
struct Plan {
    t: Texts,
    changed: ChangedSlotBody,
    /// The change, for the button.
    change: String,
}

impl Plan {
    /// Mon 2 Feb
    fn day(&self, date: &Date) -> String {
        self.t.date(*date)
    }
}

pub(crate) async fn plan(
    here: Here,
    reader: Reader,
    Id(id): Id<SlotId>,
    Params(asked): Params<Asked>,
) -> Answer<Response> {
    let number = |field: &str, text: &str| match text.trim() {
        "" => Ok(None),
        text => typed::<u32>(field, text).map(Some),
    };
    let body = ChangeSlotBody {
        max_count: number("max_count", &asked.max_count)?,
        hard_limit: number("hard_limit", &asked.hard_limit)?,
        status: Some(asked.status.trim().to_owned()).filter(|status| !status.is_empty()),
        move_on: true,
        preview: true,
    };
    let change = serde_json::json!({
        "max_count": body.max_count, "hard_limit": body.hard_limit, "status": body.status, "move_on": true,
    });
    let changed = slot_changed(&here, id, None, body).await?;
    Ok(reader.part(&Plan { t: reader.texts, changed, change: change.to_string() }))
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn everybody_has_a_time_of_their_own() {
        let nine = time(9, 0, 0, 0);
        let expected = [(9, 0), (9, 6), (9, 12), (9, 18)].map(|(hour, minute)| time(hour, minute, 0, 0));
        assert_eq!(times(nine, 3_600, 10), expected);
        assert_eq!(times(nine, 3_600, 1), [nine]);
    }
}
