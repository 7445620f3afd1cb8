//! Events: appended, never changed. Each facility numbers its own, in the order of their commits and without a gap: its feed.
//!
//! A commit raises the facility's number by the count of its events. Whoever is next waits for the row until that commit has
//! ended, so numbers become visible in order, and one that was taken by a transaction that failed is given again.

use baari_engine::{DayKey, FacilityId, SlotId, TokenId};
use baari_store::codec::{reasons_from_text, reasons_to_text};
use baari_store::{EventRow, FeedEvent, StoreError, TrailQuery};
use jiff::civil::Date;

use crate::connection::Connections;
use crate::doctor_day::read_key;
use crate::fields::{Fields, each, to_bigint};
use crate::pipeline::Step;
use crate::statement::Statement;

macro_rules! columns {
    () => {
        "doctor_id, slot_date, version, ordinal, at, actor, kind, token_id, slot_id, reasons"
    };
}

const RAISE: &str = "\
INSERT INTO baari.feed AS feed (facility_id, number) VALUES ($1, $2)
ON CONFLICT (facility_id) DO UPDATE SET number = feed.number + excluded.number";

/// The number is ours until the COMMIT. Two statements, because a sharded database need not take one that writes in a `WITH`.
const INSERT: &str = concat!(
    "INSERT INTO baari.event (facility_id, number, ",
    columns!(),
    ") SELECT $1, feed.number - cardinality($2) + new.place, ",
    columns!(),
    " FROM unnest($2::uuid[], $3::date[], $4::bigint[], $5::integer[], $6::timestamptz[], $7::text[], $8::text[],
        $9::uuid[], $10::uuid[], $11::text[]) WITH ORDINALITY AS new (",
    columns!(),
    ", place)
    CROSS JOIN (SELECT number FROM baari.feed WHERE facility_id = $1) AS feed"
);

pub(crate) const OF_TOKEN: &str = concat!(
    "SELECT number, ",
    columns!(),
    " FROM baari.event WHERE facility_id = $1 AND token_id = $2 ORDER BY number LIMIT 1000"
);

pub(crate) const LIST: &str = concat!(
    "SELECT number, ",
    columns!(),
    " FROM baari.event WHERE facility_id = $1 AND number > $2 ORDER BY number LIMIT $3::bigint"
);

/// Numbers are in the order of time, but for clocks that differ a little: `$7` and `$8` are some time before and behind what is
/// asked for. Said in this way, the time's index leads to two numbers, and to nothing else.
macro_rules! search {
    ($whose:literal, $number:literal, $behind:literal) => {
        concat!(
            "SELECT number, ",
            columns!(),
            " FROM baari.event
            WHERE facility_id = $1 AND ($2::bigint IS NULL OR number < $2) AND ",
            $whose,
            " AND ($7::timestamptz IS NULL OR ",
            $number,
            " > ",
            $behind,
            "coalesce((
                SELECT number FROM baari.event WHERE facility_id = $1 AND at < $7 ORDER BY at DESC LIMIT 1
            ), 0)))
            AND ($8::timestamptz IS NULL OR number < coalesce((
                SELECT number FROM baari.event WHERE facility_id = $1 AND at >= $8 ORDER BY at LIMIT 1
            ), 9223372036854775807))
            AND ($4::timestamptz IS NULL OR at + interval '0' >= $4)
            AND ($5::timestamptz IS NULL OR at + interval '0' < $5)
            ORDER BY number DESC
            LIMIT $6::bigint"
        )
    };
}

/// Read from the end of the key.
pub(crate) const SEARCH: &str = search!("$3::text IS NULL", "number", "(");

/// Read from the end of the actor's index. With a bound of its own on either side the key would look as good: so the first
/// number is said in a way that only the actor's index fits.
pub(crate) const SEARCH_OF_ACTOR: &str = search!("actor = $3::text", "(actor, number)", "($3, ");

/// By way of the patient's tokens: the newest events of each, and of these the newest. A token has fewer events than any
/// actor; said in this way, neither the actor's index nor the time's comes in question.
pub(crate) const SEARCH_OF_PATIENT: &str = concat!(
    "SELECT event.* FROM baari.token AS token
    CROSS JOIN LATERAL (
        SELECT number, ",
    columns!(),
    " FROM baari.event
        WHERE facility_id = $1 AND token_id = token.id
            AND ($2::bigint IS NULL OR number < $2) AND ($3::text IS NULL OR actor IS NOT DISTINCT FROM $3)
            AND ($4::timestamptz IS NULL OR at + interval '0' >= $4)
            AND ($5::timestamptz IS NULL OR at + interval '0' < $5)
        ORDER BY number DESC
        LIMIT $6::bigint
    ) AS event
    WHERE token.facility_id = $1 AND token.patient_id = $7
    ORDER BY event.number DESC
    LIMIT $6"
);

pub(crate) const MOVES: &str = concat!(
    "SELECT number, ",
    columns!(),
    " FROM baari.event
    WHERE facility_id = $1 AND slot_date = $2 AND kind IN ('token_moved', 'token_moved_in') AND number > $3
    ORDER BY number
    LIMIT $4::bigint"
);

const HEAD: &str = "SELECT number FROM baari.feed WHERE facility_id = $1";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] =
    &[RAISE, INSERT, OF_TOKEN, LIST, SEARCH, SEARCH_OF_ACTOR, SEARCH_OF_PATIENT, MOVES, HEAD];

/// An event and its day.
pub(crate) type Row<'c> = (DayKey, &'c EventRow);

/// Appends these events to the feed.
pub(crate) fn append(facility: FacilityId, rows: &[Row<'_>]) -> Result<[Step; 2], StoreError> {
    let raise =
        Statement::new(RAISE).with(facility.as_uuid()).with(to_bigint(rows.len() as u64)?).touching(1);
    let versions: Result<_, _> = rows.iter().map(|(_, event)| to_bigint(event.version)).collect();
    let insert = Statement::new(INSERT)
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
        .touching(rows.len());
    Ok([raise.into(), insert.into()])
}

fn read(fields: &mut Fields<'_>, facility: FacilityId) -> Result<FeedEvent, StoreError> {
    let (number, day) = (fields.large()?, read_key(fields, facility)?);
    let event = EventRow {
        version: fields.version()?,
        ordinal: fields.count()?,
        at: fields.take()?,
        actor: fields.take()?,
        kind: fields.text(|text| text.parse().ok())?,
        token: fields.id_or_none(TokenId::from_uuid)?,
        slot: fields.id_or_none(SlotId::from_uuid)?,
        reasons: reasons_from_text(fields.take()?)?,
    };
    Ok(FeedEvent { number, day, event })
}

/// What happened to a token, oldest first.
pub(crate) async fn of_token(
    connections: &Connections,
    facility: FacilityId,
    token: TokenId,
) -> Result<Vec<FeedEvent>, StoreError> {
    let statement = Statement::new(OF_TOKEN).with(facility.as_uuid()).with(token.as_uuid());
    each(&connections.rows(statement).await?, |fields| read(fields, facility))
}

/// What happened in a facility behind this number.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    after: u64,
    limit: u32,
) -> Result<Vec<FeedEvent>, StoreError> {
    let statement =
        Statement::new(LIST).with(facility.as_uuid()).with(to_bigint(after)?).with(i64::from(limit));
    each(&connections.rows(statement).await?, |fields| read(fields, facility))
}

/// The moves into slots of a date behind this number.
pub(crate) async fn moves(
    connections: &Connections,
    facility: FacilityId,
    date: Date,
    after: u64,
    limit: u32,
) -> Result<Vec<FeedEvent>, StoreError> {
    let statement = Statement::new(MOVES)
        .with(facility.as_uuid())
        .with(date)
        .with(to_bigint(after)?)
        .with(i64::from(limit));
    each(&connections.rows(statement).await?, |fields| read(fields, facility))
}

/// Events, newest first.
pub(crate) async fn search(
    connections: &Connections,
    facility: FacilityId,
    query: &TrailQuery<u64>,
) -> Result<Vec<FeedEvent>, StoreError> {
    let (from, to) = query.times();
    let text = match (query.patient, &query.actor) {
        (Some(_), _) => SEARCH_OF_PATIENT,
        (None, Some(_)) => SEARCH_OF_ACTOR,
        (None, None) => SEARCH,
    };
    let statement = Statement::new(text)
        .with(facility.as_uuid())
        .with(query.before.map(to_bigint).transpose()?)
        .with(query.actor.clone())
        .with(query.from)
        .with(query.to)
        .with(i64::from(query.limit));
    let statement = match query.patient {
        Some(patient) => statement.with(patient.as_uuid()),
        None => statement.with(from).with(to),
    };
    each(&connections.rows(statement).await?, |fields| read(fields, facility))
}

/// The number of a facility's last event; 0 if there is none.
pub(crate) async fn head(connections: &Connections, facility: FacilityId) -> Result<u64, StoreError> {
    let rows = connections.rows(Statement::new(HEAD).with(facility.as_uuid())).await?;
    rows.first().map_or(Ok(0), |row| Fields::of(row).large())
}
