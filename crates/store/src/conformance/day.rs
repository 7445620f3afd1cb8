//! A doctor-day reads back as it is in memory, and its past as it was.

use std::collections::HashSet;

use baari_engine::{
    Beside, ChangeSlot, Code, Command, Day, Place, PolicyKind, SequenceNumber, SetStatus, SlotStatus, Source,
    WantedStatus,
};
use jiff::Timestamp;

use super::hospital::{DATE, Hospital, at, doctor_id};
use super::{Harness, Rehearsal};

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
        let read = hospital.store.token_events(rehearsal.day.key(), token.id).await;
        assert_eq!(read, Ok(expected), "token {}", token.token_no);
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
    commit.version = i64::MAX.unsigned_abs();
    commit.next_token_no = i32::MAX.unsigned_abs();
    let slot = &mut commit.slots.new[0];
    (slot.max_count, slot.hard_limit, slot.current_count) = (10_000, 1_000_000, 1_000_000);
    slot.issued = [u32::MAX; 9];
    let token = &mut commit.tokens.new[0];
    token.token_no = i32::MAX.unsigned_abs() - 1;
    token.rejoins = u8::MAX;
    token.sequence = Some(SequenceNumber::from_units(9_999_999_999_999));
    token.code = Code::from_random(u128::MAX);
    // The last microsecond of a second, before 1970, and far away.
    let times = ["2026-02-02T03:30:00.999999Z", "1969-12-31T23:59:59.000001Z", "2199-12-31T23:59:59.123456Z"];
    let times = times.map(|time| Some(time.parse::<Timestamp>().unwrap()));
    [token.appointment_at, token.promised_at, token.ended_at] = times;
    let (slots, tokens) = (commit.slots.new.clone(), commit.tokens.new.clone());
    let expected = Day::from_parts(commit.key, commit.version, commit.next_token_no, slots, tokens);
    hospital.write(vec![commit]).await;
    assert_eq!(hospital.load(hospital.key(0)).await, expected);
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
