//! The demonstration lives: patients come, are called and seen, by the rules; visitors come in by a click; nothing stays behind.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Reply, Server, baari};

/// An hour of the hospital's in six seconds.
const SPEED: &str = "600";
const PATIENCE: Duration = Duration::from_secs(40);

struct Visitor<'s> {
    server: &'s Server,
    cookie: String,
}

impl<'s> Visitor<'s> {
    fn who(server: &'s Server, who: &str) -> Self {
        let origin = format!("http://{}", server.address);
        let headers = [("Origin", origin.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        let entered = server.client.stay().send_text("POST", "/demo/be", &format!("who={who}"), &headers);
        let entered = entered.expect("the server answers");
        assert_eq!(entered.status, 303, "{}", entered.text);
        let cookie = entered.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        Self { server, cookie: cookie.expect("a session").to_owned() }
    }

    fn get(&self, path: &str) -> Reply {
        self.server.client.get_with(path, &[("Cookie", &self.cookie)])
    }

    fn all(&self, path: &str) -> Vec<Value> {
        self.get(path).expect(200)["items"].as_array().unwrap().clone()
    }
}

fn of<'t>(tokens: &'t [Value], status: &str) -> Vec<&'t Value> {
    tokens.iter().filter(|token| token["status"] == status).collect()
}

/// What holds at every moment, however patients and doctors behave.
fn check(visitor: &Visitor, date: &str, tokens: &[Value]) {
    let mut seats: HashMap<&str, i64> = HashMap::new();
    let (mut labels, mut served) = (HashSet::new(), HashSet::new());
    for token in tokens {
        let (doctor, status) = (token["doctor_id"].as_str().unwrap(), token["status"].as_str().unwrap());
        assert!(labels.insert(token["label"].as_str().unwrap()), "{token}");
        if ["called", "in_consultation"].contains(&status) {
            assert!(served.insert(doctor), "two at once: {token}");
        }
        if !["waitlisted", "cancelled", "no_show"].contains(&status) {
            *seats.entry(token["slot_id"].as_str().unwrap()).or_default() += 1;
        }
    }
    let slots = visitor.all(&format!("/api/slot?from={date}&to={date}&limit=500"));
    assert_eq!(slots.len(), 24);
    for slot in slots {
        let taken = seats.get(slot["id"].as_str().unwrap()).copied().unwrap_or_default();
        assert!(taken <= slot["hard_limit"].as_i64().unwrap(), "{taken} in {slot}");
    }
}

#[test]
fn a_demonstration_lives_and_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let now = ["--now", "2026-02-02T08:55:00+05:30", "--speed", SPEED];
    let mut server = Server::start_demo(&now, folder.path());
    assert_eq!(server.client.get("/api/doctor").status, 401);
    let first = server.client.get_with("/", &[("Accept", "text/html")]).text;
    assert!(first.contains("value=\"asha\""), "{first}");
    let asha = Visitor::who(&server, "asha");
    assert_eq!(asha.get("/api/session").expect(200)["role"], "reception");
    let date = asha.get("/api/clock").expect(200)["date"].as_str().unwrap().to_owned();
    let deadline = Instant::now() + PATIENCE;
    let tokens = loop {
        let tokens = asha.all(&format!("/api/token?date={date}&limit=500"));
        if of(&tokens, "completed").len() >= 6 && !of(&tokens, "arrived").is_empty() {
            break tokens;
        }
        assert!(Instant::now() < deadline, "nobody is seen: {tokens:?}");
        std::thread::yield_now();
    };
    assert!(tokens.len() > 140, "{}", tokens.len());
    check(&asha, &date, &tokens);
    server.signal("INT");
    let asked = Instant::now();
    assert!(server.ended());
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_demonstration_is_for_this_computer_and_has_a_hospital_of_its_own() {
    let said = |arguments: &[&str]| {
        let output = baari(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&["demo", "--listen", "0.0.0.0:0"]).contains("loopback"));
    let folder = TempDir::new().unwrap();
    let (data, kept) = (folder.path().join("data"), folder.path().to_path_buf());
    let data = data.to_str().unwrap();
    let mut server = Server::start_demo(&["--data-dir", data], &kept);
    server.terminate();
    assert!(server.ended());
    assert!(said(&["demo", "--listen", "127.0.0.1:0", "--data-dir", data]).contains("empty folder"));
}

#[test]
fn a_demonstration_goes_with_its_terminal_and_takes_away_what_a_killed_one_left() {
    let folder = TempDir::new().unwrap();
    let left = || std::fs::read_dir(folder.path()).unwrap().count();
    let mut killed = Server::start_demo(&[], folder.path());
    killed.signal("KILL");
    killed.ended();
    assert_eq!(left(), 1);
    let mut server = Server::start_demo(&[], folder.path());
    assert_eq!(left(), 1);
    server.signal("HUP");
    assert!(server.ended());
    assert_eq!(left(), 0);
}
