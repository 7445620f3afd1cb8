//! The power goes in the middle of a leave: all of it has happened, or nothing.

use std::time::{Duration, Instant};

use crate::support::{DATE, Database, Hospital, Server, add_up, on_both_databases};
use serde_json::json;

on_both_databases!(a_leave_happens_whole_or_not_at_all);

const RUNS: u32 = 12;
const PATIENTS: usize = 40;
/// Each colleague has room for so many.
const ROOM: usize = 15;

/// A doctor who leaves, and the two colleagues.
struct Ward {
    leaving: Hospital,
    colleagues: [Hospital; 2],
}

impl Ward {
    fn open(hospital: &Hospital, run: u32, patients: &[String]) -> Self {
        let speciality = format!("Ward {run}");
        let doctor = |name: &str, seats: u32| {
            let doctor = hospital.colleague(name, &speciality);
            doctor.slot("09:00", "12:00", seats, seats);
            doctor
        };
        let room = u32::try_from(ROOM).unwrap();
        let (leaving, one, two) = (doctor("Dr A", 40), doctor("Dr B", room), doctor("Dr C", room));
        std::thread::scope(|scope| {
            for patient in patients {
                let leaving = &leaving;
                scope.spawn(|| {
                    let request = leaving.request(patient, "walk_in");
                    leaving.client.post("/api/token/book", &request).expect(201)
                });
            }
        });
        Self { leaving, colleagues: [one, two] }
    }

    fn through(&self, server: &Server) -> Self {
        let [one, two] = &self.colleagues;
        Self { leaving: self.leaving.through(server), colleagues: [one.through(server), two.through(server)] }
    }

    fn leave_path(&self) -> String {
        format!("/api/doctor/{}/leave", self.leaving.doctor)
    }

    /// Whether the leave has happened: whole, or not at all; and everything adds up.
    fn has_left(&self) -> bool {
        let [one, two] = &self.colleagues;
        let with = add_up(&[&self.leaving, one, two]);
        let all: usize = with.iter().map(|(seated, waiting)| seated + waiting).sum();
        assert_eq!(all, PATIENTS, "nobody is lost, nobody is doubled");
        let told = self.leaving.events_of("doctor_left").len();
        match (with[0], with[1], with[2], told) {
            ((PATIENTS, 0), (0, 0), (0, 0), 0) => false,
            ((0, 10), (ROOM, 0), (ROOM, 0), 1) => true,
            other => panic!("half a leave: {other:?}"),
        }
    }
}

fn a_leave_happens_whole_or_not_at_all(database: &Database) {
    let mut server = Server::start(database);
    let hospital = Hospital::open(&server, 1, 1);
    let patients: Vec<String> = (0..PATIENTS).map(|_| hospital.patient()).collect();
    let body = json!({"reason": "called to the theatre"});
    // How long one takes here, undisturbed: the kills are spread over that time.
    let first = Ward::open(&hospital, 0, &patients);
    let begun = Instant::now();
    first.leaving.room("leave", &body).expect(200);
    let takes = begun.elapsed();
    assert!(first.has_left());
    let mut outcomes = (0, 0);
    for run in 1..=RUNS {
        let ward = Ward::open(&hospital.through(&server), run, &patients);
        let key = format!("leave-{run}");
        let headers = [("Idempotency-Key", key.as_str())];
        let (path, client) = (ward.leave_path(), ward.leaving.client.clone());
        let wait = takes * run / (RUNS - 2);
        let answer = std::thread::scope(|scope| {
            let asked = scope.spawn(|| client.try_post(&path, &body, &headers));
            let begun = Instant::now();
            while begun.elapsed() < wait.max(Duration::from_micros(200)) {
                std::thread::yield_now();
            }
            server.kill();
            asked.join().unwrap()
        });
        server = Server::start(database);
        let ward = ward.through(&server);
        let left = ward.has_left();
        assert!(left || answer.is_none(), "an acknowledged leave has happened");
        let again = server.client.post_with(&path, &body, &headers);
        assert_eq!(again.status, 200, "{}", again.text);
        let replayed = again.header("idempotency-replayed") == Some("true");
        assert_eq!(replayed, left, "done once: the same answer, or done now");
        if let Some(answer) = answer {
            assert_eq!(answer.expect(200), again.body);
        }
        assert!(ward.has_left());
        assert_eq!(again.body["moved"].as_array().unwrap().len(), 2 * ROOM);
        assert_eq!(again.body["waitlisted"].as_array().unwrap().len(), PATIENTS - 2 * ROOM);
        let third = server.client.post_with(&path, &body, &headers);
        assert_eq!(third.text, again.text);
        *(if left { &mut outcomes.0 } else { &mut outcomes.1 }) += 1;
    }
    eprintln!(
        "of {RUNS} leaves of about {takes:?}, {} were done before the kill, {} after",
        outcomes.0, outcomes.1
    );
    assert_eq!(hospital.through(&server).queue()["date"], DATE);
}
