//! How fast the store commits: groups of bookings, each of another doctor's day, and all of one doctor's.
//!
//! `cargo run --release -p baari-store-sqlite --example commits -- [DIRECTORY]`

use std::path::PathBuf;
use std::time::{Duration, Instant};

use baari_engine::{Band, Day, DayKey, EventKind, SequenceNumber, Slot, Source, Status, Token, Window};
use baari_store::conformance::hospital::{
    DATE, at, doctor, doctor_id, facility_id, id, patient, patient_id, receipt, slot_id, token_id, zone,
};
use baari_store::{Along, DayCommit, Doctor, EventRow, Facility, Group, PatientWrite, Rows, Store, Verdict};
use baari_store_sqlite::SqliteStore;
use jiff::civil::time;

const PATIENTS: u32 = 100_000;
const RUN: Duration = Duration::from_secs(6);

fn main() {
    let directory = std::env::args().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    for (doctors, group, receipts) in [
        (1_000, 64, false),
        (1_000, 64, true),
        (1_000, 256, true),
        (1, 64, false),
        (1, 64, true),
        (1, 256, true),
    ] {
        let directory = tempfile::TempDir::new_in(&directory).expect("a directory");
        let path = directory.path().join("bench.db");
        runtime.block_on(run(&path, doctors, group, receipts));
    }
}

async fn run(path: &std::path::Path, doctors: u32, group: u32, receipts: bool) {
    let store = SqliteStore::open(path).expect("the store opens");
    let mut days = prepare(&store, doctors).await;
    let (mut next, mut written, mut commits) = (0_u32, 0_u32, 0_u32);
    let (mut times, started) = (Vec::new(), Instant::now());
    while started.elapsed() < RUN {
        let mut work = Group::default();
        let per_day = if doctors == 1 { group } else { 1 };
        for _ in 0..group / per_day {
            // Doctors in no order, patients in no order.
            let doctor = (u64::from(next) * 7_919 % u64::from(doctors)) as usize;
            work.days.push(days[doctor].book(&mut next, per_day, receipts));
        }
        let one = Instant::now();
        let verdicts = store.commit(work).await.expect("it commits");
        times.push(one.elapsed().as_secs_f64() * 1e3);
        assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Committed));
        written += group;
        commits += 1;
    }
    times.sort_unstable_by(f64::total_cmp);
    let seconds = started.elapsed().as_secs_f64();
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    println!(
        "{doctors:5} doctors, groups of {group:3}, receipts {receipts:5}: {:8.0} bookings/s {:6.0} commits/s, P50 {:4.1} P99 {:5.1} max {:5.1} ms, {:5.0} B each",
        f64::from(written) / seconds,
        f64::from(commits) / seconds,
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1],
        size as f64 / f64::from(written),
    );
    if doctors == 1 {
        let started = Instant::now();
        let day: Day = store.day_load(days[0].key, &zone()).await.expect("it loads");
        println!(
            "      loading a day of {} tokens: {:.1} ms",
            day.tokens().len(),
            started.elapsed().as_secs_f64() * 1e3
        );
    }
}

struct BenchDay {
    key: DayKey,
    version: u64,
    next_token_no: u32,
    slot: Slot,
}

async fn prepare(store: &SqliteStore, doctors: u32) -> Vec<BenchDay> {
    let facility = facility_id(1);
    let along = Along::default();
    let record = Facility {
        id: facility,
        slug: "bench".to_owned(),
        name: "Bench".to_owned(),
        seal: None,
        zone: zone(),
        settings: baari_engine::Settings::default(),
        version: 0,
    };
    store.facility_put(&record, &along).await.expect("facility");
    for number in 0..doctors {
        let doctor = Doctor { letter: format!("D{number}"), ..doctor(number) };
        store.doctor_put(facility, &doctor, &along).await.expect("doctor");
    }
    for from in (0..PATIENTS).step_by(5_000) {
        let write = |number| PatientWrite { facility, patient: patient(number), along: along.clone() };
        let patients = (from..from + 5_000).map(write).collect();
        store.commit(Group { patients, ..Group::default() }).await.expect("patients");
    }
    let window = Window::new(DATE, time(9, 0, 0, 0), time(17, 0, 0, 0), &zone()).expect("a window");
    let day = |number| BenchDay {
        key: DayKey { facility, doctor: doctor_id(number), date: DATE },
        version: 0,
        next_token_no: 1,
        slot: Slot::new(slot_id(number), window, 1_000_000, 1_000_000),
    };
    let mut days: Vec<_> = (0..doctors).map(day).collect();
    for day in &mut days {
        let mut commit = day.book(&mut 0, 0, false);
        commit.slots = Rows { new: vec![day.slot.clone()], changed: Vec::new() };
        store.commit(Group { days: vec![commit], ..Group::default() }).await.expect("day");
    }
    days
}

impl BenchDay {
    fn book(&mut self, next: &mut u32, tokens: u32, receipts: bool) -> DayCommit {
        let expected_version = self.version;
        self.version += u64::from(tokens.max(1));
        let mut commit = DayCommit {
            key: self.key,
            expected_version,
            version: self.version,
            next_token_no: self.next_token_no + tokens,
            resumes_at: None,
            pace: None,
            slots: Rows::default(),
            tokens: Rows::default(),
            moved_in: Vec::new(),
            resequenced: false,
            events: Vec::new(),
            receipts: Vec::new(),
        };
        for offset in 0..tokens {
            let token = self.token(*next);
            commit.events.push(self.event(&token, expected_version + u64::from(offset) + 1));
            if receipts {
                let key = id(9, next.wrapping_mul(0x9e37_79b9)).to_string();
                commit
                    .receipts
                    .push(baari_store::Receipt { body: vec![b'x'; 600], ..receipt(self.key.facility, &key) });
            }
            commit.tokens.new.push(token);
            *next += 1;
            self.next_token_no += 1;
            self.slot.current_count += 1;
            self.slot.issued[3] += 1;
        }
        commit.slots.changed.extend((tokens > 0).then(|| self.slot.clone()));
        commit
    }

    fn token(&self, number: u32) -> Token {
        let band = Band::new(4).expect("4 is a band");
        Token {
            id: token_id(number),
            patient: patient_id(number.wrapping_mul(48_271) % PATIENTS),
            slot: Some(self.slot.id),
            source: Source::WalkIn,
            class: Source::WalkIn,
            band,
            token_no: self.next_token_no,
            sequence: SequenceNumber::nth(band, self.next_token_no),
            // Every patient comes often: only those who have been seen may come again.
            status: Status::Completed,
            by_override: false,
            rejoins: 0,
            earlier_ok: false,
            displaced: false,
            placed: None,
            booked_at: at(0),
            appointment_at: None,
            promised_at: Some(at(30)),
            arrived_at: Some(at(0)),
            called_at: None,
            passed_at: None,
            started_at: None,
            ended_at: None,
        }
    }

    fn event(&self, token: &Token, version: u64) -> EventRow {
        let reasons = [
            ("seat_taken", "Seat 17 of 30 in 09:00–17:00."),
            ("numbered", "walk_in goes in band 4: number 4.901."),
            ("present_at_once", "Counts as here."),
            ("ahead", "16 before."),
        ];
        EventRow {
            version,
            ordinal: 0,
            at: at(0),
            actor: "reception".to_owned(),
            kind: EventKind::Booked,
            token: Some(token.id),
            slot: token.slot,
            reasons: reasons.map(|(code, text)| (code.to_owned(), text.to_owned())).to_vec(),
        }
    }
}
