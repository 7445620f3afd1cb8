//! A hospital's rush in simulated time: a slow disk, failing commits, other servers, and the power cut in between. Whatever
//! the seed, what was acknowledged is kept, and nothing is given twice.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

#[expect(dead_code, reason = "shared with the other tests of the desk")]
mod memory;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baari_desk::{BookRequest, Clock, Config, Desk, DeskError, NewDoctor, NewPatient, Order};
use baari_engine::{
    Command, DayKey, DoctorId, FacilityId, PatientId, SetStatus, Source, Status, TokenId, WantedStatus,
};
use baari_store::Along;
use jiff::tz::TimeZone;
use memory::{Fault, Memory};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const SEATS: u32 = 12;
const DOCTORS: usize = 3;

struct Hospital {
    facility: FacilityId,
    doctors: Vec<DoctorId>,
    patients: Vec<PatientId>,
}

/// What clients were told, by token.
type Told = Arc<Mutex<HashMap<TokenId, Status>>>;

#[test]
fn whatever_happens_what_was_acknowledged_is_kept() {
    for seed in 0..60 {
        let clock =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        clock.block_on(one_life(seed));
    }
}

async fn one_life(seed: u64) {
    let mut draws = StdRng::seed_from_u64(seed);
    let store = Arc::new(Memory::new());
    let hospital = Arc::new(found(&store).await);
    let told = Told::default();
    // Three lives of the server, each ended by a power cut.
    for _ in 0..3 {
        let desk = Desk::open(store.clone(), config());
        let clients: Vec<_> = (0..40)
            .map(|_| {
                let (desk, hospital, told) = (Arc::clone(&desk), Arc::clone(&hospital), Arc::clone(&told));
                tokio::spawn(client(desk, hospital, told, draws.random()))
            })
            .collect();
        for _ in 0..draws.random_range(2..12) {
            tokio::time::sleep(Duration::from_millis(draws.random_range(1..40))).await;
            match draws.random_range(0..6) {
                0 => store.faults.lock().unwrap().push_back(Fault::Fail),
                1 => store.faults.lock().unwrap().push_back(Fault::Conflict),
                2 => store.faults.lock().unwrap().push_back(Fault::Overtaken),
                3 => store.overtake(hospital.key(draws.random_range(0..DOCTORS))),
                _ => {
                    // The disk takes its time.
                    let slow = store.gate.acquire().await.unwrap();
                    tokio::time::sleep(Duration::from_millis(draws.random_range(1..100))).await;
                    drop(slow);
                }
            }
        }
        for client in clients {
            client.abort();
            // Cut off in the middle, or done.
            let _ = client.await;
        }
        drop(desk);
        // What was in flight may still reach the disk.
        tokio::time::sleep(Duration::from_secs(1)).await;
        check(&store, &hospital, &told, seed);
    }
    assert!(!told.lock().unwrap().is_empty(), "seed {seed}: nobody was told anything");
}

fn config() -> Config {
    let nine = "2026-02-02T03:30:00Z".parse().unwrap();
    Config { clock: Clock::set(nine, 0.0), poll: Some(Duration::from_millis(50)), ..Config::default() }
}

async fn found(store: &Arc<Memory>) -> Hospital {
    let desk = Desk::open(store.clone(), config());
    let facility = desk.first_facility("City", TimeZone::get("Asia/Kolkata").unwrap()).await.unwrap().id;
    let mut hospital = Hospital { facility, doctors: Vec::new(), patients: Vec::new() };
    for name in ["Rao", "Khan", "Iyer"] {
        let new = NewDoctor {
            name: name.into(),
            speciality: String::new(),
            room: String::new(),
            mean_visit_minutes: 6,
        };
        hospital.doctors.push(desk.doctor_add(facility, new, |_| Along::default()).await.unwrap().id);
        let hours = ("09:00".parse().unwrap(), "10:00".parse().unwrap());
        let key = hospital.key(hospital.doctors.len() - 1);
        desk.slot_add(key, hours, (SEATS, SEATS), "test".into(), None).await.unwrap();
    }
    for _ in 0..60 {
        let new = NewPatient {
            name: "P".into(),
            phone: String::new(),
            previous_doctor: None,
            mrn: None,
            abha: None,
            sex: None,
            birth_year: None,
        };
        hospital.patients.push(desk.patient_add(facility, new, |_| Along::default()).await.unwrap().id);
    }
    hospital
}

impl Hospital {
    fn key(&self, doctor: usize) -> DayKey {
        let date = jiff::civil::date(2026, 2, 2);
        DayKey { facility: self.facility, doctor: self.doctors[doctor], date }
    }
}

/// Books and cancels at random until it is cut off.
async fn client(desk: Arc<Desk>, hospital: Arc<Hospital>, told: Told, seed: u64) {
    let mut draws = StdRng::seed_from_u64(seed);
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(draws.random_range(0..20))).await;
        let doctor = draws.random_range(0..DOCTORS);
        let mine = told.lock().unwrap().iter().find(|(_, status)| status.is_live()).map(|(token, _)| *token);
        let answer = match mine.filter(|_| draws.random_bool(0.4)) {
            Some(token) => {
                // Whatever the answer, it may be cancelled from here on.
                told.lock().unwrap().remove(&token);
                let status = WantedStatus::Exactly(Status::Cancelled);
                let command = Command::SetStatus(SetStatus { token, status });
                let order = Order { command, actor: "client".into(), if_match: None, keyed: None };
                desk.execute(hospital.key(doctor), &order).await
            }
            None => {
                let request = BookRequest {
                    patient: hospital.patients[draws.random_range(0..hospital.patients.len())],
                    doctor: hospital.doctors[doctor],
                    source: Source::WalkIn,
                    date: None,
                    slot: None,
                    waitlist: draws.random_bool(0.5),
                    override_why: None,
                    checked_in: None,
                    earlier_ok: false,
                };
                desk.book(hospital.facility, request, "client".into(), None, None).await
            }
        };
        match answer {
            Ok(done) => {
                let (_, token) = done.token.unwrap();
                told.lock().unwrap().insert(token.id, token.status);
            }
            Err(DeskError::Refused { .. } | DeskError::Store(_) | DeskError::Contended) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

fn check(store: &Memory, hospital: &Hospital, told: &Told, seed: u64) {
    let mut kept = HashMap::new();
    for doctor in 0..DOCTORS {
        let tokens = store.tokens(hospital.key(doctor));
        let held = tokens.iter().filter(|token| token.status.holds_seat()).count();
        let counted = store.seats_taken(hospital.key(doctor));
        assert_eq!(held, counted, "seed {seed}: counts equal tokens");
        assert!(held <= SEATS as usize, "seed {seed}: {held} seats of {SEATS}");
        let mut numbers: Vec<u32> = tokens.iter().map(|token| token.token_no).collect();
        numbers.sort_unstable();
        assert!(numbers.iter().copied().eq(1..=tokens.len() as u32), "seed {seed}: {numbers:?}");
        kept.extend(tokens.into_iter().map(|token| (token.id, token.status)));
    }
    for (token, status) in told.lock().unwrap().iter() {
        let now = kept.get(token).unwrap_or_else(|| panic!("seed {seed}: an acknowledged token is lost"));
        // A waitlisted one may have been let in meanwhile.
        assert!(now == status || *status == Status::Waitlisted, "seed {seed}: was told {status}, is {now}");
    }
}
