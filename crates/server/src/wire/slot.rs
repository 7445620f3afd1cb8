//! Slots on the wire.

use baari_desk::Generated;
use baari_engine::{DayKey, DoctorId, Slot};
use baari_store::DatedSlot;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PlanBody, date, doctor_id};
use crate::problem::{self, Problem};

/// One doctor's window on one date.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SlotBody {
    pub(crate) id: uuid::Uuid,
    pub(crate) doctor_id: uuid::Uuid,
    pub(crate) slot_date: Date,
    /// In the facility's zone.
    #[schema(example = "09:00")]
    pub(crate) start_time: String,
    /// In the facility's zone.
    #[schema(example = "10:00")]
    pub(crate) end_time: String,
    /// Seats for everybody.
    pub(crate) max_count: u32,
    /// Seats with the buffer for emergencies.
    pub(crate) hard_limit: u32,
    /// Seats taken.
    pub(crate) current_count: u32,
    /// Seats of these that a supervisor gave beyond the limits.
    pub(crate) override_count: u32,
    /// open, closed or cancelled
    pub(crate) status: &'static str,
}

impl SlotBody {
    pub(crate) fn new(day: DayKey, slot: &Slot) -> Self {
        Self {
            id: slot.id.as_uuid(),
            doctor_id: day.doctor.as_uuid(),
            slot_date: day.date,
            start_time: hour(slot.window.start()),
            end_time: hour(slot.window.end()),
            max_count: slot.max_count,
            hard_limit: slot.hard_limit,
            current_count: slot.current_count,
            override_count: slot.override_count,
            status: slot.status.name(),
        }
    }
}

impl From<DatedSlot> for SlotBody {
    fn from(dated: DatedSlot) -> Self {
        Self::new(dated.day, &dated.slot)
    }
}

/// 09:00, or 09:00:30 when there are seconds.
pub(crate) fn hour(time: Time) -> String {
    let format = if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    time.strftime(format).to_string()
}

/// Reads 09:00 or 09:00:30.
pub(crate) fn parse_hour(field: &str, text: &str) -> Result<Time, Problem> {
    let time = Time::strptime("%H:%M", text).or_else(|_| Time::strptime("%H:%M:%S", text));
    let detail = || format!("{field} takes a time of the day, for example 09:00");
    time.map_err(|_| Problem::new(problem::FIELD_WRONG, detail()).field(field))
}

/// A slot to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSlotBody {
    #[serde(deserialize_with = "doctor_id")]
    #[schema(value_type = uuid::Uuid)]
    pub(crate) doctor_id: DoctorId,
    #[serde(deserialize_with = "date")]
    pub(crate) slot_date: Date,
    /// In the facility's zone.
    #[schema(example = "09:00")]
    pub(crate) start_time: String,
    /// In the facility's zone.
    #[schema(example = "10:00")]
    pub(crate) end_time: String,
    /// Seats for everybody.
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) max_count: u32,
    /// Seats with the buffer for emergencies; `max_count` if not given.
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) hard_limit: Option<u32>,
}

/// A slot's change; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeSlotBody {
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) max_count: Option<u32>,
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) hard_limit: Option<u32>,
    /// open, closed or cancelled
    pub(crate) status: Option<String>,
    /// Move those on who no longer have a seat; without, such a change is refused.
    #[serde(default)]
    pub(crate) move_on: bool,
    /// Only say what would happen.
    #[serde(default)]
    pub(crate) preview: bool,
}

/// A slot after a change, or as it would be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedSlotBody {
    #[serde(flatten)]
    pub(crate) slot: SlotBody,
    /// What the change does to whom.
    pub(crate) plan: PlanBody,
}

/// Make slots from a doctor's schedule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GenerateBody {
    #[serde(deserialize_with = "doctor_id")]
    #[schema(value_type = uuid::Uuid)]
    pub(crate) doctor_id: DoctorId,
    /// The first date.
    #[serde(deserialize_with = "date")]
    pub(crate) from: Date,
    /// The last date, at most 92 days later.
    #[serde(deserialize_with = "date")]
    pub(crate) to: Date,
}

/// What became of a range of dates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GeneratedBody {
    /// The slots that were added.
    pub(crate) added: Vec<SlotBody>,
    /// Dates left as they were, and why.
    pub(crate) skipped: Vec<SkippedBody>,
}

/// A date left as it was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SkippedBody {
    pub(crate) date: Date,
    pub(crate) reason: String,
}

impl From<Generated> for GeneratedBody {
    fn from(generated: Generated) -> Self {
        let skipped = generated.skipped.into_iter();
        Self {
            added: generated.added.into_iter().map(SlotBody::from).collect(),
            skipped: skipped
                .map(|(date, refusal)| SkippedBody { date, reason: refusal.to_string() })
                .collect(),
        }
    }
}
