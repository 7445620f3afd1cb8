//! Slots.

use baari_engine::{DayKey, FacilityId, Slot, SlotId, Window};
use baari_store::codec::{issued_from_text, issued_to_text};
use baari_store::{DatedSlot, SlotQuery, StoreError};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::connection::Connections;
use crate::doctor_day::read_key;
use crate::fields::{Fields, each};
use crate::statement::Statement;

macro_rules! columns {
    () => {
        "id, start_time, end_time, max_count, hard_limit, current_count, override_count, status, issued"
    };
}

macro_rules! insert {
    ($doctor:literal) => {
        concat!(
            "INSERT INTO baari.slot (facility_id, doctor_id, slot_date, ",
            columns!(),
            ") SELECT $1, ",
            $doctor,
            ", slot_date, ",
            columns!(),
            " FROM unnest($2::uuid[], $3::date[], $4::uuid[], $5::time[], $6::time[], $7::bigint[], $8::bigint[],
                $9::bigint[], $10::bigint[], $11::text[], $12::text[]) AS new (doctor_id, slot_date, ",
            columns!(),
            ")"
        )
    };
}

const INSERT: &str = insert!("doctor_id");

/// Proposes slots of nobody. A slot that is there keeps its doctor, and tells; one that is not there gives itself away.
const UPDATE: &str = concat!(
    insert!("'00000000-0000-0000-0000-000000000000'"),
    " ON CONFLICT (facility_id, id) DO UPDATE SET
        start_time = excluded.start_time, end_time = excluded.end_time,
        max_count = excluded.max_count, hard_limit = excluded.hard_limit,
        current_count = excluded.current_count, override_count = excluded.override_count,
        status = excluded.status, issued = excluded.issued
    WHERE slot.slot_date = excluded.slot_date
    RETURNING doctor_id"
);

/// The slots of a doctor-day.
pub(crate) const OF_DAY: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM baari.slot WHERE facility_id = $1 AND doctor_id = $2 AND slot_date = $3"
);

const LIST: &str = concat!(
    "SELECT doctor_id, slot_date, ",
    columns!(),
    " FROM baari.slot
    WHERE facility_id = $1 AND ($2::uuid IS NULL OR doctor_id = $2)
        AND slot_date BETWEEN greatest($3::date, $5::date) AND $4::date
        AND ($5 IS NULL OR (slot_date, start_time, id) > ($5, $6::time, $7::uuid))
    ORDER BY slot_date, start_time, id
    LIMIT $8::bigint"
);

const DAY_OF: &str = "SELECT doctor_id, slot_date FROM baari.slot WHERE facility_id = $1 AND id = $2";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, UPDATE, OF_DAY, LIST, DAY_OF];

/// A slot and its day.
pub(crate) type Row<'c> = (DayKey, &'c Slot);

/// Inserts these slots.
pub(crate) fn insert(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    written(INSERT, facility, rows).touching(rows.len())
}

/// Updates these slots, which must be there.
pub(crate) fn update(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    written(UPDATE, facility, rows).returning(rows.iter().map(|(day, _)| day.doctor.as_uuid()).collect())
}

fn written(text: &'static str, facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    Statement::new(text)
        .with(facility.as_uuid())
        .column(rows, |(day, _)| day.doctor.as_uuid())
        .column(rows, |(day, _)| day.date)
        .column(rows, |(_, slot)| slot.id.as_uuid())
        .column(rows, |(_, slot)| slot.window.start())
        .column(rows, |(_, slot)| slot.window.end())
        .column(rows, |(_, slot)| i64::from(slot.max_count))
        .column(rows, |(_, slot)| i64::from(slot.hard_limit))
        .column(rows, |(_, slot)| i64::from(slot.current_count))
        .column(rows, |(_, slot)| i64::from(slot.override_count))
        .column(rows, |(_, slot)| slot.status.name())
        .column(rows, |(_, slot)| issued_to_text(&slot.issued))
}

/// A slot of this date, from its columns.
pub(crate) fn read(fields: &mut Fields<'_>, date: Date, zone: &TimeZone) -> Result<Slot, StoreError> {
    let id = fields.id(SlotId::from_uuid)?;
    let (start, end): (Time, Time) = (fields.take()?, fields.take()?);
    let window = Window::new(date, start, end, zone)
        .ok_or_else(|| StoreError::Corrupt(format!("slot {id} from {start} to {end} on {date}")))?;
    Ok(Slot {
        id,
        window,
        max_count: fields.count()?,
        hard_limit: fields.count()?,
        current_count: fields.count()?,
        override_count: fields.count()?,
        status: fields.text(|text| text.parse().ok())?,
        issued: issued_from_text(fields.take()?)?,
    })
}

/// Slots by date, start time and id.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    query: &SlotQuery,
    zone: &TimeZone,
) -> Result<Vec<DatedSlot>, StoreError> {
    let statement = Statement::new(LIST)
        .with(facility.as_uuid())
        .with(query.doctor.map(|doctor| doctor.as_uuid()))
        .with(query.from)
        .with(query.to)
        .with(query.after.map(|(date, ..)| date))
        .with(query.after.map(|(_, start, _)| start))
        .with(query.after.map(|(.., id)| id.as_uuid()))
        .with(i64::from(query.limit));
    each(&connections.rows(statement).await?, |fields| {
        let day = read_key(fields, facility)?;
        Ok(DatedSlot { day, slot: read(fields, day.date, zone)? })
    })
}

/// The doctor-day of a slot.
pub(crate) async fn day(
    connections: &Connections,
    facility: FacilityId,
    slot: SlotId,
) -> Result<Option<DayKey>, StoreError> {
    let statement = Statement::new(DAY_OF).with(facility.as_uuid()).with(slot.as_uuid());
    let rows = connections.rows(statement).await?;
    rows.first().map(|row| read_key(&mut Fields::of(row), facility)).transpose()
}
