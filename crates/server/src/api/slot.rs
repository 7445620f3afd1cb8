//! Slots: one by one, or made from a schedule.

use axum::Json;
use axum::http::StatusCode;
use baari_desk::{DeskError, Done, Order};
use baari_engine::{ChangeSlot, Command, DayKey, DoctorId, SlotId};
use baari_store::SlotQuery;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use serde::Deserialize;
use utoipa::IntoParams;

use super::room::doctors_of;
use crate::access::Here;
use crate::body::{Body, Id, Params};
use crate::conditional::IfMatch;
use crate::failure::Answer;
use crate::idempotency::IdempotencyKey;
use crate::problem::{self, Problem};
use crate::wire::{
    ChangeSlotBody, ChangedSlotBody, GenerateBody, GeneratedBody, NewSlotBody, Page, PageParams, PlanBody,
    SlotBody, optional_date, parse_hour, typed,
};

const GENERATE_DAYS_MAX: i32 = 92;
const LIST_DAYS: i64 = 31;

/// Add a slot
#[utoipa::path(post, path = "/api/slot", tag = "slot", request_body = NewSlotBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SlotBody), (status = "default", body = Problem)))]
pub(super) async fn create(
    here: Here,
    key: IdempotencyKey,
    body: Body<NewSlotBody>,
) -> Answer<(StatusCode, Json<SlotBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let body = body.value;
    let hours = (parse_hour("start_time", &body.start_time)?, parse_hour("end_time", &body.end_time)?);
    if hours.1 <= hours.0 {
        let detail = "a slot ends later than it starts, on the same date";
        return Err(Problem::new(problem::FIELD_WRONG, detail).field("end_time").into());
    }
    here.desk.doctor(here.facility, body.doctor_id).await?;
    let day = DayKey { facility: here.facility, doctor: body.doctor_id, date: body.slot_date };
    let seats = (body.max_count, body.hard_limit.unwrap_or(body.max_count));
    let keyed = held.keyed(|done| (201, serde_json::to_vec(&only_slot(done)).unwrap_or_default()));
    let done = here.desk.slot_add(day, hours, seats, here.actor(), keyed).await?;
    let slot = only_slot(&done).ok_or(DeskError::Unknown("slot"))?;
    Ok((StatusCode::CREATED, Json(slot)))
}

fn only_slot(done: &Done) -> Option<SlotBody> {
    done.decision.slots.first().map(|slot| SlotBody::new(done.key, slot))
}

/// Make slots from a doctor's schedule
///
/// For a range of dates. A date that has slots at those hours already is left as it is, and listed.
#[utoipa::path(post, path = "/api/slot/generate", tag = "slot", request_body = GenerateBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = GeneratedBody), (status = "default", body = Problem)))]
pub(super) async fn generate(
    here: Here,
    key: IdempotencyKey,
    body: Body<GenerateBody>,
) -> Answer<(StatusCode, Json<GeneratedBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let GenerateBody { doctor_id, from, to } = body.value;
    if to < from || from.until(to).is_ok_and(|span| span.get_days() > GENERATE_DAYS_MAX) {
        let detail = format!("choose two dates, the first one first, at most {GENERATE_DAYS_MAX} days apart");
        return Err(Problem::new(problem::FIELD_WRONG, detail).field("to").into());
    }
    let generated = here.desk.slots_generate(here.facility, doctor_id, from, to, &here.actor()).await?;
    let body = GeneratedBody::from(generated);
    if let Some(receipt) = held.receipt(&body) {
        here.desk.store().receipt_put(&receipt).await?;
    }
    Ok((StatusCode::CREATED, Json(body)))
}

/// Which slots.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParams {
    /// Of this doctor; of all if not given.
    #[param(value_type = Option<uuid::Uuid>)]
    doctor_id: Option<String>,
    /// On this date only.
    #[serde(default, deserialize_with = "optional_date")]
    date: Option<Date>,
    /// From this date on; today if not given.
    #[serde(default, deserialize_with = "optional_date")]
    from: Option<Date>,
    /// Up to this date; 31 days after `from` if not given.
    #[serde(default, deserialize_with = "optional_date")]
    to: Option<Date>,
    after: Option<String>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// List slots
///
/// By date and start time.
#[utoipa::path(get, path = "/api/slot", tag = "slot", params(ListParams),
    responses((status = 200, body = Page<SlotBody>), (status = "default", body = Problem)))]
pub(super) async fn list(here: Here, Params(params): Params<ListParams>) -> Answer<Json<Page<SlotBody>>> {
    let cursor = PageParams { after: params.after, limit: params.limit }.cursor()?;
    let facility = here.desk.facility_get(here.facility).await?;
    let from = match params.date.or(params.from) {
        Some(from) => from,
        None => here.desk.today(here.facility).await?,
    };
    let to = params.date.or(params.to).unwrap_or_else(|| from.saturating_add(LIST_DAYS.days()));
    let doctor = params.doctor_id.map(|id| typed::<DoctorId>("doctor_id", &id)).transpose()?;
    let after = cursor.after.as_deref().map(position).transpose()?;
    let query = SlotQuery { doctor, from, to, after, limit: cursor.limit };
    let rows = here.desk.store().slot_list(here.facility, &query, &facility.zone).await?;
    Ok(Json(cursor.page(rows, |row| format!("{}_{}_{}", row.day.date, row.slot.window.start(), row.slot.id))))
}

fn position(after: &str) -> Result<(Date, Time, SlotId), Problem> {
    let mut parts = after.splitn(3, '_');
    let mut next = || parts.next().unwrap_or_default();
    let position = (next().parse().ok(), next().parse().ok(), next().parse().ok());
    let (Some(date), Some(time), Some(id)) = position else {
        return Err(
            Problem::new(problem::FIELD_WRONG, "after takes the next of the page before").field("after")
        );
    };
    Ok((date, time, id))
}

/// Read a slot
#[utoipa::path(get, path = "/api/slot/{id}", tag = "slot", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = SlotBody), (status = "default", body = Problem)))]
pub(super) async fn read(here: Here, Id(id): Id<SlotId>) -> Answer<Json<SlotBody>> {
    let day = here.desk.store().slot_day(here.facility, id).await?.ok_or(DeskError::Unknown("slot"))?;
    here.desk.catch_up(day).await?;
    let body =
        here.desk.look(day, |snapshot| snapshot.day.slot(id).map(|slot| SlotBody::new(day, slot))).await?;
    Ok(Json(body.ok_or(DeskError::Unknown("slot"))?))
}

/// Change a slot
///
/// More seats let the waiting list in. Fewer seats than are taken, or a cancelled slot with patients, are refused; with
/// `move_on` those who have no seat any more are moved on, as when the doctor leaves. With `preview` nothing changes.
#[utoipa::path(patch, path = "/api/slot/{id}", tag = "slot", request_body = ChangeSlotBody,
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ChangedSlotBody), (status = "default", body = Problem)))]
pub(super) async fn change(
    here: Here,
    Id(slot): Id<SlotId>,
    IfMatch(if_match): IfMatch,
    body: Body<ChangeSlotBody>,
) -> Answer<Json<ChangedSlotBody>> {
    Ok(Json(slot_changed(&here, slot, if_match, body.value).await?))
}

/// The slot after this change, or as it would be.
pub(crate) async fn slot_changed(
    here: &Here,
    slot: SlotId,
    if_match: Option<u64>,
    change: ChangeSlotBody,
) -> Answer<ChangedSlotBody> {
    let ChangeSlotBody { max_count, hard_limit, status, move_on, preview } = change;
    let status = status.map(|status| typed("status", &status)).transpose()?;
    let day = here.desk.slot_day(here.facility, slot).await?;
    let keys = if move_on { here.desk.with_colleagues(day).await? } else { vec![day] };
    let doctors = doctors_of(here, &keys).await?;
    let command = Command::ChangeSlot(ChangeSlot { slot, max_count, hard_limit, status, move_on });
    let order = Order { command, actor: here.actor(), if_match, keyed: None };
    let done = here.desk.execute_or_preview(&keys, &order, preview).await?;
    let plan = PlanBody::new(&done, &doctors, &here.codes, preview);
    let changed = done.decision.slots.iter().find(|changed| changed.id == slot);
    let slot = match changed {
        Some(slot) => SlotBody::new(day, slot),
        None => read(here.clone(), Id(slot)).await?.0,
    };
    Ok(ChangedSlotBody { slot, plan })
}
