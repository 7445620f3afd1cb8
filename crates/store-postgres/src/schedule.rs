//! Schedules: a line is hours that come back every week, or an absence with or without other hours.

use baari_engine::{Absence, DoctorId, FacilityId, ScheduleId, SlotTemplate, WeeklyHours};
use baari_store::{Along, ScheduleLine, ScheduleRule, StoreError};
use jiff::civil::{Date, Time, Weekday};

use crate::connection::Connections;
use crate::fields::{Fields, each};
use crate::statement::Statement;
use crate::transaction::Transaction;
use crate::{along, facility, transaction};

macro_rules! columns {
    () => {
        "id, doctor_id, kind, weekday, valid_from, valid_to, start_time, end_time, slot_minutes, max_count, hard_limit, note"
    };
}

const PUT: &str = concat!(
    "INSERT INTO baari.schedule (facility_id, ",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::bigint, $12::bigint, $13)
    ON CONFLICT (facility_id, id) DO UPDATE SET
        doctor_id = excluded.doctor_id, kind = excluded.kind, weekday = excluded.weekday,
        valid_from = excluded.valid_from, valid_to = excluded.valid_to,
        start_time = excluded.start_time, end_time = excluded.end_time, slot_minutes = excluded.slot_minutes,
        max_count = excluded.max_count, hard_limit = excluded.hard_limit, note = excluded.note"
);

const REMOVE: &str = "DELETE FROM baari.schedule WHERE facility_id = $1 AND id = $2";

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM baari.schedule WHERE facility_id = $1 AND doctor_id = $2 ORDER BY id LIMIT 1000"
);

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, REMOVE, LIST];

const WEEKLY: &str = "weekly";
const ABSENCE: &str = "absence";

/// Inserts or updates a line.
pub(crate) async fn put(
    connections: &Connections,
    facility: FacilityId,
    line: &ScheduleLine,
    along: &Along,
) -> Result<(), StoreError> {
    let put =
        Statement::new(PUT).with(facility.as_uuid()).with(line.id.as_uuid()).with(line.doctor.as_uuid());
    let put = match &line.rule {
        ScheduleRule::Weekly(hours) => {
            let weekday = i16::from(hours.weekday.to_monday_one_offset());
            let dates = [hours.valid_from, hours.valid_to];
            with_rule(put, WEEKLY, Some(weekday), dates, Some(&hours.template))
        }
        ScheduleRule::Absence(Absence { from, to, instead }) => {
            if instead.len() > 1 {
                let text = "an absence has one line of other hours: put a second line beside it";
                return Err(StoreError::Refused(text.to_owned()));
            }
            with_rule(put, ABSENCE, None, [Some(*from), Some(*to)], instead.first())
        }
    };
    let put = put.with(line.note.clone()).touching(1);
    let mut steps = vec![facility::raise(facility).into(), put.into()];
    steps.extend(along::steps(facility, along));
    transaction::write(connections, steps).await?;
    Ok(())
}

fn with_rule(
    statement: Statement,
    kind: &'static str,
    weekday: Option<i16>,
    [from, to]: [Option<Date>; 2],
    hours: Option<&SlotTemplate>,
) -> Statement {
    statement
        .with(kind)
        .with(weekday)
        .with(from)
        .with(to)
        .with(hours.map(|hours| hours.start))
        .with(hours.map(|hours| hours.end))
        .with(hours.map(|hours| i32::from(hours.slot_minutes)))
        .with(hours.map(|hours| i64::from(hours.max_count)))
        .with(hours.map(|hours| i64::from(hours.hard_limit)))
}

/// Removes a line; false if there is none, and then nothing is written along.
pub(crate) async fn remove(
    connections: &Connections,
    facility: FacilityId,
    line: ScheduleId,
    along: &Along,
) -> Result<bool, StoreError> {
    let remove = Statement::new(REMOVE).with(facility.as_uuid()).with(line.as_uuid());
    let (mut transaction, answers) = Transaction::begin(connections, vec![remove.into()]).await?;
    let removed = answers.iter().any(|answer| answer.count > 0);
    let mut steps = Vec::new();
    if removed {
        steps.push(facility::raise(facility).into());
        steps.extend(along::steps(facility, along));
    }
    let outcome = transaction.run(&steps).await;
    transaction.end(outcome).await?;
    Ok(removed)
}

/// A doctor's lines by id.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    doctor: DoctorId,
) -> Result<Vec<ScheduleLine>, StoreError> {
    let statement = Statement::new(LIST).with(facility.as_uuid()).with(doctor.as_uuid());
    each(&connections.rows(statement).await?, read)
}

fn read(fields: &mut Fields<'_>) -> Result<ScheduleLine, StoreError> {
    let id = fields.id(ScheduleId::from_uuid)?;
    let doctor = fields.id(DoctorId::from_uuid)?;
    let kind: &str = fields.take()?;
    let weekday: Option<i16> = fields.take()?;
    let (from, to): (Option<Date>, Option<Date>) = (fields.take()?, fields.take()?);
    let hours = read_hours(fields)?;
    let note = fields.take()?;
    let weekday = weekday.and_then(|day| Weekday::from_monday_one_offset(i8::try_from(day).ok()?).ok());
    let rule = match (kind, weekday, from, to, hours) {
        (WEEKLY, Some(weekday), valid_from, valid_to, Some(template)) => {
            ScheduleRule::Weekly(WeeklyHours { weekday, template, valid_from, valid_to })
        }
        (ABSENCE, None, Some(from), Some(to), hours) => {
            ScheduleRule::Absence(Absence { from, to, instead: hours.into_iter().collect() })
        }
        _ => return Err(StoreError::Corrupt(format!("line {id} of a schedule"))),
    };
    Ok(ScheduleLine { id, doctor, rule, note })
}

fn read_hours(fields: &mut Fields<'_>) -> Result<Option<SlotTemplate>, StoreError> {
    let (start, end): (Option<Time>, Option<Time>) = (fields.take()?, fields.take()?);
    let (Some(start), Some(end)) = (start, end) else {
        for _ in 0..3 {
            fields.take::<Option<i32>>()?;
        }
        return Ok(None);
    };
    let (slot_minutes, max_count, hard_limit) = (fields.count()?, fields.count()?, fields.count()?);
    Ok(Some(SlotTemplate { start, end, slot_minutes, max_count, hard_limit }))
}
