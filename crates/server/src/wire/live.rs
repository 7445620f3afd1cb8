//! What live streams carry besides the queue: the board in the corridor, and one patient's own view. Nobody's name is on them.

use std::collections::HashMap;

use baari_desk::Snapshot;
use baari_engine::{
    Day, Estimator, Prediction, QueuePlace as Place, Settings, Status, Token, TokenId, keeps_seat_until,
    queue,
};
use baari_store::Doctor;
use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::standing;
use super::token::{EstimateBody, label};

/// How many of the next ones a board shows.
const NEXT: usize = 3;

/// One doctor on the board: labels only.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BoardBody {
    pub(crate) doctor_id: uuid::Uuid,
    pub(crate) doctor: String,
    pub(crate) room: String,
    pub(crate) date: Date,
    pub(crate) version: u64,
    /// Who is called or with the doctor.
    #[schema(example = "A-07")]
    pub(crate) now_serving: Option<String>,
    /// called or in_consultation
    pub(crate) now_status: Option<&'static str>,
    /// When that one was called; another call of the same one has another time.
    pub(crate) called_at: Option<Timestamp>,
    /// The next ones who are here.
    pub(crate) next: Vec<String>,
    /// How many wait and are here.
    pub(crate) waiting: usize,
    /// How many minutes later than first told the next one is expected.
    pub(crate) delay: Option<i64>,
    /// The doctor has said not to be here before this time.
    pub(crate) resumes_at: Option<Timestamp>,
}

/// A token as its patient sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OwnBody {
    #[schema(example = "A-07")]
    pub(crate) label: String,
    pub(crate) status: &'static str,
    pub(crate) date: Date,
    pub(crate) doctor: String,
    pub(crate) room: String,
    /// How many go before; null when it does not wait.
    pub(crate) ahead: Option<usize>,
    pub(crate) appointment_time: Option<Timestamp>,
    /// By when a patient who is not here must check in to keep the seat.
    pub(crate) check_in_by: Option<Timestamp>,
    /// When it will be called, as predicted now.
    pub(crate) estimated_time: Option<Timestamp>,
    pub(crate) estimate: Option<EstimateBody>,
    /// How many minutes later that is than what was promised first.
    pub(crate) delay: Option<i64>,
    /// Who is called or with the doctor.
    pub(crate) now_serving: Option<String>,
    /// How it stands, in a sentence.
    pub(crate) text: String,
}

/// All views of one doctor-day.
#[derive(Debug)]
pub(crate) struct Views {
    pub(crate) board: BoardBody,
    /// JSON of an [`OwnBody`] each: many may look at one, and at one change all look at once.
    pub(crate) tokens: HashMap<TokenId, Bytes>,
}

/// What the views of a doctor-day depend on besides the day.
pub(crate) struct Surroundings<'a> {
    pub(crate) doctor: &'a Doctor,
    pub(crate) settings: &'a Settings,
    pub(crate) zone: &'a TimeZone,
    pub(crate) now: Timestamp,
}

impl Views {
    /// One pass over the queue serves everybody who looks.
    pub(crate) fn new(snapshot: &Snapshot<'_>, around: &Surroundings<'_>) -> Self {
        let Surroundings { doctor, settings, now, .. } = *around;
        let (day, letter) = (snapshot.day, &doctor.letter);
        let places = queue(day, settings, now);
        let told = Estimator::new(day, settings, doctor.facts(snapshot.past), now).all(&places);
        let served = places.iter().find(|place| place.token.status.is_being_served());
        let now_serving = served.map(|place| label(letter, place.token));
        let waits = |place: &&Place<'_>| place.present && place.token.status.is_waiting();
        let mut next = places.iter().zip(&told).filter(|(place, _)| waits(place));
        let board = BoardBody {
            doctor_id: doctor.id.as_uuid(),
            doctor: doctor.name.clone(),
            room: doctor.room.clone(),
            date: day.key().date,
            version: day.version(),
            now_status: served.map(|place| place.token.status.name()),
            called_at: served.and_then(|place| place.token.called_at),
            next: places.iter().filter(waits).take(NEXT).map(|place| label(letter, place.token)).collect(),
            waiting: places.iter().filter(waits).count(),
            delay: next.next().and_then(|(place, told)| delay(place.token, (*told)?)),
            resumes_at: day.resumes_at().filter(|resumes_at| *resumes_at > now),
            now_serving: now_serving.clone(),
        };
        let own = |(ahead, (place, told)): (usize, (&Place<'_>, &Option<Prediction>))| {
            let body = OwnBody::new(day, place.token, Some(ahead), *told, around);
            (place.token.id, OwnBody { now_serving: now_serving.clone(), ..body }.json())
        };
        let mut tokens: HashMap<_, _> = places.iter().zip(&told).enumerate().map(own).collect();
        for token in day.tokens() {
            tokens.entry(token.id).or_insert_with(|| OwnBody::new(day, token, None, None, around).json());
        }
        Self { board, tokens }
    }
}

impl OwnBody {
    fn new(
        day: &Day,
        token: &Token,
        ahead: Option<usize>,
        told: Option<Prediction>,
        around: &Surroundings<'_>,
    ) -> Self {
        let waits = matches!(token.status, Status::Booked | Status::Arrived | Status::Passed);
        let ahead = ahead.filter(|_| waits);
        let told = told.filter(|_| waits);
        let by = keeps_seat_until(day, token, around.settings);
        Self {
            label: label(&around.doctor.letter, token),
            status: token.status.name(),
            date: day.key().date,
            doctor: around.doctor.name.clone(),
            room: around.doctor.room.clone(),
            ahead,
            appointment_time: token.appointment_at,
            estimated_time: told.map(|told| told.at),
            estimate: told.map(|told| EstimateBody { p10: told.p10, p90: told.p90 }),
            delay: told.and_then(|told| delay(token, told)),
            now_serving: None,
            check_in_by: by,
            text: standing(day.key(), token, ahead.unwrap_or(0), told, by, around.zone),
        }
    }

    fn json(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }
}

fn delay(token: &Token, told: Prediction) -> Option<i64> {
    token.promised_at.map(|promised| told.at.duration_since(promised).as_mins())
}
