//! Live streams: server-sent events, each of which carries the whole of what its client shows.
//!
//! A client that has missed some needs only the last one, so nothing is queued for anybody: a stream holds its place and what
//! it sent last, and looks again when it is told of a change. A client that stops reading is not looked after until it reads
//! on; the others don't notice. What all clients of a doctor-day show is computed once for each change.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use baari_engine::DayKey;
use bytes::Bytes;
use futures_util::future::{pending, select_all};
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;

use crate::access::Here;
use crate::app::Limits;
use crate::failure::Answer;
use crate::problem::{self, Problem};
use crate::wire::{Surroundings, Views};

/// Estimates move with the clock: this often a stream looks whether they have.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Changes that follow each other faster than this become one message.
const PAUSE: Duration = Duration::from_millis(40);

type Cell = Arc<tokio::sync::Mutex<Option<(Stamp, Arc<Views>)>>>;
/// The version of a doctor-day, and of what else its views depend on.
type Stamp = (u64, i64);

/// The streams that there are, and what they show.
pub struct Live {
    room: Arc<Semaphore>,
    heartbeat: Duration,
    closing: watch::Sender<bool>,
    /// With when they were last looked at.
    views: Mutex<HashMap<DayKey, (Cell, Instant)>>,
}

impl Live {
    /// None yet, and so many at most.
    pub fn new(limits: Limits) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limits.streams)),
            heartbeat: limits.heartbeat,
            closing: watch::channel(false).0,
            views: Mutex::default(),
        }
    }

    /// Ends all streams, so that the server can stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    fn cell(&self, key: DayKey) -> Cell {
        let (mut views, now) = (self.views.lock().unwrap_or_else(PoisonError::into_inner), Instant::now());
        // A stream looks again every few seconds: what nobody has looked at for longer is forgotten before more is kept.
        if !views.contains_key(&key) {
            views.retain(|_, (_, looked)| now.duration_since(*looked) < 4 * LOOK_AGAIN);
        }
        let (cell, looked) = views.entry(key).or_insert_with(|| (Cell::default(), now));
        *looked = now;
        Arc::clone(cell)
    }
}

/// One message: all that a client shows.
pub(crate) struct Message {
    /// What its client gives back as `Last-Event-ID`.
    pub(crate) id: String,
    /// The doctor-days that it rests on.
    pub(crate) days: Vec<DayKey>,
    /// JSON.
    pub(crate) data: Bytes,
}

/// What a stream shows.
pub(crate) trait Look: Send + 'static {
    /// What is sent when there is nothing to say, so that both sides know that the stream lives. A page's script sees events
    /// only, no comments.
    const BEAT: &'static [u8] = b": still here\n\n";

    /// The message of now; none when there is nothing to be seen any more.
    fn look(&mut self, here: &Here) -> impl Future<Output = Answer<Option<Message>>> + Send;
}

/// Answers with a stream. What can be said against it is said before it begins.
pub(crate) async fn stream<L: Look>(here: Here, headers: &HeaderMap, mut look: L) -> Answer<Response> {
    let place = Arc::clone(&here.live.room).try_acquire_owned();
    let busy = |_| Problem::new(problem::BUSY, "too many live streams are open: try again in a moment");
    let place = place.map_err(busy)?;
    let Some(first) = look.look(&here).await? else {
        return Err(Problem::new(problem::TOKEN_UNKNOWN, "there is no such token").into());
    };
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let days = subscribe(&here, &first.days);
    let closing = here.live.closing.subscribe();
    let state = Stream {
        here,
        look,
        days,
        closing,
        seen,
        sent: None,
        spoke: Instant::now(),
        looked: Instant::now(),
        begun: false,
        _place: Open::new(place),
    };
    let body = Body::from_stream(stream::unfold(state, Stream::next));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, body).into_response())
}

/// Counts the open streams.
struct Open(OwnedSemaphorePermit);

impl Open {
    fn new(place: OwnedSemaphorePermit) -> Self {
        metrics::gauge!("baari_live_streams").increment(1.0);
        Self(place)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        debug_assert_eq!(self.0.num_permits(), 1, "a stream is one stream");
        metrics::gauge!("baari_live_streams").decrement(1.0);
    }
}

struct Stream<L> {
    here: Here,
    look: L,
    days: Vec<(DayKey, watch::Receiver<u64>)>,
    closing: watch::Receiver<bool>,
    /// The message that the client had before it came back.
    seen: Option<String>,
    sent: Option<Bytes>,
    spoke: Instant,
    looked: Instant,
    begun: bool,
    _place: Open,
}

impl<L: Look> Stream<L> {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            if self.begun && !self.wait().await || *self.closing.borrow() {
                return None;
            }
            for (_, changes) in &mut self.days {
                changes.mark_unchanged();
            }
            self.looked = Instant::now();
            if self.begun && !self.here.is_still_let_in().await {
                return None;
            }
            let message = self.look.look(&self.here).await;
            let begins = !std::mem::replace(&mut self.begun, true);
            match message {
                Ok(Some(message)) => {
                    if let Some(frame) = self.news(message, begins) {
                        self.spoke = Instant::now();
                        return Some((Ok(frame), self));
                    }
                }
                // It was there and is not any more; the client asks again and is told so.
                Ok(None) => return None,
                // The database is away: the client keeps what it shows, and the stream looks again later.
                Err(_) => {}
            }
            if self.spoke.elapsed() >= self.here.live.heartbeat {
                self.spoke = Instant::now();
                return Some((Ok(Bytes::from_static(L::BEAT)), self));
            }
        }
    }

    /// The message as it goes over the wire, if the client does not have it.
    fn news(&mut self, message: Message, begins: bool) -> Option<Bytes> {
        let Message { id, days, data } = message;
        if self.days.iter().map(|(day, _)| day).ne(&days) {
            self.days = subscribe(&self.here, &days);
            // They may have changed between this look and now: nobody would tell.
            self.days.iter_mut().for_each(|(_, changes)| changes.mark_changed());
        }
        let known = self.sent.as_ref() == Some(&data);
        let seen = self.seen.take().is_some_and(|seen| seen == id);
        let retry = if begins { "retry: 2000\n" } else { "" };
        let frame = if known || seen {
            // Something is said at once all the same: the client sees that it is connected.
            begins.then(|| format!("{retry}: nothing new\n\n").into())
        } else {
            let mut frame = format!("{retry}id: {id}\ndata: ").into_bytes();
            frame.reserve_exact(data.len() + 2);
            frame.extend_from_slice(&data);
            frame.extend_from_slice(b"\n\n");
            Some(frame.into())
        };
        self.sent = Some(data);
        frame
    }

    /// Until there may be something new; false when the server stops.
    async fn wait(&mut self) -> bool {
        let days = self.days.iter_mut().map(|(_, changes)| Box::pin(changes.changed()));
        let changed = async move {
            // What rests on no doctor-day (a facility without doctors) is looked at again by the clock only.
            if days.len() == 0 {
                return pending().await;
            }
            drop(select_all(days).await);
        };
        tokio::select! {
            biased;
            _ = self.closing.changed() => return false,
            () = changed => {}
            () = tokio::time::sleep(LOOK_AGAIN.min(self.here.live.heartbeat)) => return true,
        }
        // The first change is shown at once; those that follow it become one message.
        if self.looked.elapsed() < PAUSE {
            tokio::time::sleep_until(self.looked + PAUSE).await;
        }
        true
    }
}

fn subscribe(here: &Here, days: &[DayKey]) -> Vec<(DayKey, watch::Receiver<u64>)> {
    days.iter().map(|day| (*day, here.desk.subscribe(*day))).collect()
}

/// What the answers of this minute rest on besides the doctor-day: the clock, and the facility with its doctors.
pub(crate) fn stamp(now: jiff::Timestamp, facility_version: u64) -> i64 {
    now.as_second() / 60 * 1_000_003 + i64::try_from(facility_version).unwrap_or_default()
}

/// The views of a doctor-day, computed once for each change and minute.
pub(crate) async fn views(here: &Here, key: DayKey) -> Answer<(Stamp, Arc<Views>)> {
    let now = here.desk.now();
    let minute = stamp(now, here.desk.facility_version(key.facility).await?);
    let version = here.desk.look(key, |snapshot| snapshot.day.version()).await?;
    let cell = here.live.cell(key);
    let mut kept = cell.lock().await;
    if let Some((stamp, views)) = &*kept
        && stamp.0 >= version
        && stamp.1 == minute
    {
        return Ok((*stamp, Arc::clone(views)));
    }
    // The facility first: its version stands for its doctors' records too, so what is read later is never older.
    let facility = here.desk.facility_get(key.facility).await?;
    let doctor = here.desk.doctor(key.facility, key.doctor).await?;
    let around = Surroundings { doctor: &doctor, settings: &facility.settings, zone: &facility.zone, now };
    let views = here.desk.look(key, |snapshot| Views::new(&snapshot, &around)).await?;
    let (stamp, views) = ((views.board.version, stamp(now, facility.version)), Arc::new(views));
    *kept = Some((stamp, Arc::clone(&views)));
    Ok((stamp, views))
}
