//! What happened: the feed, one token's story, who waits for a seat; and the clock.

use axum::Json;
use baari_desk::DeskError;
use baari_engine::{DoctorId, Estimator, PatientId, Status, TokenId, keeps_seat_until, queue};
use baari_store::TokenQuery;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::whereabouts::Place;
use crate::access::Here;
use crate::body::{Body, Id, Params};
use crate::failure::Answer;
use crate::problem::{self, Problem};
use crate::wire::{
    ChapterBody, EventBody, FeedBody, Page, PageParams, StoryBody, TokenBody, WaitingBody, goes_before,
    in_order, optional_date, standing, typed,
};

/// Why is it so?
///
/// The whole story of a token in plain sentences, with codes, across doctors and dates; and how it stands now.
#[utoipa::path(get, path = "/api/token/{id}/why", tag = "token", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = StoryBody), (status = "default", body = Problem)))]
pub(super) async fn why(here: Here, Id(id): Id<TokenId>) -> Answer<Json<StoryBody>> {
    let facility = here.desk.facility_get(here.facility).await?;
    let (settings, zone, now) = (&facility.settings, &facility.zone, here.desk.now());
    let mut place = Place::find(&here, id).await?;
    let told = loop {
        let Place { day, ref doctor, .. } = place;
        here.desk.catch_up(day).await?;
        let body = here.desk.look(day, |snapshot| {
            let token = snapshot.day.token(id)?;
            let places = queue(snapshot.day, settings, now);
            let at = places.iter().position(|place| place.token.id == id).unwrap_or(0);
            let ahead = places[..at].iter().filter(|place| goes_before(place)).count();
            let slot = token.slot.and_then(|slot| snapshot.day.slot(slot));
            let estimator = Estimator::new(snapshot.day, settings, doctor.facts(snapshot.past), now);
            let told = slot.and_then(|slot| estimator.of(snapshot.day, token, slot));
            let by = keeps_seat_until(snapshot.day, token, settings);
            let sentence = standing(day, token, ahead, told, by, zone);
            Some((TokenBody::new(day, here.marks(doctor), token, told), sentence))
        });
        let body = body.await?;
        if !place.has_changed(&here, body.is_none()).await? {
            break body;
        }
    };
    let (token, now) = told.ok_or(DeskError::Unknown("token"))?;
    here.saw("token_read", [PatientId::from_uuid(token.patient_id)]).await?;
    let events = here.desk.store().token_events(here.facility, id).await?;
    let mut story = Vec::with_capacity(events.len());
    for event in in_order(events) {
        let doctor = here.desk.doctor(here.facility, event.day.doctor).await?;
        story.push(ChapterBody::new(event, &doctor.name, zone));
    }
    Ok(Json(StoryBody { token, now, story }))
}

/// Which part of the feed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FeedParams {
    /// Behind this event: the `next` of the page before; from the beginning if not given.
    #[serde(default)]
    after: Option<String>,
    /// At most this many: 1 to 500, 50 if not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// Read the feed
///
/// Everything that happened, in the order in which it was committed; the audit trail. Whoever goes on from `next` misses
/// nothing.
#[utoipa::path(get, path = "/api/event", tag = "event", params(FeedParams),
    responses((status = 200, body = FeedBody), (status = "default", body = Problem)))]
pub(super) async fn feed(here: Here, Params(params): Params<FeedParams>) -> Answer<Json<FeedBody>> {
    let cursor = PageParams { after: params.after, limit: params.limit }.cursor()?;
    let after: u64 = cursor.after()?.unwrap_or(0);
    if i64::try_from(after).is_err() {
        return Err(Problem::new(problem::FIELD_WRONG, "after takes the next of the page before")
            .field("after")
            .into());
    }
    let events = here.desk.store().event_list(here.facility, after, cursor.limit).await?;
    let next = events.last().map_or(after, |event| event.number);
    Ok(Json(FeedBody { items: events.into_iter().map(EventBody::from).collect(), next }))
}

/// Which part of the waiting list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WaitlistParams {
    /// Today if not given.
    #[serde(default, deserialize_with = "optional_date")]
    date: Option<Date>,
    /// Of this doctor; of all if not given.
    #[param(value_type = Option<uuid::Uuid>)]
    doctor_id: Option<String>,
    after: Option<String>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// List who waits for a seat
///
/// On a date, in the order of booking. Those who had a seat and lost it are marked: the desk calls them.
#[utoipa::path(get, path = "/api/waitlist", tag = "token", params(WaitlistParams),
    responses((status = 200, body = Page<WaitingBody>), (status = "default", body = Problem)))]
pub(super) async fn waitlist(
    here: Here,
    Params(params): Params<WaitlistParams>,
) -> Answer<Json<Page<WaitingBody>>> {
    let cursor = PageParams { after: params.after, limit: params.limit }.cursor()?;
    let date = match params.date {
        Some(date) => date,
        None => here.desk.today(here.facility).await?,
    };
    let query = TokenQuery {
        doctor: params.doctor_id.map(|id| typed::<DoctorId>("doctor_id", &id)).transpose()?,
        date: Some(date),
        status: Some(Status::Waitlisted),
        after: cursor.after()?,
        limit: cursor.limit,
        ..TokenQuery::default()
    };
    let rows = here.desk.store().token_list(here.facility, &query).await?;
    let patients: Vec<_> = rows.iter().map(|dated| dated.token.patient).collect();
    let patients = here.desk.store().patient_get(here.facility, &patients).await?;
    let mut named = Vec::with_capacity(rows.len());
    for dated in rows {
        let doctor = here.desk.doctor(here.facility, dated.day.doctor).await?;
        let patient = patients.iter().find(|patient| patient.id == dated.token.patient).cloned();
        named.push(WaitingBody::new(&dated, &doctor, &here.codes, patient));
    }
    here.saw("waitlist_read", patients.iter().map(|patient| patient.id)).await?;
    Ok(Json(cursor.page(named, |waiting| waiting.token.id.to_string())))
}

/// What time it is here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClockBody {
    pub(crate) now: Timestamp,
    /// The date in the facility's zone.
    pub(crate) date: Date,
}

/// Put the clock forward.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeClockBody {
    /// To this instant, not before what the clock shows.
    #[schema(value_type = String, example = "2026-02-02T03:30:00Z")]
    pub(crate) now: String,
}

/// Read the clock
#[utoipa::path(get, path = "/api/clock", tag = "setting",
    responses((status = 200, body = ClockBody), (status = "default", body = Problem)))]
pub(super) async fn clock(here: Here) -> Answer<Json<ClockBody>> {
    Ok(Json(ClockBody { now: here.desk.now(), date: here.desk.today(here.facility).await? }))
}

/// Put the clock forward
///
/// Only of an open server (development, demonstration) that was started with `--now` or `--speed`. What is due by then has
/// happened when this answers.
#[utoipa::path(put, path = "/api/clock", tag = "setting", request_body = ChangeClockBody,
    responses((status = 200, body = ClockBody), (status = "default", body = Problem)))]
pub(super) async fn set_clock(here: Here, body: Body<ChangeClockBody>) -> Answer<Json<ClockBody>> {
    let wrong = "an instant looks like 2026-02-02T03:30:00Z";
    let at = body.value.now.parse::<Timestamp>();
    let at = at.map_err(|_| Problem::new(problem::FIELD_WRONG, wrong).field("now"))?;
    if !here.desk.clock().advance(at) {
        let detail =
            "the clock only goes forward, and only where the server was started with --now or --speed";
        return Err(Problem::new(problem::CLOCK_NOT_SET, detail).field("now").into());
    }
    here.desk.lapse_everywhere().await?;
    clock(here).await
}
