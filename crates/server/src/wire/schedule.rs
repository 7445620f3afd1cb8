//! Schedules on the wire: weekly hours, leave, and dates with other hours.

use baari_engine::{Absence, DoctorId, SlotTemplate, WeeklyHours};
use baari_store::{ScheduleLine, ScheduleRule};
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::slot::{hour, parse_hour};
use super::{doctor_id, optional_date, words};
use crate::problem::{self, Problem};

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// Hours cut into equal slots.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoursBody {
    #[schema(example = "09:00")]
    pub(crate) start_time: String,
    #[schema(example = "13:00")]
    pub(crate) end_time: String,
    /// 5 to 720
    #[schema(example = 60, minimum = 5, maximum = 720)]
    pub(crate) slot_minutes: u16,
    #[schema(example = 10, minimum = 1, maximum = 10_000)]
    pub(crate) max_count: u32,
    /// `max_count` if not given.
    #[schema(example = 12, minimum = 1, maximum = 10_000)]
    pub(crate) hard_limit: Option<u32>,
}

/// A line to be added: hours on a `weekday`, or an absence `from` … `to` (with other `hours` instead, if any).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewScheduleBody {
    #[serde(deserialize_with = "doctor_id")]
    #[schema(value_type = uuid::Uuid)]
    pub(crate) doctor_id: DoctorId,
    /// monday … sunday: these hours come back every week.
    #[schema(example = "monday")]
    pub(crate) weekday: Option<String>,
    /// The hours; of an absence, those worked instead.
    pub(crate) hours: Option<HoursBody>,
    /// The first date it holds for; needed for an absence.
    #[serde(default, deserialize_with = "optional_date")]
    pub(crate) from: Option<Date>,
    /// The last date it holds for; needed for an absence.
    #[serde(default, deserialize_with = "optional_date")]
    pub(crate) to: Option<Date>,
    /// Why, for people.
    #[serde(default)]
    pub(crate) note: String,
}

/// A line of a doctor's schedule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScheduleBody {
    pub(crate) id: uuid::Uuid,
    pub(crate) doctor_id: uuid::Uuid,
    /// weekly or absence
    pub(crate) kind: &'static str,
    pub(crate) weekday: Option<&'static str>,
    pub(crate) hours: Option<HoursBody>,
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
    pub(crate) note: String,
}

impl NewScheduleBody {
    pub(crate) fn parse(self) -> Result<(DoctorId, ScheduleRule, String), Problem> {
        let wrong = |field: &str, detail: &str| Problem::new(problem::FIELD_WRONG, detail).field(field);
        let template = self.hours.map(HoursBody::parse).transpose()?;
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            return Err(wrong("to", "the last date comes before the first: swap them"));
        }
        let rule = match (self.weekday, template, self.from, self.to) {
            (Some(day), Some(template), valid_from, valid_to) => {
                let weekday =
                    DAYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&day)).map(|(_, day)| *day);
                let weekday = weekday.ok_or_else(|| wrong("weekday", "a weekday is monday … sunday"))?;
                ScheduleRule::Weekly(WeeklyHours { weekday, template, valid_from, valid_to })
            }
            (Some(_), None, ..) => {
                return Err(wrong("hours", "weekly hours need hours: start_time, end_time, …"));
            }
            (None, template, Some(from), Some(to)) => {
                ScheduleRule::Absence(Absence { from, to, instead: template.into_iter().collect() })
            }
            (None, ..) => {
                return Err(wrong("weekday", "give a weekday with hours, or from and to for an absence"));
            }
        };
        Ok((self.doctor_id, rule, words("note", &self.note, 0, 200)?))
    }
}

impl HoursBody {
    fn parse(self) -> Result<SlotTemplate, Problem> {
        let template = SlotTemplate {
            start: parse_hour("hours.start_time", &self.start_time)?,
            end: parse_hour("hours.end_time", &self.end_time)?,
            slot_minutes: self.slot_minutes,
            max_count: self.max_count,
            hard_limit: self.hard_limit.unwrap_or(self.max_count),
        };
        template
            .check()
            .map_err(|error| Problem::new(problem::FIELD_WRONG, error.to_string()).field("hours"))?;
        Ok(template)
    }

    fn new(template: &SlotTemplate) -> Self {
        Self {
            start_time: hour(template.start),
            end_time: hour(template.end),
            slot_minutes: template.slot_minutes,
            max_count: template.max_count,
            hard_limit: Some(template.hard_limit),
        }
    }
}

impl From<ScheduleLine> for ScheduleBody {
    fn from(line: ScheduleLine) -> Self {
        let ScheduleLine { id, doctor, rule, note } = line;
        let (id, doctor_id) = (id.as_uuid(), doctor.as_uuid());
        match rule {
            ScheduleRule::Weekly(weekly) => Self {
                id,
                doctor_id,
                kind: "weekly",
                weekday: DAYS.iter().find(|(_, day)| *day == weekly.weekday).map(|(name, _)| *name),
                hours: Some(HoursBody::new(&weekly.template)),
                from: weekly.valid_from,
                to: weekly.valid_to,
                note,
            },
            ScheduleRule::Absence(absence) => Self {
                id,
                doctor_id,
                kind: "absence",
                weekday: None,
                hours: absence.instead.first().map(HoursBody::new),
                from: Some(absence.from),
                to: Some(absence.to),
                note,
            },
        }
    }
}
