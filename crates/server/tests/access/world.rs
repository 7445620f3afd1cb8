//! A facility in which there is one of everything, for two doctors.

use std::sync::LazyLock;

use baari_access::{Credential, CredentialKind, password};
use baari_engine::{DoctorId, FacilityId, KeyId, UserId};
use baari_store::{Along, Key, Role, Session, User};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::server::{Server, TODAY, TOMORROW};

/// Everybody's password, unless they have changed it.
pub(crate) const PASSWORD: &str = "four-unrelated-quiet-words";
/// What is kept of it: worked out once, it takes a while.
static KEPT: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD, [7; 16]));

/// What a request can be about.
#[derive(Debug, Clone)]
pub(crate) struct Things {
    pub(crate) doctor: String,
    /// Who has a token with the doctor.
    pub(crate) patient: String,
    pub(crate) slot: String,
    pub(crate) token: String,
    /// One more token of the same queue.
    pub(crate) beside: String,
    /// The code of the token's page.
    pub(crate) code: String,
    pub(crate) schedule: String,
    /// The doctors of a board.
    pub(crate) board: String,
    /// A patient without a token.
    pub(crate) spare: String,
    pub(crate) user: String,
    pub(crate) key: String,
}

pub(crate) struct World<'s> {
    pub(crate) server: &'s Server,
    pub(crate) facility: FacilityId,
    pub(crate) slug: &'static str,
    pub(crate) admin: String,
    /// Those of the doctor that a doctor works as here.
    pub(crate) own: Things,
    /// Those of a colleague.
    pub(crate) other: Things,
}

impl<'s> World<'s> {
    pub(crate) async fn new(server: &'s Server, facility: FacilityId, slug: &'static str) -> Self {
        let admin = user(server, facility, Role::Admin, |_| {}).await;
        let admin = session(server, facility, admin.id, server.desk.now()).await;
        let people = People { server, facility, admin: &admin };
        let (own, other) = (people.things("Rao").await, people.things("Sen").await);
        Self { server, facility, slug, admin, own, other }
    }

    /// Asks as the administrator, who gets what they ask for.
    pub(crate) async fn get(&self, path: &str) -> Value {
        ask(self.server, &self.admin, "GET", path, None).await
    }

    pub(crate) async fn did(&self, method: &str, path: &str, body: Value) -> Value {
        ask(self.server, &self.admin, method, path, Some(&body)).await
    }

    /// Lets a patient wait for a seat tomorrow, when this doctor has one and it is taken.
    pub(crate) async fn waits(&self, doctor: &str, patient: &str) {
        let slot = json!({ "doctor_id": doctor, "slot_date": TOMORROW, "start_time": "03:00", "end_time": "07:00",
                           "max_count": 1 });
        self.did("POST", "/api/slot", slot).await;
        let first = text(&self.did("POST", "/api/patient", json!({ "name": "Nila" })).await, "id");
        for patient in [&first, patient] {
            let book = json!({ "patient_id": patient, "doctor_id": doctor, "source": "walk_in", "date": TOMORROW,
                               "waitlist": true });
            self.did("POST", "/api/token/book", book).await;
        }
    }

    pub(crate) fn own_doctor(&self) -> DoctorId {
        self.own.doctor.parse().unwrap()
    }

    /// The session of somebody new who works as this.
    pub(crate) async fn signed_in(&self, role: Role) -> String {
        let doctor = (role == Role::Doctor).then(|| self.own_doctor());
        let user = user(self.server, self.facility, role, |user| user.doctor = doctor).await;
        session(self.server, self.facility, user.id, self.server.desk.now()).await
    }

    /// A key with these scopes, for these doctors.
    pub(crate) async fn key(
        &self,
        scopes: &[&str],
        doctors: &[DoctorId],
        change: impl FnOnce(&mut Key),
    ) -> String {
        let credential = Credential::new(CredentialKind::Key, self.facility, self.server.desk.random());
        let now = self.server.desk.now();
        let mut key = Key {
            id: KeyId::from_uuid(self.server.desk.mint_id()),
            name: "a program".to_owned(),
            digest: credential.digest(),
            scopes: scopes.iter().map(ToString::to_string).collect(),
            doctors: doctors.to_vec(),
            created_at: now,
            expires_at: now + SignedDuration::from_hours(24),
            revoked_at: None,
        };
        change(&mut key);
        self.server.desk.store().key_put(self.facility, &key, &Along::default()).await.unwrap();
        credential.reveal()
    }
}

/// Somebody new, with [`PASSWORD`].
pub(crate) async fn user(
    server: &Server,
    facility: FacilityId,
    role: Role,
    change: impl FnOnce(&mut User),
) -> User {
    let id = UserId::from_uuid(server.desk.mint_id());
    let name = format!("{role}-{}", &id.to_string()[12..23]);
    let mut user = User {
        id,
        called: name.clone(),
        name,
        role,
        doctor: None,
        password: Some(KEPT.clone()),
        must_change: false,
        subject: None,
        active: true,
        created_at: server.desk.now(),
        version: 0,
    };
    change(&mut user);
    server.desk.store().user_put(facility, &user, &Along::default()).await.unwrap();
    User { version: 1, ..user }
}

/// A session of this user that began, and was last used, then.
pub(crate) async fn session(server: &Server, facility: FacilityId, user: UserId, then: Timestamp) -> String {
    let credential = Credential::new(CredentialKind::Session, facility, server.desk.random());
    let session = Session {
        digest: credential.digest(),
        user,
        created_at: then,
        seen_at: then,
        address: String::new(),
        agent: String::new(),
    };
    server.desk.store().session_put(facility, &session, &Along::default()).await.unwrap();
    credential.reveal()
}

async fn ask(server: &Server, admin: &str, method: &str, path: &str, body: Option<&Value>) -> Value {
    let bearer = format!("Bearer {admin}");
    let answer = server.send(method, path, &[("authorization", &bearer)], body).await;
    assert!(answer.status.is_success(), "{method} {path} {body:?}: {answer:?}");
    if answer.body.is_empty() { Value::Null } else { answer.json() }
}

struct People<'a> {
    server: &'a Server,
    facility: FacilityId,
    admin: &'a str,
}

impl People<'_> {
    async fn made(&self, path: &str, body: Value) -> Value {
        ask(self.server, self.admin, "POST", path, Some(&body)).await
    }

    async fn patient(&self, name: &str) -> String {
        text(&self.made("/api/patient", json!({ "name": name, "phone": "98200 12345" })).await, "id")
    }

    /// One of everything, around one doctor. `name` is also the beginning of the patients' names.
    async fn things(&self, name: &str) -> Things {
        let doctor = text(&self.made("/api/doctor", json!({ "name": format!("Dr {name}") })).await, "id");
        let slot = json!({ "doctor_id": doctor, "slot_date": TODAY, "start_time": "03:00", "end_time": "07:00",
                           "max_count": 20 });
        let slot = text(&self.made("/api/slot", slot).await, "id");
        let patient = self.patient(&format!("{name}patient Joshi")).await;
        let (second, spare) =
            (self.patient(&format!("{name}second")).await, self.patient(&format!("{name}spare")).await);
        let book = |patient: &String| json!({ "patient_id": patient, "doctor_id": doctor, "source": "walk_in", "slot_id": slot });
        let token = self.made("/api/token/book", book(&patient)).await;
        let beside = text(&self.made("/api/token/book", book(&second)).await, "id");
        let hours = json!({ "start_time": "09:00", "end_time": "10:00", "slot_minutes": 60, "max_count": 5 });
        let line = json!({ "doctor_id": doctor, "weekday": "tuesday", "hours": hours });
        let user = user(self.server, self.facility, Role::Reception, |_| {}).await;
        let key = self.made("/api/key", json!({ "name": "TV", "scopes": ["board_read"] })).await;
        Things {
            token: text(&token, "id"),
            code: text(&token, "code"),
            schedule: text(&self.made("/api/schedule", line).await, "id"),
            board: doctor.clone(),
            user: user.id.to_string(),
            key: text(&key, "id"),
            doctor,
            patient,
            slot,
            beside,
            spare,
        }
    }
}

/// A field that is a text.
pub(crate) fn text(json: &Value, field: &str) -> String {
    json[field].as_str().unwrap_or_else(|| panic!("{field} in {json}")).to_owned()
}
