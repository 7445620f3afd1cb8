//! Doctor-days: as a whole, their versions, and what they show of a doctor's pace.

use baari_engine::{Day, DayHead, DayKey, DayPace, DoctorId, FacilityId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

use crate::column::{change, integer, row, rows};
use crate::commit::one;
use crate::error::Done;
use crate::{slot, token};

const GET: &str = "SELECT version, next_token_no, resumes_at FROM doctor_day
    WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3";
const LIST: &str = "SELECT doctor_id, slot_date FROM doctor_day
    WHERE facility_id = ?1 AND slot_date BETWEEN ?2 AND ?3 ORDER BY slot_date, doctor_id";
const PUT_PACE: &str = "UPDATE doctor_day SET visits = ?4, visit_seconds = ?5, visit_seconds_squared = ?6,
        emergencies = ?7, planned_seconds = ?8, late_seconds = ?9
    WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3";
// Named, or it would go through the days of all doctors, because these are where the rows are.
const PACE_LIST: &str =
    "SELECT visits, visit_seconds, visit_seconds_squared, emergencies, planned_seconds, late_seconds
    FROM doctor_day INDEXED BY doctor_day_of_doctor
    WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date < ?3 AND visits > 0
    ORDER BY slot_date DESC LIMIT ?4";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[GET, LIST, PUT_PACE, PACE_LIST];

/// The doctor-day as last committed.
pub(crate) fn load(connection: &Connection, key: DayKey, zone: &TimeZone) -> Done<Day> {
    let date = key.date.to_string();
    let Some(head) = get(connection, key.facility, key.doctor, &date)? else {
        return Ok(Day::empty(key));
    };
    let slots = slot::of_day(connection, &key, &date, zone)?;
    let tokens = token::of_day(connection, &key, &date)?;
    Ok(Day::from_parts(key, head, slots, tokens))
}

/// The version of a doctor-day, if it exists.
pub(crate) fn version(connection: &Connection, key: &DayKey) -> Done<Option<u64>> {
    let head = get(connection, key.facility, key.doctor, &key.date.to_string())?;
    Ok(head.map(|head| head.version))
}

/// The versions of those that exist.
pub(crate) fn versions(
    connection: &Connection,
    facility: FacilityId,
    days: &[(DoctorId, Date)],
) -> Done<Vec<(DoctorId, Date, u64)>> {
    let mut found = Vec::with_capacity(days.len());
    for &(doctor, date) in days {
        if let Some(version) = version(connection, &DayKey { facility, doctor, date })? {
            found.push((doctor, date, version));
        }
    }
    Ok(found)
}

fn get(connection: &Connection, facility: FacilityId, doctor: DoctorId, date: &str) -> Done<Option<DayHead>> {
    let params = params![facility.as_uuid().into_bytes(), doctor.as_uuid().into_bytes(), date];
    row(connection, GET, params, |columns| {
        Ok(DayHead {
            version: columns.number(0)?,
            next_token_no: columns.number(1)?,
            resumes_at: columns.maybe_instant(2)?,
        })
    })
}

/// The doctor-days of these dates.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    from: Date,
    to: Date,
) -> Done<Vec<(DoctorId, Date)>> {
    let params = params![facility.as_uuid().into_bytes(), from.to_string(), to.to_string()];
    rows(connection, LIST, params, |columns| Ok((columns.id(0, DoctorId::from_uuid)?, columns.date(1)?)))
}

/// Writes what a doctor-day, which is there, shows of the doctor's pace.
pub(crate) fn put_pace(connection: &Connection, key: &DayKey, date: &str, pace: &DayPace) -> Done<()> {
    let params = params![
        key.facility.as_uuid().into_bytes(),
        key.doctor.as_uuid().into_bytes(),
        date,
        pace.visits,
        integer(pace.seconds)?,
        integer(pace.seconds_squared)?,
        pace.emergencies,
        pace.planned_seconds,
        pace.late_seconds,
    ];
    one(change(connection, PUT_PACE, params)?, "doctor-day")
}

/// What a doctor's days before this date show, newest first.
pub(crate) fn pace_list(
    connection: &Connection,
    facility: FacilityId,
    doctor: DoctorId,
    before: Date,
    limit: u32,
) -> Done<Vec<DayPace>> {
    let (facility, doctor) = (facility.as_uuid().into_bytes(), doctor.as_uuid().into_bytes());
    rows(connection, PACE_LIST, params![facility, doctor, before.to_string(), limit], |columns| {
        Ok(DayPace {
            visits: columns.number(0)?,
            seconds: columns.number(1)?,
            seconds_squared: columns.number(2)?,
            emergencies: columns.number(3)?,
            planned_seconds: columns.number(4)?,
            late_seconds: columns.get(5)?,
        })
    })
}
