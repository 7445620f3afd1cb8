//! How days went, in figures and pictures: the same numbers as `/api/report`, for people.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use baari_engine::DoctorId;
use baari_store::Doctor;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use serde::Deserialize;

use super::chart::{Chart, Data, Series, Shape};
use super::shell::{Reader, Shell};
use super::texts::Texts;
use crate::access::Here;
use crate::body::Params;
use crate::failure::{Answer, Failure};
use crate::problem::{DOCTOR_UNKNOWN, FIELD_WRONG, Problem};
use crate::report::{self, DATES_MAX, Range};
use crate::wire::{FiguresBody, ReportBody, typed};

/// As many doctors as there can be.
const DOCTORS_MAX: u32 = 5_000;
/// Ranges that one often wants: name, first and last date, as days before today.
const USUAL: [(&str, i64, i64); 4] = [("today", 0, 0), ("yesterday", 1, 1), ("week", 6, 0), ("month", 29, 0)];

/// Of which days, and whose.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    doctor: String,
}

/// A number that one should see first.
struct Figure {
    name: &'static str,
    value: String,
    more: String,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Report {
    shell: Shell,
    doctors: Vec<Doctor>,
    chosen: Option<DoctorId>,
    asked: Asked,
    today: Date,
    /// What is wrong with what was asked for.
    trouble: Option<String>,
    /// Nothing, where that is so.
    body: Option<ReportBody>,
    figures: Vec<Figure>,
    charts: Vec<Chart>,
}

pub(super) async fn page(here: Here, reader: Reader, Params(asked): Params<Asked>) -> Answer<Response> {
    let today = here.desk.today(here.facility).await?;
    let t = reader.texts;
    let found = match asked.of(today) {
        Ok((range, chosen)) => report::of(&here, range, chosen).await.map(|body| (chosen, body)),
        Err(problem) => Err(problem.into()),
    };
    let (chosen, body, trouble) = match found {
        Ok((chosen, body)) => (chosen, Some(body), None),
        // Only dates are typed here.
        Err(Failure::Problem(problem)) if problem.is(FIELD_WRONG) => {
            (None, None, Some(t.say("report-wrong").with("n", DATES_MAX).to_string()))
        }
        Err(Failure::Problem(problem)) if problem.is(DOCTOR_UNKNOWN) => {
            (None, None, Some(t.problem(&problem)))
        }
        Err(failure) => return Err(failure),
    };
    let doctors = here.desk.store().doctor_list(here.facility, None, DOCTORS_MAX).await?;
    let shell = Shell::new(&here, &reader, "report").await?;
    let (figures, charts) =
        body.as_ref().map(|body| (figures(t, &body.total), charts(t, body))).unwrap_or_default();
    let is_wrong = trouble.is_some();
    let mut page =
        reader.page(&Report { shell, doctors, chosen, asked, today, trouble, body, figures, charts });
    if is_wrong {
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(page)
}

impl Asked {
    /// The dates and the doctor that are meant, if one can tell.
    fn of(&self, today: Date) -> Result<(Range, Option<DoctorId>), Problem> {
        let chosen = Some(&self.doctor).filter(|id| !id.is_empty());
        let unknown = |_| Problem::new(DOCTOR_UNKNOWN, "there is no doctor with this id");
        let chosen = chosen.map(|id| id.parse::<DoctorId>()).transpose().map_err(unknown)?;
        let from = if self.from.is_empty() { today } else { typed("from", &self.from)? };
        let to = if self.to.is_empty() { from } else { typed("to", &self.to)? };
        Ok((Range::new(from, to)?, chosen))
    }
}

impl Report {
    fn is_chosen(&self, doctor: &Doctor) -> bool {
        self.chosen == Some(doctor.id)
    }

    /// Mon 2 Feb, or two dates with a dash; of another year, with that.
    fn dates(&self) -> Option<String> {
        let body = self.body.as_ref()?;
        let [from, to] = [body.from, body.to].map(|date| self.shell.t.date_from(self.today, date));
        Some(if body.from == body.to { from } else { format!("{from} – {to}") })
    }

    /// What the form begins with: the dates that are shown, or what was typed.
    fn ends(&self) -> (String, String) {
        self.body.as_ref().map_or_else(
            || (self.asked.from.clone(), self.asked.to.clone()),
            |body| (body.from.to_string(), body.to.to_string()),
        )
    }

    /// Ranges that one often wants, and whether it is the one that is shown.
    fn usual(&self) -> Vec<(&'static str, String, bool)> {
        let usual = |(name, first, last): (&'static str, i64, i64)| {
            let (from, to) =
                (self.today.saturating_sub(first.days()), self.today.saturating_sub(last.days()));
            let address = format!("/report?from={from}&to={to}{}", self.doctor_query("doctor"));
            let is_shown = self.body.as_ref().is_some_and(|body| (from, to) == (body.from, body.to));
            (name, address, is_shown)
        };
        USUAL.into_iter().map(usual).collect()
    }

    fn csv(&self, body: &ReportBody) -> String {
        let (from, to) = (body.from, body.to);
        format!("/api/report?from={from}&to={to}&format=csv{}", self.doctor_query("doctor_id"))
    }

    fn doctor_query(&self, name: &str) -> String {
        self.chosen.map_or(String::new(), |id| format!("&{name}={id}"))
    }

    /// The table by doctor: the name, and the cells.
    fn rows(&self, body: &ReportBody) -> Vec<(String, Vec<String>)> {
        let name = |id: uuid::Uuid| {
            let found = self.doctors.iter().find(|doctor| doctor.id.as_uuid() == id);
            found.map_or_else(|| id.to_string(), |doctor| doctor.name.clone())
        };
        let row = |figures: &FiguresBody| cells(self.shell.t, figures);
        let of = body.doctors.iter().map(|of| (name(of.doctor_id), row(&of.figures)));
        of.chain([(self.shell.t.say("report-all").to_string(), row(&body.total))]).collect()
    }
}

fn minutes(t: Texts, minutes: Option<f64>) -> String {
    minutes.map_or_else(
        || "–".to_owned(),
        |minutes| t.say("report-minutes").with("number", t.number(minutes, 0)).to_string(),
    )
}

fn percent(t: Texts, share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| t.percent(share))
}

fn cells(t: Texts, of: &FiguresBody) -> Vec<String> {
    let count = |count: u32| t.number(f64::from(count), 0);
    vec![
        count(of.booked),
        count(of.seen),
        count(of.no_shows),
        count(of.moved_by_plan + of.moved_by_hand),
        minutes(t, of.wait_minutes_mean),
        minutes(t, of.wait_minutes_p95.map(f64::from)),
        minutes(t, of.visit_minutes_mean),
        percent(t, of.utilisation),
        minutes(t, of.estimate_error_minutes_mean),
    ]
}

fn figures(t: Texts, of: &FiguresBody) -> Vec<Figure> {
    let count = |count: u32| t.number(f64::from(count), 0);
    let more = |name: &'static str| t.one_of("report-more", name);
    let ended = of.seen + of.no_shows;
    let missed = (ended > 0).then(|| f64::from(of.no_shows) / f64::from(ended));
    let figure = |name, value, more: super::texts::Text| Figure { name, value, more: more.to_string() };
    vec![
        figure("seen", count(of.seen), more("seen").with("booked", count(of.booked))),
        figure(
            "wait",
            minutes(t, of.wait_minutes_mean),
            more("wait").with("p95", minutes(t, of.wait_minutes_p95.map(f64::from))),
        ),
        figure(
            "no-shows",
            percent(t, missed),
            more("no-shows").with("count", of.no_shows).with("ended", ended),
        ),
        figure(
            "use",
            percent(t, of.utilisation),
            more("use").with("visit", minutes(t, of.visit_minutes_mean)),
        ),
        figure(
            "error",
            minutes(t, of.estimate_error_minutes_mean),
            more("error").with("share", percent(t, of.told_too_early_share)),
        ),
        figure(
            "moved",
            count(of.moved_by_plan + of.moved_by_hand),
            more("moved")
                .with("plan", of.moved_by_plan)
                .with("hand", of.moved_by_hand)
                .with("displaced", of.displaced),
        ),
    ]
}

/// Mean and P95 of the waits of some groups.
fn waits(t: Texts, of: &[&FiguresBody], p95: Shape) -> Vec<Series> {
    let mean = of.iter().map(|figures| figures.wait_minutes_mean).collect();
    let most = of.iter().map(|figures| figures.wait_minutes_p95.map(f64::from)).collect();
    let say = |name| t.say(name).to_string();
    vec![
        Series { name: say("report-mean"), shape: Shape::Bars, values: mean },
        Series { name: say("report-p95"), shape: p95, values: most },
    ]
}

fn charts(t: Texts, body: &ReportBody) -> Vec<Chart> {
    let say = |name| t.say(name).to_string();
    let data = |id: &'static str, of, unit, groups: Vec<String>, series| Data {
        id,
        title: t.one_of("report-chart", id).to_string(),
        about: t.one_of("report-chart-about", id).to_string(),
        of: say(of),
        unit: say(unit),
        decimals: 0,
        groups,
        series,
    };
    let sources: Vec<_> = body.sources.iter().filter(|of| of.figures.booked > 0).collect();
    let names = sources.iter().map(|of| t.one_of("source", of.source).to_string()).collect();
    let of: Vec<_> = sources.iter().map(|of| &of.figures).collect();
    let by_source =
        data("by-source", "report-source", "report-in-minutes", names, waits(t, &of, Shape::Bars));
    let hour = |of: &[(i8, &FiguresBody)]| -> (Vec<String>, Vec<FiguresBody>) {
        let clock = |hour: i8| Time::new(hour, 0, 0, 0).map_or(String::new(), |time| t.time(time));
        of.iter().map(|(hour, figures)| (clock(*hour), (*figures).clone())).unzip()
    };
    let (names, of) = hour(&hours(body, |figures| figures.wait_minutes_mean.is_some()));
    let of: Vec<_> = of.iter().collect();
    let by_hour = data("by-hour", "report-hour", "report-in-minutes", names, waits(t, &of, Shape::Line));
    let (names, of) = hour(&hours(body, |figures| figures.utilisation.is_some()));
    let used = of.iter().map(|figures| figures.utilisation.map(|share| share * 100.0)).collect();
    let used = Series { name: say("report-use-of-time"), shape: Shape::Bars, values: used };
    let by_use = data("use", "report-hour", "report-in-percent", names, vec![used]);
    let mut charts = vec![by_source, by_hour, outcomes(&data, t, &body.total), by_use];
    if body.dates.len() > 1 {
        let names: Vec<String> = body.dates.iter().map(|of| t.date(of.date)).collect();
        let of: Vec<_> = body.dates.iter().map(|of| &of.figures).collect();
        let seen = of.iter().map(|figures| Some(f64::from(figures.seen))).collect();
        let missed = of.iter().map(|figures| Some(f64::from(figures.no_shows))).collect();
        let series = vec![
            Series { name: say("report-seen"), shape: Shape::Bars, values: seen },
            Series { name: say("report-no-shows"), shape: Shape::Bars, values: missed },
        ];
        charts.push(data("dates", "report-date", "report-tokens", names.clone(), series));
        charts.push(data(
            "date-waits",
            "report-date",
            "report-in-minutes",
            names,
            waits(t, &of, Shape::Line),
        ));
    }
    charts.into_iter().map(|data| Chart::new(t, data)).collect()
}

/// The hours from the first to the last of which something is known.
fn hours(body: &ReportBody, known: impl Fn(&FiguresBody) -> bool) -> Vec<(i8, &FiguresBody)> {
    let all: Vec<_> = body.hours.iter().filter_map(|of| Some((of.hour?, &of.figures))).collect();
    let first = all.iter().position(|(_, figures)| known(figures));
    let last = all.iter().rposition(|(_, figures)| known(figures));
    first.zip(last).map_or_else(Vec::new, |(first, last)| all[first..=last].to_vec())
}

/// What became of the tokens.
fn outcomes(
    data: &impl Fn(&'static str, &'static str, &'static str, Vec<String>, Vec<Series>) -> Data,
    t: Texts,
    of: &FiguresBody,
) -> Data {
    let all = [
        ("seen", of.seen),
        ("no-shows", of.no_shows),
        ("cancelled", of.cancelled),
        ("never-seated", of.never_seated),
        ("lost-seat", of.lost_seat),
        ("open", of.open),
    ];
    let names = all.iter().map(|(name, _)| t.one_of("report-outcome", name).to_string()).collect();
    let values = all.iter().map(|(_, count)| Some(f64::from(*count))).collect();
    let series = vec![Series { name: t.say("report-tokens").to_string(), shape: Shape::Bars, values }];
    data("outcomes", "report-outcome", "report-tokens", names, series)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_can_not_be_meant_is_said() {
        let today = date(2026, 2, 2);
        let asked = |from: &str, to: &str, doctor: &str| Asked {
            from: from.to_owned(),
            to: to.to_owned(),
            doctor: doctor.to_owned(),
        };
        let (range, doctor) = asked("", "", "").of(today).unwrap();
        assert_eq!((range.from(), range.to(), doctor), (today, today, None));
        for (from, to, doctor, kind) in [
            ("abc", "", "", FIELD_WRONG),
            ("2026-02-02", "2026-02-01", "", FIELD_WRONG),
            ("2026-02-02", "2026-12-01", "", FIELD_WRONG),
            ("2026-02-02", "", "rao", DOCTOR_UNKNOWN),
        ] {
            assert!(asked(from, to, doctor).of(today).unwrap_err().is(kind), "{from} {to} {doctor}");
        }
    }
}
