//! What live streams carry besides the queue: the board in the corridor, and one patient's own view. Nobody's name is on them.

use std::collections::HashMap;
use std::sync::Arc;

use baari_desk::Snapshot;
use baari_engine::{
    Day, Estimator, Prediction, QueuePlace as Place, Settings, Source, Status, Token, TokenId, Window,
    keeps_seat_until, queue,
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
    /// By how many minutes those who wait are expected later than first told: the median of all who are here, but emergencies.
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
    /// The same, by where they come from.
    pub(crate) ahead_by: Option<AheadBody>,
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

/// How many go before a token, by where they come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AheadBody {
    pub(crate) emergency: usize,
    pub(crate) paid_priority: usize,
    pub(crate) follow_up: usize,
    pub(crate) walk_in: usize,
    pub(crate) online: usize,
}

impl AheadBody {
    fn and(mut self, source: Source) -> Self {
        match source {
            Source::Emergency => self.emergency += 1,
            Source::PaidPriority => self.paid_priority += 1,
            Source::FollowUp => self.follow_up += 1,
            Source::WalkIn => self.walk_in += 1,
            Source::Online => self.online += 1,
        }
        self
    }

    /// Those that there are, by the source's name.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let all = [
            (Source::Emergency, self.emergency),
            (Source::PaidPriority, self.paid_priority),
            (Source::FollowUp, self.follow_up),
            (Source::WalkIn, self.walk_in),
            (Source::Online, self.online),
        ];
        all.into_iter().filter(|(_, people)| *people > 0).map(|(source, people)| (source.name(), people))
    }
}

/// A token for its patient's eyes: what streams carry, and what the patient's page makes its sentences of.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) body: OwnBody,
    /// The body as JSON, made once: many may look at one, and at one change all look at once.
    pub(crate) json: Bytes,
    pub(crate) token: Token,
    /// The hours of the slot that it sits in.
    pub(crate) window: Option<Window>,
    /// Counts as here.
    pub(crate) present: bool,
    pub(crate) room: RoomNow,
}

/// How it stands in the doctor's room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RoomNow {
    /// The status of who is called or with the doctor.
    pub(crate) serves: Option<Status>,
    /// The doctor has said not to be here before this time.
    pub(crate) resumes_at: Option<Timestamp>,
}

impl Own {
    fn new(day: &Day, token: &Token, present: bool, body: OwnBody, room: RoomNow) -> Self {
        let window = token.slot.and_then(|slot| Some(day.slot(slot)?.window));
        Self { json: body.json(), body, token: token.clone(), window, present, room }
    }
}

/// All views of one doctor-day.
#[derive(Debug)]
pub(crate) struct Views {
    pub(crate) board: BoardBody,
    pub(crate) tokens: HashMap<TokenId, Arc<Own>>,
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
        let resumes_at = day.resumes_at().filter(|resumes_at| *resumes_at > now);
        let room = RoomNow { serves: served.map(|place| place.token.status), resumes_at };
        let board = BoardBody {
            doctor_id: doctor.id.as_uuid(),
            doctor: doctor.name.clone(),
            room: doctor.room.clone(),
            date: day.key().date,
            version: day.version(),
            now_status: room.serves.map(Status::name),
            called_at: served.and_then(|place| place.token.called_at),
            next: places.iter().filter(waits).take(NEXT).map(|place| label(letter, place.token)).collect(),
            waiting: places.iter().filter(waits).count(),
            delay: delay_of_all(&places, &told),
            resumes_at,
            now_serving: now_serving.clone(),
        };
        let mut tokens = HashMap::with_capacity(day.tokens().len());
        let (mut ahead, mut before) = (0, AheadBody::default());
        for (place, told) in places.iter().zip(&told) {
            let body = OwnBody::new(day, place.token, Some((ahead, before)), *told, around);
            let body = OwnBody { now_serving: now_serving.clone(), ..body };
            tokens.insert(place.token.id, Arc::new(Own::new(day, place.token, place.present, body, room)));
            if goes_before(place) {
                (ahead, before) = (ahead + 1, before.and(place.token.source));
            }
        }
        for token in day.tokens() {
            let own = || Own::new(day, token, false, OwnBody::new(day, token, None, None, around), room);
            tokens.entry(token.id).or_insert_with(|| Arc::new(own()));
        }
        Self { board, tokens }
    }
}

impl OwnBody {
    fn new(
        day: &Day,
        token: &Token,
        ahead: Option<(usize, AheadBody)>,
        told: Option<Prediction>,
        around: &Surroundings<'_>,
    ) -> Self {
        let waits = matches!(token.status, Status::Booked | Status::Arrived | Status::Passed);
        let (ahead, ahead_by) = ahead.filter(|_| waits).unzip();
        let told = told.filter(|_| waits);
        let by = keeps_seat_until(day, token, around.settings);
        Self {
            label: label(&around.doctor.letter, token),
            status: token.status.name(),
            date: day.key().date,
            doctor: around.doctor.name.clone(),
            room: around.doctor.room.clone(),
            ahead,
            ahead_by,
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

/// Whether those behind wait for this one: whoever missed the call comes back behind others.
pub(crate) fn goes_before(place: &Place<'_>) -> bool {
    place.token.status != Status::Passed
}

/// By how many minutes a doctor's patients are seen later than first told: the median of those who wait here. The next one
/// alone would not do: whoever was just told a time and goes first, an emergency most of all, is not late, and says nothing of
/// the others.
pub(super) fn delay_of_all(places: &[Place<'_>], told: &[Option<Prediction>]) -> Option<i64> {
    let counts = |place: &Place<'_>| {
        place.present && place.token.status.is_waiting() && place.token.source != Source::Emergency
    };
    let all = places.iter().zip(told).filter(|(place, _)| counts(place));
    let mut delays: Vec<i64> = all.filter_map(|(place, told)| delay(place.token, (*told)?)).collect();
    delays.sort_unstable();
    delays.get(delays.len() / 2).copied()
}

fn delay(token: &Token, told: Prediction) -> Option<i64> {
    token.promised_at.map(|promised| told.at.duration_since(promised).as_mins())
}
