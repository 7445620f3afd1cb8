//! The doctor-day itself: its version, which every write of it must name, and what it shows of the doctor's pace.

use baari_engine::{Day, DayHead, DayKey, DayPace, DoctorId, FacilityId};
use baari_store::{DayCommit, StoreError};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::connection::Connections;
use crate::fields::{Fields, each, to_bigint};
use crate::pipeline::Step;
use crate::statement::Statement;
use crate::{slot, token, transaction};

/// Nothing happens to a day that is there already, so a new one has version 0, whoever made it. It keeps it when it goes together
/// with a stale one, and is then left out: a day of version 0 is one that does not exist yet.
const INSERT_MISSING: &str = "\
INSERT INTO baari.doctor_day (facility_id, doctor_id, slot_date, version, next_token_no)
SELECT $1, missing.doctor_id, missing.slot_date, 0, 1
FROM unnest($2::uuid[], $3::date[]) AS missing (doctor_id, slot_date)
ON CONFLICT DO NOTHING";

/// One by one in the order given, which is that of the key: two servers with some days in common never wait for each other
/// in a circle.
pub(crate) const LOCK: &str = "\
SELECT day.doctor_id, day.slot_date, day.version
FROM unnest($2::uuid[], $3::date[]) AS wanted (doctor_id, slot_date)
CROSS JOIN LATERAL (
    SELECT * FROM baari.doctor_day
    WHERE facility_id = $1 AND doctor_id = wanted.doctor_id AND slot_date = wanted.slot_date
    FOR UPDATE
) AS day";

macro_rules! pace {
    () => {
        "visits, visit_seconds, visit_seconds_squared, emergencies, planned_seconds, late_seconds"
    };
}

/// They are there, and locked.
const RAISE: &str = "\
INSERT INTO baari.doctor_day AS day (facility_id, doctor_id, slot_date, version, next_token_no, resumes_at)
SELECT $1, raised.* FROM unnest($2::uuid[], $3::date[], $4::bigint[], $5::bigint[], $6::timestamptz[]) AS raised
ON CONFLICT (facility_id, slot_date, doctor_id) DO UPDATE SET
    version = excluded.version, next_token_no = excluded.next_token_no, resumes_at = excluded.resumes_at
WHERE day.version < excluded.version";

/// The same, with what the day shows of the doctor's pace.
const RAISE_WITH_PACE: &str = concat!(
    "INSERT INTO baari.doctor_day AS day (facility_id, doctor_id, slot_date, version, next_token_no, resumes_at, ",
    pace!(),
    ") SELECT $1, raised.* FROM unnest($2::uuid[], $3::date[], $4::bigint[], $5::bigint[], $6::timestamptz[],
        $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::integer[]) AS raised
    ON CONFLICT (facility_id, slot_date, doctor_id) DO UPDATE SET
        version = excluded.version, next_token_no = excluded.next_token_no, resumes_at = excluded.resumes_at,
        visits = excluded.visits, visit_seconds = excluded.visit_seconds,
        visit_seconds_squared = excluded.visit_seconds_squared, emergencies = excluded.emergencies,
        planned_seconds = excluded.planned_seconds, late_seconds = excluded.late_seconds
    WHERE day.version < excluded.version"
);

pub(crate) const VERSIONS: &str = "\
SELECT day.doctor_id, day.slot_date, day.version
FROM unnest($2::uuid[], $3::date[]) AS wanted (doctor_id, slot_date)
CROSS JOIN LATERAL (
    SELECT * FROM baari.doctor_day
    WHERE facility_id = $1 AND doctor_id = wanted.doctor_id AND slot_date = wanted.slot_date
    OFFSET 0
) AS day
WHERE day.version > 0";

const LOAD: &str = "\
SELECT version, next_token_no, resumes_at FROM baari.doctor_day
WHERE facility_id = $1 AND doctor_id = $2 AND slot_date = $3";

const LIST: &str = "\
SELECT doctor_id, slot_date FROM baari.doctor_day
WHERE facility_id = $1 AND slot_date BETWEEN $2 AND $3 AND version > 0
ORDER BY slot_date, doctor_id";

pub(crate) const PACE_LIST: &str = concat!(
    "SELECT ",
    pace!(),
    " FROM baari.doctor_day
    WHERE facility_id = $1 AND doctor_id = $2 AND slot_date < $3 AND has_visits
    ORDER BY slot_date DESC
    LIMIT $4::bigint"
);

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] =
    &[INSERT_MISSING, LOCK, RAISE, RAISE_WITH_PACE, VERSIONS, LOAD, LIST, PACE_LIST];

/// Makes those of these days that are not there yet. The days are in the order of their keys.
pub(crate) fn insert_missing(facility: FacilityId, days: &[&DayCommit]) -> Statement {
    keyed(INSERT_MISSING, facility, days)
}

/// Locks these days, and reads their versions. The days are in the order of their keys.
pub(crate) fn lock(facility: FacilityId, days: &[&DayCommit]) -> Statement {
    keyed(LOCK, facility, days)
}

fn keyed(text: &'static str, facility: FacilityId, days: &[&DayCommit]) -> Statement {
    Statement::new(text)
        .with(facility.as_uuid())
        .column(days, |day| day.key.doctor.as_uuid())
        .column(days, |day| day.key.date)
}

/// Raises the versions of these days, which were found to be the expected ones.
pub(crate) fn raise(facility: FacilityId, days: &[&DayCommit]) -> Result<Vec<Step>, StoreError> {
    let (paced, others): (Vec<_>, Vec<_>) = days.iter().copied().partition(|day| day.pace.is_some());
    let mut steps = Vec::new();
    if !others.is_empty() {
        steps.push(raised(RAISE, facility, &others)?.into());
    }
    if !paced.is_empty() {
        let paces: Vec<_> = paced.iter().filter_map(|day| day.pace).collect();
        let seconds: Result<_, _> = paces.iter().map(|pace| to_bigint(pace.seconds)).collect();
        let squared: Result<_, _> = paces.iter().map(|pace| to_bigint(pace.seconds_squared)).collect();
        let statement = raised(RAISE_WITH_PACE, facility, &paced)?
            .column(&paces, |pace| i64::from(pace.visits))
            .with_all::<i64>(seconds?)
            .with_all::<i64>(squared?)
            .column(&paces, |pace| i64::from(pace.emergencies))
            .column(&paces, |pace| i64::from(pace.planned_seconds))
            .column(&paces, |pace| pace.late_seconds);
        steps.push(statement.into());
    }
    Ok(steps)
}

fn raised(text: &'static str, facility: FacilityId, days: &[&DayCommit]) -> Result<Statement, StoreError> {
    let version: Result<_, _> = days.iter().map(|day| to_bigint(day.version)).collect();
    Ok(keyed(text, facility, days)
        .with_all::<i64>(version?)
        .column(days, |day| i64::from(day.next_token_no))
        .column(days, |day| day.resumes_at)
        .touching(days.len()))
}

/// A row of [`LOCK`] or [`VERSIONS`].
pub(crate) fn version(fields: &mut Fields<'_>) -> Result<(DoctorId, Date, u64), StoreError> {
    Ok((fields.id(DoctorId::from_uuid)?, fields.take()?, fields.version()?))
}

/// The versions of those of these days that exist.
pub(crate) async fn versions(
    connections: &Connections,
    facility: FacilityId,
    days: &[(DoctorId, Date)],
) -> Result<Vec<(DoctorId, Date, u64)>, StoreError> {
    let statement = Statement::new(VERSIONS)
        .with(facility.as_uuid())
        .column(days, |(doctor, _)| doctor.as_uuid())
        .column(days, |(_, date)| *date);
    each(&connections.rows(statement).await?, version)
}

/// The whole day.
pub(crate) async fn load(connections: &Connections, key: DayKey, zone: &TimeZone) -> Result<Day, StoreError> {
    let reads = [LOAD, slot::OF_DAY, token::OF_DAY];
    let reads = reads.map(|text| Step::Statement(of_day(text, key))).into();
    let answers = transaction::view(connections, reads).await?;
    let [day, slots, tokens] = &answers[..] else {
        return Err(StoreError::Corrupt("a view with other tables than asked for".to_owned()));
    };
    let Some(day) = day.rows.first() else { return Ok(Day::empty(key)) };
    let mut day = Fields::of(day);
    let head = DayHead { version: day.version()?, next_token_no: day.count()?, resumes_at: day.take()? };
    let slots = each(&slots.rows, |fields| slot::read(fields, key.date, zone))?;
    let tokens = each(&tokens.rows, token::read)?;
    Ok(Day::from_parts(key, head, slots, tokens))
}

/// The doctor-days of these dates.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    from: Date,
    to: Date,
) -> Result<Vec<(DoctorId, Date)>, StoreError> {
    let statement = Statement::new(LIST).with(facility.as_uuid()).with(from).with(to);
    each(&connections.rows(statement).await?, |fields| Ok((fields.id(DoctorId::from_uuid)?, fields.take()?)))
}

/// What a doctor's days before this date show, newest first.
pub(crate) async fn pace_list(
    connections: &Connections,
    facility: FacilityId,
    doctor: DoctorId,
    before: Date,
    limit: u32,
) -> Result<Vec<DayPace>, StoreError> {
    let statement = Statement::new(PACE_LIST)
        .with(facility.as_uuid())
        .with(doctor.as_uuid())
        .with(before)
        .with(i64::from(limit));
    each(&connections.rows(statement).await?, |fields| {
        Ok(DayPace {
            visits: fields.count()?,
            seconds: fields.large()?,
            seconds_squared: fields.large()?,
            emergencies: fields.count()?,
            planned_seconds: fields.large()?,
            late_seconds: fields.take()?,
        })
    })
}

/// A statement whose parameters are a day's key.
pub(crate) fn of_day(text: &'static str, key: DayKey) -> Statement {
    Statement::new(text).with(key.facility.as_uuid()).with(key.doctor.as_uuid()).with(key.date)
}

/// The key that a row begins with: doctor and date.
pub(crate) fn read_key(fields: &mut Fields<'_>, facility: FacilityId) -> Result<DayKey, StoreError> {
    Ok(DayKey { facility, doctor: fields.id(DoctorId::from_uuid)?, date: fields.take()? })
}
