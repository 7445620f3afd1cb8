//! How long the engine takes: booking into a day that fills up, ordering a queue by each policy, estimating its
//! call times, a cancellation that lets somebody in from the waitlist. `cargo bench -p baari-engine`.

use std::hint::black_box;

use baari_engine::{
    Book, Circumstances, Command, Day, DayKey, DoctorFacts, DoctorId, DoctorStatus, Estimator, FacilityId,
    Leave, NewSlot, Next, PatientFacts, PatientId, PatientStatus, PolicyKind, Scene, SetStatus, Settings,
    SlotId, Source, Status, TokenId, WantedStatus, Window, decide, decide_together, queue,
};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use jiff::tz::{Offset, TimeZone};
use uuid::Uuid;

const DATE: Date = date(2026, 11, 23);
/// Slots of one hour each, from 09:00 on.
const SLOTS: u8 = 8;
/// Where people come from, in turn.
const SOURCES: [Source; 6] = [
    Source::WalkIn,
    Source::Online,
    Source::WalkIn,
    Source::PaidPriority,
    Source::FollowUp,
    Source::Emergency,
];

/// A doctor-day, and a clock that shows 09:30.
struct Opd {
    day: Day,
    settings: Settings,
    now: Timestamp,
    people: u32,
}

impl Opd {
    /// With so many seats in each slot.
    fn new(seats: u32) -> Self {
        let id = |n: u128| Uuid::from_u128(n);
        let key =
            DayKey { facility: FacilityId::from_uuid(id(1)), doctor: DoctorId::from_uuid(id(2)), date: DATE };
        let zone = TimeZone::fixed(Offset::constant(5));
        let at = |hour: u8, minute| time(hour.cast_signed(), minute, 0, 0);
        let slot = |n: u8| NewSlot {
            id: SlotId::from_uuid(id(0x5000 + u128::from(n))),
            window: Window::new(DATE, at(9 + n, 0), at(10 + n, 0), &zone).expect("an hour is a window"),
            max_count: seats,
            hard_limit: seats + seats / 4,
        };
        let now = zone.to_timestamp(DATE.to_datetime(at(9, 30))).expect("the zone is fixed");
        let mut opd = Self { day: Day::empty(key), settings: Settings::default(), now, people: 0 };
        opd.run(&Command::AddSlots((0..SLOTS).map(slot).collect()));
        opd
    }

    /// With room for more than these people, who have booked.
    fn with_people(people: u32) -> Self {
        let mut opd = Self::new(people / u32::from(SLOTS) + 30);
        for source in SOURCES.iter().cycle().take(people as usize) {
            let command = opd.book(*source, false);
            opd.run(&command);
        }
        opd
    }

    fn book(&mut self, source: Source, waitlist: bool) -> Command {
        self.people += 1;
        let id = Uuid::from_u128(0x7000_0000 + u128::from(self.people));
        let patient = PatientFacts {
            id: PatientId::from_uuid(id),
            status: PatientStatus::Active,
            previous_doctor: Some(self.day.key().doctor),
            last_seen_by: None,
        };
        Command::Book(Book {
            token: TokenId::from_uuid(id),
            patient,
            source,
            slot: None,
            waitlist,
            override_why: None,
            checked_in: None,
            appointment_at: None,
            earlier_ok: false,
        })
    }

    fn on(&self) -> Circumstances<'_> {
        let doctor = DoctorFacts::new(DoctorStatus::Active, 6);
        Circumstances { now: self.now, today: DATE, settings: &self.settings, doctor }
    }

    fn run(&mut self, command: &Command) {
        let decision = decide(&self.day, &self.on(), command).expect("the bench asks for what is possible");
        self.day.apply(&decision);
    }
}

fn book(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("book into a day of");
    for people in [0, 100, 1_000] {
        for source in [Source::WalkIn, Source::Online] {
            let mut opd = Opd::with_people(people);
            let command = opd.book(source, false);
            assert!(decide(&opd.day, &opd.on(), &command).is_ok(), "there is room");
            group.bench_function(BenchmarkId::new(format!("{people}"), source), |bencher| {
                bencher.iter(|| decide(black_box(&opd.day), &opd.on(), black_box(&command)));
            });
        }
    }
    group.finish();
}

fn order(criterion: &mut Criterion) {
    for people in [40, 1_000] {
        let mut group = criterion.benchmark_group(format!("queue of {people} by"));
        for policy in PolicyKind::all() {
            let mut opd = Opd::with_people(people);
            opd.settings.policy = policy;
            group.bench_function(policy.name(), |bencher| {
                bencher.iter(|| queue(black_box(&opd.day), &opd.settings, opd.now));
            });
        }
        group.finish();
    }
}

/// Two thirds are here, one third is expected.
fn estimate(criterion: &mut Criterion) {
    for people in [100, 1_000] {
        let mut group = criterion.benchmark_group(format!("estimate in a queue of {people}"));
        let opd = Opd::with_people(people);
        let places = queue(&opd.day, &opd.settings, opd.now);
        assert_eq!(places.len(), people as usize);
        let on = opd.on();
        let estimator = || Estimator::new(black_box(&opd.day), &opd.settings, on.doctor, opd.now);
        group.bench_function("all", |bencher| bencher.iter(|| estimator().all(black_box(&places))));
        let last = places.last().expect("somebody has booked");
        let others = || opd.day.tokens().iter().filter_map(|other| Some((other, opd.day.slot(other.slot?)?)));
        group.bench_function("one, the last", |bencher| {
            bencher.iter(|| estimator().one(others(), black_box(last.token), last.slot));
        });
        group.finish();
    }
}

fn cancel(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cancel, one of 20 waitlisted comes in, in a day of");
    for people in [96, 1_000] {
        let mut opd = Opd::new(people / u32::from(SLOTS));
        for _ in 0..people + 20 {
            let command = opd.book(Source::Online, true);
            opd.run(&command);
        }
        let token = opd.day.tokens().first().expect("somebody has booked").id;
        let status = WantedStatus::Exactly(Status::Cancelled);
        let command = Command::SetStatus(SetStatus { token, status });
        let decision = decide(&opd.day, &opd.on(), &command).expect("the booked can be cancelled");
        assert_eq!(decision.events.len(), 2, "one is cancelled and one comes in");
        group.bench_function(format!("{people}"), |bencher| {
            bencher.iter(|| decide(black_box(&opd.day), &opd.on(), black_box(&command)));
        });
    }
    group.finish();
}

fn apply(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("put a booking into effect in a day of");
    for people in [100, 1_000] {
        let mut opd = Opd::with_people(people);
        let command = opd.book(Source::WalkIn, false);
        let decision = decide(&opd.day, &opd.on(), &command).expect("there is room");
        group.bench_function(format!("{people}"), |bencher| {
            let size = criterion::BatchSize::LargeInput;
            bencher.iter_batched_ref(|| opd.day.clone(), |day| day.apply(&decision), size);
        });
    }
    group.finish();
}

fn next(criterion: &mut Criterion) {
    let opd = Opd::with_people(200);
    let command = Command::Next(Next::default());
    let decision = decide(&opd.day, &opd.on(), &command).expect("somebody is here");
    assert_eq!(decision.events.len(), 1, "one is called");
    criterion.bench_function("call the next one in a day of 200", |bencher| {
        bencher.iter(|| decide(black_box(&opd.day), &opd.on(), black_box(&command)));
    });
}

fn leave(criterion: &mut Criterion) {
    let (opd, other) = (Opd::with_people(40), Opd::new(20));
    let why = "is ill".to_owned();
    let command = Command::Leave(Leave { from: None, to: None, why });
    let scenes = [&opd, &other].map(|opd| Scene { day: &opd.day, on: opd.on() });
    let decisions = decide_together(&scenes, &command).expect("there are slots to be left");
    assert_eq!((decisions[0].departed.len(), decisions[1].tokens.len()), (40, 40), "all have another doctor");
    criterion.bench_function("leave, 40 go to another doctor", |bencher| {
        bencher.iter(|| decide_together(black_box(&scenes), black_box(&command)));
    });
}

criterion_group!(benches, book, order, estimate, cancel, apply, next, leave);
criterion_main!(benches);
