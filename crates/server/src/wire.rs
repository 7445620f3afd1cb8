//! The API's own types: what goes over the wire, converted by hand from and to the domain's.

mod audit;
mod doctor;
mod live;
mod marks;
mod page;
mod patient;
mod people;
mod plan;
mod queue;
mod reason;
mod report;
mod room;
mod schedule;
mod setting;
mod slot;
mod story;
pub(crate) mod table;
mod token;
mod waiting;

pub(crate) use audit::TrailBody;
pub(crate) use doctor::{ChangeDoctorBody, DoctorBody, NewDoctorBody};
pub(crate) use live::{BoardBody, Own, OwnBody, Surroundings, Views, goes_before};
pub(crate) use marks::Marks;
pub(crate) use page::{NothingBody, Page, PageParams};
pub(crate) use patient::{ChangePatientBody, EraseBody, NewPatientBody, PatientBody};
pub(crate) use people::{
    ChangeUserBody, KeyBody, NewKeyBody, NewPasswordBody, NewUserBody, SessionBody, ShownKeyBody, SignInBody,
    SignedInBody, UserBody, UserWithPasswordBody,
};
pub(crate) use plan::{Doctors, PlanBody};
pub(crate) use queue::QueueBody;
pub(crate) use reason::{ReasonBody, reasons};
pub(crate) use report::{FiguresBody, ReportBody};
pub(crate) use room::{CalledBody, DayBody, DelayBody, DelayedBody, LeaveBody, NextBody, UndoneBody};
pub(crate) use schedule::{HoursBody, NewScheduleBody, ScheduleBody};
pub(crate) use setting::{ChangeSettingBody, SettingBody};
pub(crate) use slot::{
    ChangeSlotBody, ChangedSlotBody, GenerateBody, GeneratedBody, NewSlotBody, SlotBody, hour, parse_hour,
};
pub(crate) use story::{ChapterBody, EventBody, FeedBody, StoryBody, in_order, standing};
pub(crate) use token::{BookBody, ChangeTokenBody, MoveBody, StatusBody, TokenBody, label};
pub(crate) use waiting::WaitingBody;

use baari_access::name::is_invisible;
use baari_engine::{DoctorId, IdError, PatientId, SlotId, TokenId};
use jiff::civil::Date;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer};

use crate::problem::{self, Problem};

/// Parses a field's text into a typed value, or names the field.
pub(crate) fn typed<T: std::str::FromStr>(field: &str, text: &str) -> Result<T, Problem>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| Problem::new(problem::FIELD_WRONG, error.to_string()).field(field))
}

/// Text that people wrote: not empty (unless `least` is 0), not too long, without invisible characters.
pub(crate) fn words(field: &str, text: &str, least: usize, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    let length = text.chars().count();
    // What is looked for has a short name in addresses.
    let name = if field == "q" { "what you look for".to_owned() } else { field.replace('_', " ") };
    let detail = if length < least && least == 1 {
        format!("{name} is empty: fill it in")
    } else if length < least {
        format!("{name} is too short: at least {least} characters")
    } else if length > most {
        format!("{name} is too long: at most {most} characters")
    } else if text.chars().any(is_invisible) {
        format!("{name} has characters that can't be seen: type it again")
    } else {
        return Ok(text.to_owned());
    };
    Err(Problem::new(problem::FIELD_WRONG, detail).field(field))
}

/// A date that a hospital can have slots on, written 2026-02-02.
pub(crate) fn date<'de, D: Deserializer<'de>>(field: D) -> Result<Date, D::Error> {
    let text = String::deserialize(field)?;
    let date = (text.len() == 10).then(|| Date::strptime("%Y-%m-%d", &text).ok()).flatten();
    let wrong = || serde::de::Error::custom("a date looks like 2026-02-02, from the year 2000 to 2200");
    date.filter(|date| (2000..=2200).contains(&date.year())).ok_or_else(wrong)
}

/// The same, where it may be left out.
pub(crate) fn optional_date<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(field)?;
    text.map(|text| date(text.into_deserializer())).transpose()
}

/// A field that may be absent (stays as it is), null (cleared) or given.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    field: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(field).map(Some)
}

macro_rules! id_field {
    ($name:ident, $id:ty) => {
        pub(crate) fn $name<'de, D: Deserializer<'de>>(field: D) -> Result<$id, D::Error> {
            let text = String::deserialize(field)?;
            text.parse().map_err(|error: IdError| serde::de::Error::custom(error))
        }
    };
}

id_field!(doctor_id, DoctorId);
id_field!(patient_id, PatientId);

macro_rules! optional_id_field {
    ($name:ident, $id:ty) => {
        pub(crate) fn $name<'de, D: Deserializer<'de>>(field: D) -> Result<Option<$id>, D::Error> {
            let text = Option::<String>::deserialize(field)?;
            text.map(|text| text.parse().map_err(|error: IdError| serde::de::Error::custom(error)))
                .transpose()
        }
    };
}

optional_id_field!(optional_doctor_id, DoctorId);
optional_id_field!(optional_slot_id, SlotId);
optional_id_field!(optional_token_id, TokenId);
