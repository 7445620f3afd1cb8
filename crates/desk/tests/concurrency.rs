//! Many tasks at one doctor-day, while the store fails, is overtaken and takes its time.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

#[expect(dead_code, reason = "shared with the other tests of the desk")]
mod memory;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use baari_desk::{BookRequest, Clock, Config, Desk, DeskError, Done, Keyed, NewDoctor, NewPatient};
use baari_engine::{DayKey, DoctorId, FacilityId, PatientId, Refusal, Source, Status};
use baari_store::{Along, Patient, StoreError};
use jiff::tz::TimeZone;
use memory::{Fault, Memory};

struct Hospital {
    store: Arc<Memory>,
    desk: Arc<Desk>,
    facility: FacilityId,
    doctor: DoctorId,
    key: DayKey,
}

/// One doctor, one slot of this many seats, at nine in the morning.
async fn hospital(seats: u32, config: Config) -> Hospital {
    let store = Arc::new(Memory::new());
    let clock = Clock::set("2026-02-02T03:30:00Z".parse().unwrap(), 1.0);
    let desk = Desk::open(store.clone(), Config { clock, ..config });
    let facility = desk.first_facility("City", TimeZone::get("Asia/Kolkata").unwrap()).await.unwrap().id;
    let new = NewDoctor {
        name: "Rao".into(),
        speciality: String::new(),
        room: String::new(),
        mean_visit_minutes: 6,
    };
    let doctor = desk.doctor_add(facility, new, |_| Along::default()).await.unwrap().id;
    let key = DayKey { facility, doctor, date: "2026-02-02".parse().unwrap() };
    let hours = ("09:00".parse().unwrap(), "10:00".parse().unwrap());
    desk.slot_add(key, hours, (seats, seats), "test".into(), None).await.unwrap();
    Hospital { store, desk, facility, doctor, key }
}

impl Hospital {
    async fn patient(&self) -> PatientId {
        let new = NewPatient {
            name: "P".into(),
            phone: String::new(),
            previous_doctor: None,
            mrn: None,
            abha: None,
            sex: None,
            birth_year: None,
        };
        loop {
            match self.desk.patient_add(self.facility, new.clone(), |_| Along::default()).await {
                Ok(patient) => return patient.id,
                Err(DeskError::Store(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    async fn book(&self, patient: PatientId, keyed: Option<Keyed>) -> Result<Done, DeskError> {
        let request = BookRequest {
            patient,
            doctor: self.doctor,
            source: Source::WalkIn,
            date: None,
            slot: None,
            waitlist: false,
            override_why: None,
            checked_in: None,
            earlier_ok: false,
        };
        self.desk.book(self.facility, request, "test".into(), None, keyed).await
    }
}

fn is_no_seat(answer: &Result<Done, DeskError>) -> bool {
    matches!(answer, Err(DeskError::Refused { refusal: Refusal::NoSeat { .. }, .. }))
}

#[tokio::test]
async fn many_at_one_counter_become_few_commits_and_every_acknowledged_token_is_durable() {
    let hospital = Arc::new(hospital(50, Config::default()).await);
    let mut patients = Vec::new();
    for _ in 0..200 {
        patients.push(hospital.patient().await);
    }
    let before = hospital.store.commits.load(Ordering::Relaxed);
    let tasks: Vec<_> = patients
        .into_iter()
        .map(|patient| {
            let hospital = Arc::clone(&hospital);
            tokio::spawn(async move {
                let answer = hospital.book(patient, None).await;
                if let Ok(done) = &answer {
                    let id = done.token.as_ref().unwrap().1.id;
                    assert!(hospital.store.tokens(hospital.key).iter().any(|token| token.id == id));
                }
                answer
            })
        })
        .collect();
    let mut numbers = HashSet::new();
    let mut refused = 0;
    for task in tasks {
        let answer = task.await.unwrap();
        refused += usize::from(is_no_seat(&answer));
        numbers.extend(answer.ok().map(|done| done.token.unwrap().1.token_no));
    }
    assert_eq!((numbers.len(), refused), (50, 150));
    let commits = hospital.store.commits.load(Ordering::Relaxed) - before;
    assert!(commits < 25, "200 commands at once took {commits} commits");
    // The slot, and a booking each.
    assert_eq!(hospital.store.events(hospital.key), 51);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_and_other_writers_lose_nothing_and_give_nothing_twice() {
    let hospital = Arc::new(hospital(120, Config::default()).await);
    let mut patients = Vec::new();
    for _ in 0..300 {
        patients.push(hospital.patient().await);
    }
    let mut acknowledged = HashSet::new();
    for (wave, patients) in patients.chunks(30).enumerate() {
        // Every fourth wave meets no fault.
        let fault = [Some(Fault::Overtaken), Some(Fault::Fail), Some(Fault::Conflict), None][wave % 4];
        hospital.store.faults.lock().unwrap().extend(fault);
        let book = |&patient: &PatientId| {
            let hospital = Arc::clone(&hospital);
            tokio::spawn(async move { (patient, hospital.book(patient, None).await) })
        };
        let tasks: Vec<_> = patients.iter().map(book).collect();
        for task in tasks {
            let (patient, answer) = task.await.unwrap();
            match answer {
                Ok(done) => assert!(acknowledged.insert((patient, done.token.unwrap().1.token_no))),
                Err(DeskError::Store(StoreError::Unavailable(_)) | DeskError::Contended) => {}
                Err(DeskError::Refused { refusal: Refusal::NoSeat { .. }, .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
    let kept: HashSet<_> =
        hospital.store.tokens(hospital.key).iter().map(|t| (t.patient, t.token_no)).collect();
    assert_eq!(kept, acknowledged, "what is durable is what was acknowledged");
    assert!(kept.len() <= 120 && !kept.is_empty());
    let held =
        hospital.desk.look(hospital.key, |snapshot| snapshot.day.slots()[0].current_count).await.unwrap();
    assert_eq!(held as usize, kept.len());
}

#[tokio::test]
async fn a_refusal_that_rests_on_an_uncommitted_booking_waits_for_it() {
    let hospital = Arc::new(hospital(1, Config::default()).await);
    let (first, second) = (hospital.patient().await, hospital.patient().await);
    let closed = hospital.store.gate.acquire().await.unwrap();
    let book = |patient| {
        let hospital = Arc::clone(&hospital);
        tokio::spawn(async move { hospital.book(patient, None).await })
    };
    let (one, two) = (book(first), book(second));
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert!(!one.is_finished() && !two.is_finished(), "nobody is told anything before the commit");
    let seen = hospital.desk.look(hospital.key, |snapshot| snapshot.day.tokens().len()).await.unwrap();
    assert_eq!(seen, 0, "readers see what is durable");
    hospital.store.faults.lock().unwrap().push_back(Fault::Fail);
    drop(closed);
    assert!(matches!(one.await.unwrap(), Err(DeskError::Store(StoreError::Unavailable(_)))));
    let second_answer = two.await.unwrap();
    assert!(
        !is_no_seat(&second_answer),
        "the seat that it was refused for was never taken: {second_answer:?}"
    );
    hospital.book(first, None).await.map_or_else(|error| assert!(second_answer.is_ok(), "{error}"), drop);
    assert_eq!(hospital.store.tokens(hospital.key).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn another_servers_change_is_noticed_by_polling() {
    let config = Config { poll: Some(Duration::from_millis(500)), ..Config::default() };
    let hospital = hospital(5, config).await;
    let version = |hospital: &Hospital| {
        let (desk, key) = (Arc::clone(&hospital.desk), hospital.key);
        async move { desk.look(key, |snapshot| snapshot.day.version()).await.unwrap() }
    };
    assert_eq!(version(&hospital).await, 1);
    hospital.store.overtake(hospital.key);
    assert_eq!(version(&hospital).await, 1, "not looked yet");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(version(&hospital).await, 2);
}

#[tokio::test]
async fn more_commands_than_the_desk_accepts_are_told_to_come_back() {
    let hospital = Arc::new(hospital(5, Config { commands_max: 1, ..Config::default() }).await);
    let (first, second) = (hospital.patient().await, hospital.patient().await);
    let closed = hospital.store.gate.acquire().await.unwrap();
    let one = {
        let hospital = Arc::clone(&hospital);
        tokio::spawn(async move { hospital.book(first, None).await })
    };
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(hospital.book(second, None).await, Err(DeskError::Busy)));
    drop(closed);
    assert_eq!(one.await.unwrap().unwrap().token.unwrap().1.status, Status::Arrived);
}

#[tokio::test]
async fn who_was_erased_elsewhere_is_not_written_back_and_stops_nobody() {
    let hospital = Arc::new(hospital(5, Config::default()).await);
    let (first, second) = (hospital.patient().await, hospital.patient().await);
    let closed = hospital.store.gate.acquire().await.unwrap();
    let book = |patient| {
        let hospital = Arc::clone(&hospital);
        tokio::spawn(async move { hospital.book(patient, None).await })
    };
    let change = |patient| {
        let hospital = Arc::clone(&hospital);
        tokio::spawn(async move {
            let rename = |patient: &mut Patient| {
                patient.name = "Late".into();
                Ok::<_, DeskError>(Along::default())
            };
            hospital.desk.patient_change(hospital.facility, patient, rename).await
        })
    };
    // One waits at the gate; the others become the next group.
    let (one, erased, renamed, two) = (book(first), change(first), change(second), book(second));
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    hospital.store.erase(first);
    drop(closed);
    assert!(matches!(erased.await.unwrap(), Err(DeskError::Contended)));
    assert_eq!(renamed.await.unwrap().unwrap().name, "Late");
    two.await.unwrap().unwrap();
    let _ = one.await.unwrap();
    let kept = hospital.desk.patient(hospital.facility, first).await.unwrap();
    assert_eq!((&*kept.name, kept.erased_at.is_some()), ("P", true));
}

#[tokio::test]
async fn the_same_key_twice_at_once_books_once() {
    let hospital = Arc::new(hospital(5, Config::default()).await);
    let patient = hospital.patient().await;
    let ask = || {
        let hospital = Arc::clone(&hospital);
        tokio::spawn(async move {
            let _held = hospital.desk.key_hold(hospital.facility, "k", &[7; 32]).await?;
            let render = Arc::new(|done: &Done| (201, done.version.to_string().into_bytes()));
            let keyed = Keyed { key: "k".into(), fingerprint: [7; 32], render };
            hospital.book(patient, Some(keyed)).await
        })
    };
    let (one, two) = (ask(), ask());
    let answers = [one.await.unwrap(), two.await.unwrap()];
    let repeated = |answer: &Result<Done, DeskError>| match answer {
        Err(DeskError::Repeated(receipt)) => receipt.body == b"2" && receipt.status == 201,
        _ => false,
    };
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(answers.iter().filter(|answer| repeated(answer)).count(), 1, "{answers:?}");
    let other = hospital.desk.key_hold(hospital.facility, "k", &[8; 32]).await;
    assert!(matches!(other.err(), Some(DeskError::KeyReused)));
}

#[tokio::test]
async fn the_longest_unused_days_are_forgotten_and_come_back() {
    let hospital = hospital(5, Config { days_max: 8, ..Config::default() }).await;
    for day in 1..=28 {
        let key = DayKey { date: jiff::civil::date(2026, 3, day), ..hospital.key };
        hospital.desk.look(key, |_| ()).await.unwrap();
    }
    assert!(hospital.desk.live_days() <= 8);
    let slots = hospital.desk.look(hospital.key, |snapshot| snapshot.day.slots().len()).await.unwrap();
    assert_eq!(slots, 1);
}
