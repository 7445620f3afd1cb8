//! Leave for dates that have slots already. Entering it keeps new slots away; those that are there go on taking bookings until
//! somebody cancels them, date by date, having seen who moves where.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use baari_engine::{DayKey, DoctorId, SlotId, SlotStatus, Status, limits};
use baari_store::Doctor;
use jiff::civil::{Date, Time};
use serde::Deserialize;
use serde_json::json;

use super::slot::slots;
use crate::access::Here;
use crate::api::leave_planned;
use crate::body::{Id, Params};
use crate::failure::Answer;
use crate::pages::shell::Reader;
use crate::pages::texts::Texts;
use crate::wire::{PlanBody, ScheduleBody, typed, words};

/// Dates of one leave that are shown; the next ones come up when these are done.
const DATES_MAX: usize = 31;

/// A date of leave on which the doctor can still be booked.
pub(super) struct StillOpen {
    pub(super) date: Date,
    pub(super) slots: usize,
    pub(super) patients: usize,
}

/// The dates of this leave, from today on, with slots that are neither over nor cancelled. Of dates with other hours, those slots
/// that do not lie in them.
pub(super) async fn still_open(
    here: &Here,
    doctor: DoctorId,
    line: &ScheduleBody,
    today: Date,
) -> Answer<Vec<StillOpen>> {
    let (Some(from), Some(to)) = (line.from, line.to) else { return Ok(Vec::new()) };
    let (zone, now) = (here.desk.facility_get(here.facility).await?.zone, here.desk.now());
    let time = |text: &str| Time::strptime("%H:%M", text).ok();
    let instead = line.hours.as_ref().and_then(|hours| time(&hours.start_time).zip(time(&hours.end_time)));
    let is_meant = |start: Time, end: Time| instead.is_some_and(|(from, to)| from <= start && end <= to);
    let mut dates: BTreeMap<Date, Vec<SlotId>> = BTreeMap::new();
    for dated in slots(here, Some(doctor), from.max(today), to, &zone).await? {
        let (slot, window) = (&dated.slot, dated.slot.window);
        let takes_place = slot.status != SlotStatus::Cancelled && !slot.is_over(now);
        if takes_place && !is_meant(window.start(), window.end()) {
            dates.entry(dated.day.date).or_default().push(slot.id);
        }
    }
    let mut all = Vec::new();
    for (date, slots) in dates.into_iter().take(DATES_MAX) {
        let day = DayKey { facility: here.facility, doctor, date };
        let is_to_move = |slot: Option<SlotId>, status: Status| {
            let sits = status.holds_seat() && !matches!(status, Status::InConsultation | Status::Completed);
            sits && slot.is_some_and(|slot| slots.contains(&slot))
        };
        let count = |snapshot: baari_desk::Snapshot<'_>| {
            snapshot.day.tokens().iter().filter(|token| is_to_move(token.slot, token.status)).count()
        };
        let patients = here.desk.look(day, count).await?;
        all.push(StillOpen { date, slots: slots.len(), patients });
    }
    Ok(all)
}

/// Which date (today, if none is named), and why.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    date: String,
    #[serde(default)]
    reason: String,
}

/// What cancelling the slots of a date would do to whom, and the button that does it.
#[derive(Template)]
#[template(path = "admin/leave.html")]
struct Leave {
    t: Texts,
    doctor: Arc<Doctor>,
    date: Date,
    plan: PlanBody,
    /// The call, for the button.
    change: String,
}

impl Leave {
    /// Mon 2 Feb
    fn day(&self, date: &Date) -> String {
        self.t.date(*date)
    }
}

pub(crate) async fn plan(
    here: Here,
    reader: Reader,
    Id(id): Id<DoctorId>,
    Params(asked): Params<Asked>,
) -> Answer<Response> {
    let (t, doctor) = (reader.texts, here.desk.doctor(here.facility, id).await?);
    let date = match asked.date.as_str() {
        "" => here.desk.today(here.facility).await?,
        date => typed("date", date)?,
    };
    // The call needs a reason, a leave does not.
    let why = Some(words("reason", &asked.reason, 0, limits::WHY_CHARACTERS)?);
    let why = why.filter(|why| !why.is_empty()).unwrap_or_else(|| t.say("admin-hours-leave").to_string());
    let change = json!({ "date": date, "reason": why }).to_string();
    let day = DayKey { facility: here.facility, doctor: id, date };
    let plan = leave_planned(&here, day, why).await?;
    Ok(reader.part(&Leave { t, doctor, date, plan, change }))
}
