//! The one place where what the desk answers becomes HTTP.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use baari_access::Secret;
use baari_desk::DeskError;
use baari_engine::Refusal;
use baari_store::{DatedSlot, Receipt, StoreError};

use crate::problem::{self, Problem, ProblemKind};
use crate::wire::SlotBody;
use crate::wire::reasons;

/// Why a handler does not answer with what was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A problem document.
    Problem(Box<Problem>),
    /// The answer that the same request got before.
    Repeated(Box<Receipt>),
}

impl Failure {
    /// A token is not where it was looked for.
    pub(crate) fn is_token_unknown(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.is(problem::TOKEN_UNKNOWN))
    }
}

/// What a handler returns.
pub(crate) type Answer<T> = Result<T, Failure>;

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            // It is kept encrypted: the guard, who knows the facility, opens it.
            Self::Repeated(receipt) => {
                let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
                response.extensions_mut().insert(*receipt);
                response
            }
        }
    }
}

/// The answer that was given before.
pub(crate) fn kept(secret: &Secret, receipt: &Receipt) -> Response {
    let Some(body) = secret.open(receipt.facility, &receipt.key, &receipt.body) else {
        let detail = "the answer that was given before can't be read any more: ask for what it was about";
        return Problem::new(problem::DEFECT, detail).into_response();
    };
    let status = StatusCode::from_u16(receipt.status).unwrap_or(StatusCode::OK);
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
    response
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let text = error.to_string();
        match error {
            DeskError::Repeated(receipt) => Self::Repeated(receipt),
            DeskError::Refused { refusal, next_room } => refused(&refusal, next_room.as_deref()).into(),
            DeskError::Unknown(what) => Problem::new(unknown(what), text).into(),
            DeskError::Changed { current } => {
                Problem::new(problem::QUEUE_CHANGED, text).with("version", current).into()
            }
            DeskError::KeyReused => Problem::new(problem::KEY_REUSED, text).field("Idempotency-Key").into(),
            DeskError::Schedule(_) => Problem::new(problem::SLOTS_OVERLAP, text).field("hours").into(),
            DeskError::Full { .. } => Problem::new(problem::LIMIT_REACHED, text).into(),
            DeskError::Taken(_) => Problem::new(problem::TAKEN, text).into(),
            DeskError::Busy | DeskError::Contended => Problem::new(problem::BUSY, text).into(),
            DeskError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "the store can't be reached");
                let detail =
                    "the database can't be reached: try again in a moment, with the same Idempotency-Key";
                Problem::new(problem::STORE_UNAVAILABLE, detail).into()
            }
            StoreError::Conflict(_) => Problem::new(problem::BUSY, "others were first: try again").into(),
            StoreError::Refused(_) | StoreError::Corrupt(_) | StoreError::Schema(_) => {
                tracing::error!(%error, "the store refused");
                let detail = "something went wrong here: the log says what. Look before you do it again";
                Problem::new(problem::DEFECT, detail).into()
            }
        }
    }
}

fn unknown(what: &str) -> ProblemKind {
    match what {
        "doctor" => problem::DOCTOR_UNKNOWN,
        "patient" => problem::PATIENT_UNKNOWN,
        "slot" => problem::SLOT_UNKNOWN,
        "token" => problem::TOKEN_UNKNOWN,
        "schedule line" => problem::SCHEDULE_UNKNOWN,
        "facility" => problem::FACILITY_UNKNOWN,
        "user" => problem::USER_UNKNOWN,
        "key" => problem::KEY_UNKNOWN,
        _ => problem::FIELD_WRONG,
    }
}

fn refused(refusal: &Refusal, next_room: Option<&DatedSlot>) -> Problem {
    let text = refusal.to_string();
    match refusal {
        Refusal::NoSeat { looked_at, .. } => {
            let problem = Problem::new(problem::NO_SEAT, format!("{text}; {}", room(next_room)));
            with_room(problem, next_room).with("reasons", reasons(looked_at))
        }
        Refusal::NoSlots(_) => {
            with_room(Problem::new(problem::NO_SLOTS, format!("{text}; {}", room(next_room))), next_room)
        }
        Refusal::DateOver { .. } => Problem::new(problem::DATE_OVER, text).field("date"),
        Refusal::SlotOver(_) => Problem::new(problem::SLOT_OVER, text).field("slot_id"),
        Refusal::SlotNotOpen(..) => Problem::new(problem::SLOT_NOT_OPEN, text).field("slot_id"),
        Refusal::SlotUnknown(_) => Problem::new(problem::SLOT_UNKNOWN, text).field("slot_id"),
        Refusal::TokenUnknown(_) => Problem::new(problem::TOKEN_UNKNOWN, text),
        Refusal::EmergencyIsToday { .. } => Problem::new(problem::EMERGENCY_IS_TODAY, text).field("date"),
        Refusal::DoctorAway(_) => Problem::new(problem::DOCTOR_AWAY, text).field("doctor_id"),
        Refusal::PatientNotActive(_) => Problem::new(problem::PATIENT_NOT_ACTIVE, text).field("patient_id"),
        Refusal::AlreadyBooked { .. } => Problem::new(problem::ALREADY_BOOKED, text).field("patient_id"),
        Refusal::Impossible { from, next, .. } => {
            let possible: Vec<&str> = next.iter().map(|status| status.name()).collect();
            let problem = Problem::new(problem::STATUS_IMPOSSIBLE, text).field("status");
            problem.with("current", from.name()).with("possible", possible)
        }
        Refusal::NotWaiting { .. } => Problem::new(problem::TOKEN_NOT_WAITING, text),
        Refusal::VisitInProgress { .. } => Problem::new(problem::VISIT_IN_PROGRESS, text).field("finish"),
        Refusal::AnotherIsCalled { .. } => Problem::new(problem::ANOTHER_IS_CALLED, text).field("token_id"),
        Refusal::NobodyToCall { .. } => Problem::new(problem::NOBODY_TO_CALL, text),
        Refusal::NotHere { .. } => Problem::new(problem::NOT_HERE, text).field("token_id"),
        Refusal::ReasonMissing { .. } => Problem::new(problem::REASON_MISSING, text).field("reason"),
        Refusal::NotYet { .. } => Problem::new(problem::NOT_YET, text).field("date"),
        Refusal::NothingToUndo => Problem::new(problem::NOTHING_TO_UNDO, text),
        Refusal::SeatGivenAway { .. } => Problem::new(problem::SEAT_GIVEN_AWAY, text),
        Refusal::NothingToLeave => Problem::new(problem::NOTHING_TO_LEAVE, text).field("from"),
        Refusal::SameSlot { .. } => Problem::new(problem::SAME_SLOT, text).field("slot_id"),
        Refusal::BesideItself => Problem::new(problem::FIELD_WRONG, text),
        Refusal::EmergenciesFirst => Problem::new(problem::EMERGENCIES_FIRST, text),
        Refusal::Overlaps { .. } => Problem::new(problem::SLOTS_OVERLAP, text).field("start_time"),
        Refusal::LimitsCrossed { .. } => Problem::new(problem::FIELD_WRONG, text).field("hard_limit"),
        Refusal::SeatsOutOfRange { .. } => Problem::new(problem::FIELD_WRONG, text).field("max_count"),
        Refusal::SeatsTaken { .. } => Problem::new(problem::SEATS_TAKEN, text),
        Refusal::SlotHoldsPatients { .. } => Problem::new(problem::SLOT_HOLDS_PATIENTS, text),
        Refusal::Limit { .. } => Problem::new(problem::LIMIT_REACHED, text),
    }
}

fn room(next: Option<&DatedSlot>) -> String {
    next.map_or(
        "no later slot is known to have room: choose another slot or doctor, or keep the patient on the waiting list".to_owned(),
        |next| format!("next free seat: {} {}", next.day.date, next.slot.window),
    )
}

fn with_room(problem: Problem, next: Option<&DatedSlot>) -> Problem {
    let next_room = next.map(|next| SlotBody::new(next.day, &next.slot));
    problem.with("next_room", next_room)
}
