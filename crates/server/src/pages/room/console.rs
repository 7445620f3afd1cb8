//! What moves on the doctor's console: who is in, what the one button does now, who comes next and why.

use askama::Template;
use baari_engine::PatientId;
use baari_store::FeedEvent;
use jiff::Timestamp;

use super::super::desk::about;
use super::super::queue::Queue;
use super::super::texts::Texts;
use crate::access::Here;
use crate::failure::Answer;
use crate::wire::{QueueBody, TokenBody};

/// Rows that are seen at once; the others are folded.
const NEXT: usize = 5;

/// What moves.
#[derive(Template)]
#[template(path = "room_now.html")]
pub(super) struct Moves {
    pub(super) now: Console,
}

/// All that the console says now.
pub(super) struct Console {
    pub(super) t: Texts,
    pub(super) doctor: uuid::Uuid,
    pub(super) version: u64,
    /// Mon 2 Feb
    today: String,
    pub(super) state: State,
    /// Whose names it says.
    pub(super) people: Vec<PatientId>,
    current: Option<Current>,
    /// What became of who was called, where nobody is any more.
    missed: Option<String>,
    can_undo: bool,
    next: Vec<Row>,
    rest: Vec<Row>,
    /// How many of those who wait are here, and how many are not.
    here: usize,
    absent: usize,
    waitlisted: usize,
    /// The doctor has said not to be here before this time.
    resumes_at: Option<String>,
    /// What is particular about this day.
    day: Option<&'static str>,
}

/// What the one button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nobody is in, and somebody waits here.
    Call,
    /// Somebody is called.
    Start,
    /// Somebody is in, and somebody waits here.
    FinishAndCall,
    /// Somebody is in, and nobody waits here.
    Finish,
    /// Nobody is in, and nobody waits here.
    Nobody,
}

impl State {
    fn of(served: Option<&str>, here: usize) -> Self {
        match (served, here) {
            (Some("called"), _) => Self::Start,
            (Some(_), 0) => Self::Finish,
            (Some(_), _) => Self::FinishAndCall,
            (None, 0) => Self::Nobody,
            (None, _) => Self::Call,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Start => "start",
            Self::FinishAndCall => "finish-and-call",
            Self::Finish => "finish",
            Self::Nobody => "nobody",
        }
    }

    /// The method, the address behind `/api/`, and the body of the call that the button makes.
    fn call(
        self,
        doctor: uuid::Uuid,
        current: Option<&Current>,
    ) -> Option<(&'static str, String, &'static str)> {
        let next = || format!("doctor/{doctor}/next");
        let status = || current.map(|current| format!("token/{}/status", current.id));
        Some(match self {
            Self::Call => ("post", next(), "{}"),
            Self::FinishAndCall => ("post", next(), r#"{"finish":true}"#),
            Self::Start => ("patch", status()?, r#"{"status":"in_consultation"}"#),
            Self::Finish => ("patch", status()?, r#"{"status":"completed"}"#),
            Self::Nobody => return None,
        })
    }
}

/// Who is called, or with the doctor.
struct Current {
    id: uuid::Uuid,
    label: String,
    name: String,
    /// F 52
    about: String,
    source: &'static str,
    status: &'static str,
    /// Since when here.
    here_since: Option<String>,
    why: Option<String>,
    /// What the running clock counts from.
    since: Option<Timestamp>,
}

/// Somebody who waits.
struct Row {
    id: uuid::Uuid,
    label: String,
    name: String,
    source: &'static str,
    status: &'static str,
    why: String,
    about: Option<String>,
    present: bool,
    /// Is the one whom the button calls.
    first: bool,
}

impl Console {
    /// Of this queue; that it was seen is the caller's to write down. `why` remembers why the current one was called.
    pub(super) async fn new(here: &Here, queue: &Queue, why: &mut Why) -> Answer<Self> {
        let body = &queue.body;
        let waiting: Vec<&TokenBody> = queue.waiting().collect();
        let first = waiting.iter().position(|token| queue.is_present(token));
        let present = waiting.iter().filter(|token| queue.is_present(token)).count();
        let rows = waiting.iter().enumerate().map(|(at, token)| Row::new(queue, token, Some(at) == first));
        let (next, rest) = fold(rows.collect());
        let current = match &body.now_serving {
            Some(token) => Some(Current::new(here, queue, token, why).await?),
            None => None,
        };
        Ok(Self {
            t: queue.t,
            doctor: body.doctor.id,
            version: body.version,
            today: queue.today(),
            state: State::of(current.as_ref().map(|current| current.status), present),
            people: queue.people().collect(),
            missed: queue.missed.as_ref().filter(|_| current.is_none()).map(|(label, became)| {
                queue.t.one_of("room-missed", became).with("label", label.clone()).to_string()
            }),
            can_undo: queue.can_undo,
            current,
            next,
            rest,
            here: present,
            absent: waiting.len() - present,
            waitlisted: queue.waitlisted().count(),
            resumes_at: body.resumes_at.map(|at| queue.clock(&at)),
            day: day(body, &queue.clock_of_day()),
        })
    }

    /// The call of the one button: method, address, body.
    fn primary(&self) -> Option<(&'static str, String, &'static str)> {
        self.state.call(self.doctor, self.current.as_ref())
    }

    /// Whether somebody is called and has not come in yet.
    fn is_called(&self) -> bool {
        self.state == State::Start
    }
}

/// What is particular about a day: `now` is the time of the day.
fn day(body: &QueueBody, now: &str) -> Option<&'static str> {
    let nobody = body.tokens.is_empty();
    let held = || body.slots.iter().filter(|slot| slot.status != "cancelled");
    if body.doctor.status == "on_leave" {
        Some("on-leave")
    } else if body.doctor.status == "inactive" {
        Some("inactive")
    } else if body.slots.is_empty() {
        Some("no-slots")
    } else if held().next().is_none() {
        Some("left")
    } else if nobody && held().all(|slot| slot.end_time.as_str() <= now) {
        Some("over")
    } else {
        None
    }
}

/// Those that are seen at once, among whom is the one whom the button calls, and the others; in their order.
fn fold(mut rows: Vec<Row>) -> (Vec<Row>, Vec<Row>) {
    let first = rows.iter().position(|row| row.first);
    if let Some(first) = first.filter(|first| *first >= NEXT) {
        let row = rows.remove(first);
        rows.insert(NEXT - 1, row);
    }
    let rest = rows.split_off(rows.len().min(NEXT));
    (rows, rest)
}

impl Current {
    async fn new(here: &Here, queue: &Queue, token: &TokenBody, why: &mut Why) -> Answer<Self> {
        let visit = queue.started_at.filter(|_| token.status == "in_consultation");
        Ok(Self {
            id: token.id,
            label: token.label.clone(),
            name: queue.name(token).to_owned(),
            about: queue
                .patient(token)
                .map_or_else(String::new, |patient| about(queue.t, queue.body.date, patient)),
            source: token.source,
            status: token.status,
            here_since: token.arrived_at.map(|at| queue.clock(&at)),
            why: why.of(here, queue.t, token).await?,
            since: visit.or(token.called_at),
        })
    }
}

impl Row {
    fn new(queue: &Queue, token: &TokenBody, first: bool) -> Self {
        let t = queue.t;
        let present = queue.is_present(token);
        let since = token.arrived_at.map(|at| queue.clock(&at));
        let source = t.one_of("source", token.source).to_string();
        let why = match (token.status, present, since) {
            ("passed", ..) => t.one_of("status", "passed").to_string(),
            (_, false, _) => t.one_of("status", "booked").to_string(),
            (_, true, Some(since)) => t.say("room-since").with("time", since).to_string(),
            (_, true, None) => t.one_of("status", "arrived").to_string(),
        };
        let rejoined = (token.rejoins > 0 && present).then(|| t.say("room-rejoined").to_string());
        let why = [Some(source), Some(why), rejoined].into_iter().flatten().collect::<Vec<_>>().join(", ");
        Self {
            id: token.id,
            label: token.label.clone(),
            name: queue.name(token).to_owned(),
            source: token.source,
            status: token.status,
            why,
            about: token.estimated_time.map(|at| queue.clock(&at)),
            present,
            first,
        }
    }
}

/// Why somebody was called: looked up once for each call.
#[derive(Default)]
pub(super) struct Why {
    call: Option<(uuid::Uuid, Option<Timestamp>)>,
    words: Option<String>,
}

impl Why {
    async fn of(&mut self, here: &Here, t: Texts, token: &TokenBody) -> Answer<Option<String>> {
        let call = Some((token.id, token.called_at));
        if self.call != call {
            let id = baari_engine::TokenId::from_uuid(token.id);
            let events = here.desk.store().token_events(here.facility, id).await?;
            self.words = why(t, &events);
            self.call = call;
        }
        Ok(self.words.clone())
    }
}

/// Why, by the last call of its story.
fn why(t: Texts, events: &[FeedEvent]) -> Option<String> {
    let reasons = events.iter().rev().flat_map(|event| &event.event.reasons);
    let mut calls = reasons.filter(|(code, _)| code == "next_in_order" || code == "called_out_of_order");
    let (code, text) = calls.next()?;
    // Behind the colon stand the words of who called.
    let said = text.split_once(": ").map_or("", |(_, said)| said).trim_end_matches('.').to_owned();
    let name = if code == "next_in_order" { "room-in-order" } else { "room-out-of-order" };
    Some(t.say(name).with("why", said).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_button_runs_the_room() {
        for (served, here, state) in [
            (None, 0, State::Nobody),
            (None, 3, State::Call),
            (Some("called"), 0, State::Start),
            (Some("called"), 3, State::Start),
            (Some("in_consultation"), 3, State::FinishAndCall),
            (Some("in_consultation"), 0, State::Finish),
        ] {
            assert_eq!(State::of(served, here), state, "{served:?} {here}");
        }
    }

    fn row(n: u128, first: bool) -> Row {
        Row {
            id: uuid::Uuid::from_u128(n),
            label: String::new(),
            name: String::new(),
            source: "walk_in",
            status: "arrived",
            why: String::new(),
            about: None,
            present: first,
            first,
        }
    }

    #[test]
    fn whom_the_button_calls_is_among_those_who_are_seen() {
        for (all, first, seen) in
            [(0, 0, vec![]), (3, 1, vec![0, 1, 2]), (9, 4, vec![0, 1, 2, 3, 4]), (9, 7, vec![0, 1, 2, 3, 7])]
        {
            let (next, rest) = fold((0..all).map(|n| row(n, n == first)).collect());
            assert_eq!(next.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>(), seen);
            assert_eq!(next.len() + rest.len(), usize::try_from(all).unwrap());
        }
    }
}
