//! A doctor's hours: what comes back every week, leave and other hours on dates, and the slots made from them.

use askama::Template;
use axum::response::Response;
use baari_engine::DoctorId;
use baari_store::Doctor;
use form_urlencoded::Serializer;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use serde::Deserialize;

use super::leave::{StillOpen, still_open};
use super::{Part, advice, all_doctors, is_here, parts};
use crate::access::Here;
use crate::body::Params;
use crate::failure::Answer;
use crate::pages::shell::{Reader, Shell};
use crate::pages::texts::Texts;
use crate::wire::{HoursBody, ScheduleBody, typed};

/// The days of the week, as the API calls them.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Slots are made for two weeks, if nothing else is said.
const DAYS_AHEAD: i64 = 13;

/// Whose hours.
#[derive(Debug, Deserialize)]
pub(crate) struct Whose {
    #[serde(default)]
    doctor: String,
}

/// A line of the week.
struct Weekly {
    line: ScheduleBody,
    notes: Vec<String>,
}

/// Leave, or other hours.
struct Away {
    line: ScheduleBody,
    notes: Vec<String>,
    open: Vec<StillOpen>,
}

#[derive(Template)]
#[template(path = "admin/hours.html")]
struct Hours {
    shell: Shell,
    parts: Vec<Part>,
    doctors: Vec<Doctor>,
    chosen: Option<DoctorId>,
    week: Vec<(usize, &'static str, Vec<Weekly>)>,
    absences: Vec<Away>,
    /// Absences that are over, the last one first.
    over: Vec<Away>,
    today: Date,
    ahead: Date,
}

impl Hours {
    fn is_chosen(&self, doctor: &Doctor) -> bool {
        self.chosen == Some(doctor.id)
    }

    /// Mon 2 Feb
    fn day(&self, date: &Date) -> String {
        self.shell.t.date_from(self.today, *date)
    }

    /// What is looked at before the slots of that date are cancelled.
    fn plan_address(&self, line: &ScheduleBody, date: &Date) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("date", &date.to_string()).append_pair("reason", &line.note);
        format!("/admin/doctor/{}/leave?{}", line.doctor_id, query.finish())
    }

    /// Dates on which somebody who is away can still be booked.
    fn to_do(&self) -> usize {
        self.absences.iter().map(|away| away.open.len()).sum()
    }

    /// Mon 2 Feb, or two dates with a dash; of another year, with that.
    fn dates(&self, line: &ScheduleBody) -> String {
        let day = |date| self.shell.t.date_from(self.today, date);
        let date = |date: Option<Date>| date.map_or(String::new(), day);
        if line.from == line.to {
            date(line.from)
        } else {
            format!("{}–{}", date(line.from), date(line.to))
        }
    }
}

pub(crate) async fn page(here: Here, reader: Reader, Params(whose): Params<Whose>) -> Answer<Response> {
    let mut doctors = all_doctors(&here).await?;
    let asked = Some(whose.doctor).filter(|id| !id.is_empty());
    let asked = asked.map(|id| typed::<DoctorId>("doctor", &id)).transpose()?;
    doctors.retain(|doctor| is_here(doctor) || asked == Some(doctor.id));
    let chosen = asked.or(doctors.first().map(|doctor| doctor.id));
    let today = here.desk.today(here.facility).await?;
    let mut week: Vec<_> = WEEKDAYS.iter().enumerate().map(|(at, day)| (at + 1, *day, Vec::new())).collect();
    let (mut over, mut absences) = (Vec::new(), Vec::new());
    if let Some(doctor) = chosen {
        let visit_minutes = here.desk.doctor(here.facility, doctor).await?.mean_visit_minutes;
        for line in here.desk.store().schedule_list(here.facility, doctor).await? {
            let line = ScheduleBody::from(line);
            let hours = line.hours.as_ref();
            let notes = hours.map_or_else(Vec::new, |hours| notes(reader.texts, hours, visit_minutes));
            if line.kind == "weekly" {
                let of_day = week.iter_mut().find(|(_, day, _)| Some(*day) == line.weekday);
                if let Some((.., lines)) = of_day {
                    lines.push(Weekly { line, notes });
                }
            } else if line.to.is_some_and(|to| to < today) {
                over.push(Away { line, notes, open: Vec::new() });
            } else {
                let open = still_open(&here, doctor, &line, today).await?;
                absences.push(Away { line, notes, open });
            }
        }
    }
    for (.., lines) in &mut week {
        lines.sort_by_key(|of| of.line.hours.as_ref().map(|hours| hours.start_time.clone()));
    }
    absences.sort_by_key(|away| away.line.from);
    over.sort_by_key(|away| std::cmp::Reverse(away.line.from));
    let shell = Shell::new(&here, &reader, "admin").await?;
    let page = Hours {
        parts: parts(&shell, "hours"),
        shell,
        doctors,
        chosen,
        week,
        absences,
        over,
        today,
        ahead: today.saturating_add(DAYS_AHEAD.days()),
    };
    Ok(reader.page(&page))
}

/// What these hours lead to that nobody may have meant.
fn notes(t: Texts, hours: &HoursBody, visit_minutes: u16) -> Vec<String> {
    let time = |text: &str| Time::strptime("%H:%M", text).ok();
    let Some((start, end)) = time(&hours.start_time).zip(time(&hours.end_time)) else { return Vec::new() };
    let minutes = u32::try_from(end.duration_since(start).as_mins()).unwrap_or(0);
    let slot_minutes = u32::from(hours.slot_minutes);
    if slot_minutes == 0 || minutes < slot_minutes {
        return Vec::new();
    }
    let mut notes = Vec::new();
    let left = advice::left_over(minutes, hours.slot_minutes);
    if left > 0 {
        let from = end.wrapping_sub(i64::from(left).minutes());
        notes
            .push(t.say("admin-hours-unused").with("from", t.time(from)).with("to", t.time(end)).to_string());
    }
    if advice::is_far_beyond(hours.max_count, slot_minutes, visit_minutes) {
        let work = u64::from(hours.max_count) * u64::from(visit_minutes);
        let note = t.say("admin-hours-beyond").with("seats", hours.max_count).with("visit", visit_minutes);
        notes.push(note.with("work", work).with("minutes", slot_minutes).to_string());
    }
    notes
}

/// Hours that are being entered.
#[derive(Debug, Deserialize)]
pub(crate) struct Entered {
    #[serde(default)]
    doctor_id: String,
    #[serde(default, rename = "hours.start_time")]
    start_time: String,
    #[serde(default, rename = "hours.end_time")]
    end_time: String,
    #[serde(default, rename = "hours.slot_minutes")]
    slot_minutes: String,
    #[serde(default, rename = "hours.max_count")]
    max_count: String,
}

#[derive(Template)]
#[template(path = "admin/notes.html")]
struct Notes {
    notes: Vec<String>,
}

/// What they would lead to. A field that is being filled in has no number for a moment: then there is nothing to say yet.
pub(crate) async fn advised(
    here: Here,
    reader: Reader,
    Params(entered): Params<Entered>,
) -> Answer<Response> {
    let Entered { doctor_id, start_time, end_time, slot_minutes, max_count } = entered;
    let all = slot_minutes.parse().ok().zip(max_count.parse().ok()).filter(|_| !doctor_id.is_empty());
    let Some((slot_minutes, max_count)) = all else {
        return Ok(reader.part(&Notes { notes: Vec::new() }));
    };
    let doctor = here.desk.doctor(here.facility, typed("doctor_id", &doctor_id)?).await?;
    let hours = HoursBody { start_time, end_time, slot_minutes, max_count, hard_limit: None };
    Ok(reader.part(&Notes { notes: notes(reader.texts, &hours, doctor.mean_visit_minutes) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_that_nobody_means_are_noted() {
        let said = |end_time: &str, slot_minutes, max_count| {
            let (start_time, end_time) = ("09:00".to_owned(), end_time.to_owned());
            let hours = HoursBody { start_time, end_time, slot_minutes, max_count, hard_limit: None };
            notes(Texts::english(), &hours, 6)
        };
        assert_eq!(said("13:30", 60, 10), ["13:00–13:30 stays unused: no whole slot fits into it."]);
        let work = "20 seats: at 6 min a visit that is 120 min of work, in a slot of 60 min.";
        assert_eq!(said("13:00", 60, 20), [work]);
        for (end, minutes) in [("13:00", 60), ("09:00", 60), ("", 60), ("13:00", 0)] {
            assert!(said(end, minutes, 10).is_empty(), "{end} {minutes}");
        }
    }
}
