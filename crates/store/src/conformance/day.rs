//! A doctor-day reads back as it is in memory, and its past as it was.

use std::collections::HashSet;

use baari_engine::{
    Beside, ChangeSlot, Command, Day, DayHead, DayPace, Place, PolicyKind, SequenceNumber, SetStatus,
    SlotStatus, Source, Status, WantedStatus,
};
use jiff::{Timestamp, ToSpan};

use super::hospital::{DATE, Hospital, at, doctor_id};
use super::{Harness, Rehearsal};
use crate::Rows;

pub async fn a_day_that_nobody_has_touched_is_empty(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    assert_eq!(hospital.load(hospital.key(0)).await, Day::empty(hospital.key(0)));
}

pub async fn a_day_reads_back_exactly_as_written(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut happened = HashSet::new();
    for (number, policy) in (0..).zip(PolicyKind::all()) {
        let mut rehearsal = hospital.rehearsal(number).under(policy);
        let mut chance = Chance(u64::from(number) + 1);
        for step in 0..240 {
            for _ in 0..=chance.below(3) {
                let command = anything(&mut rehearsal, &mut chance);
                // What the engine refuses has changed nothing; the rest is enough.
                drop(rehearsal.try_run(at(step / 2), &command));
            }
            if rehearsal.has_news() {
                let commit = rehearsal.commit();
                if commit.resequenced {
                    happened.insert("resequenced".to_owned());
                }
                hospital.write(vec![commit]).await;
                assert_eq!(hospital.load(rehearsal.day.key()).await, rehearsal.day, "{policy}, step {step}");
            }
        }
        the_past_reads_back(&hospital, &rehearsal).await;
        happened.extend(all_that_happened(&rehearsal));
    }
    for expected in EXPECTED {
        assert!(happened.contains(*expected), "chance has not brought about {expected}");
    }
}

/// Every token's events are those that happened to it, in order.
async fn the_past_reads_back(hospital: &Hospital, rehearsal: &Rehearsal) {
    for token in rehearsal.day.tokens() {
        let own = rehearsal.history.iter().filter(|event| event.token == Some(token.id));
        let expected: Vec<_> = own.cloned().collect();
        let read = hospital.store.token_events(hospital.facility, token.id).await.unwrap();
        assert!(read.iter().all(|event| event.day == rehearsal.day.key()));
        let read: Vec<_> = read.into_iter().map(|event| event.event).collect();
        assert_eq!(read, expected, "token {}", token.token_no);
    }
}

/// A small generator of numbers: the same ones each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Something that a desk might ask for; refused now and then.
fn anything(rehearsal: &mut Rehearsal, chance: &mut Chance) -> Command {
    let live = rehearsal.day.tokens().iter().filter(|token| token.status.is_live());
    let tokens: Vec<_> = live.map(|token| token.id).collect();
    match chance.below(10) {
        0..=3 => {
            let mut booking =
                rehearsal.booking(u32::try_from(chance.below(200)).unwrap(), chance.of(&Source::ALL));
            booking.patient.previous_doctor = chance.of(&[None, Some(rehearsal.day.key().doctor)]);
            booking.waitlist = chance.below(2) == 0;
            booking.earlier_ok = chance.below(3) == 0;
            booking.checked_in = chance.of(&[None, Some(true), Some(false)]);
            booking.override_why = (chance.below(6) == 0).then(|| "Dr. ज़ोया: “let them in” ✓".to_owned());
            booking.slot = (chance.below(4) == 0).then(|| rehearsal.slot(chance.below(2)));
            Command::Book(booking)
        }
        4..=7 if !tokens.is_empty() => {
            let token = chance.of(&tokens);
            let possible = rehearsal.day.token(token).unwrap().status.next();
            // Mostly what is expected: most days go well.
            let usual = &possible[..possible.len().min(1 + chance.below(3))];
            let status = chance.of(usual);
            Command::SetStatus(SetStatus { token, status: WantedStatus::Exactly(status) })
        }
        8 if !tokens.is_empty() => {
            let other = chance.of(&tokens);
            let beside = chance.of(&[Beside::Before(other), Beside::Behind(other)]);
            Command::Place(Place { token: chance.of(&tokens), beside, why: "Größe; ' \" \\ %".to_owned() })
        }
        _ => Command::ChangeSlot(ChangeSlot {
            slot: rehearsal.slot(chance.below(2)),
            max_count: Some(u32::try_from(6 + chance.below(12)).unwrap()),
            hard_limit: Some(u32::try_from(18 + chance.below(3)).unwrap()),
            status: Some(chance.of(&[SlotStatus::Open, SlotStatus::Open, SlotStatus::Closed])),
            move_on: false,
        }),
    }
}

/// What chance must have brought about, or the case does not show what it is there for.
const EXPECTED: &[&str] = &[
    "token_waitlisted",
    "token_promoted",
    "overridden",
    "buffer_used",
    "token_completed",
    "token_cancelled",
    "token_no_show",
    "token_placed",
    "rejoined",
    "slot_changed",
    "resequenced",
];

/// The kinds of its events and the codes of their reasons.
fn all_that_happened(rehearsal: &Rehearsal) -> impl Iterator<Item = String> {
    rehearsal.history.iter().flat_map(|event| {
        let codes = event.reasons.iter().map(|(code, _)| code.clone());
        codes.chain([event.kind.name().to_owned()])
    })
}

pub async fn the_largest_values_read_back_as_written(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    rehearsal.book(1, Source::WalkIn);
    let mut commit = rehearsal.commit();
    let head = DayHead {
        version: i64::MAX.unsigned_abs(),
        next_token_no: i32::MAX.unsigned_abs(),
        resumes_at: Some("2300-01-01T00:00:00.000001Z".parse().unwrap()),
    };
    (commit.version, commit.next_token_no, commit.resumes_at) =
        (head.version, head.next_token_no, head.resumes_at);
    let slot = &mut commit.slots.new[0];
    (slot.max_count, slot.hard_limit, slot.current_count) = (10_000, 1_000_000, 1_000_000);
    slot.issued = [u32::MAX; 9];
    let token = &mut commit.tokens.new[0];
    token.token_no = i32::MAX.unsigned_abs() - 1;
    token.rejoins = u8::MAX;
    token.sequence = Some(SequenceNumber::from_units(9_999_999_999_999));
    // The last microsecond of a second, before 1970, and far away.
    let times = ["2026-02-02T03:30:00.999999Z", "1969-12-31T23:59:59.000001Z", "2199-12-31T23:59:59.123456Z"];
    let times = times.map(|time| Some(time.parse::<Timestamp>().unwrap()));
    [token.appointment_at, token.promised_at, token.ended_at] = times;
    let (slots, tokens) = (commit.slots.new.clone(), commit.tokens.new.clone());
    let expected = Day::from_parts(commit.key, head, slots, tokens);
    hospital.write(vec![commit]).await;
    assert_eq!(hospital.load(hospital.key(0)).await, expected);
}

pub async fn what_a_day_and_its_tokens_have_by_the_way_reads_back(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    for patient in 0..3 {
        rehearsal.book(patient, Source::WalkIn);
    }
    for resumes_at in [None, Some(at(90)), Some(at(30)), None] {
        rehearsal.resume_at(resumes_at);
        hospital.write(vec![rehearsal.commit()]).await;
        assert_eq!(hospital.load(hospital.key(0)).await, rehearsal.day);
    }
    let mut tokens = rehearsal.day.tokens().to_vec();
    // When they are new, and when they are changed.
    let mut other = hospital.rehearsal(1);
    for (number, (token, new)) in (0..).zip(tokens.iter_mut().zip(20..)) {
        let (earlier_ok, displaced) = (number == 0, number == 1);
        let passed_at = (number == 2).then(|| at(17));
        (token.earlier_ok, token.displaced, token.passed_at) = (earlier_ok, displaced, passed_at);
        other.book(new, Source::Online);
    }
    let mut new = other.commit();
    for (new, token) in new.tokens.new.iter_mut().zip(&tokens) {
        (new.earlier_ok, new.displaced, new.passed_at) = (token.earlier_ok, token.displaced, token.passed_at);
    }
    let mut changed = rehearsal.commit();
    changed.version += 1;
    changed.tokens.changed.clone_from(&tokens);
    let expected = new.tokens.new.clone();
    hospital.write(vec![new, changed]).await;
    assert_eq!(hospital.load(hospital.key(0)).await.tokens(), tokens);
    assert_eq!(hospital.load(hospital.key(1)).await.tokens(), expected);
}

pub async fn a_doctors_pace_is_kept_until_it_changes_and_listed_newest_first(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let dates = [0, 1, 5, 40].map(|days| DATE.saturating_sub(days.days()));
    let pace = |visits| DayPace {
        visits,
        seconds: u64::from(u32::MAX) * 9,
        seconds_squared: i64::MAX.unsigned_abs() - u64::from(visits),
        emergencies: visits / 2,
        planned_seconds: 86_400,
        late_seconds: [None, Some(-900), Some(i32::MAX)][visits as usize % 3],
    };
    for (date, visits) in dates.into_iter().zip(1..) {
        let mut first = hospital.rehearsal(0).commit();
        first.key.date = date;
        (first.slots, first.pace) = (Rows::default(), Some(pace(visits)));
        hospital.write(vec![first.clone()]).await;
        // Without one, it stays as it was.
        (first.expected_version, first.version, first.pace) = (first.version, first.version + 1, None);
        first.events.clear();
        hospital.write(vec![first]).await;
    }
    // Another doctor's days, and one without visits, are left out.
    let mut others = [1, 0].map(|doctor| hospital.rehearsal(doctor).commit());
    others[0].key.date = dates[1];
    others[1].key.date = dates[1].yesterday().unwrap();
    (others[0].pace, others[1].pace) = (Some(pace(9)), Some(pace(0)));
    others[1].slots = Rows::default();
    hospital.write(others.to_vec()).await;

    let list = async |before, limit| {
        hospital.store.pace_list(hospital.facility, doctor_id(0), before, limit).await.unwrap()
    };
    assert_eq!(list(DATE.tomorrow().unwrap(), 10).await, [1, 2, 3, 4].map(pace));
    assert_eq!(list(DATE, 10).await, [2, 3, 4].map(pace));
    assert_eq!(list(DATE, 2).await, [2, 3].map(pace));
    assert_eq!(list(dates[3], 10).await, []);
}

pub async fn a_finished_visit_shows_in_the_pace(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    let token = rehearsal.book(1, Source::WalkIn);
    hospital.write(vec![rehearsal.commit()]).await;
    let tomorrow = DATE.tomorrow().unwrap();
    let list = async || hospital.store.pace_list(hospital.facility, doctor_id(0), tomorrow, 9).await.unwrap();
    assert_eq!(list().await, []);
    for (minutes, status) in [(5, Status::Called), (6, Status::InConsultation), (18, Status::Completed)] {
        let status = WantedStatus::Exactly(status);
        rehearsal.run(at(minutes), &Command::SetStatus(SetStatus { token, status }));
        hospital.write(vec![rehearsal.commit()]).await;
    }
    let pace = DayPace::of(&rehearsal.day);
    assert_eq!((pace.visits, pace.seconds), (1, 720));
    assert_eq!(list().await, [pace]);
}

pub async fn versions_are_told_of_the_days_that_exist(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut days: Vec<_> = (0..3).map(|doctor| hospital.rehearsal(doctor)).collect();
    for day in &mut days[1..] {
        hospital.write(vec![day.commit()]).await;
    }
    days[2].book(1, Source::WalkIn);
    hospital.write(vec![days[2].commit()]).await;
    let tomorrow = DATE.tomorrow().unwrap();
    let mut asked: Vec<_> = (0..3).map(|doctor| (doctor_id(doctor), DATE)).collect();
    asked.extend((0..500).map(|doctor| (doctor_id(doctor), tomorrow)));
    let mut told = hospital.store.day_versions(hospital.facility, &asked).await.unwrap();
    told.sort_unstable();
    assert_eq!(told, [(doctor_id(1), DATE, 1), (doctor_id(2), DATE, 2)]);
    assert_eq!(hospital.store.day_versions(hospital.facility, &[]).await, Ok(Vec::new()));
}
