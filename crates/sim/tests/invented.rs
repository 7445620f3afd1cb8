//! Invented days: the same again for the same seed, clean before the auditor, and as a slow, obvious model has them.

use baari_engine::{PolicyKind, Source, Status};
use baari_sim::{Ending, InMemory, Outcome, Patient, Scenario, Summary, audit, invent, play, replay};

fn days(count: u64) -> impl Iterator<Item = Scenario> {
    (0..count).flat_map(|seed| {
        PolicyKind::all().map(move |policy| {
            let mut day = invent(seed);
            day.settings.policy = policy;
            day
        })
    })
}

/// The audit has a test of its own.
fn played(day: &Scenario) -> Outcome {
    play(day, &mut InMemory, &mut |_, _| {}).unwrap_or_else(|error| panic!("{} {error}", day.name))
}

#[test]
fn the_auditor_finds_nothing_in_200_days_under_five_policies() {
    let (mut promoted, mut refused, mut cancelled, mut elsewhere) = (0, 0, 0, 0);
    for day in days(200) {
        let outcome = replay(&day).unwrap_or_else(|error| panic!("{} {error}", day.name));
        assert!(audit(&day, &outcome.steps).unwrap().is_empty());
        let summary = Summary::new(&day, &outcome);
        promoted += summary.let_in;
        refused += summary.refused;
        cancelled += summary.cancelled;
        elsewhere += day.patients.iter().filter(|p| p.previous_doctor.is_some_and(|d| d != p.doctor)).count();
        let seen: usize = summary.waits.iter().map(|(_, waits)| waits.count).sum();
        assert_eq!(seen, summary.all.count);
    }
    // The days have what the auditor looks at.
    assert!(promoted > 100 && refused > 100 && cancelled > 100 && elsewhere > 100);
}

#[test]
fn nobody_is_left_when_the_day_is_over_and_all_sorts_of_things_happen() {
    let mut sums = [0; 9];
    for mut day in days(40) {
        day.settings.displacement = true;
        let outcome = played(&day);
        for (plan, seen) in day.patients.iter().zip(&outcome.patients) {
            let over = match seen.ending {
                Ending::Token(status) => !status.is_live() || status == Status::Waitlisted,
                Ending::Refused | Ending::NeverCame => true,
            };
            assert!(over, "{} {} {:?}", day.name, plan.name, seen.ending);
        }
        let turns = Summary::new(&day, &outcome).turns;
        let these = [
            turns.to_other_doctor,
            turns.displaced,
            turns.pulled_forward,
            turns.recalled,
            turns.passed,
            turns.rejoined,
            turns.given_up,
            turns.booked_anew,
            turns.stranded,
        ];
        sums.iter_mut().zip(these).for_each(|(sum, one)| *sum += one);
    }
    assert!(sums.iter().all(|sum| *sum > 0), "{sums:?}");
}

#[test]
fn a_seed_has_one_outcome() {
    let (first, second) = (played(&invent(7)), played(&invent(7)));
    assert_eq!(first.steps, second.steps);
    assert_eq!(first.patients, second.patients);
    assert_ne!(first.patients, played(&invent(8)).patients);
}

#[test]
fn an_emergency_never_waits_for_anybody_who_came_later() {
    for day in days(40).filter(|day| matches!(day.settings.policy, PolicyKind::Band | PolicyKind::Target)) {
        let outcome = played(&day);
        // Whoever misses a call was called before they started.
        let people = || {
            let all = day.patients.iter().zip(&outcome.patients);
            all.filter(|(plan, _)| plan.misses_calls.is_empty())
        };
        for (plan, seen) in people().filter(|(plan, _)| plan.source == Source::Emergency) {
            let (Some(came), Some(start)) = (seen.came_min, seen.start_min) else { continue };
            let overtaken = people().any(|(other, other_seen)| {
                let between = other_seen.start_min.is_some_and(|begin| came < begin && begin < start);
                // Whoever comes over from another doctor has not been in this line all the time.
                let stayed = seen.doctor == plan.doctor;
                other_seen.doctor == seen.doctor && other.source != Source::Emergency && between && stayed
            });
            assert!(!overtaken, "{}", plan.name);
        }
    }
}

#[test]
fn a_slow_obvious_model_has_the_same_starts() {
    for mut day in days(60) {
        without_surprises(&mut day);
        let outcome = replay(&day).unwrap();
        for doctor in 0..day.doctors.len() {
            for (patient, start) in starts(&day, doctor) {
                let seen = outcome.patients[patient].start_min;
                let same = match (seen, start) {
                    (Some(seen), Some(start)) => (seen - start).abs() < 1e-6,
                    (seen, start) => seen == start,
                };
                assert!(same, "{} {}: {seen:?}, not {start:?}", day.name, day.settings.policy);
            }
        }
    }
}

/// What the trace format does not know, and the model neither.
fn without_surprises(day: &mut Scenario) {
    day.timers = false;
    day.settings.pull_forward = false;
    for doctor in &mut day.doctors {
        (doctor.leaves_min, doctor.delays) = (None, Vec::new());
    }
    for patient in &mut day.patients {
        (patient.cancels_min, patient.waitlist) = (None, false);
        patient.previous_doctor = Some(patient.doctor);
        patient.misses_calls.clear();
    }
}

/// A token of the model.
struct Waiting<'a> {
    index: usize,
    plan: &'a Patient,
    slot_start: f64,
    issued: usize,
}

/// The starts of one doctor's patients, by the words of the trace format alone.
fn starts(day: &Scenario, doctor: usize) -> Vec<(usize, Option<f64>)> {
    let plan = &day.doctors[doctor];
    let mut people: Vec<(usize, &Patient)> =
        day.patients.iter().enumerate().filter(|(_, patient)| patient.doctor == doctor).collect();
    let mut taken = vec![0; plan.slots.len()];
    let mut seats: Vec<Option<(f64, usize)>> = vec![None; day.patients.len()];
    let mut issued = 0;
    // Advance bookings first, then by arrival.
    people.sort_by(|(_, a), (_, b)| {
        let walks_in = |patient: &Patient| {
            if patient.due_min.is_some() { f64::NEG_INFINITY } else { patient.arrive_min }
        };
        walks_in(a).total_cmp(&walks_in(b))
    });
    for (index, patient) in people.iter().filter(|(_, patient)| patient.due_min.is_some() || patient.shows) {
        let has_room = |slot: &usize| {
            let limits = &plan.slots[*slot];
            let emergency = patient.source == Source::Emergency;
            let limit = if emergency { limits.hard_limit } else { limits.max_count };
            taken[*slot] < limit && patient.arrive_min < limits.end_min
        };
        let Some(slot) = patient.slot.or_else(|| (0..plan.slots.len()).find(has_room)) else { continue };
        taken[slot] += 1;
        issued += 1;
        seats[*index] = Some((plan.slots[slot].start_min, issued));
    }
    let mut to_come: Vec<Waiting<'_>> = people
        .iter()
        .filter(|(_, patient)| patient.shows)
        .filter_map(|&(index, plan)| {
            seats[index].map(|(slot_start, issued)| Waiting { index, plan, slot_start, issued })
        })
        .collect();
    to_come.sort_by(|a, b| a.plan.arrive_min.total_cmp(&b.plan.arrive_min));
    let mut result: Vec<(usize, Option<f64>)> = people.iter().map(|(index, _)| (*index, None)).collect();
    let mut now = plan.starts_min;
    while let Some(next) = to_come.first() {
        now = f64::max(now, next.plan.arrive_min);
        let here: Vec<usize> = (0..to_come.len()).filter(|at| to_come[*at].plan.arrive_min <= now).collect();
        let anyone = here.iter().any(|at| to_come[*at].plan.ready_min() < now);
        let first = here.into_iter().min_by(|a, b| {
            let key = |at: usize| key(day, &to_come[at], now, anyone);
            key(*a)
                .iter()
                .zip(key(*b))
                .fold(std::cmp::Ordering::Equal, |so_far, (a, b)| so_far.then(a.total_cmp(&b)))
        });
        let called = to_come.remove(first.expect("somebody is here"));
        for entry in result.iter_mut().filter(|entry| entry.0 == called.index) {
            entry.1 = Some(now);
        }
        now += called.plan.visit_min;
    }
    result
}

/// Whoever has the smallest goes first.
fn key(day: &Scenario, waiting: &Waiting<'_>, now: f64, anyone_has_waited: bool) -> [f64; 4] {
    let (patient, issued) = (waiting.plan, waiting.issued as f64);
    let (band, allowance, rate) = match patient.source {
        Source::Emergency => (1.0, 0.0, 8.0),
        Source::PaidPriority => (2.0, 0.0, 4.0),
        Source::FollowUp => (3.0, 10.0, 2.0),
        Source::WalkIn => (4.0, 45.0, 1.0),
        Source::Online => (4.0, 10.0, 1.0),
    };
    let tier = f64::from(u8::from(patient.source != Source::Emergency));
    let (arrival, ready) = (patient.arrive_min, patient.ready_min());
    let waited = now - ready;
    match day.settings.policy {
        PolicyKind::Band => [tier, waiting.slot_start, band, issued],
        PolicyKind::Target => [tier, ready + allowance, arrival, issued],
        PolicyKind::Fcfs => [arrival, issued, 0.0, 0.0],
        PolicyKind::Strict => [band, arrival, issued, 0.0],
        PolicyKind::Apq => [if anyone_has_waited { -rate * waited } else { -waited }, arrival, issued, 0.0],
    }
}
