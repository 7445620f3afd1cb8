//! The audit trail: who did, saw and took away what of whom. What happened to tokens comes from the feed of events, the rest from
//! the trail's own entries; here they are one list, newest first.

use std::collections::HashMap;

use axum::Json;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use baari_access::Who;
use baari_engine::{AuditId, PatientId, TokenId, UserId};
use baari_store::{AuditRow, FeedEvent, TrailQuery};
use bytes::Bytes;
use futures_util::stream;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Here;
use crate::body::Params;
use crate::failure::Answer;
use crate::problem::{self, Problem};
use crate::wire::table::{MARK, table};
use crate::wire::{Page, PageParams, TrailBody, typed};

/// Entries of a page of an export.
const EXPORT_PAGE: u32 = 500;
/// Entries of an export.
const EXPORT_MAX: usize = 200_000;

/// Which part of the trail.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrailParams {
    /// About this patient, and about the tokens of this patient.
    #[param(value_type = Option<uuid::Uuid>)]
    pub(crate) patient_id: Option<String>,
    /// By this user.
    #[param(value_type = Option<uuid::Uuid>)]
    pub(crate) user_id: Option<String>,
    /// By whom: `user:…`, `key:…`, `patient`, `console`, `clock`, `open`.
    pub(crate) actor: Option<String>,
    /// Not earlier than this instant.
    #[param(value_type = Option<String>, example = "2026-02-02T00:00:00Z")]
    pub(crate) from: Option<String>,
    /// Earlier than this instant.
    #[param(value_type = Option<String>)]
    pub(crate) to: Option<String>,
    /// Behind this: the `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many: 1 to 500, 50 if not given.
    #[param(minimum = 1, maximum = 500)]
    pub(crate) limit: Option<u32>,
}

/// Search the audit trail
///
/// Newest first: who did, saw and took away what of whom.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(TrailParams),
    responses((status = 200, body = Page<TrailBody>), (status = "default", body = Problem)))]
pub(super) async fn list(here: Here, Params(params): Params<TrailParams>) -> Answer<Json<Page<TrailBody>>> {
    Ok(Json(trail_page(&here, &params).await?))
}

/// A page of the trail. It is written down that it was read.
pub(crate) async fn trail_page(here: &Here, params: &TrailParams) -> Answer<Page<TrailBody>> {
    let limit = PageParams { after: None, limit: params.limit }.cursor()?.limit;
    let mut trail = Trail::new(params, limit)?;
    // Who reads the trail is in it, and stands before what they read.
    here.saw_trail(trail.audit.patient).await?;
    let mut names = HashMap::new();
    let items = trail.named_page(here, &mut names).await?;
    Ok(Page { items, next: trail.next() })
}

/// Take the audit trail away
///
/// As CSV, newest first; at most 200,000 entries.
#[utoipa::path(get, path = "/api/audit/export", tag = "audit", params(TrailParams),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "default", body = Problem)))]
pub(super) async fn export(here: Here, Params(params): Params<TrailParams>) -> Answer<Response> {
    let trail = Trail::new(&params, EXPORT_PAGE)?;
    let subject = params.patient_id.as_ref().map_or(String::new(), |id| format!("patient {id}"));
    let entry = here.entry("audit_exported", trail.audit.patient, subject, "");
    here.desk.store().audit_append(here.facility, &[entry]).await?;
    let names = "at,actor,actor_name,action,patient_id,token_id,subject,detail,address,at_local";
    let head = format!("{MARK}{names}\r\n");
    let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from(head))]);
    let zone = here.desk.facility_get(here.facility).await?.zone;
    let state = (here, Some(trail), HashMap::new(), 0_usize);
    let pages = stream::unfold((state, zone), |((here, trail, mut names, written), zone)| async move {
        let mut trail = trail?;
        let page = csv_page(&here, &mut trail, &mut names, &zone).await;
        // The answer has begun: that it ends early is all that can be said.
        let (rows, page) = page.unwrap_or_else(|_| {
            tracing::warn!("the trail could not be read on: its export ended early");
            (0, Err(std::io::Error::other("the trail could not be read on")))
        });
        let written = written + rows;
        let goes_on = trail.next().is_some() && page.is_ok() && written < EXPORT_MAX;
        Some((page, ((here, goes_on.then_some(trail), names, written), zone)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"baari-audit.csv\""),
    ];
    Ok((headers, Body::from_stream(futures_util::StreamExt::chain(first, pages))).into_response())
}

async fn csv_page(
    here: &Here,
    trail: &mut Trail,
    names: &mut HashMap<String, Option<String>>,
    zone: &TimeZone,
) -> Answer<(usize, std::io::Result<Bytes>)> {
    let mut csv = table("");
    let rows = trail.named_page(here, names).await?;
    for row in &rows {
        // Memory does not fail to take a row.
        drop(csv.write_record(row.cells(zone)));
    }
    let bytes = csv.into_inner().map_err(|error| error.into_error());
    Ok((rows.len(), bytes.map(Bytes::from)))
}

/// All that is known of a patient in the trail, oldest last.
pub(super) async fn of_patient(here: &Here, patient: PatientId) -> Answer<Vec<TrailBody>> {
    let query = TrailParams {
        patient_id: Some(patient.to_string()),
        user_id: None,
        actor: None,
        from: None,
        to: None,
        after: None,
        limit: None,
    };
    let (mut trail, mut names, mut all) = (Trail::new(&query, EXPORT_PAGE)?, HashMap::new(), Vec::new());
    loop {
        all.extend(trail.named_page(here, &mut names).await?);
        if trail.next().is_none() || all.len() >= EXPORT_MAX {
            return Ok(all);
        }
    }
}

enum Row {
    Entry(AuditRow),
    Event(FeedEvent),
}

impl Row {
    const fn token(&self) -> Option<TokenId> {
        match self {
            Self::Entry(_) => None,
            Self::Event(event) => event.event.token,
        }
    }
}

/// Two lists, read side by side.
struct Trail {
    audit: TrailQuery<AuditId>,
    events: TrailQuery<u64>,
    limit: usize,
    over: bool,
}

impl Trail {
    fn new(params: &TrailParams, limit: u32) -> Result<Self, Problem> {
        let patient =
            params.patient_id.as_deref().map(|id| typed::<PatientId>("patient_id", id)).transpose()?;
        let user = params.user_id.as_deref().map(|id| typed::<UserId>("user_id", id)).transpose()?;
        let actor = user.map(|user| Who::User(user).to_string()).or_else(|| params.actor.clone());
        let actor = actor.filter(|actor| !actor.is_empty());
        let (from, to) = (instant("from", params.from.as_deref())?, instant("to", params.to.as_deref())?);
        let mut audit = TrailQuery { before: None, actor, patient, from, to, limit };
        let mut events = TrailQuery { before: None, actor: audit.actor.clone(), patient, from, to, limit };
        if let Some(after) = params.after.as_deref().filter(|after| !after.is_empty()) {
            let wrong = || {
                Problem::new(problem::FIELD_WRONG, "after takes the next of the page before").field("after")
            };
            let (id, number) = after.split_once('_').ok_or_else(wrong)?;
            let number: Option<u64> =
                (!number.is_empty()).then(|| number.parse()).transpose().map_err(|_| wrong())?;
            audit.before = (!id.is_empty()).then(|| id.parse()).transpose().map_err(|_| wrong())?;
            events.before = number.filter(|number| i64::try_from(*number).is_ok());
        }
        Ok(Self { audit, events, limit: limit as usize, over: false })
    }

    /// The next entries of both lists, in one.
    async fn page(&mut self, here: &Here) -> Answer<Vec<Row>> {
        let store = here.desk.store();
        let entries = store.audit_list(here.facility, &self.audit).await?;
        let events = store.event_search(here.facility, &self.events).await?;
        // A list that is full may go on.
        let all = entries.len() < self.limit && events.len() < self.limit;
        let (mut entries, mut events) = (entries.into_iter().peekable(), events.into_iter().peekable());
        let mut rows = Vec::with_capacity(self.limit);
        // Each list keeps its own order, also where its instants do not: it is read on behind its last row.
        while rows.len() < self.limit {
            let event_first = match (entries.peek(), events.peek()) {
                (Some(entry), Some(event)) => entry.at < event.event.at,
                (entry, _) => entry.is_none(),
            };
            let row =
                if event_first { events.next().map(Row::Event) } else { entries.next().map(Row::Entry) };
            let Some(row) = row else { break };
            rows.push(row);
        }
        self.over = all && entries.peek().is_none() && events.peek().is_none();
        for row in &rows {
            match row {
                Row::Entry(row) => self.audit.before = Some(row.id),
                Row::Event(event) => self.events.before = Some(event.number),
            }
        }
        Ok(rows)
    }

    /// The same, with the names of those who did it, and with whose tokens they are about.
    async fn named_page(
        &mut self,
        here: &Here,
        names: &mut HashMap<String, Option<String>>,
    ) -> Answer<Vec<TrailBody>> {
        let rows = self.page(here).await?;
        let tokens: Vec<TokenId> = rows.iter().filter_map(Row::token).collect();
        let patients = here.desk.store().token_patients(here.facility, &tokens).await?;
        let patients: HashMap<_, _> = patients.into_iter().collect();
        let mut bodies = Vec::with_capacity(rows.len());
        for row in rows {
            let patient = row.token().and_then(|token| patients.get(&token));
            let body = named(here, row, names).await?;
            let patient_id = body.patient_id.or(patient.map(|patient| patient.as_uuid()));
            bodies.push(TrailBody { patient_id, ..body });
        }
        Ok(bodies)
    }

    fn next(&self) -> Option<String> {
        let id = self.audit.before.map(|id| id.to_string()).unwrap_or_default();
        let number = self.events.before.map(|number| number.to_string()).unwrap_or_default();
        (!self.over).then(|| format!("{id}_{number}"))
    }
}

fn instant(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let wrong =
        |_| Problem::new(problem::FIELD_WRONG, "an instant looks like 2026-02-02T03:30:00Z").field(field);
    text.map(|text| text.parse().map_err(wrong)).transpose()
}

/// With the name of whoever did it, as they are called now.
async fn named(here: &Here, row: Row, names: &mut HashMap<String, Option<String>>) -> Answer<TrailBody> {
    let mut body = match row {
        Row::Entry(row) => TrailBody::from(row),
        Row::Event(event) => TrailBody::from(event),
    };
    if !names.contains_key(&body.actor) {
        let name = match body.actor.parse() {
            Ok(Who::User(id)) => here.desk.store().user_get(here.facility, id).await?.map(|user| user.called),
            Ok(Who::Key(id)) => here.desk.store().key_by_id(here.facility, id).await?.map(|key| key.name),
            _ => None,
        };
        names.insert(body.actor.clone(), name);
    }
    body.actor_name = names.get(&body.actor).cloned().flatten();
    Ok(body)
}
