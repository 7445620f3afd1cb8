//! What is done and seen on the day itself: in the doctor's room, with a token, with the clock.

use serde_json::{Value, json};

use super::client::Reply;
use super::hospital::{DATE, Hospital, text};
use super::server::{Server, instant};

impl Hospital {
    /// Another doctor of the same speciality, without slots.
    pub(crate) fn colleague(&self, name: &str, speciality: &str) -> Self {
        let doctor = json!({"name": name, "speciality": speciality, "room": "4", "mean_visit_minutes": 6});
        let doctor = self.client.post("/api/doctor", &doctor).expect(201);
        Self { client: self.client.clone(), doctor: text(&doctor["id"]) }
    }

    /// The same hospital, through another server.
    pub(crate) fn through(&self, server: &Server) -> Self {
        Self { client: server.client.clone(), doctor: self.doctor.clone() }
    }

    /// Puts the clock forward; what is due by then has happened.
    pub(crate) fn at(&self, time: &str) {
        self.client.put("/api/clock", &json!({"now": instant(time)})).expect(200);
    }

    /// In the doctor's room: next, undo, delay, leave.
    pub(crate) fn room(&self, step: &str, body: &Value) -> Reply {
        self.client.post(&format!("/api/doctor/{}/{step}", self.doctor), body)
    }

    pub(crate) fn next(&self) -> Reply {
        self.room("next", &json!({}))
    }

    /// A new patient asks for a token, with more to say.
    pub(crate) fn book_with(&self, source: &str, more: &Value) -> Reply {
        let mut request = self.request(&self.patient(), source);
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.client.post("/api/token/book", &request)
    }

    /// With a token: move, rejoin, recall.
    pub(crate) fn step(&self, token: &Value, step: &str, body: &Value) -> Reply {
        self.client.post(&format!("/api/token/{}/{step}", text(&token["id"])), body)
    }

    pub(crate) fn change_slot(&self, slot: &str, change: &Value) -> Reply {
        self.client.patch(&format!("/api/slot/{slot}"), change)
    }

    pub(crate) fn set(&self, setting: &Value) {
        self.client.patch("/api/setting", setting).expect(200);
    }

    /// The token as it is now.
    pub(crate) fn token(&self, token: &Value) -> Value {
        self.client.get(&format!("/api/token/{}", text(&token["id"]))).expect(200)
    }

    pub(crate) fn status(&self, token: &Value) -> String {
        text(&self.token(token)["status"])
    }

    /// The numbers in the queue, in order; the waitlisted last.
    pub(crate) fn order(&self) -> Vec<i64> {
        let queue = self.queue();
        let tokens = queue["tokens"].as_array().unwrap();
        tokens.iter().map(|token| token["token_no"].as_i64().unwrap()).collect()
    }

    /// Seats taken, slot by slot.
    pub(crate) fn counts(&self) -> Vec<u64> {
        let queue = self.queue();
        let slots = queue["slots"].as_array().unwrap();
        slots.iter().map(|slot| slot["current_count"].as_u64().unwrap()).collect()
    }

    /// What happened to a token, in sentences.
    pub(crate) fn story(&self, token: &Value) -> Vec<String> {
        let story = self.client.get(&format!("/api/token/{}/why", text(&token["id"]))).expect(200);
        story["story"].as_array().unwrap().iter().map(|chapter| text(&chapter["text"])).collect()
    }

    /// The whole feed.
    pub(crate) fn events(&self) -> Vec<Value> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let page = self.client.get(&format!("/api/event?limit=500&after={after}")).expect(200);
            let items = page["items"].as_array().unwrap();
            if items.is_empty() {
                return all;
            }
            all.extend(items.iter().cloned());
            after = page["next"].as_u64().unwrap();
        }
    }

    /// The events of a kind, of this doctor's day.
    pub(crate) fn events_of(&self, kind: &str) -> Vec<Value> {
        let wanted = |event: &Value| event["kind"] == kind && event["doctor_id"] == self.doctor.as_str();
        self.events().into_iter().filter(|event| wanted(event) && event["date"] == DATE).collect()
    }

    /// The number of the last event and the version of the queue: they stay when nothing has changed.
    pub(crate) fn mark(&self) -> (u64, u64) {
        let last = self.events().last().map_or(0, |event| event["number"].as_u64().unwrap());
        (last, self.queue()["version"].as_u64().unwrap())
    }
}

/// The codes of the reasons.
pub(crate) fn codes(body: &Value) -> Vec<&str> {
    let reasons = body["reasons"].as_array().map(Vec::as_slice).unwrap_or_default();
    reasons.iter().filter_map(|reason| reason["code"].as_str()).collect()
}

/// It failed like that, in a problem document with a sentence.
#[track_caller]
pub(crate) fn refused(reply: &Reply, status: u16, problem: &str) {
    assert_eq!((reply.status, reply.problem()), (status, problem), "{}", reply.text);
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    assert!(reply.body["detail"].as_str().is_some_and(|detail| detail.len() > 15), "{}", reply.text);
}
