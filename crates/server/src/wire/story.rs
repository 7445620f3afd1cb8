//! What happened: the feed, and one token's story in plain words.

use baari_engine::{DayKey, EventKind, Prediction, Status, Token};
use baari_store::FeedEvent;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::{ReasonBody, TokenBody};

/// One change to one token, slot or doctor-day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventBody {
    /// Its place in the feed; goes up with every event.
    pub(crate) number: u64,
    pub(crate) at: Timestamp,
    /// Who did it.
    pub(crate) actor: String,
    /// What happened, for programs.
    #[schema(example = "token_called")]
    pub(crate) kind: &'static str,
    pub(crate) doctor_id: uuid::Uuid,
    pub(crate) date: Date,
    /// The version of that doctor's queue that it made.
    pub(crate) version: u64,
    pub(crate) token_id: Option<uuid::Uuid>,
    pub(crate) slot_id: Option<uuid::Uuid>,
    pub(crate) reasons: Vec<ReasonBody>,
}

impl From<FeedEvent> for EventBody {
    fn from(FeedEvent { number, day, event }: FeedEvent) -> Self {
        Self {
            number,
            at: event.at,
            actor: event.actor,
            kind: event.kind.name(),
            doctor_id: day.doctor.as_uuid(),
            date: day.date,
            version: event.version,
            token_id: event.token.map(|token| token.as_uuid()),
            slot_id: event.slot.map(|slot| slot.as_uuid()),
            reasons: event.reasons.into_iter().map(|(code, text)| ReasonBody { code, text }).collect(),
        }
    }
}

/// A page of the feed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeedBody {
    pub(crate) items: Vec<EventBody>,
    /// Give this as `after` to go on, now or later.
    pub(crate) next: u64,
}

/// A token's story.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoryBody {
    pub(crate) token: TokenBody,
    /// How it stands now, in a sentence.
    #[schema(
        example = "3 people go before. Expected at 10:40, most likely between 10:31 and 10:55; 12 minutes later than first told."
    )]
    pub(crate) now: String,
    /// Everything that happened, oldest first.
    pub(crate) story: Vec<ChapterBody>,
}

/// Something that happened to a token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChapterBody {
    /// What happened and why, in plain sentences.
    #[schema(
        example = "09:05 Booked. Seat 3 of 10 in 09:00–10:00. Walk-in goes in band 4: number 4.1. 2 before."
    )]
    pub(crate) text: String,
    #[serde(flatten)]
    pub(crate) event: EventBody,
}

impl ChapterBody {
    /// `doctor`: the name of the doctor with whom it happened.
    pub(crate) fn new(event: FeedEvent, doctor: &str, zone: &TimeZone) -> Self {
        let title = match event.event.kind {
            EventKind::MovedAway => format!("Left {doctor}"),
            EventKind::MovedIn => format!("Came to {doctor}, {}", event.day.date),
            kind => title(kind).to_owned(),
        };
        let mut text = format!("{} {title}.", clock(event.event.at, zone));
        for (_, sentence) in &event.event.reasons {
            text.push(' ');
            text.push_str(sentence);
            // What somebody typed need not end like a sentence.
            if !sentence.ends_with(['.', '!', '?', '।']) {
                text.push('.');
            }
        }
        Self { text, event: event.into() }
    }
}

/// A token's events in the order of its life. The feed has those of one commit doctor by doctor, so a token that goes from one
/// to the other may seem to have come before it left: each stay with a doctor begins with its coming, but the first one.
pub(crate) fn in_order(events: Vec<FeedEvent>) -> Vec<FeedEvent> {
    let mut stays: Vec<Vec<FeedEvent>> = Vec::new();
    for event in events {
        let comes = event.event.kind == EventKind::MovedIn;
        match stays.iter_mut().rev().find(|stay| !comes && stay[0].day == event.day) {
            Some(stay) => stay.push(event),
            None => stays.push(vec![event]),
        }
    }
    stays.sort_by_key(|stay| {
        (stay[0].event.kind == EventKind::MovedIn).then_some((stay[0].event.at, stay[0].number))
    });
    stays.into_iter().flatten().collect()
}

/// What happened, in a few words.
fn title(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Booked => "Booked",
        EventKind::Waitlisted => "Put on the waiting list",
        EventKind::Promoted => "Got a seat from the waiting list",
        EventKind::Became(Status::Arrived) => "Checked in",
        EventKind::Became(Status::Called) => "Called",
        EventKind::Became(Status::InConsultation) => "Went in to the doctor",
        EventKind::Became(Status::Completed) => "The visit was finished",
        EventKind::Became(Status::Passed) => "Passed, as nobody came to the call",
        EventKind::Became(Status::NoShow) => "Counted as not having come",
        EventKind::Became(Status::Cancelled) => "Cancelled",
        EventKind::Became(Status::Waitlisted | Status::Booked) => "Changed",
        EventKind::Placed => "Put elsewhere in the queue",
        EventKind::Renumbered => "Got another number, in the same place",
        EventKind::Recalled => "Called once more",
        EventKind::Undone => "The last step was taken back",
        EventKind::Moved => "Moved to another slot",
        EventKind::MovedAway | EventKind::MovedIn => "Went to another doctor or date",
        EventKind::EarlierAgreed => "Asked about coming earlier",
        EventKind::DelaySaid => "The doctor's delay changed",
        EventKind::DoctorLeft => "The doctor left",
        EventKind::SlotAdded => "The slot was added",
        EventKind::SlotChanged => "The slot changed",
    }
}

/// How the token stands now. `by`: when a patient who is not here must have checked in.
pub(crate) fn standing(
    day: DayKey,
    token: &Token,
    ahead: usize,
    told: Option<Prediction>,
    by: Option<Timestamp>,
    zone: &TimeZone,
) -> String {
    let date = day.date;
    let by = by.map_or_else(String::new, |by| match token.status {
        Status::Passed => format!(" Please come back to the desk before {}.", clock(by, zone)),
        _ => format!(" Please check in before {}, to keep the seat.", clock(by, zone)),
    });
    match token.status {
        Status::Waitlisted => format!("Waits for a seat on {date}; there is none yet."),
        Status::Called => "Has been called: please come now.".to_owned(),
        Status::InConsultation => "Is with the doctor.".to_owned(),
        Status::Completed => "Has been seen.".to_owned(),
        Status::NoShow => "Did not come in time: please ask at the desk.".to_owned(),
        Status::Cancelled => "Was cancelled.".to_owned(),
        Status::Passed => format!("Was called and did not come: please ask at the desk.{by}"),
        Status::Booked | Status::Arrived => {
            let before = match ahead {
                0 => "Nobody goes before.".to_owned(),
                1 => "1 person goes before.".to_owned(),
                ahead => format!("{ahead} people go before."),
            };
            let told = told.map_or_else(String::new, |told| expected(token, told, zone));
            format!("{before}{told}{by}")
        }
    }
}

fn expected(token: &Token, told: Prediction, zone: &TimeZone) -> String {
    let (at, p10, p90) = (clock(told.at, zone), clock(told.p10, zone), clock(told.p90, zone));
    let late = token.promised_at.map_or(0, |promised| told.at.duration_since(promised).as_mins());
    let told_first = match late {
        0 => "as first told".to_owned(),
        1 => "1 minute later than first told".to_owned(),
        -1 => "1 minute earlier than first told".to_owned(),
        late if late > 0 => format!("{late} minutes later than first told"),
        early => format!("{} minutes earlier than first told", -early),
    };
    let band = if p10 == p90 { String::new() } else { format!(", most likely between {p10} and {p90}") };
    format!(" Expected at {at}{band}; {told_first}.")
}

fn clock(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%H:%M").to_string()
}
