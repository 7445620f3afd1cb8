//! A small hospital, made over HTTP: one doctor, slots, patients as they are needed.

use serde_json::{Value, json};

use super::client::{Client, Reply};
use super::server::Server;

/// The date of the tests.
pub(crate) const DATE: &str = "2026-02-02";

/// One doctor's day.
#[derive(Clone)]
pub(crate) struct Hospital {
    pub(crate) client: Client,
    pub(crate) doctor: String,
}

impl Hospital {
    /// With a slot from nine to ten of this many seats.
    pub(crate) fn open(server: &Server, max_count: u32, hard_limit: u32) -> Self {
        let doctor =
            json!({"name": "Dr Rao", "speciality": "Medicine", "room": "3", "mean_visit_minutes": 6});
        let doctor = server.client.post("/api/doctor", &doctor).expect(201);
        let hospital = Self { client: server.client.clone(), doctor: text(&doctor["id"]) };
        hospital.slot("09:00", "10:00", max_count, hard_limit);
        hospital
    }

    pub(crate) fn slot(&self, start: &str, end: &str, max_count: u32, hard_limit: u32) -> String {
        let slot = json!({
            "doctor_id": self.doctor, "slot_date": DATE, "start_time": start, "end_time": end,
            "max_count": max_count, "hard_limit": hard_limit,
        });
        text(&self.client.post("/api/slot", &slot).expect(201)["id"])
    }

    pub(crate) fn patient(&self) -> String {
        let patient =
            json!({"name": "Meena Joshi", "phone": "98200 12345", "previous_doctor_id": self.doctor});
        text(&self.client.post("/api/patient", &patient).expect(201)["id"])
    }

    pub(crate) fn request(&self, patient: &str, source: &str) -> Value {
        json!({"patient_id": patient, "doctor_id": self.doctor, "source": source})
    }

    /// A new patient asks for a token.
    pub(crate) fn book(&self, source: &str) -> Reply {
        self.client.post("/api/token/book", &self.request(&self.patient(), source))
    }

    pub(crate) fn set_status(&self, token: &Value, status: &str) -> Reply {
        self.client.patch(&format!("/api/token/{}/status", text(&token["id"])), &json!({"status": status}))
    }

    pub(crate) fn queue(&self) -> Value {
        self.client.get(&format!("/api/doctor/{}", self.doctor)).expect(200)
    }

    /// All tokens ever issued that day.
    pub(crate) fn tokens(&self) -> Vec<Value> {
        let path = format!("/api/token?doctor_id={}&date={DATE}&limit=500", self.doctor);
        self.client.get(&path).expect(200)["items"].as_array().cloned().unwrap_or_default()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text")).to_owned()
}
