//! Reading a given day: the format `baari-trace/1`.
//!
//! What the format does not say, a trace may leave out: `date` (2 February 2026), `time_zone` (UTC), names, `hard_limit`
//! (`max_count`), `shows` (true), and sources in `allowances_min` and `apq_rates` (the engine's own). Everything else
//! must be there and make sense.
//!
//! What a real day has and the format does not, a trace may add; left out, the day goes as the format says:
//!
//! | field | meaning |
//! | --- | --- |
//! | `timers` | true: the engine's timers run, and whoever is not here when their slot ends is a no-show (false) |
//! | `pull_forward`, `displacement` | the facility's settings of these names (false) |
//! | `doctors[].speciality` | doctors of one speciality take over from one who leaves (all the same) |
//! | `doctors[].leaves_min` | when the doctor leaves for the day |
//! | `doctors[].delays[]` | `{at_min, minutes, why}`: says to be late; after `starts_min`, takes a break |
//! | `doctors[].recalls_min` | calls those who do not come once more, after so many minutes |
//! | `patients[].misses_calls_min` | `[15, null]`: does not come to the first call, and is back 15 minutes after it; goes home before the second one |
//! | `patients[].cancels_min` | says at this minute that they will not come, or leaves |
//! | `patients[].waitlist` | waits for a seat when there is none |
//! | `patients[].earlier_ok` | agrees to come earlier |
//! | `patients[].books_anew` | how often the patient books anew when the token was given up before they came |

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result, bail, ensure};
use baari_engine::{PerSource, Settings, Source};
use baari_sim::{Doctor, Patient, SaidDelay, Scenario, SlotPlan, limits};
use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::fields::Fields;

/// The only format there is.
pub(super) const FORMAT: &str = "baari-trace/1";

const DATE: Date = Date::constant(2026, 2, 2);
/// How long a visit is expected to take where nobody says (private OPDs: 6 minutes).
const MEAN_VISIT_MINUTES: u16 = 6;
/// Rates that differ by more than this can't be told from a mistake.
const RATE_RATIO_MAX: f64 = 1e6;
/// Thousands that are tried to make rates whole.
const WHOLE_FACTORS: u32 = 10_000;
/// Unknown fields that are worth naming.
const UNREAD_SHOWN: usize = 5;

/// Reads a day; with it come the names of fields that the format does not know.
pub(super) fn parse(text: &str) -> Result<(Scenario, Vec<String>)> {
    let document: Value = serde_json::from_str(text).context("it is not JSON")?;
    let fields = Fields::new(String::new(), &document)?;
    let format = fields.text("format")?;
    ensure!(format == FORMAT, "format is “{format}”: only “{FORMAT}” can be read");
    let mut unread = Vec::new();
    let (names, doctors) = doctors(&fields, &mut unread)?;
    let patients = patients(&fields, &names, &doctors, &mut unread)?;
    let scenario = Scenario {
        name: fields.optional_text("name")?.unwrap_or("a given day").to_owned(),
        seed: 0,
        date: date(&fields)?,
        opens: opens(&fields)?,
        zone: zone(&fields)?,
        settings: Settings {
            allowances: allowances(&fields)?,
            rates_milli: rates(&fields)?,
            pull_forward: fields.optional_truth("pull_forward")?.unwrap_or(false),
            displacement: fields.optional_truth("displacement")?.unwrap_or(false),
            ..Settings::default()
        },
        timers: fields.optional_truth("timers")?.unwrap_or(false),
        doctors,
        patients,
    };
    scenario.check()?;
    unread.extend(fields.unread());
    unread.truncate(UNREAD_SHOWN);
    Ok((scenario, unread))
}

fn date(fields: &Fields<'_>) -> Result<Date> {
    let Some(text) = fields.optional_text("date")? else { return Ok(DATE) };
    text.parse().with_context(|| format!("date is “{text}”, not one like 2026-02-02"))
}

fn opens(fields: &Fields<'_>) -> Result<Time> {
    let text = fields.text("opens")?;
    text.parse().with_context(|| format!("opens is “{text}”, not a time like 09:00"))
}

fn zone(fields: &Fields<'_>) -> Result<TimeZone> {
    let Some(name) = fields.optional_text("time_zone")? else { return Ok(TimeZone::UTC) };
    TimeZone::get(name).with_context(|| format!("time_zone is “{name}”, not one like Asia/Kolkata"))
}

fn doctors<'a>(
    fields: &Fields<'a>,
    unread: &mut Vec<String>,
) -> Result<(HashMap<&'a str, usize>, Vec<Doctor>)> {
    let mut names = HashMap::new();
    let mut doctors = Vec::new();
    for entry in fields.list("doctors", limits::DOCTORS)? {
        let id = entry.text("id")?;
        if names.insert(id, doctors.len()).is_some() {
            bail!("{}: there are two doctors “{id}”", entry.place("id"));
        }
        let name = entry.optional_text("name")?.unwrap_or(id).to_owned();
        let (starts_min, slots) = (entry.number("starts_min")?, slots(&entry, unread)?);
        doctors.push(Doctor {
            speciality: entry.optional_text("speciality")?.unwrap_or_default().to_owned(),
            leaves_min: entry.optional_number("leaves_min")?,
            delays: delays(&entry, unread)?,
            recalls_min: entry.optional_number("recalls_min")?,
            ..Doctor::new(name, starts_min, MEAN_VISIT_MINUTES, slots)
        });
        unread.extend(entry.unread());
    }
    Ok((names, doctors))
}

fn delays(doctor: &Fields<'_>, unread: &mut Vec<String>) -> Result<Vec<SaidDelay>> {
    let mut delays = Vec::new();
    for entry in doctor.optional_list("delays", limits::DELAYS_PER_DOCTOR)? {
        let minutes = entry.optional_small_count("minutes")?;
        delays.push(SaidDelay {
            at_min: entry.number("at_min")?,
            minutes: minutes.with_context(|| format!("{} is missing", entry.place("minutes")))?,
            why: entry.optional_text("why")?.map(str::to_owned),
        });
        unread.extend(entry.unread());
    }
    Ok(delays)
}

fn slots(doctor: &Fields<'_>, unread: &mut Vec<String>) -> Result<Vec<SlotPlan>> {
    let mut slots = Vec::new();
    for entry in doctor.list("slots", limits::SLOTS_PER_DOCTOR)? {
        let max_count = entry.count("max_count")?;
        slots.push(SlotPlan {
            start_min: entry.number("start_min")?,
            end_min: entry.number("end_min")?,
            max_count,
            hard_limit: entry.optional_count("hard_limit")?.unwrap_or(max_count),
        });
        unread.extend(entry.unread());
    }
    Ok(slots)
}

fn patients(
    fields: &Fields<'_>,
    names: &HashMap<&str, usize>,
    doctors: &[Doctor],
    unread: &mut Vec<String>,
) -> Result<Vec<Patient>> {
    let mut patients = Vec::new();
    let mut known = HashSet::new();
    for entry in fields.list("patients", limits::PATIENTS)? {
        let id = entry.text("id")?;
        ensure!(known.insert(id), "{}: there are two patients “{id}”", entry.place("id"));
        patients.push(patient(&entry, names, doctors)?);
        unread.extend(entry.unread());
    }
    Ok(patients)
}

fn patient(entry: &Fields<'_>, names: &HashMap<&str, usize>, doctors: &[Doctor]) -> Result<Patient> {
    let doctor_id = entry.text("doctor")?;
    let doctor = names.get(doctor_id).copied();
    let doctor =
        doctor.with_context(|| format!("{}: there is no doctor “{doctor_id}”", entry.place("doctor")))?;
    let source: Source = entry.text("source")?.parse().with_context(|| entry.place("source"))?;
    let slots = doctors[doctor].slots.len();
    let slot = entry.optional_count("slot")?.map(|slot| slot as usize);
    if let Some(slot) = slot.filter(|slot| *slot >= slots) {
        let place = entry.place("slot");
        bail!("{place}: there is no slot {slot}: doctor “{doctor_id}” has {slots}, counted from 0");
    }
    let shows = entry.optional_truth("shows")?.unwrap_or(true);
    // Of somebody who never comes, nobody needs to know when or for how long.
    let known =
        |field| if shows { entry.number(field) } else { Ok(entry.optional_number(field)?.unwrap_or(0.0)) };
    let visit_min = known("visit_min")?;
    ensure!(visit_min >= 0.0, "{} is {visit_min}: no visit is negative", entry.place("visit_min"));
    let books_anew = entry.optional_count("books_anew")?.unwrap_or(0);
    let truth = |field| Ok::<bool, anyhow::Error>(entry.optional_truth(field)?.unwrap_or(false));
    Ok(Patient {
        name: entry.text("id")?.to_owned(),
        slot,
        due_min: entry.optional_number("due_min")?,
        shows,
        previous_doctor: (source == Source::FollowUp).then_some(doctor),
        cancels_min: entry.optional_number("cancels_min")?,
        waitlist: truth("waitlist")?,
        misses_calls: entry.optional_numbers("misses_calls_min", limits::MISSED_CALLS)?,
        earlier_ok: truth("earlier_ok")?,
        books_anew: u8::try_from(books_anew).unwrap_or(u8::MAX),
        ..Patient::new(doctor, source, known("arrive_min")?, visit_min)
    })
}

fn allowances(fields: &Fields<'_>) -> Result<PerSource<SignedDuration>> {
    let mut allowances = Settings::default().allowances;
    for (place, name, minutes) in fields.numbers("allowances_min")? {
        let source: Source = name.parse().with_context(|| place.clone())?;
        ensure!(
            (0.0..=limits::MINUTES).contains(&minutes),
            "{place} is {minutes}: not a time that one can wait"
        );
        allowances[source] = SignedDuration::try_from_secs_f64(minutes * 60.0)?;
    }
    Ok(allowances)
}

/// Only the ratios of rates matter: one factor makes them all whole, also thirds and sevenths, so that two who should stand
/// equal do. Where no small factor does, the largest that fits keeps the ratios to a part in a thousand at worst.
fn rates(fields: &Fields<'_>) -> Result<PerSource<u32>> {
    let mut rates = Source::ALL.map(|source| f64::from(Settings::default().rates_milli[source]) / 1_000.0);
    for (place, name, rate) in fields.numbers("apq_rates")? {
        let source: Source = name.parse().with_context(|| place.clone())?;
        ensure!(rate > 0.0, "{place} is {rate}: a rate is more than 0");
        rates[source as usize] = rate;
    }
    let largest = rates.iter().copied().fold(0.0, f64::max);
    let smallest = rates.iter().copied().fold(f64::INFINITY, f64::min);
    ensure!(
        largest / smallest <= RATE_RATIO_MAX,
        "apq_rates: the largest is more than a million times the smallest"
    );
    let is_whole = |number: f64| (number - number.round()).abs() <= number * f64::EPSILON;
    let fits = |factor: &f64| largest * factor <= f64::from(u32::MAX);
    let factors = (1..=WHOLE_FACTORS).map(|thousands| 1_000.0 * f64::from(thousands)).take_while(fits);
    let whole = factors.into_iter().find(|factor| rates.iter().all(|rate| is_whole(rate * factor)));
    let factor = whole.unwrap_or(f64::from(u32::MAX) / largest);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "scaled to fit, and positive"
    )]
    Ok(PerSource::new(rates.map(|rate| (rate * factor).round() as u32)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = r#"{
        "format": "baari-trace/1", "date": "2026-02-02", "time_zone": "Asia/Kolkata", "opens": "09:00",
        "allowances_min": {"walk_in": 30.5}, "apq_rates": {"emergency": 0.8, "walk_in": 0.0001},
        "doctors": [{"id": "D", "starts_min": 1.5,
            "slots": [{"start_min": 0, "end_min": 60, "max_count": 10, "hard_limit": 12}]}],
        "patients": [
            {"id": "A", "doctor": "D", "source": "FOLLOW_UP", "slot": 0, "due_min": 10, "arrive_min": -5,
             "shows": true, "visit_min": 4.5},
            {"id": "B", "doctor": "D", "source": "walk_in", "shows": false}
        ]
    }"#;

    fn error(text: &str) -> String {
        format!("{:#}", parse(text).expect_err("it can't be read"))
    }

    #[test]
    fn a_day_is_read() {
        let (day, unread) = parse(DAY).unwrap();
        assert!(unread.is_empty(), "{unread:?}");
        assert_eq!(day.opening().unwrap().instant(0.0).to_string(), "2026-02-02T03:30:00Z");
        assert_eq!(day.patients[0].previous_doctor, Some(0));
        assert_eq!((day.patients[0].slot, day.patients[1].slot), (Some(0), None));
        assert_eq!(day.settings.allowances[Source::WalkIn], SignedDuration::from_millis(1_830_000));
        assert_eq!(day.settings.allowances[Source::Online], SignedDuration::from_mins(10));
        let rates = Source::ALL.map(|source| day.settings.rates_milli[source]);
        assert_eq!(rates, [8_000, 40_000, 20_000, 1, 10_000]);
    }

    #[test]
    fn thirds_are_whole_too() {
        let given = "0.3333333333333333, \"follow_up\": 0.14285714285714285, \"walk_in\": 0.1";
        let (day, _) = parse(&DAY.replace("0.8, \"walk_in\": 0.0001", given)).unwrap();
        let rates = &day.settings.rates_milli;
        assert_eq!(rates[Source::Emergency] * 3, rates[Source::FollowUp] * 7);
        assert_eq!(rates[Source::Emergency] * 3, rates[Source::WalkIn] * 10);
    }

    #[test]
    fn the_ratios_of_odd_rates_are_kept() {
        let (day, _) =
            parse(&DAY.replace("0.8, \"walk_in\": 0.0001", "0.3333333333, \"walk_in\": 0.1")).unwrap();
        let rates = &day.settings.rates_milli;
        let ratio = f64::from(rates[Source::Emergency]) / f64::from(rates[Source::WalkIn]);
        assert!((ratio / 3.333_333_333 - 1.0).abs() < 1e-7, "{ratio}");
    }

    #[test]
    fn what_can_not_be_is_refused_with_its_place() {
        for (from, to, expected) in [
            ("baari-trace/1", "baari-trace/2", "format is “baari-trace/2”: only “baari-trace/1” can be read"),
            (
                "\"doctor\": \"D\", \"source\": \"F",
                "\"doctor\": \"X\", \"source\": \"F",
                "patients[0].doctor: there is no doctor “X”",
            ),
            (
                "\"slot\": 0",
                "\"slot\": 1",
                "patients[0].slot: there is no slot 1: doctor “D” has 1, counted from 0",
            ),
            ("\"slot\": 0", "\"slot\": -1", "patients[0].slot is -1, not a whole number from 0"),
            ("\"slot\": 0", "\"slot\": 0.5", "patients[0].slot is 0.5, not a whole number from 0"),
            ("4.5", "-4.5", "patients[0].visit_min is -4.5: no visit is negative"),
            ("4.5", "null", "patients[0].visit_min is missing"),
            ("4.5", "\"NaN\"", "patients[0].visit_min is \"NaN\", not a number"),
            ("4.5", "NaN", "it is not JSON: expected value at line 8"),
            ("4.5", "1e5", "patient A: minute 100000 is not within 10080 minutes of the opening"),
            (
                "walk_in\", \"shows",
                "walkin\", \"shows",
                "patients[1].source: “walkin” is not a source: use emergency, paid_priority, follow_up, walk_in or online",
            ),
            ("\"B\"", "\"A\"", "patients[1].id: there are two patients “A”"),
            ("Asia/Kolkata", "Asia/Atlantis", "time_zone is “Asia/Atlantis”, not one like Asia/Kolkata"),
            ("2026-02-02", "2026-02-30", "date is “2026-02-30”, not one like 2026-02-02"),
            ("2026-02-02", "1500-02-02", "there is no opening on 1500-02-02 at 09:00:00"),
            ("09:00", "25:00", "opens is “25:00”, not a time like 09:00"),
            ("0.0001", "0", "apq_rates.walk_in is 0: a rate is more than 0"),
            ("30.5", "-1", "allowances_min.walk_in is -1: not a time that one can wait"),
            (
                "\"max_count\": 10",
                "\"max_count\": 1e12",
                "doctors[0].slots[0].max_count is 1000000000000, not a whole number from 0",
            ),
            ("\"end_min\": 60", "\"end_min\": 0", "doctor D: slot 0 from minute 0 to 0"),
        ] {
            assert!(DAY.contains(from), "{from}");
            let said = error(&DAY.replacen(from, to, 1));
            assert!(said.starts_with(expected), "{from} → {to}: {said}");
        }
    }

    #[test]
    fn what_a_real_day_has_besides_is_read_too() {
        let text = DAY
            .replace("\"opens\"", "\"timers\": true, \"pull_forward\": true, \"opens\"")
            .replace(
                "\"starts_min\"",
                "\"speciality\": \"ENT\", \"leaves_min\": 50, \"recalls_min\": 3,
                 \"delays\": [{\"at_min\": -5, \"minutes\": 20, \"why\": \"traffic\"}], \"starts_min\"",
            )
            .replace(
                "\"slot\": 0",
                "\"slot\": 0, \"misses_calls_min\": [15, null], \"earlier_ok\": true, \"books_anew\": 1,
                 \"cancels_min\": 40, \"waitlist\": true",
            );
        let (day, unread) = parse(&text).unwrap();
        assert!(unread.is_empty(), "{unread:?}");
        let (doctor, patient) = (&day.doctors[0], &day.patients[0]);
        assert!(day.timers && day.settings.pull_forward && !day.settings.displacement);
        assert_eq!((doctor.speciality.as_str(), doctor.leaves_min), ("ENT", Some(50.0)));
        assert_eq!((doctor.delays[0].minutes, doctor.recalls_min), (20, Some(3.0)));
        assert_eq!(patient.misses_calls, [Some(15.0), None]);
        assert!(patient.earlier_ok && patient.waitlist && patient.books_anew == 1);
        assert_eq!(patient.cancels_min, Some(40.0));
        // Without any of it, the day is one of the plain format.
        let (plain, _) = parse(DAY).unwrap();
        assert!(!plain.timers && !plain.settings.pull_forward && plain.doctors[0].delays.is_empty());
        let many = text.replace("\"minutes\": 20", "\"minutes\": 70000");
        assert_eq!(error(&many), "doctors[0].delays[0].minutes is 70000: too large");
        let many = text.replace("\"books_anew\": 1", "\"books_anew\": 9");
        assert_eq!(error(&many), "9 new bookings of one patient: at most 3 are possible");
    }

    #[test]
    fn a_field_of_another_name_is_told() {
        let (_, unread) = parse(&DAY.replace("\"slot\": 0", "\"slots\": 0")).unwrap();
        assert_eq!(unread, ["patients[0].slots"]);
    }
}
