//! Events: appended, never changed.

use baari_engine::{DayKey, FacilityId, SlotId, TokenId};
use baari_store::codec::{reasons_from_text, reasons_to_text};
use baari_store::{EventRow, StoreError};

use crate::connection::Connections;
use crate::doctor_day::of_day;
use crate::fields::{Fields, each, to_bigint};
use crate::statement::Statement;

macro_rules! columns {
    () => {
        "version, ordinal, at, actor, kind, token_id, slot_id, reasons"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO baari.event (facility_id, doctor_id, slot_date, ",
    columns!(),
    ") SELECT $1, new.* FROM unnest($2::uuid[], $3::date[], $4::bigint[], $5::integer[], $6::timestamptz[],
        $7::text[], $8::text[], $9::uuid[], $10::uuid[], $11::text[]) AS new"
);

const OF_TOKEN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM baari.event
    WHERE facility_id = $1 AND doctor_id = $2 AND slot_date = $3 AND token_id = $4
    ORDER BY version, ordinal
    LIMIT 1000"
);

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, OF_TOKEN];

/// An event and its day.
pub(crate) type Row<'c> = (DayKey, &'c EventRow);

/// Appends these events.
pub(crate) fn insert(facility: FacilityId, rows: &[Row<'_>]) -> Result<Statement, StoreError> {
    let versions: Result<_, _> = rows.iter().map(|(_, event)| to_bigint(event.version)).collect();
    Ok(Statement::new(INSERT)
        .with(facility.as_uuid())
        .column(rows, |(day, _)| day.doctor.as_uuid())
        .column(rows, |(day, _)| day.date)
        .with_all::<i64>(versions?)
        .column(rows, |(_, event)| i32::from(event.ordinal))
        .column(rows, |(_, event)| event.at)
        .column(rows, |(_, event)| event.actor.clone())
        .column(rows, |(_, event)| event.kind.name())
        .column(rows, |(_, event)| event.token.map(|token| token.as_uuid()))
        .column(rows, |(_, event)| event.slot.map(|slot| slot.as_uuid()))
        .column(rows, |(_, event)| reasons_to_text(&event.reasons))
        .touching(rows.len()))
}

fn read(fields: &mut Fields<'_>) -> Result<EventRow, StoreError> {
    Ok(EventRow {
        version: fields.version()?,
        ordinal: fields.count()?,
        at: fields.take()?,
        actor: fields.take()?,
        kind: fields.text(|text| text.parse().ok())?,
        token: fields.id_or_none(TokenId::from_uuid)?,
        slot: fields.id_or_none(SlotId::from_uuid)?,
        reasons: reasons_from_text(fields.take()?)?,
    })
}

/// What happened to a token, oldest first.
pub(crate) async fn of_token(
    connections: &Connections,
    day: DayKey,
    token: TokenId,
) -> Result<Vec<EventRow>, StoreError> {
    let statement = of_day(OF_TOKEN, day).with(token.as_uuid());
    each(&connections.rows(statement).await?, read)
}
