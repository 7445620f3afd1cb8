//! Tokens on the wire.

use baari_desk::Done;
use baari_engine::{DayKey, DoctorId, PatientId, Prediction, SlotId, Token, TokenId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::marks::Marks;
use super::reason::{ReasonBody, reasons};
use super::{doctor_id, optional_date, optional_slot_id, optional_token_id, patient_id};

/// A token.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TokenBody {
    pub(crate) id: uuid::Uuid,
    /// The slot it sits in; of a waitlisted token, the slot it asked for, if any.
    pub(crate) slot_id: Option<uuid::Uuid>,
    pub(crate) doctor_id: uuid::Uuid,
    pub(crate) patient_id: uuid::Uuid,
    pub(crate) slot_date: Date,
    /// emergency, paid_priority, follow_up, walk_in or online
    pub(crate) source: &'static str,
    /// The band: 1 goes first, 9 last.
    pub(crate) priority_score: u8,
    /// What the patient is called by, from 1 each day.
    pub(crate) token_no: u32,
    /// The token number with the doctor's letter.
    #[schema(example = "A-07")]
    pub(crate) label: String,
    /// What the queue is sorted by under the default policy: band and a fraction, exact to 12 digits.
    #[schema(example = 4.1)]
    pub(crate) sequence_number: Option<f64>,
    /// waitlisted, booked, arrived, called, in_consultation, completed, passed, no_show or cancelled
    pub(crate) status: &'static str,
    /// When it will be called, as predicted now; when it was called, once it was.
    pub(crate) estimated_time: Option<Timestamp>,
    /// How many minutes later that is than what was promised first; negative when earlier.
    pub(crate) delay: Option<i64>,
    /// The 80 % band of the estimate, while the token waits.
    pub(crate) estimate: Option<EstimateBody>,
    /// When the patient was asked to come; null for those who were here already.
    pub(crate) appointment_time: Option<Timestamp>,
    /// The code of the patient's own page.
    pub(crate) code: String,
    pub(crate) booked_at: Timestamp,
    /// When the patient checked in.
    pub(crate) arrived_at: Option<Timestamp>,
    /// When it was (last) called.
    pub(crate) called_at: Option<Timestamp>,
    /// How often it has come back after a missed call.
    pub(crate) rejoins: u8,
    /// The patient agrees to come earlier, should a seat become free.
    pub(crate) earlier_ok: bool,
    /// Gave way once to somebody in a higher band.
    pub(crate) displaced: bool,
    /// Sits in a seat beyond the limits that a supervisor gave.
    pub(crate) by_override: bool,
    /// Why: of the last change in an answer to a change; the whole story when the token is asked for.
    pub(crate) reasons: Vec<ReasonBody>,
}

/// Ten and ninety per cent of the time the call comes before these.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EstimateBody {
    pub(crate) p10: Timestamp,
    pub(crate) p90: Timestamp,
}

impl TokenBody {
    pub(crate) fn new(key: DayKey, marks: Marks<'_>, token: &Token, told: Option<Prediction>) -> Self {
        let delay = told.zip(token.promised_at);
        let band = told.filter(|_| token.status.is_waiting());
        Self {
            id: token.id.as_uuid(),
            slot_id: token.slot.map(|slot| slot.as_uuid()),
            doctor_id: key.doctor.as_uuid(),
            patient_id: token.patient.as_uuid(),
            slot_date: key.date,
            source: token.source.name(),
            priority_score: token.band.number(),
            token_no: token.token_no,
            label: label(marks.letter, token),
            sequence_number: token.sequence.map(|sequence| decimal(sequence.units())),
            status: token.status.name(),
            estimated_time: told.map(|told| told.at),
            delay: delay.map(|(told, promised)| told.at.duration_since(promised).as_mins()),
            estimate: band.map(|told| EstimateBody { p10: told.p10, p90: told.p90 }),
            appointment_time: token.appointment_at,
            code: marks.codes.code(token.id),
            booked_at: token.booked_at,
            arrived_at: token.arrived_at,
            called_at: token.called_at,
            rejoins: token.rejoins,
            earlier_ok: token.earlier_ok,
            displaced: token.displaced,
            by_override: token.by_override,
            reasons: Vec::new(),
        }
    }

    /// The token that something was done to; none if it was not about one.
    pub(crate) fn done(done: &Done, marks: Marks<'_>) -> Option<Self> {
        let (key, token) = done.token.as_ref()?;
        let body = Self::new(*key, marks, token, done.told);
        // Where it is now knows best why; a token that was moved away is told so where it went.
        let decisions = done.decisions().filter(|(at, _)| at == key).map(|(_, decision)| decision);
        let why = decisions.flat_map(|decision| &decision.events).find(|event| event.token == Some(token.id));
        let why = why.map_or(done.decision.reasons(), |event| &event.reasons);
        Some(Self { reasons: reasons(why), ..body })
    }
}

/// What the patient is called by: A-07.
pub(crate) fn label(letter: &str, token: &Token) -> String {
    format!("{letter}-{:02}", token.token_no)
}

/// The nearest double to a number in units of 10⁻¹²: both are exact below 2⁵³, and the division rounds correctly.
#[expect(
    clippy::cast_precision_loss,
    reason = "sequence numbers are below 10¹³, doubles are exact up to 2⁵³"
)]
fn decimal(units: i64) -> f64 {
    units as f64 / 1e12
}

/// Give a patient a token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BookBody {
    #[serde(deserialize_with = "patient_id")]
    #[schema(value_type = uuid::Uuid)]
    pub(crate) patient_id: PatientId,
    #[serde(deserialize_with = "doctor_id")]
    #[schema(value_type = uuid::Uuid)]
    pub(crate) doctor_id: DoctorId,
    /// emergency, paid_priority, follow_up, walk_in or online, in any letter case
    #[schema(example = "walk_in")]
    pub(crate) source: String,
    /// The date; of the asked slot, or today, if not given.
    #[serde(default, deserialize_with = "optional_date")]
    pub(crate) date: Option<Date>,
    /// This slot and no other.
    #[serde(default, deserialize_with = "optional_slot_id")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) slot_id: Option<SlotId>,
    /// Keep it on the waiting list when there is no seat.
    #[serde(default)]
    pub(crate) waitlist: bool,
    /// A supervisor's reason for giving a seat beyond the limits; asks for one by being there.
    pub(crate) r#override: Option<String>,
    /// Says whether the patient is here, where the source does not.
    pub(crate) checked_in: Option<bool>,
    /// The patient agrees to come earlier, should a seat become free.
    #[serde(default)]
    pub(crate) earlier_ok: bool,
}

/// Change what was agreed about a token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeTokenBody {
    /// The patient agrees to come earlier, should a seat become free.
    pub(crate) earlier_ok: bool,
}

/// Change a token's status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusBody {
    /// The status, in any letter case; `PENDING` and `MISSED` are understood as booked/arrived and no_show.
    #[schema(example = "arrived")]
    pub(crate) status: String,
}

/// Move a token: into a slot, or beside another waiting token. Name one of the three.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveBody {
    /// Right before this token.
    #[serde(default, deserialize_with = "optional_token_id")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) before: Option<TokenId>,
    /// Right behind this token.
    #[serde(default, deserialize_with = "optional_token_id")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) behind: Option<TokenId>,
    /// Into this slot, of whatever doctor and date.
    #[serde(default, deserialize_with = "optional_slot_id")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) slot_id: Option<SlotId>,
    /// A supervisor gives a seat in that slot beyond the limits.
    #[serde(default)]
    pub(crate) r#override: bool,
    /// Why; the patients who are passed may ask.
    pub(crate) reason: String,
}
