//! Doctor-days: as a whole, and their versions.

use baari_engine::{Day, DayKey, DoctorId, FacilityId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

use crate::column::row;
use crate::error::Done;
use crate::{slot, token};

const GET: &str = "SELECT version, next_token_no FROM doctor_day
    WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[GET];

/// The doctor-day as last committed.
pub(crate) fn load(connection: &Connection, key: DayKey, zone: &TimeZone) -> Done<Day> {
    let date = key.date.to_string();
    let Some((version, next_token_no)) = get(connection, key.facility, key.doctor, &date)? else {
        return Ok(Day::empty(key));
    };
    let slots = slot::of_day(connection, &key, &date, zone)?;
    let tokens = token::of_day(connection, &key, &date)?;
    Ok(Day::from_parts(key, version, next_token_no, slots, tokens))
}

/// The versions of those that exist.
pub(crate) fn versions(
    connection: &Connection,
    facility: FacilityId,
    days: &[(DoctorId, Date)],
) -> Done<Vec<(DoctorId, Date, u64)>> {
    let mut found = Vec::with_capacity(days.len());
    for &(doctor, date) in days {
        if let Some((version, _)) = get(connection, facility, doctor, &date.to_string())? {
            found.push((doctor, date, version));
        }
    }
    Ok(found)
}

fn get(
    connection: &Connection,
    facility: FacilityId,
    doctor: DoctorId,
    date: &str,
) -> Done<Option<(u64, u32)>> {
    let params = params![facility.as_uuid().into_bytes(), doctor.as_uuid().into_bytes(), date];
    row(connection, GET, params, |columns| Ok((columns.number(0)?, columns.number(1)?)))
}
