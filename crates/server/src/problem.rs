//! Problem documents (RFC 9457), and the list of all problems that there are.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// One kind of problem: its stable name, HTTP status and title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemKind {
    /// The stable name; the problem's `type` is `/problem/` and this.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What it is, in a few words.
    pub title: &'static str,
}

macro_rules! problems {
    ($($name:ident = $status:literal $code:literal $title:literal;)+) => {
        $(pub(crate) const $name: ProblemKind = ProblemKind { code: $code, status: $status, title: $title };)+
        /// Every problem that this API can answer with.
        pub const PROBLEMS: &[ProblemKind] = &[$($name),+];
    };
}

problems! {
    BODY_NOT_JSON = 400 "body_not_json" "The body is not JSON";
    NOT_SIGNED_IN = 401 "not_signed_in" "Nobody is signed in";
    SIGN_IN_WRONG = 401 "sign_in_wrong" "That is not the password";
    NOT_ALLOWED = 403 "not_allowed" "This is for others to do";
    PASSWORD_CHANGE_NEEDED = 403 "password_change_needed" "The password must be changed first";
    CROSS_SITE = 403 "cross_site" "Another site asked for it";
    PATH_UNKNOWN = 404 "path_unknown" "There is nothing at this address";
    FACILITY_UNKNOWN = 404 "facility_unknown" "There is no such facility";
    DOCTOR_UNKNOWN = 404 "doctor_unknown" "There is no such doctor";
    PATIENT_UNKNOWN = 404 "patient_unknown" "There is no such patient";
    SLOT_UNKNOWN = 404 "slot_unknown" "There is no such slot";
    TOKEN_UNKNOWN = 404 "token_unknown" "There is no such token";
    SCHEDULE_UNKNOWN = 404 "schedule_unknown" "There is no such line in a schedule";
    USER_UNKNOWN = 404 "user_unknown" "There is no such user";
    KEY_UNKNOWN = 404 "key_unknown" "There is no such key";
    METHOD_UNKNOWN = 405 "method_unknown" "This address does not take this method";
    REQUEST_TOO_SLOW = 408 "request_too_slow" "The request took too long to arrive";
    NO_SEAT = 409 "no_seat" "There is no seat";
    NO_SLOTS = 409 "no_slots" "The doctor has no slots that day";
    SLOT_OVER = 409 "slot_over" "The slot is over";
    SLOT_NOT_OPEN = 409 "slot_not_open" "The slot takes no bookings";
    DOCTOR_AWAY = 409 "doctor_away" "The doctor sees nobody at present";
    PATIENT_NOT_ACTIVE = 409 "patient_not_active" "The patient's record is not in use";
    ALREADY_BOOKED = 409 "already_booked" "The patient has a token already";
    STATUS_IMPOSSIBLE = 409 "status_impossible" "The token can't become that now";
    TOKEN_NOT_WAITING = 409 "token_not_waiting" "The token does not wait";
    EMERGENCIES_FIRST = 409 "emergencies_first" "Emergencies go first";
    SLOTS_OVERLAP = 409 "slots_overlap" "The slot overlaps another one";
    SEATS_TAKEN = 409 "seats_taken" "More seats are taken than that";
    SLOT_HOLDS_PATIENTS = 409 "slot_holds_patients" "The slot holds patients";
    TAKEN = 409 "taken" "Something that must be unique is taken";
    LIMIT_REACHED = 409 "limit_reached" "A limit is reached";
    VISIT_IN_PROGRESS = 409 "visit_in_progress" "A visit is in progress";
    ANOTHER_IS_CALLED = 409 "another_is_called" "Somebody else has been called";
    NOBODY_TO_CALL = 409 "nobody_to_call" "Nobody who waits is here";
    NOT_HERE = 409 "not_here" "The patient is not here";
    NOT_YET = 409 "not_yet" "The day is still to come";
    NOTHING_TO_UNDO = 409 "nothing_to_undo" "There is no step to take back";
    SEAT_GIVEN_AWAY = 409 "seat_given_away" "The seat went to somebody else";
    NOTHING_TO_LEAVE = 409 "nothing_to_leave" "No slot lies in that time";
    SAME_SLOT = 409 "same_slot" "It sits in that slot already";
    CLOCK_NOT_SET = 409 "clock_not_set" "The clock can't be put there";
    LAST_ADMIN = 409 "last_admin" "Somebody must be able to run this";
    PHONE_KNOWN = 409 "phone_known" "Somebody has this phone number";
    PATIENT_ERASED = 409 "patient_erased" "The patient was erased";
    PATIENT_HAS_TOKEN = 409 "patient_has_token" "The patient has a token";
    QUEUE_CHANGED = 412 "queue_changed" "The queue has changed";
    BODY_TOO_LARGE = 413 "body_too_large" "The body is too large";
    BODY_NOT_TYPED = 415 "body_not_typed" "The body is not said to be JSON";
    HOST_UNKNOWN = 421 "host_unknown" "This server does not answer for that host";
    FIELD_WRONG = 422 "field_wrong" "A field is not as it should be";
    DATE_OVER = 422 "date_over" "The date has passed";
    EMERGENCY_IS_TODAY = 422 "emergency_is_today" "An emergency is seen today";
    KEY_REUSED = 422 "key_reused" "The Idempotency-Key was used for another request";
    REASON_MISSING = 422 "reason_missing" "Say why";
    PASSWORD_WEAK = 422 "password_weak" "The password is too easy to guess";
    SIGN_IN_TOO_OFTEN = 429 "sign_in_too_often" "Too many attempts to sign in";
    TOO_MANY_REQUESTS = 429 "too_many_requests" "Too many requests";
    DEFECT = 500 "defect" "Something went wrong here";
    BUSY = 503 "busy" "Too many requests are under way";
    PRINTER_UNAVAILABLE = 503 "printer_unavailable" "The printer does not answer";
    STORE_UNAVAILABLE = 503 "store_unavailable" "The database can't be reached";
}

/// The member of a problem that says after how many seconds it may be tried again.
const RETRY_AFTER: &str = "retry_after_seconds";

/// A problem document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Which problem, for programs: `/problem/` and its stable name.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which problem, in a few words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do, in a sentence.
    pub detail: String,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// More, by kind of problem: the token there is, the next room, what is possible.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub more: Map<String, Value>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        let ProblemKind { code, status, title } = kind;
        let kind = format!("/problem/{code}");
        Self { kind, title, status, detail: sentence(detail.into()), field: None, more: Map::new() }
    }

    /// It is of this kind.
    pub(crate) fn is(&self, kind: ProblemKind) -> bool {
        self.kind.strip_prefix("/problem/") == Some(kind.code)
    }

    /// With the field at fault.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// With the seconds after which it may be tried again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with(RETRY_AFTER, seconds)
    }

    /// With something more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.more.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }
}

/// Begins with a capital and ends with a full stop.
fn sentence(text: String) -> String {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return text };
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    first.to_uppercase().chain(characters).chain(end.chars()).collect()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let after = self.more.get(RETRY_AFTER).and_then(Value::as_u64);
        if let Some(seconds) = after.or((status == StatusCode::SERVICE_UNAVAILABLE).then_some(1)) {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"baari\""));
        }
        // For whoever says it in another language.
        response.extensions_mut().insert(self);
        response
    }
}
