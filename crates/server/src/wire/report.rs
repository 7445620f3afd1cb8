//! The report on the wire: figures only, and the identifiers of doctors. As JSON, and as a table for spreadsheets.

use std::collections::HashMap;

use baari_engine::DoctorId;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::table::{MARK, harmless, table};
use crate::report::{Range, Tallies, Tally};

/// How the days of a range went. Times are in minutes, shares from 0 to 1; null where there is nothing to take a mean of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReportBody {
    /// The first date.
    pub(crate) from: Date,
    /// The last date.
    pub(crate) to: Date,
    /// Of this doctor only.
    pub(crate) doctor_id: Option<uuid::Uuid>,
    pub(crate) total: FiguresBody,
    /// By date, those that had slots or tokens, in order.
    pub(crate) dates: Vec<DateFiguresBody>,
    /// By doctor, those who had slots or tokens on these dates.
    pub(crate) doctors: Vec<DoctorFiguresBody>,
    /// By source as booked, all five, the most urgent first. Slots are of no source.
    pub(crate) sources: Vec<SourceFiguresBody>,
    /// By hour: tokens by when the patient was ready or expected, minutes by when they passed. Null comes first: who waits for a
    /// seat has no time.
    pub(crate) hours: Vec<HourFiguresBody>,
}

/// The figures of one date.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DateFiguresBody {
    pub(crate) date: Date,
    pub(crate) figures: FiguresBody,
}

/// The figures of one doctor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DoctorFiguresBody {
    pub(crate) doctor_id: uuid::Uuid,
    pub(crate) figures: FiguresBody,
}

/// The figures of one source.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SourceFiguresBody {
    /// emergency, paid_priority, follow_up, walk_in or online
    pub(crate) source: &'static str,
    pub(crate) figures: FiguresBody,
}

/// The figures of one hour of the day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HourFiguresBody {
    /// 0 to 23, in the facility's zone.
    pub(crate) hour: Option<i8>,
    pub(crate) figures: FiguresBody,
}

/// Figures. `booked` is `seen + no_shows + cancelled + never_seated + lost_seat + open`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct FiguresBody {
    /// Tokens of these doctors and dates; one that was moved counts where it is now.
    pub(crate) booked: u32,
    /// Completed.
    pub(crate) seen: u32,
    pub(crate) no_shows: u32,
    /// Gave their seat back.
    pub(crate) cancelled: u32,
    /// On the waiting list, or gave up waiting, without ever a seat.
    pub(crate) never_seated: u32,
    /// The same, but had a seat and lost it.
    pub(crate) lost_seat: u32,
    /// Have a seat, and are still to be seen.
    pub(crate) open: u32,
    /// Tokens that the planner moved: the doctor left, a slot was cancelled or made smaller, a seat became free earlier.
    pub(crate) moved_by_plan: u32,
    /// Tokens that somebody moved.
    pub(crate) moved_by_hand: u32,
    /// Tokens that gave way to a higher band.
    pub(crate) displaced: u32,
    /// From ready (the later of check-in and appointment) to the last call, of those who were seen.
    pub(crate) wait_minutes_mean: Option<f64>,
    /// 95 of 100 waited no longer; whole minutes, rounded up.
    pub(crate) wait_minutes_p95: Option<u32>,
    /// From start to end of the visit.
    pub(crate) visit_minutes_mean: Option<f64>,
    /// In consultation.
    pub(crate) consultation_minutes: f64,
    /// The slots that were not cancelled; null by source.
    pub(crate) slot_minutes: Option<f64>,
    /// `consultation_minutes ÷ slot_minutes`.
    pub(crate) utilisation: Option<f64>,
    /// Those who were seen and had been told a time: what the next two are of.
    pub(crate) promises: u32,
    /// Mean of |called − first told|.
    pub(crate) estimate_error_minutes_mean: Option<f64>,
    /// The share of those who were told a time more than 10 minutes too early.
    pub(crate) told_too_early_share: Option<f64>,
}

impl ReportBody {
    pub(crate) fn new(range: Range, doctor: Option<DoctorId>, tallies: &Tallies) -> Self {
        let figures = FiguresBody::new;
        let doctors = tallies.doctors.iter().map(|(doctor, tally)| DoctorFiguresBody {
            doctor_id: doctor.as_uuid(),
            figures: figures(tally),
        });
        let sources = tallies.sources.iter().map(|(source, tally)| SourceFiguresBody {
            source: source.name(),
            figures: FiguresBody { slot_minutes: None, ..figures(tally) },
        });
        let dates = tallies.dates.iter();
        let hours = tallies.hours.iter();
        Self {
            from: range.from(),
            to: range.to(),
            doctor_id: doctor.map(|doctor| doctor.as_uuid()),
            total: figures(&tallies.total),
            dates: dates
                .map(|(date, tally)| DateFiguresBody { date: *date, figures: figures(tally) })
                .collect(),
            doctors: doctors.collect(),
            sources: sources.collect(),
            hours: hours
                .map(|(hour, tally)| HourFiguresBody { hour: *hour, figures: figures(tally) })
                .collect(),
        }
    }

    /// One table: what the figures of a row are by, of which, what that is called (of doctors), and the figures.
    pub(crate) fn csv(&self, doctors: &HashMap<uuid::Uuid, String>) -> std::io::Result<Vec<u8>> {
        let mut csv = table(MARK);
        csv.write_record(["by", "of", "name"].into_iter().chain(FiguresBody::NAMES))?;
        let mut row = |by: &str, of: String, figures: &FiguresBody| {
            let name = of.parse().ok().and_then(|id| doctors.get(&id)).map(|name| harmless(name));
            let of = [by.to_owned(), of, name.unwrap_or_default()];
            csv.write_record(of.into_iter().chain(figures.cells()))
        };
        row("all", String::new(), &self.total)?;
        for DateFiguresBody { date, figures } in &self.dates {
            row("date", date.to_string(), figures)?;
        }
        for DoctorFiguresBody { doctor_id, figures } in &self.doctors {
            row("doctor", doctor_id.to_string(), figures)?;
        }
        for SourceFiguresBody { source, figures } in &self.sources {
            row("source", (*source).to_owned(), figures)?;
        }
        for HourFiguresBody { hour, figures } in &self.hours {
            row("hour", cell(*hour), figures)?;
        }
        csv.into_inner().map_err(|error| error.into_error())
    }
}

impl FiguresBody {
    /// The names of the cells of a row.
    const NAMES: [&str; 19] = [
        "booked",
        "seen",
        "no_shows",
        "cancelled",
        "never_seated",
        "lost_seat",
        "open",
        "moved_by_plan",
        "moved_by_hand",
        "displaced",
        "wait_minutes_mean",
        "wait_minutes_p95",
        "visit_minutes_mean",
        "consultation_minutes",
        "slot_minutes",
        "utilisation",
        "promises",
        "estimate_error_minutes_mean",
        "told_too_early_share",
    ];

    fn new(tally: &Tally) -> Self {
        let (minutes, share) = (|minutes| rounded(minutes, 100.0), |share| rounded(share, 10_000.0));
        Self {
            booked: tally.booked,
            seen: tally.seen,
            no_shows: tally.no_shows,
            cancelled: tally.cancelled,
            never_seated: tally.never_seated,
            lost_seat: tally.lost_seat,
            open: tally.open,
            moved_by_plan: tally.moved_by_plan,
            moved_by_hand: tally.moved_by_hand,
            displaced: tally.displaced,
            wait_minutes_mean: tally.wait_mean().map(minutes),
            wait_minutes_p95: tally.wait_p95(),
            visit_minutes_mean: tally.visit_mean().map(minutes),
            consultation_minutes: minutes(tally.consultation_minutes()),
            slot_minutes: Some(minutes(tally.slot_minutes())),
            utilisation: tally.utilisation().map(share),
            promises: tally.promises,
            estimate_error_minutes_mean: tally.error_mean().map(minutes),
            told_too_early_share: tally.too_early_share().map(share),
        }
    }

    fn cells(&self) -> [String; 19] {
        [
            self.booked.to_string(),
            self.seen.to_string(),
            self.no_shows.to_string(),
            self.cancelled.to_string(),
            self.never_seated.to_string(),
            self.lost_seat.to_string(),
            self.open.to_string(),
            self.moved_by_plan.to_string(),
            self.moved_by_hand.to_string(),
            self.displaced.to_string(),
            cell(self.wait_minutes_mean),
            cell(self.wait_minutes_p95),
            cell(self.visit_minutes_mean),
            self.consultation_minutes.to_string(),
            cell(self.slot_minutes),
            cell(self.utilisation),
            self.promises.to_string(),
            cell(self.estimate_error_minutes_mean),
            cell(self.told_too_early_share),
        ]
    }
}

/// To a hundredth of a minute, a ten-thousandth of a share.
fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}

fn cell<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_cells_that_the_document_has() {
        let mut tally = Tally::default();
        (tally.booked, tally.seen, tally.promises) = (7, 3, 2);
        let figures = FiguresBody::new(&tally);
        let json = serde_json::to_value(&figures).unwrap();
        let mut names: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known = FiguresBody::NAMES.to_vec();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
        for (name, cell) in FiguresBody::NAMES.iter().zip(figures.cells()) {
            let value =
                if cell.is_empty() { serde_json::Value::Null } else { cell.parse::<f64>().unwrap().into() };
            assert_eq!(json[name].as_f64(), value.as_f64(), "{name}");
        }
    }
}
