//! Doctors' schedules: weekly hours, leave, and other hours on some dates.

use baari_engine::{Absence, DoctorId, FacilityId, ScheduleId, SlotTemplate, WeeklyHours};
use baari_store::{ScheduleLine, ScheduleRule, StoreError};
use jiff::civil::{Date, Weekday};
use rusqlite::{Connection, params};

use crate::column::{Columns, change, rows};
use crate::error::{Done, Fault};

const PUT: &str =
    "INSERT INTO schedule (facility_id, id, doctor_id, kind, weekday, valid_from, valid_to, start_time,
        end_time, slot_minutes, max_count, hard_limit, note)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
    ON CONFLICT (facility_id, id) DO UPDATE SET doctor_id = excluded.doctor_id, kind = excluded.kind,
        weekday = excluded.weekday, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
        start_time = excluded.start_time, end_time = excluded.end_time, slot_minutes = excluded.slot_minutes,
        max_count = excluded.max_count, hard_limit = excluded.hard_limit, note = excluded.note";
const REMOVE: &str = "DELETE FROM schedule WHERE facility_id = ?1 AND id = ?2";
const LIST: &str =
    "SELECT id, kind, weekday, valid_from, valid_to, start_time, end_time, slot_minutes, max_count,
        hard_limit, note
    FROM schedule WHERE facility_id = ?1 AND doctor_id = ?2 ORDER BY id LIMIT 1000";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, REMOVE, LIST];

/// Inserts or updates a line.
pub(crate) fn put(connection: &Connection, facility: FacilityId, line: &ScheduleLine) -> Done<()> {
    let text = |date: Date| date.to_string();
    let (kind, weekday, from, to, template) = match &line.rule {
        ScheduleRule::Weekly(hours) => {
            let weekday = hours.weekday.to_monday_one_offset();
            let (from, to) = (hours.valid_from.map(text), hours.valid_to.map(text));
            ("weekly", Some(weekday), from, to, Some(&hours.template))
        }
        ScheduleRule::Absence(absence) => {
            if absence.instead.len() > 1 {
                let text = "an absence has other hours once at most: make one line for each".to_owned();
                return Err(Fault(StoreError::Refused(text)));
            }
            ("absence", None, Some(text(absence.from)), Some(text(absence.to)), absence.instead.first())
        }
    };
    let params = params![
        facility.as_uuid().into_bytes(),
        line.id.as_uuid().into_bytes(),
        line.doctor.as_uuid().into_bytes(),
        kind,
        weekday,
        from,
        to,
        template.map(|template| template.start.to_string()),
        template.map(|template| template.end.to_string()),
        template.map(|template| template.slot_minutes),
        template.map(|template| template.max_count),
        template.map(|template| template.hard_limit),
        line.note,
    ];
    change(connection, PUT, params)?;
    Ok(())
}

/// Removes a line; false if there is none.
pub(crate) fn remove(connection: &Connection, facility: FacilityId, line: ScheduleId) -> Done<bool> {
    let params = params![facility.as_uuid().into_bytes(), line.as_uuid().into_bytes()];
    Ok(change(connection, REMOVE, params)? > 0)
}

/// A doctor's lines, by id.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    doctor: DoctorId,
) -> Done<Vec<ScheduleLine>> {
    let params = params![facility.as_uuid().into_bytes(), doctor.as_uuid().into_bytes()];
    rows(connection, LIST, params, |columns| {
        let (id, note) = (columns.id(0, ScheduleId::from_uuid)?, columns.get(10)?);
        Ok(ScheduleLine { id, doctor, rule: rule(columns)?, note })
    })
}

fn rule(columns: &Columns<'_, '_>) -> Done<ScheduleRule> {
    let kind: String = columns.get(1)?;
    let template = template(columns)?;
    match (kind.as_str(), template) {
        ("weekly", Some(template)) => Ok(ScheduleRule::Weekly(WeeklyHours {
            weekday: Weekday::from_monday_one_offset(columns.number(2)?).map_err(|_| corrupt("weekday"))?,
            template,
            valid_from: columns.maybe_parsed(3, "date")?,
            valid_to: columns.maybe_parsed(4, "date")?,
        })),
        ("absence", template) => Ok(ScheduleRule::Absence(Absence {
            from: columns.date(3)?,
            to: columns.date(4)?,
            instead: template.into_iter().collect(),
        })),
        (_, _) => Err(corrupt("line")),
    }
}

fn template(columns: &Columns<'_, '_>) -> Done<Option<SlotTemplate>> {
    let Some(start) = columns.maybe_parsed(5, "time")? else { return Ok(None) };
    Ok(Some(SlotTemplate {
        start,
        end: columns.time(6)?,
        slot_minutes: columns.number(7)?,
        max_count: columns.number(8)?,
        hard_limit: columns.number(9)?,
    }))
}

fn corrupt(what: &str) -> Fault {
    Fault(StoreError::Corrupt(format!("{what} of a schedule")))
}
