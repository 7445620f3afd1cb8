//! Events: what happened, for ever.

use baari_engine::{DayKey, SlotId, TokenId};
use baari_store::{EventRow, codec};
use rusqlite::{Connection, params};

use crate::column::{change, instant, integer, maybe_id, rows};
use crate::error::Done;

const INSERT: &str =
    "INSERT INTO event (facility_id, doctor_id, slot_date, version, ordinal, at, actor, kind, token_id,
        slot_id, reasons)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const OF_TOKEN: &str = "SELECT version, ordinal, at, actor, kind, token_id, slot_id, reasons FROM event
    WHERE facility_id = ?1 AND coalesce(token_id, slot_id) = ?4 AND doctor_id = ?2 AND slot_date = ?3 AND token_id = ?4
    ORDER BY version, ordinal LIMIT 1000";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, OF_TOKEN];

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
pub(crate) fn of_token(connection: &Connection, key: DayKey, token: TokenId) -> Done<Vec<EventRow>> {
    let params = params![
        key.facility.as_uuid().into_bytes(),
        key.doctor.as_uuid().into_bytes(),
        key.date.to_string(),
        token.as_uuid().into_bytes(),
    ];
    rows(connection, OF_TOKEN, params, |columns| {
        Ok(EventRow {
            version: columns.number(0)?,
            ordinal: columns.number(1)?,
            at: columns.instant(2)?,
            actor: columns.get(3)?,
            kind: columns.parsed(4, "kind of event")?,
            token: columns.maybe_id(5, TokenId::from_uuid)?,
            slot: columns.maybe_id(6, SlotId::from_uuid)?,
            reasons: codec::reasons_from_text(&columns.get::<String>(7)?)?,
        })
    })
}
