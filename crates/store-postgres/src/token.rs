//! Tokens.

use baari_engine::{Band, Code, DayKey, FacilityId, PatientId, SequenceNumber, SlotId, Token, TokenId};
use baari_store::codec::{placed_from_text, placed_to_text};
use baari_store::{DatedToken, StoreError, TokenQuery};

use crate::connection::Connections;
use crate::doctor_day::read_key;
use crate::fields::{Fields, each};
use crate::statement::Statement;

macro_rules! columns {
    () => {
        "token_no, id, patient_id, slot_id, source, class, band, sequence_number, status, by_override, rejoins, placed, \
         code, booked_at, appointment_at, promised_at, arrived_at, called_at, started_at, ended_at"
    };
}

macro_rules! arrays {
    () => {
        "unnest($2::uuid[], $3::date[], $4::bigint[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::text[],
            $10::smallint[], $11::bigint[], $12::text[], $13::bool[], $14::smallint[], $15::text[], $16::text[],
            $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[], $21::timestamptz[],
            $22::timestamptz[], $23::timestamptz[])"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO baari.token (facility_id, doctor_id, slot_date, ",
    columns!(),
    ") SELECT $1, new.* FROM ",
    arrays!(),
    " AS new"
);

const UPDATE: &str = concat!(
    "UPDATE baari.token SET
        patient_id = new.patient_id, slot_id = new.slot_id, source = new.source, class = new.class, band = new.band,
        sequence_number = new.sequence_number, status = new.status, by_override = new.by_override,
        rejoins = new.rejoins, placed = new.placed, code = new.code, booked_at = new.booked_at,
        appointment_at = new.appointment_at, promised_at = new.promised_at, arrived_at = new.arrived_at,
        called_at = new.called_at, started_at = new.started_at, ended_at = new.ended_at
    FROM ",
    arrays!(),
    " AS new (doctor_id, slot_date, ",
    columns!(),
    ") WHERE token.facility_id = $1 AND token.doctor_id = new.doctor_id AND token.slot_date = new.slot_date
        AND token.token_no = new.token_no AND token.id = new.id"
);

/// No number that is issued is negative, so these are in nobody's way.
const SET_ASIDE: &str = "\
UPDATE baari.token SET sequence_number = -sequence_number
FROM unnest($2::uuid[], $3::date[], $4::bigint[]) AS moving (doctor_id, slot_date, token_no)
WHERE token.facility_id = $1 AND token.doctor_id = moving.doctor_id AND token.slot_date = moving.slot_date
    AND token.token_no = moving.token_no";

/// The tokens of a doctor-day.
pub(crate) const OF_DAY: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM baari.token WHERE facility_id = $1 AND doctor_id = $2 AND slot_date = $3"
);

/// With a date but no doctor, the doctors of that date lead to the key.
const LIST: &str = concat!(
    "SELECT doctor_id, slot_date, ",
    columns!(),
    " FROM baari.token
    WHERE facility_id = $1 AND ($2::uuid IS NULL OR doctor_id = $2) AND ($3::date IS NULL OR slot_date = $3)
        AND ($2 IS NOT NULL OR $3 IS NULL OR doctor_id = ANY (ARRAY(
            SELECT day.doctor_id FROM baari.doctor_day AS day WHERE day.facility_id = $1 AND day.slot_date = $3
        )))
        AND ($4::uuid IS NULL OR patient_id = $4) AND ($5::text IS NULL OR status = $5)
        AND ($6::uuid IS NULL OR id > $6)
    ORDER BY id
    LIMIT $7::bigint"
);

const DAY_OF: &str = "SELECT doctor_id, slot_date FROM baari.token WHERE facility_id = $1 AND id = $2";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, UPDATE, SET_ASIDE, OF_DAY, LIST, DAY_OF];

/// A token and its day.
pub(crate) type Row<'c> = (DayKey, &'c Token);

/// Inserts these tokens.
pub(crate) fn insert(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    written(INSERT, facility, rows)
}

/// Updates these tokens, which must be there.
pub(crate) fn update(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    written(UPDATE, facility, rows)
}

/// Moves the sequence numbers of these tokens out of the way, so that they can be written in any order.
pub(crate) fn set_aside(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    keyed(SET_ASIDE, facility, rows)
}

fn keyed(text: &'static str, facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    Statement::new(text)
        .with(facility.as_uuid())
        .column(rows, |(day, _)| day.doctor.as_uuid())
        .column(rows, |(day, _)| day.date)
        .column(rows, |(_, token)| i64::from(token.token_no))
        .touching(rows.len())
}

fn written(text: &'static str, facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    keyed(text, facility, rows)
        .column(rows, |(_, token)| token.id.as_uuid())
        .column(rows, |(_, token)| token.patient.as_uuid())
        .column(rows, |(_, token)| token.slot.map(|slot| slot.as_uuid()))
        .column(rows, |(_, token)| token.source.name())
        .column(rows, |(_, token)| token.class.name())
        .column(rows, |(_, token)| i16::from(token.band.number()))
        .column(rows, |(_, token)| token.sequence.map(SequenceNumber::units))
        .column(rows, |(_, token)| token.status.name())
        .column(rows, |(_, token)| token.by_override)
        .column(rows, |(_, token)| i16::from(token.rejoins))
        .column(rows, |(_, token)| token.placed.as_ref().map(placed_to_text))
        .column(rows, |(_, token)| token.code.as_str().to_owned())
        .column(rows, |(_, token)| token.booked_at)
        .column(rows, |(_, token)| token.appointment_at)
        .column(rows, |(_, token)| token.promised_at)
        .column(rows, |(_, token)| token.arrived_at)
        .column(rows, |(_, token)| token.called_at)
        .column(rows, |(_, token)| token.started_at)
        .column(rows, |(_, token)| token.ended_at)
}

/// A token, from its columns.
pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Token, StoreError> {
    Ok(Token {
        token_no: fields.count()?,
        id: fields.id(TokenId::from_uuid)?,
        patient: fields.id(PatientId::from_uuid)?,
        slot: fields.id_or_none(SlotId::from_uuid)?,
        source: fields.text(|text| text.parse().ok())?,
        class: fields.text(|text| text.parse().ok())?,
        band: fields.small::<SmallBand>()?.0,
        sequence: fields.take::<Option<i64>>()?.map(SequenceNumber::from_units),
        status: fields.text(|text| text.parse().ok())?,
        by_override: fields.take()?,
        rejoins: fields.small()?,
        placed: fields.take::<Option<&str>>()?.map(placed_from_text).transpose()?,
        code: fields.text(Code::parse)?,
        booked_at: fields.take()?,
        appointment_at: fields.take()?,
        promised_at: fields.take()?,
        arrived_at: fields.take()?,
        called_at: fields.take()?,
        started_at: fields.take()?,
        ended_at: fields.take()?,
    })
}

struct SmallBand(Band);

impl TryFrom<i16> for SmallBand {
    type Error = ();

    fn try_from(number: i16) -> Result<Self, ()> {
        u8::try_from(number).ok().and_then(Band::new).map(Self).ok_or(())
    }
}

/// Tokens by id.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    query: &TokenQuery,
) -> Result<Vec<DatedToken>, StoreError> {
    let statement = Statement::new(LIST)
        .with(facility.as_uuid())
        .with(query.doctor.map(|doctor| doctor.as_uuid()))
        .with(query.date)
        .with(query.patient.map(|patient| patient.as_uuid()))
        .with(query.status.map(|status| status.name()))
        .with(query.after.map(|token| token.as_uuid()))
        .with(i64::from(query.limit));
    each(&connections.rows(statement).await?, |fields| {
        Ok(DatedToken { day: read_key(fields, facility)?, token: read(fields)? })
    })
}

/// The doctor-day of a token.
pub(crate) async fn day(
    connections: &Connections,
    facility: FacilityId,
    token: TokenId,
) -> Result<Option<DayKey>, StoreError> {
    let statement = Statement::new(DAY_OF).with(facility.as_uuid()).with(token.as_uuid());
    let rows = connections.rows(statement).await?;
    rows.first().map(|row| read_key(&mut Fields::of(row), facility)).transpose()
}
