//! The report: how the days of a range went, in figures, without any patient's name.
//!
//! It reads one date after the other, and of a date a few doctor-days at a time, so a long range needs no more memory than a
//! short one. What is added up, and how, is in `tally.rs`, which knows neither store nor clock; what it looks like outside, in
//! `wire/report.rs`. It changes nothing and decides nothing.

pub(crate) mod move_cause;
mod parts;
mod tally;

use std::collections::HashMap;

use baari_engine::{DayKey, DoctorId, TokenId};
use futures_util::future::try_join_all;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::Semaphore;

use crate::access::Here;
use crate::failure::{Answer, Failure};
use crate::problem::{self, Problem};
use crate::wire::ReportBody;
pub(crate) use tally::{Moved, Tallies, Tally};

/// Dates of one report.
pub(crate) const DATES_MAX: i32 = 92;
/// Reports that are put together at the same time; whoever asks for one more waits.
const AT_ONCE: usize = 2;
/// Doctor-days read at the same time for one report.
const DAYS_AT_ONCE: usize = 3;
/// Moves read at a time.
const PAGE: u32 = 500;

/// So that reports leave the database to those who book.
static TURN: Semaphore = Semaphore::const_new(AT_ONCE);

/// Which dates: from one to another, both included, [`DATES_MAX`] at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    from: Date,
    to: Date,
}

impl Range {
    /// From this date to that one.
    pub(crate) fn new(from: Date, to: Date) -> Result<Self, Problem> {
        let days = from.until(to).map_or(i32::MAX, |span| span.get_days());
        if (0..DATES_MAX).contains(&days) {
            return Ok(Self { from, to });
        }
        let detail = format!("a report has at most {DATES_MAX} days: choose two dates, the first one first");
        Err(Problem::new(problem::FIELD_WRONG, detail).field("to"))
    }

    /// The first date.
    pub(crate) const fn from(self) -> Date {
        self.from
    }

    /// The last date.
    pub(crate) const fn to(self) -> Date {
        self.to
    }

    fn dates(self) -> impl Iterator<Item = Date> {
        self.from.series(jiff::Span::new().days(1)).take_while(move |date| *date <= self.to)
    }
}

/// The figures of these dates, of one doctor or of all. What is not durable yet is not in them.
pub(crate) async fn of(here: &Here, range: Range, doctor: Option<DoctorId>) -> Answer<ReportBody> {
    if let Some(doctor) = doctor {
        here.desk.doctor(here.facility, doctor).await?;
    }
    let zone = here.desk.facility_get(here.facility).await?.zone;
    // Nobody closes it.
    let _turn = TURN.acquire().await.map_err(|_| Problem::new(problem::BUSY, "try again in a moment"))?;
    let mut tallies = Tallies::new(zone.clone());
    for date in range.dates() {
        add_date(here, date, doctor, &zone, &mut tallies).await?;
    }
    Ok(ReportBody::new(range, doctor, &tallies))
}

async fn add_date(
    here: &Here,
    date: Date,
    doctor: Option<DoctorId>,
    zone: &TimeZone,
    tallies: &mut Tallies,
) -> Answer<()> {
    let store = here.desk.store();
    let days = store.day_list(here.facility, date, date).await?;
    let keys = days.into_iter().filter(|(of, _)| doctor.is_none_or(|doctor| doctor == *of));
    let keys: Vec<DayKey> =
        keys.map(|(doctor, date)| DayKey { facility: here.facility, doctor, date }).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let moved = moves(here, date).await?;
    for keys in keys.chunks(DAYS_AT_ONCE) {
        for day in try_join_all(keys.iter().map(|key| store.day_load(*key, zone))).await? {
            tallies.add(&day, &moved);
        }
    }
    Ok(())
}

/// Which tokens of this date were moved to where they are, or within their doctor-day.
async fn moves(here: &Here, date: Date) -> Result<HashMap<TokenId, Moved>, Failure> {
    let (mut moved, mut after) = (HashMap::<TokenId, Moved>::new(), 0);
    loop {
        let page = here.desk.store().event_moves(here.facility, date, after, PAGE).await?;
        let last = page.len() < PAGE as usize;
        for event in page {
            after = event.number;
            let cause = move_cause::of(&event.event.reasons);
            if let Some((token, cause)) = event.event.token.zip(cause) {
                moved.entry(token).or_default().add(cause);
            }
        }
        if last {
            return Ok(moved);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_range_has_92_dates_at_most() {
        let first = date(2026, 1, 31);
        for (to, dates) in [
            (date(2026, 1, 31), Some(1)),
            (date(2026, 3, 1), Some(30)),
            (date(2026, 5, 2), Some(92)),
            (date(2026, 5, 3), None),
            (date(2027, 1, 31), None),
            (date(2026, 1, 30), None),
        ] {
            let range = Range::new(first, to);
            assert_eq!(range.ok().map(|range| range.dates().count()), dates, "{to}");
        }
    }
}
