//! Events: what happened, for ever. Rows are numbered as they are committed, because one writes at a time.

use baari_engine::{DayKey, DoctorId, FacilityId, SlotId, TokenId};
use baari_store::{EventRow, FeedEvent, TrailQuery, codec};
use jiff::civil::Date;
use rusqlite::{Connection, ToSql, params};

use crate::column::{Columns, change, instant, integer, maybe_id, row, rows};
use crate::error::Done;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT number, doctor_id, slot_date, version, ordinal, at, actor, kind, token_id, slot_id, reasons FROM event ",
            $rest
        )
    };
}

const INSERT: &str =
    "INSERT INTO event (facility_id, doctor_id, slot_date, version, ordinal, at, actor, kind, token_id,
        slot_id, reasons)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const OF_TOKEN: &str = select!(
    "WHERE facility_id = ?1 AND coalesce(token_id, slot_id) = ?2 AND token_id = ?2 ORDER BY number LIMIT 1000"
);
const LIST: &str = select!("WHERE facility_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3");
// Which numbers, of a time: numbers are in the order of time, but for clocks that differ a little. So `?8` and `?9` are some
// time before and behind, and what is between their numbers is looked at row by row (`+` keeps the time from choosing the way).
macro_rules! search {
    ($index:literal, $way:literal) => {
        concat!(
            "SELECT number, doctor_id, slot_date, version, ordinal, at, actor, kind, token_id, slot_id, reasons FROM event ",
            $index,
            " WHERE facility_id = ?1 AND ",
            $way,
            " AND number > coalesce(
                (SELECT number FROM event WHERE facility_id = ?1 AND at < ?8 ORDER BY at DESC LIMIT 1), 0)
            AND number < min(?2, coalesce(
                (SELECT number FROM event WHERE facility_id = ?1 AND at >= ?9 ORDER BY at LIMIT 1), ?2))
            AND +at >= ?5 AND +at < ?6 AND ?4 IS NULL ORDER BY number DESC LIMIT ?7"
        )
    };
}

// One text for each way to search; what else is asked for is looked at row by row. The actor's index is named, as
// for the audit trail; `+` keeps the order from choosing the way: a patient's events are few, and lie with their tokens.
const SEARCH: &str = search!("", "?3 IS NULL");
const SEARCH_OF_ACTOR: &str = search!("INDEXED BY event_of_actor", "actor = ?3");
const SEARCH_OF_PATIENT: &str = select!(
    "WHERE facility_id = ?1 AND coalesce(token_id, slot_id) IN (
        SELECT id FROM token WHERE facility_id = ?1 AND patient_id = ?4
    ) AND token_id IS NOT NULL AND +number < ?2 AND +at >= ?5 AND +at < ?6 AND (?3 IS NULL OR +actor = ?3)
    ORDER BY +number DESC LIMIT ?7"
);
const MOVES: &str = select!(
    "WHERE facility_id = ?1 AND slot_date = ?2 AND kind IN ('token_moved', 'token_moved_in') AND number > ?3
    ORDER BY number LIMIT ?4"
);
const HEAD: &str = "SELECT number FROM event WHERE facility_id = ?1 ORDER BY number DESC LIMIT 1";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] =
    &[INSERT, OF_TOKEN, LIST, SEARCH, SEARCH_OF_ACTOR, SEARCH_OF_PATIENT, MOVES, HEAD];

/// Writes the events of a commit.
pub(crate) fn write(connection: &Connection, key: &DayKey, date: &str, events: &[EventRow]) -> Done<()> {
    for event in events {
        let params = params![
            key.facility.as_uuid().into_bytes(),
            key.doctor.as_uuid().into_bytes(),
            date,
            integer(event.version)?,
            event.ordinal,
            instant(event.at),
            event.actor,
            event.kind.name(),
            maybe_id(event.token.map(|token| token.as_uuid())),
            maybe_id(event.slot.map(|slot| slot.as_uuid())),
            codec::reasons_to_text(&event.reasons),
        ];
        change(connection, INSERT, params)?;
    }
    Ok(())
}

/// What happened to a token, oldest first.
pub(crate) fn of_token(
    connection: &Connection,
    facility: FacilityId,
    token: TokenId,
) -> Done<Vec<FeedEvent>> {
    let params = params![facility.as_uuid().into_bytes(), token.as_uuid().into_bytes()];
    rows(connection, OF_TOKEN, params, |columns| read(columns, facility))
}

/// What happened in a facility behind this number.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    after: u64,
    limit: u32,
) -> Done<Vec<FeedEvent>> {
    let params = params![facility.as_uuid().into_bytes(), integer(after)?, limit];
    rows(connection, LIST, params, |columns| read(columns, facility))
}

/// The moves into slots of a date behind this number.
pub(crate) fn moves(
    connection: &Connection,
    facility: FacilityId,
    date: Date,
    after: u64,
    limit: u32,
) -> Done<Vec<FeedEvent>> {
    let params = params![facility.as_uuid().into_bytes(), date.to_string(), integer(after)?, limit];
    rows(connection, MOVES, params, |columns| read(columns, facility))
}

/// Events, newest first.
pub(crate) fn search(
    connection: &Connection,
    facility: FacilityId,
    query: &TrailQuery<u64>,
) -> Done<Vec<FeedEvent>> {
    let sql = match (query.patient, &query.actor) {
        (Some(_), _) => SEARCH_OF_PATIENT,
        (None, Some(_)) => SEARCH_OF_ACTOR,
        (None, None) => SEARCH,
    };
    let (from, to) = query.times();
    let params: &[&dyn ToSql] = params![
        facility.as_uuid().into_bytes(),
        query.before.map_or(Ok(i64::MAX), integer)?,
        query.actor,
        maybe_id(query.patient.map(|patient| patient.as_uuid())),
        query.from.map_or(i64::MIN, instant),
        query.to.map_or(i64::MAX, instant),
        query.limit,
        from.map_or(i64::MIN, instant),
        to.map_or(i64::MAX, instant),
    ];
    let params = if query.patient.is_some() { &params[..7] } else { params };
    rows(connection, sql, params, |columns| read(columns, facility))
}

/// The number of a facility's last event; 0 if there is none.
pub(crate) fn head(connection: &Connection, facility: FacilityId) -> Done<u64> {
    let params = params![facility.as_uuid().into_bytes()];
    Ok(row(connection, HEAD, params, |columns| columns.number(0))?.unwrap_or(0))
}

fn read(columns: &Columns<'_, '_>, facility: FacilityId) -> Done<FeedEvent> {
    let day = DayKey { facility, doctor: columns.id(1, DoctorId::from_uuid)?, date: columns.date(2)? };
    let event = EventRow {
        version: columns.number(3)?,
        ordinal: columns.number(4)?,
        at: columns.instant(5)?,
        actor: columns.get(6)?,
        kind: columns.parsed(7, "kind of event")?,
        token: columns.maybe_id(8, TokenId::from_uuid)?,
        slot: columns.maybe_id(9, SlotId::from_uuid)?,
        reasons: codec::reasons_from_text(&columns.get::<String>(10)?)?,
    };
    Ok(FeedEvent { number: columns.number(0)?, day, event })
}
