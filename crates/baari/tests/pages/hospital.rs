//! What people look at: a hospital in the middle of its morning.

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::driver::Place;
use crate::support::{Database, Hospital, Server, baari_on, text};

/// The first administrator's password.
pub(crate) const PASSWORD: &str = "teal monsoon ladder";
const GIVEN: &[(&str, &str)] = &[("BAARI_ADMIN_PASSWORD", PASSWORD), ("BAARI_LOG", "warn")];

/// A server where people sign in, with the machine's own time.
pub(crate) struct Closed {
    pub(crate) database: Database,
    pub(crate) server: Server,
    _place: Place,
}

impl Closed {
    pub(crate) fn start() -> Self {
        let _place = Place::take();
        let database = Database::sqlite();
        let server = Server::launch_at("127.0.0.1:0", &database, &[], GIVEN, Stdio::inherit());
        Self { database, server, _place }
    }

    /// Somebody who works as this; the password, which has to be changed at first.
    pub(crate) fn person(&self, name: &str, role: &str) -> String {
        let arguments = ["user", "add", name, "--role", role, "--generate"];
        let output = baari_on(Some(&self.database), &[], &arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        said.trim_end().rsplit(' ').next().unwrap().to_owned()
    }
}

impl Browser {
    /// Signs in on the page for it, and is sent on.
    #[track_caller]
    pub(crate) fn signs_in(&self, name: &str, password: &str) {
        self.fill("input[name=name]", name);
        self.fill("input[name=password]", password);
        self.press("Enter");
    }
}

/// Three doctors at twenty past nine, whoever comes by may do everything, and the clock is moved by hand.
pub(crate) struct Morning {
    pub(crate) server: Server,
    pub(crate) rao: Hospital,
    pub(crate) khan: Hospital,
    pub(crate) iyer: Hospital,
    /// Of a token of Dr Rao's that waits.
    pub(crate) waiting: Value,
    database: Database,
}

const START: &[&str] = &["--open", "--now", "2026-02-02T09:00:00+05:30", "--speed", "0"];
const QUIET: &[(&str, &str)] = &[("BAARI_LOG", "warn")];

/// Who comes to Dr Rao: name, telephone, source, and whether they are there by then.
const PATIENTS: [(&str, &str, &str, bool); 9] = [
    ("Meena Joshi", "98200 12345", "walk_in", true),
    ("Ramesh Patil", "98200 22222", "walk_in", true),
    ("अनीता देशपांडे", "98200 33333", "follow_up", true),
    ("Imran Shaikh", "98200 44444", "paid_priority", true),
    ("Sunita Rao", "98200 55555", "walk_in", true),
    ("George Fernandes", "98200 66666", "online", false),
    ("Lakshmi Narayanan", "98200 77777", "walk_in", true),
    ("Bharat Solanki", "98200 88888", "follow_up", false),
    ("Zoya Mirza", "98200 99999", "emergency", true),
];

impl Morning {
    /// A new one, for a test that changes things.
    pub(crate) fn begin() -> Self {
        let database = Database::sqlite();
        let server = Server::launch_at("127.0.0.1:0", &database, START, QUIET, Stdio::inherit());
        let rao = Hospital::open(&server, 10, 12);
        rao.slot("10:00", "11:00", 10, 12);
        let asha = json!({ "name": "asha", "called": "Asha", "role": "reception" });
        rao.client.post("/api/user", &asha).expect(201);
        let (khan, iyer) =
            (rao.colleague("Dr Khan", "Orthopaedics"), rao.colleague("Dr Iyer", "Paediatrics"));
        rao.client.patch(&format!("/api/doctor/{}", iyer.doctor), &json!({ "room": "7" })).expect(200);
        for doctor in [&khan, &iyer] {
            doctor.slot("09:00", "10:00", 6, 8);
            doctor.slot("10:00", "11:00", 6, 8);
        }
        let mut morning = Self { server, rao, khan, iyer, waiting: Value::Null, database };
        let mut tokens = Vec::new();
        for (name, phone, source, comes) in PATIENTS {
            let token = morning.books(&morning.rao, name, phone, source);
            if comes {
                morning.rao.set_status(&token, "arrived");
            }
            tokens.push(token);
        }
        morning.books(&morning.khan, "Joseph Dias", "98211 10000", "walk_in");
        morning.rao.at("09:05");
        morning.rao.next().expect(200);
        morning.rao.at("09:12");
        let called = morning.rao.room("next", &json!({ "finish": true })).expect(200);
        morning.rao.set_status(&called, "in_consultation").expect(200);
        morning.rao.at("09:20");
        morning.waiting = tokens.remove(6);
        morning
    }

    /// The same for all tests that only look.
    pub(crate) fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Morning>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(morning) = running.upgrade() {
            return morning;
        }
        let morning = Arc::new(Self::begin());
        *running = Arc::downgrade(&morning);
        morning
    }

    /// Somebody who was not known asks for a token.
    pub(crate) fn books(&self, doctor: &Hospital, name: &str, phone: &str, source: &str) -> Value {
        let patient =
            doctor.client.post("/api/patient", &json!({ "name": name, "phone": phone })).expect(201);
        doctor.client.post("/api/token/book", &doctor.request(&text(&patient["id"]), source)).expect(201)
    }

    /// A page's address, with what its parameters stand for here.
    pub(crate) fn address(&self, path: &str) -> String {
        let code = self.waiting["code"].as_str().unwrap_or_default();
        let token = self.waiting["id"].as_str().unwrap_or_default();
        let all = format!("{},{},{}", self.rao.doctor, self.khan.doctor, self.iyer.doctor);
        let path = path.replace("{code}", code).replace("{token}", token).replace("{doctors}", &all);
        path.replace("{doctor}", &self.rao.doctor)
    }

    pub(crate) fn browser(&self, screen: (u32, u32)) -> Browser {
        Browser::open(&self.server.address, screen)
    }

    /// Power fails, and after `meanwhile` the server is there again at the same address.
    pub(crate) fn restarts(&mut self, meanwhile: impl FnOnce()) {
        self.server.terminate();
        assert!(self.server.ended());
        meanwhile();
        let address = self.server.address.clone();
        self.server = Server::launch_at(&address, &self.database, START, QUIET, Stdio::inherit());
    }
}
