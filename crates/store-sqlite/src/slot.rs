//! Slots.

use baari_engine::{DayKey, DoctorId, FacilityId, Slot, SlotId, Window};
use baari_store::{DatedSlot, Rows, SlotQuery, StoreError, codec};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

use crate::column::{Columns, change, row, rows};
use crate::commit::one;
use crate::error::{Done, Fault};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, start_time, end_time, max_count, hard_limit, current_count, override_count, status, issued,
                doctor_id, slot_date FROM slot ",
            $rest
        )
    };
}

const INSERT: &str =
    "INSERT INTO slot (facility_id, doctor_id, slot_date, id, start_time, end_time, max_count, hard_limit,
        current_count, override_count, status, issued)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
const UPDATE: &str = "UPDATE slot SET max_count = ?7, hard_limit = ?8, current_count = ?9, override_count = ?10,
        status = ?11, issued = ?12
    WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3 AND id = ?4 AND start_time = ?5 AND end_time = ?6";
const DAY_OF: &str = "SELECT doctor_id, slot_date FROM slot WHERE facility_id = ?1 AND id = ?2";
const OF_DAY: &str =
    select!("WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3 ORDER BY start_time");
const LIST: &str = select!(
    "WHERE facility_id = ?1 AND slot_date BETWEEN ?2 AND ?3 AND (slot_date, start_time, id) > (?4, ?5, ?6)
    ORDER BY slot_date, start_time, id LIMIT ?7"
);
const LIST_OF_DOCTOR: &str = select!(
    "WHERE facility_id = ?1 AND slot_date BETWEEN ?2 AND ?3 AND (slot_date, start_time, id) > (?4, ?5, ?6)
    AND doctor_id = ?8 ORDER BY slot_date, start_time, id LIMIT ?7"
);

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, UPDATE, DAY_OF, OF_DAY, LIST, LIST_OF_DOCTOR];

/// Writes the slots of a commit. A slot's hours don't change.
pub(crate) fn write(connection: &Connection, key: &DayKey, date: &str, slots: &Rows<Slot>) -> Done<()> {
    for slot in &slots.changed {
        one(put(connection, UPDATE, key, date, slot)?, "slot")?;
    }
    for slot in &slots.new {
        put(connection, INSERT, key, date, slot)?;
    }
    Ok(())
}

fn put(connection: &Connection, sql: &str, key: &DayKey, date: &str, slot: &Slot) -> Done<usize> {
    let (start, end) = (slot.window.start().to_string(), slot.window.end().to_string());
    let params = params![
        key.facility.as_uuid().into_bytes(),
        key.doctor.as_uuid().into_bytes(),
        date,
        slot.id.as_uuid().into_bytes(),
        start,
        end,
        slot.max_count,
        slot.hard_limit,
        slot.current_count,
        slot.override_count,
        slot.status.name(),
        codec::issued_to_text(&slot.issued),
    ];
    change(connection, sql, params)
}

/// The slots of a doctor-day.
pub(crate) fn of_day(connection: &Connection, key: &DayKey, date: &str, zone: &TimeZone) -> Done<Vec<Slot>> {
    let params = params![key.facility.as_uuid().into_bytes(), key.doctor.as_uuid().into_bytes(), date];
    rows(connection, OF_DAY, params, |columns| read(columns, key.date, zone))
}

/// The doctor-day of a slot.
pub(crate) fn day_of(connection: &Connection, facility: FacilityId, slot: SlotId) -> Done<Option<DayKey>> {
    let params = params![facility.as_uuid().into_bytes(), slot.as_uuid().into_bytes()];
    row(connection, DAY_OF, params, |columns| {
        Ok(DayKey { facility, doctor: columns.id(0, DoctorId::from_uuid)?, date: columns.date(1)? })
    })
}

/// Slots by date, start time and id.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    query: &SlotQuery,
    zone: &TimeZone,
) -> Done<Vec<DatedSlot>> {
    let after = query.after.map(|(date, start, id)| (date.to_string(), start.to_string(), id.as_uuid()));
    let (date, start, id) = after
        .as_ref()
        .map_or(("", "", &[][..]), |(date, start, id)| (date.as_str(), start.as_str(), id.as_bytes()));
    let (from, to) = (query.from.to_string(), query.to.to_string());
    let facility_id = facility.as_uuid();
    let read = |columns: &Columns<'_, '_>| {
        let (doctor, date) = (columns.id(9, DoctorId::from_uuid)?, columns.date(10)?);
        Ok(DatedSlot { day: DayKey { facility, doctor, date }, slot: read(columns, date, zone)? })
    };
    let (facility, limit) = (facility_id.as_bytes(), query.limit);
    match query.doctor {
        None => rows(connection, LIST, params![facility, from, to, date, start, id, limit], read),
        Some(doctor) => {
            let doctor = doctor.as_uuid();
            let params = params![facility, from, to, date, start, id, limit, doctor.as_bytes()];
            rows(connection, LIST_OF_DOCTOR, params, read)
        }
    }
}

fn read(columns: &Columns<'_, '_>, date: Date, zone: &TimeZone) -> Done<Slot> {
    let (start, end) = (columns.time(1)?, columns.time(2)?);
    let window = Window::new(date, start, end, zone).ok_or_else(|| {
        Fault(StoreError::Corrupt(format!("slot from {start} to {end} on {date} in the facility's zone")))
    })?;
    Ok(Slot {
        id: columns.id(0, SlotId::from_uuid)?,
        window,
        max_count: columns.number(3)?,
        hard_limit: columns.number(4)?,
        current_count: columns.number(5)?,
        override_count: columns.number(6)?,
        status: columns.parsed(7, "slot status")?,
        issued: codec::issued_from_text(&columns.get::<String>(8)?)?,
    })
}
