//! The operations, as the document has them, and a request for each.

use baari_access::Action;
use serde_json::{Value, json};

use crate::server::TODAY;
use crate::world::{PASSWORD, Things};

/// What a user changes their password to.
pub(crate) const NEXT_PASSWORD: &str = "seven-other-brisk-otters";

#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) method: String,
    /// With the names of parameters in braces.
    pub(crate) path: String,
    pub(crate) action: Option<Action>,
    /// The names of the parameters in its query.
    pub(crate) query: Vec<String>,
    takes_body: bool,
}

/// Whoever asks: what a request about themselves says.
#[derive(Debug, Clone)]
pub(crate) struct Myself {
    pub(crate) facility: &'static str,
    /// What they sign in with.
    pub(crate) name: String,
}

pub(crate) fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(baari_server::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|parameter| parameter["in"] == "query");
            all.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                action: operation["x-action"].as_str().and_then(Action::named),
                query: query.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect(),
                takes_body: operation.get("requestBody").is_some(),
            });
        }
    }
    all
}

impl Operation {
    pub(crate) fn named(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The address, about these things; `query` are the parameters that it is to have.
    pub(crate) fn address(&self, things: &Things, query: &[(&str, &str)]) -> String {
        let mut path = self.path.replace("{code}", &things.code);
        if path.contains("{id}") {
            path = path.replace("{id}", self.id(things));
        }
        assert!(!path.contains('{'), "{path}: say what its parameter is");
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    fn id<'t>(&self, things: &'t Things) -> &'t str {
        let kinds = [
            ("/api/doctor/", &things.doctor),
            ("/api/live/doctor/", &things.doctor),
            ("/api/live/board/", &things.board),
            ("/api/patient/", &things.patient),
            ("/api/schedule/", &things.schedule),
            ("/api/slot/", &things.slot),
            ("/api/token/", &things.token),
            ("/api/user/", &things.user),
            ("/api/key/", &things.key),
        ];
        let kind = kinds.iter().find(|(begin, _)| self.path.starts_with(begin));
        kind.unwrap_or_else(|| panic!("{}: say what its id is of", self.path)).1
    }

    /// The shortest body that says something, with every id that it can have.
    pub(crate) fn body(&self, things: &Things, me: &Myself) -> Option<Value> {
        let body = self.takes_body.then(|| self.bodies(things, me));
        body.map(|body| body.unwrap_or_else(|| panic!("{}: say what its body is", self.named())))
    }

    /// Bodies with other ids than the first one has.
    pub(crate) fn more_bodies(&self, things: &Things) -> Vec<Value> {
        let Things { doctor, slot, beside, spare, .. } = things;
        match (self.method.as_str(), self.path.as_str()) {
            ("POST", "/api/token/{id}/move") => vec![
                json!({ "before": beside, "reason": "asked for it" }),
                json!({ "slot_id": slot, "reason": "asked for it" }),
                json!({ "slot_id": slot, "reason": "asked for it", "override": true }),
            ],
            ("POST", "/api/token/book") => vec![
                json!({ "patient_id": spare, "doctor_id": doctor, "source": "emergency", "override": "asked for" }),
                json!({ "patient_id": spare, "doctor_id": doctor, "source": "walk_in", "waitlist": true }),
            ],
            ("PATCH", "/api/slot/{id}") => vec![
                json!({ "status": "cancelled", "move_on": true }),
                json!({ "status": "cancelled", "preview": true }),
            ],
            ("POST", "/api/doctor/{id}/leave") => vec![json!({ "reason": "ill", "preview": true })],
            ("PATCH", "/api/user/{id}") => vec![json!({ "role": "doctor", "doctor_id": doctor })],
            _ => Vec::new(),
        }
    }

    fn bodies(&self, things: &Things, me: &Myself) -> Option<Value> {
        let Things { doctor, slot, beside, spare, .. } = things;
        let hours = json!({ "start_time": "11:00", "end_time": "12:00", "slot_minutes": 60, "max_count": 5 });
        Some(match (self.method.as_str(), self.path.as_str()) {
            ("PUT", "/api/clock") => json!({ "now": "2026-02-02T04:00:00Z" }),
            ("POST", "/api/doctor") => json!({ "name": "Dr Iyer" }),
            ("PATCH", "/api/doctor/{id}") => json!({ "room": "9" }),
            ("POST", "/api/doctor/{id}/delay") => json!({ "minutes": 10 }),
            ("POST", "/api/doctor/{id}/leave") => json!({ "reason": "ill" }),
            ("POST", "/api/doctor/{id}/next") => json!({ "token_id": beside, "reason": "in pain" }),
            ("POST", "/api/patient") => json!({ "name": "Nila", "previous_doctor_id": doctor }),
            ("PATCH", "/api/patient/{id}") => json!({ "phone": "98200 54321", "previous_doctor_id": doctor }),
            ("POST", "/api/patient/{id}/erase") => json!({ "reason": "asked for it" }),
            ("POST", "/api/schedule") => json!({ "doctor_id": doctor, "weekday": "monday", "hours": hours }),
            ("PATCH", "/api/setting") => json!({ "grace_minutes": 4.0 }),
            ("POST", "/api/slot") => {
                json!({ "doctor_id": doctor, "slot_date": TODAY, "start_time": "12:00", "end_time": "13:00",
                        "max_count": 3 })
            }
            ("POST", "/api/slot/generate") => {
                json!({ "doctor_id": doctor, "from": "2026-02-03", "to": "2026-02-03" })
            }
            ("PATCH", "/api/slot/{id}") => json!({ "max_count": 21, "hard_limit": 22 }),
            ("POST", "/api/token/book") => {
                json!({ "patient_id": spare, "doctor_id": doctor, "source": "walk_in", "slot_id": slot })
            }
            ("PATCH", "/api/token/{id}") => json!({ "earlier_ok": true }),
            ("PATCH", "/api/token/{id}/status") => json!({ "status": "arrived" }),
            ("POST", "/api/token/{id}/move") => json!({ "behind": beside, "reason": "asked for it" }),
            ("POST", "/api/token/{id}/print") => json!({ "printer": "desk" }),
            ("POST", "/api/session") => {
                json!({ "facility": me.facility, "name": me.name, "password": PASSWORD })
            }
            ("PUT", "/api/session/password") => json!({ "current": PASSWORD, "new": NEXT_PASSWORD }),
            ("POST", "/api/user") => json!({ "name": "nila", "role": "doctor", "doctor_id": doctor }),
            ("PATCH", "/api/user/{id}") => json!({ "called": "Nila", "doctor_id": doctor }),
            ("POST", "/api/key") => {
                json!({ "name": "TV", "scopes": ["board_read"], "doctor_ids": [doctor] })
            }
            (
                "POST",
                "/api/doctor/{id}/undo"
                | "/api/token/{id}/recall"
                | "/api/token/{id}/rejoin"
                | "/api/user/{id}/reset",
            ) => json!({}),
            _ => return None,
        })
    }
}
