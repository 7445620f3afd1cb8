//! Tokens.

use baari_engine::{Band, DayKey, DoctorId, FacilityId, PatientId, SequenceNumber, SlotId, Token, TokenId};
use baari_store::codec::{placed_from_text, placed_to_text};
use baari_store::{DatedToken, LastSeen, StoreError, TokenQuery};
use jiff::civil::Date;

use crate::connection::Connections;
use crate::doctor_day::read_key;
use crate::fields::{Fields, each};
use crate::statement::Statement;

macro_rules! others {
    () => {
        "slot_id, source, class, band, sequence_number, status, by_override, rejoins, placed, booked_at, \
         appointment_at, promised_at, arrived_at, called_at, started_at, ended_at, earlier_ok, displaced, passed_at"
    };
}

macro_rules! columns {
    () => {
        concat!("token_no, patient_id, ", others!())
    };
}

macro_rules! insert {
    ($id:literal, $patient:literal) => {
        concat!(
            "INSERT INTO baari.token (facility_id, doctor_id, slot_date, id, ",
            columns!(),
            ") SELECT $1, doctor_id, slot_date, ",
            $id,
            ", token_no, ",
            $patient,
            ", ",
            others!(),
            " FROM unnest($2::uuid[], $3::date[], $4::uuid[], $5::bigint[], $6::uuid[], $7::uuid[], $8::text[],
                $9::text[], $10::smallint[], $11::bigint[], $12::text[], $13::bool[], $14::smallint[], $15::text[],
                $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[],
                $21::timestamptz[], $22::timestamptz[], $23::bool[], $24::bool[], $25::timestamptz[]) AS new (doctor_id, slot_date, id, ",
            columns!(),
            ")"
        )
    };
}

/// Proposes tokens without identity. A token that is there keeps its id, and tells; one that is not there gives itself away.
macro_rules! change {
    ($set:expr) => {
        concat!(
            insert!("'00000000-0000-0000-0000-000000000000'", "patient_id"),
            " ON CONFLICT (facility_id, doctor_id, slot_date, token_no) DO UPDATE SET ",
            $set,
            " RETURNING id"
        )
    };
}

macro_rules! values {
    () => {
        "slot_id = excluded.slot_id, source = excluded.source, class = excluded.class,
        band = excluded.band, sequence_number = excluded.sequence_number, status = excluded.status,
        by_override = excluded.by_override, rejoins = excluded.rejoins, placed = excluded.placed,
        booked_at = excluded.booked_at, appointment_at = excluded.appointment_at, promised_at = excluded.promised_at,
        arrived_at = excluded.arrived_at, called_at = excluded.called_at, started_at = excluded.started_at,
        ended_at = excluded.ended_at, earlier_ok = excluded.earlier_ok, displaced = excluded.displaced,
        passed_at = excluded.passed_at"
    };
}

const INSERT: &str = insert!("id", "patient_id");

const UPDATE: &str = change!(concat!("patient_id = excluded.patient_id, ", values!()));

/// Proposes tokens of nobody, by their ids. One that is there keeps its patient, and tells.
const MOVE: &str = concat!(
    insert!("id", "'00000000-0000-0000-0000-000000000000'"),
    " ON CONFLICT (facility_id, id) DO UPDATE SET
        doctor_id = excluded.doctor_id, slot_date = excluded.slot_date, token_no = excluded.token_no, ",
    values!(),
    " RETURNING patient_id"
);

/// The same way, but only the number goes.
const SET_APART: &str = concat!(
    insert!("id", "'00000000-0000-0000-0000-000000000000'"),
    " ON CONFLICT (facility_id, id) DO UPDATE SET sequence_number = NULL RETURNING patient_id"
);

/// No number that is issued is negative, so these are in nobody's way.
const SET_ASIDE: &str = change!("sequence_number = -token.sequence_number");

/// The tokens of a doctor-day.
pub(crate) const OF_DAY: &str = concat!(
    "SELECT id, ",
    columns!(),
    " FROM baari.token WHERE facility_id = $1 AND doctor_id = $2 AND slot_date = $3"
);

/// With a date but no doctor, the doctors of that date lead to the key.
const LIST: &str = concat!(
    "SELECT doctor_id, slot_date, id, ",
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

const PATIENTS_OF: &str =
    "SELECT id, patient_id FROM baari.token WHERE facility_id = $1 AND id = ANY ($2::uuid[])";

/// The last completed visit of each of these patients: all of one's tokens are looked at, which are few.
pub(crate) const LAST_SEEN: &str = "\
SELECT wanted.id, last.slot_date, last.doctor_id
FROM unnest($2::uuid[]) AS wanted (id), LATERAL (
    SELECT slot_date, doctor_id FROM baari.token
    WHERE facility_id = $1 AND patient_id = wanted.id AND slot_date < $3::date AND status = 'completed'
    ORDER BY slot_date DESC, ended_at DESC NULLS LAST, id DESC
    LIMIT 1
) AS last";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] =
    &[INSERT, PATIENTS_OF, UPDATE, MOVE, SET_APART, SET_ASIDE, OF_DAY, LIST, DAY_OF, LAST_SEEN];

/// A token and its day.
pub(crate) type Row<'c> = (DayKey, &'c Token);

/// Inserts these tokens.
pub(crate) fn insert(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    written(INSERT, facility, rows).touching(rows.len())
}

/// Updates these tokens, which must be there.
pub(crate) fn update(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    changed(UPDATE, facility, rows)
}

/// Moves these tokens, which must be there, to the days beside them.
pub(crate) fn move_in(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    written(MOVE, facility, rows).returning(rows.iter().map(|(_, token)| token.patient.as_uuid()).collect())
}

/// Takes the sequence numbers of these tokens away, before others may get them where they were.
pub(crate) fn set_apart(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    let patients = rows.iter().map(|(_, token)| token.patient.as_uuid()).collect();
    written(SET_APART, facility, rows).returning(patients)
}

/// Moves the sequence numbers of these tokens out of the way, so that they can be written in any order.
pub(crate) fn set_aside(facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    changed(SET_ASIDE, facility, rows)
}

fn changed(text: &'static str, facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    written(text, facility, rows).returning(rows.iter().map(|(_, token)| token.id.as_uuid()).collect())
}

fn written(text: &'static str, facility: FacilityId, rows: &[Row<'_>]) -> Statement {
    Statement::new(text)
        .with(facility.as_uuid())
        .column(rows, |(day, _)| day.doctor.as_uuid())
        .column(rows, |(day, _)| day.date)
        .column(rows, |(_, token)| token.id.as_uuid())
        .column(rows, |(_, token)| i64::from(token.token_no))
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
        .column(rows, |(_, token)| token.booked_at)
        .column(rows, |(_, token)| token.appointment_at)
        .column(rows, |(_, token)| token.promised_at)
        .column(rows, |(_, token)| token.arrived_at)
        .column(rows, |(_, token)| token.called_at)
        .column(rows, |(_, token)| token.started_at)
        .column(rows, |(_, token)| token.ended_at)
        .column(rows, |(_, token)| token.earlier_ok)
        .column(rows, |(_, token)| token.displaced)
        .column(rows, |(_, token)| token.passed_at)
}

/// A token, from its id and its other columns.
pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Token, StoreError> {
    Ok(Token {
        id: fields.id(TokenId::from_uuid)?,
        token_no: fields.count()?,
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
        booked_at: fields.take()?,
        appointment_at: fields.take()?,
        promised_at: fields.take()?,
        arrived_at: fields.take()?,
        called_at: fields.take()?,
        started_at: fields.take()?,
        ended_at: fields.take()?,
        earlier_ok: fields.take()?,
        displaced: fields.take()?,
        passed_at: fields.take()?,
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

/// Whose these tokens are.
pub(crate) async fn patients(
    connections: &Connections,
    facility: FacilityId,
    tokens: &[TokenId],
) -> Result<Vec<(TokenId, PatientId)>, StoreError> {
    let statement =
        Statement::new(PATIENTS_OF).with(facility.as_uuid()).column(tokens, |token| token.as_uuid());
    let read =
        |fields: &mut Fields<'_>| Ok((fields.id(TokenId::from_uuid)?, fields.id(PatientId::from_uuid)?));
    each(&connections.rows(statement).await?, read)
}

/// The last completed visit before this date of those of these patients that have one.
pub(crate) async fn last_seen(
    connections: &Connections,
    facility: FacilityId,
    patients: &[PatientId],
    before: Date,
) -> Result<Vec<LastSeen>, StoreError> {
    let statement = Statement::new(LAST_SEEN)
        .with(facility.as_uuid())
        .column(patients, |patient| patient.as_uuid())
        .with(before);
    let read = |fields: &mut Fields<'_>| {
        Ok(LastSeen {
            patient: fields.id(PatientId::from_uuid)?,
            date: fields.take()?,
            doctor: fields.id(DoctorId::from_uuid)?,
        })
    };
    each(&connections.rows(statement).await?, read)
}
