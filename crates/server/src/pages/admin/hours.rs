//! A doctor's hours: what comes back every week, leave and other hours on dates, and the slots made from them.

use askama::Template;
use axum::response::Response;
use baari_engine::DoctorId;
use baari_store::Doctor;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Part, all_doctors, is_here, parts};
use crate::access::Here;
use crate::body::Params;
use crate::failure::Answer;
use crate::pages::shell::{Reader, Shell};
use crate::wire::{ScheduleBody, typed};

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

#[derive(Template)]
#[template(path = "admin/hours.html")]
struct Hours {
    shell: Shell,
    parts: Vec<Part>,
    doctors: Vec<Doctor>,
    chosen: Option<DoctorId>,
    week: Vec<(usize, &'static str, Vec<ScheduleBody>)>,
    absences: Vec<ScheduleBody>,
    /// Absences that are over, the last one first.
    over: Vec<ScheduleBody>,
    today: Date,
    ahead: Date,
}

impl Hours {
    fn is_chosen(&self, doctor: &Doctor) -> bool {
        self.chosen == Some(doctor.id)
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
    let mut lines: Vec<ScheduleBody> = Vec::new();
    if let Some(doctor) = chosen {
        here.desk.doctor(here.facility, doctor).await?;
        let all = here.desk.store().schedule_list(here.facility, doctor).await?;
        lines = all.into_iter().map(ScheduleBody::from).collect();
    }
    let (mut weekly, mut absences): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.kind == "weekly");
    absences.sort_by_key(|line| line.from);
    weekly.sort_by_key(|line| line.hours.as_ref().map(|hours| hours.start_time.clone()));
    let mut week: Vec<_> = WEEKDAYS.iter().enumerate().map(|(at, day)| (at + 1, *day, Vec::new())).collect();
    for line in weekly {
        if let Some((.., lines)) = week.iter_mut().find(|(_, day, _)| Some(*day) == line.weekday) {
            lines.push(line);
        }
    }
    let today = here.desk.today(here.facility).await?;
    let (mut over, absences): (Vec<_>, Vec<_>) =
        absences.into_iter().partition(|line| line.to.is_some_and(|to| to < today));
    over.reverse();
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
