//! One day by hand; and any days, against what is found by looking at every token again for every figure.

use baari_engine::{Band, DayHead, DayKey, FacilityId, PatientId, SequenceNumber, SlotId, Window};
use jiff::civil::{date, time};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

/// 09:00 in India, which is no full hour elsewhere.
fn at(minute: i64) -> Timestamp {
    "2026-02-02T03:30:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

fn zone() -> TimeZone {
    TimeZone::get("Asia/Kolkata").unwrap()
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128)
}

fn slot(number: usize, from: (i8, i8), to: (i8, i8), status: SlotStatus) -> Slot {
    let hour = |(hour, minute)| time(hour, minute, 0, 0);
    let window = Window::new(date(2026, 2, 2), hour(from), hour(to), &zone()).unwrap();
    Slot { status, ..Slot::new(SlotId::from_uuid(id(number)), window, 9, 9) }
}

/// A walk-in's token that nothing has happened to, without a slot.
fn token(number: usize, status: Status) -> Token {
    let band = Band::new(4).unwrap();
    Token {
        id: TokenId::from_uuid(id(number)),
        patient: PatientId::from_uuid(id(number)),
        slot: None,
        source: Source::WalkIn,
        class: Source::WalkIn,
        band,
        token_no: u32::try_from(number).unwrap(),
        sequence: None,
        status,
        by_override: false,
        rejoins: 0,
        earlier_ok: false,
        displaced: false,
        placed: None,
        booked_at: at(0),
        appointment_at: None,
        promised_at: None,
        arrived_at: None,
        called_at: None,
        passed_at: None,
        started_at: None,
        ended_at: None,
    }
}

/// The same with a seat in this slot.
fn seated(number: usize, status: Status, slot: usize) -> Token {
    let sequence = SequenceNumber::nth(Band::new(4).unwrap(), u32::try_from(number).unwrap());
    Token { slot: Some(SlotId::from_uuid(id(slot))), sequence, ..token(number, status) }
}

/// Who was seen: called, started and ended at these minutes, promised for this one.
fn seen(token: &Token, [called, started, ended, promised]: [i64; 4]) -> Token {
    let [called_at, started_at, ended_at, promised_at] = [called, started, ended, promised].map(at).map(Some);
    Token { called_at, started_at, ended_at, promised_at, ..*token }
}

fn day(doctor: usize, date: Date, slots: Vec<Slot>, tokens: Vec<Token>) -> Day {
    let key =
        DayKey { facility: FacilityId::from_uuid(id(1)), doctor: DoctorId::from_uuid(id(doctor)), date };
    Day::from_parts(key, DayHead { version: 1, next_token_no: 99, resumes_at: None }, slots, tokens)
}

fn a_day() -> Day {
    let slots = vec![
        slot(1, (9, 0), (10, 0), SlotStatus::Open),
        slot(2, (10, 0), (11, 0), SlotStatus::Cancelled),
        slot(3, (11, 0), (11, 30), SlotStatus::Closed),
    ];
    let done = Status::Completed;
    let arrived_at = |minute| Some(at(minute));
    let paid = Token { source: Source::PaidPriority, ..seated(3, done, 3) };
    let tokens = vec![
        // Waits for 15 minutes, is seen for 13, and was told a time 5 minutes too early.
        seen(&Token { arrived_at: arrived_at(10), ..seated(1, done, 1) }, [25, 27, 40, 20]),
        // Called 5 minutes before the appointment: no wait. 20 of the 25 minutes lie before ten o'clock.
        seen(
            &Token { arrived_at: arrived_at(5), appointment_at: Some(at(20)), ..seated(2, done, 1) },
            [15, 40, 65, 20],
        ),
        // Comes late: ready at 130. Half an hour after what was promised.
        seen(
            &Token { arrived_at: arrived_at(130), appointment_at: Some(at(120)), ..paid },
            [146, 146, 150, 116],
        ),
        Token { appointment_at: Some(at(30)), ..seated(4, Status::NoShow, 1) },
        seated(5, Status::Cancelled, 1),
        token(6, Status::Cancelled),
        Token { arrived_at: arrived_at(15), promised_at: Some(at(50)), ..token(7, Status::Waitlisted) },
        Token { displaced: true, ..seated(8, Status::Booked, 3) },
        Token { called_at: Some(at(9)), arrived_at: arrived_at(0), ..seated(9, Status::Called, 1) },
    ];
    day(5, date(2026, 2, 2), slots, tokens)
}

/// booked, seen, no-shows, cancelled, never seated, lost seat, open
fn counts(tally: &Tally) -> [u32; 7] {
    let Tally { booked, seen, no_shows, cancelled, never_seated, lost_seat, open, .. } = *tally;
    [booked, seen, no_shows, cancelled, never_seated, lost_seat, open]
}

#[test]
fn a_day_adds_up() {
    let both = Moved { by_plan: true, by_hand: true };
    let moved = HashMap::from([(TokenId::from_uuid(id(8)), both), (TokenId::from_uuid(id(77)), both)]);
    let mut tallies = Tallies::new(zone());
    tallies.add(&a_day(), &moved);
    let total = &tallies.total;
    assert_eq!(counts(total), [9, 3, 1, 1, 1, 1, 2]);
    assert_eq!((total.moved_by_plan, total.moved_by_hand, total.displaced), (1, 1, 1));
    assert_eq!((total.wait_mean(), total.wait_p95()), (Some(31.0 / 3.0), Some(16)));
    assert_eq!((total.visit_mean(), total.consultation_minutes()), (Some(14.0), 42.0));
    assert_eq!((total.slot_minutes(), total.utilisation()), (90.0, Some(42.0 / 90.0)));
    assert_eq!((total.promises, total.error_mean()), (3, Some(40.0 / 3.0)));
    assert_eq!(total.too_early_share(), Some(1.0 / 3.0));

    let paid = &tallies.sources[&Source::PaidPriority];
    assert_eq!(
        (counts(paid), paid.wait_mean(), paid.utilisation()),
        ([1, 1, 0, 0, 0, 0, 0], Some(16.0), None)
    );
    assert_eq!(counts(&tallies.sources[&Source::Emergency]), [0; 7]);
    let (nine, ten, eleven) =
        (&tallies.hours[&Some(9)], &tallies.hours[&Some(10)], &tallies.hours[&Some(11)]);
    assert_eq!(counts(nine), [6, 2, 1, 1, 0, 1, 1]);
    let waits = [nine, ten, eleven].map(|tally| (tally.wait_mean(), tally.wait_p95()));
    assert_eq!(waits, [(Some(7.5), Some(15)), (None, None), (Some(16.0), Some(16))]);
    assert_eq!([nine, eleven].map(|tally| (tally.moved_by_plan, tally.displaced)), [(0, 0), (1, 1)]);
    assert_eq!((nine.consultation_minutes(), nine.utilisation()), (33.0, Some(33.0 / 60.0)));
    assert_eq!((counts(ten), ten.consultation_minutes(), ten.utilisation()), ([0; 7], 5.0, None));
    assert_eq!((counts(eleven), eleven.slot_minutes()), ([2, 1, 0, 0, 0, 0, 1], 30.0));
    assert_eq!(counts(&tallies.hours[&None]), [1, 0, 0, 0, 1, 0, 0]);
    assert_eq!(tallies.dates.values().chain(tallies.doctors.values()).collect::<Vec<_>>(), [total, total]);
}

#[test]
fn the_95th_of_a_hundred_waits_is_a_wait_that_somebody_had() {
    for (waits, expected) in
        [(0, None), (1, Some(1)), (19, Some(19)), (20, Some(19)), (21, Some(20)), (100, Some(95))]
    {
        let tokens = (1..=waits).map(|wait| {
            let arrived_at = Some(at(100 - i64::try_from(wait).unwrap()));
            seen(&Token { arrived_at, ..seated(wait, Status::Completed, 1) }, [100, 100, 101, 100])
        });
        let mut tallies = Tallies::new(zone());
        let slots = vec![slot(1, (9, 0), (10, 0), SlotStatus::Open)];
        tallies.add(&day(1, date(2026, 2, 2), slots, tokens.collect()), &HashMap::new());
        assert_eq!(tallies.total.wait_p95(), expected, "{waits}");
    }
}

#[test]
fn a_forgotten_visit_counts_as_a_day() {
    let token = seen(&seated(1, Status::Completed, 1), [0, 0, 9_000, 0]);
    let slots = vec![slot(1, (9, 0), (10, 0), SlotStatus::Open)];
    let mut tallies = Tallies::new(zone());
    tallies.add(&day(1, date(2026, 2, 2), slots, vec![token]), &HashMap::new());
    assert_eq!(tallies.total.visit_mean(), Some(24.0 * 60.0));
    assert!(tallies.hours.values().all(|tally| tally.consultation_minutes() <= 60.0));
}

/// A token of whatever kind, with whatever times: doctor, date, and the token but for its number.
fn any_token() -> impl Strategy<Value = Row> {
    let minute = || option::of((0_i64..600).prop_map(at));
    let where_and_what = (0_usize..3, 1_i8..4, 0_usize..5, 0_usize..9, option::of(1_usize..5));
    let times = [minute(), minute(), minute(), minute(), minute(), minute()];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (where_and_what, times, flags).prop_map(|((doctor, date, source, status, slot), times, flags)| {
        let [appointment_at, arrived_at, called_at, started_at, ended_at, promised_at] = times;
        let (numbered, displaced, by_plan, by_hand) = flags;
        let slot = slot.map(|slot| SlotId::from_uuid(id(slot)));
        let sequence = SequenceNumber::nth(Band::new(4).unwrap(), 1).filter(|_| numbered);
        let source = Source::ALL[source];
        let known = Token { slot, sequence, source, displaced, ..token(0, Status::ALL[status]) };
        let known =
            Token { appointment_at, arrived_at, called_at, started_at, ended_at, promised_at, ..known };
        (doctor, date, known, Moved { by_plan, by_hand })
    })
}

/// Doctor, day of the month, token, how it was moved.
type Row = (usize, i8, Token, Moved);

fn slots() -> Vec<Slot> {
    vec![
        slot(1, (9, 0), (10, 0), SlotStatus::Open),
        slot(2, (10, 15), (12, 45), SlotStatus::Closed),
        slot(3, (14, 0), (15, 30), SlotStatus::Cancelled),
    ]
}

/// When somebody is ready, said once more.
fn ready_minute(token: &Token) -> Option<Timestamp> {
    let slots = slots();
    let slot = slots.iter().find(|slot| Some(slot.id) == token.slot);
    match (token.arrived_at, token.appointment_at, slot) {
        (Some(arrived), Some(due), _) => Some(if arrived < due { due } else { arrived }),
        (Some(only), None, _) | (None, Some(only), _) => Some(only),
        (None, None, slot) => slot.map(|slot| slot.window.starts_at()),
    }
}

fn clock_hour(at: Timestamp) -> i8 {
    at.to_zoned(zone()).hour()
}

/// Minutes between two times for which this holds, one by one.
fn minutes_when(from: Timestamp, to: Timestamp, holds: impl Fn(Timestamp) -> bool) -> f64 {
    let all = std::iter::successors(Some(from), |at| at.checked_add(SignedDuration::from_mins(1)).ok());
    all.take_while(|at| *at < to).filter(|at| holds(*at)).count() as f64
}

fn about(found: Option<f64>, expected: Option<f64>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
        (found, expected) => found == expected,
    }
}

fn slow_mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Every figure of these tokens, found one after the other; minutes with patients and of slots are told.
fn check(tally: &Tally, rows: &[&Row], consultation: f64, slots: f64) {
    let count = |fits: &dyn Fn(&Token) -> bool| rows.iter().filter(|row| fits(&row.2)).count() as u32;
    let waiting = |token: &Token| {
        token.status == Status::Waitlisted || (token.status == Status::Cancelled && token.sequence.is_none())
    };
    let is = |status| move |token: &Token| token.status == status;
    let expected = [
        rows.len() as u32,
        count(&is(Status::Completed)),
        count(&is(Status::NoShow)),
        count(&|token| is(Status::Cancelled)(token) && token.sequence.is_some()),
        count(&|token| waiting(token) && token.promised_at.is_none()),
        count(&|token| waiting(token) && token.promised_at.is_some()),
        count(&|token| token.status.is_live() && token.status != Status::Waitlisted),
    ];
    assert_eq!(counts(tally), expected);
    assert_eq!(expected[0], expected[1..].iter().sum::<u32>(), "each is one of these");
    assert_eq!(tally.displaced, count(&|token| token.displaced));
    assert_eq!(tally.moved_by_plan, rows.iter().filter(|row| row.3.by_plan).count() as u32);
    assert_eq!(tally.moved_by_hand, rows.iter().filter(|row| row.3.by_hand).count() as u32);

    let seen: Vec<&Token> =
        rows.iter().map(|row| &row.2).filter(|token| is(Status::Completed)(token)).collect();
    let between = |from: Timestamp, to: Timestamp| (to - from).total(jiff::Unit::Minute).unwrap();
    let mut waits: Vec<f64> = Vec::new();
    for token in &seen {
        if let (Some(ready), Some(called)) = (ready_minute(token), token.called_at) {
            waits.push(between(ready, called).max(0.0));
        }
    }
    assert!(about(tally.wait_mean(), slow_mean(&waits)));
    waits.sort_by(f64::total_cmp);
    let rank = (waits.len() as f64 * 0.95 - 1e-9).ceil() as usize;
    let p95 = rank.checked_sub(1).map(|at| waits[at].ceil() as u32);
    assert_eq!(tally.wait_p95(), p95);
    let visits = seen.iter().filter_map(|token| Some(between(token.started_at?, token.ended_at?).max(0.0)));
    assert!(about(tally.visit_mean(), slow_mean(&visits.collect::<Vec<_>>())));
    let late = seen.iter().filter_map(|token| Some(between(token.promised_at?, token.called_at?)));
    let late: Vec<f64> = late.collect();
    assert_eq!(tally.promises as usize, late.len());
    assert!(about(tally.error_mean(), slow_mean(&late.iter().map(|late| late.abs()).collect::<Vec<_>>())));
    let too_early = late.iter().map(|late| if *late > 10.0 { 1.0 } else { 0.0 });
    assert!(about(tally.too_early_share(), slow_mean(&too_early.collect::<Vec<_>>())));
    assert!(about(Some(tally.consultation_minutes()), Some(consultation)));
    assert!(about(Some(tally.slot_minutes()), Some(slots)));
    assert!(about(tally.utilisation(), (slots > 0.0).then(|| consultation / slots)));
}

/// Minutes with patients of these tokens, that this holds for.
fn consultation(rows: &[&Row], holds: impl Fn(Timestamp) -> bool + Copy) -> f64 {
    let seen = rows.iter().map(|row| &row.2).filter(|token| token.status == Status::Completed);
    let visits = seen.filter_map(|token| Some((token.started_at?, token.ended_at?)));
    visits.map(|(from, to)| minutes_when(from, to, holds)).sum()
}

fn slot_time(days: usize, holds: impl Fn(Timestamp) -> bool + Copy) -> f64 {
    let held = &slots()[..2];
    let one: f64 =
        held.iter().map(|slot| minutes_when(slot.window.starts_at(), slot.window.ends_at(), holds)).sum();
    one * days as f64
}

fn add_all(rows: &[Row]) -> Tallies {
    let mut tallies = Tallies::new(zone());
    for doctor in 0..3 {
        for on in 1..4 {
            let here = rows.iter().filter(|row| (row.0, row.1) == (doctor, on));
            let (tokens, moved): (Vec<Token>, Vec<(TokenId, Moved)>) =
                here.map(|row| (row.2.clone(), (row.2.id, row.3))).unzip();
            if !tokens.is_empty() {
                tallies.add(&day(doctor, date(2026, 2, on), slots(), tokens), &moved.into_iter().collect());
            }
        }
    }
    tallies
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_figure_is_what_looking_again_finds(mut rows in vec(any_token(), 0..40)) {
        for (number, row) in rows.iter_mut().enumerate() {
            row.2.id = TokenId::from_uuid(id(1_000 + number));
        }
        let tallies = add_all(&rows);
        let days = |fits: &dyn Fn(usize, i8) -> bool| {
            let mut days: Vec<_> = rows.iter().map(|row| (row.0, row.1)).filter(|day| fits(day.0, day.1)).collect();
            days.sort_unstable();
            days.dedup();
            days.len()
        };
        let of = |fits: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| fits(row)).collect::<Vec<_>>();
        let always = |_: Timestamp| true;
        let all = of(&|_| true);
        check(&tallies.total, &all, consultation(&all, always), slot_time(days(&|_, _| true), always));
        for on in 1..4 {
            let here = of(&|row| row.1 == on);
            let none = Tally::default();
            let tally = tallies.dates.get(&date(2026, 2, on)).unwrap_or(&none);
            check(tally, &here, consultation(&here, always), slot_time(days(&|_, date| date == on), always));
        }
        for doctor in 0..3 {
            let here = of(&|row| row.0 == doctor);
            let none = Tally::default();
            let tally = tallies.doctors.get(&DoctorId::from_uuid(id(doctor))).unwrap_or(&none);
            check(tally, &here, consultation(&here, always), slot_time(days(&|of, _| of == doctor), always));
        }
        for source in Source::ALL {
            let here = of(&|row| row.2.source == source);
            check(&tallies.sources[&source], &here, consultation(&here, always), 0.0);
        }
        for hour in std::iter::once(None).chain((0..24).map(Some)) {
            let here = of(&|row| ready_minute(&row.2).map(clock_hour) == hour);
            let within = |at: Timestamp| Some(clock_hour(at)) == hour;
            let none = Tally::default();
            let tally = tallies.hours.get(&hour).unwrap_or(&none);
            check(tally, &here, consultation(&all, within), slot_time(days(&|_, _| true), within));
        }
    }
}
