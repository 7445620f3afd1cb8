//! The load: many keep-alive connections that send requests, and how long the answers took.
//!
//! It runs on threads of its own, one runtime each, so that nothing of it is shared with what it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use hdrhistogram::Histogram;
use hyper::body::Bytes;
use hyper::{Response, StatusCode};
use tokio::task::JoinSet;

use super::client::{Client, Outgoing, check};

/// The longest latency that is told apart from longer ones.
const LATENCY_MAX: Duration = Duration::from_secs(120);
/// Digits of a latency that are kept.
const DIGITS: u8 = 3;
/// More threads than these are of no use to one generator.
const THREADS_MAX: usize = 4;

/// Makes the `n`-th request.
type Make = dyn Fn(u64) -> Result<Outgoing> + Send + Sync;

/// Whether an answer is one that there may be.
type Judge = dyn Fn(&Response<Bytes>) -> Result<()> + Send + Sync;

/// Requests of one kind, each made once, and the answers that they may have.
#[derive(Clone)]
pub(super) struct Requests {
    make: Arc<Make>,
    next: Arc<AtomicU64>,
    judge: Arc<Judge>,
}

impl Requests {
    /// Each has this answer.
    pub(super) fn new(
        expected: StatusCode,
        make: impl Fn(u64) -> Result<Outgoing> + Send + Sync + 'static,
    ) -> Self {
        Self::judged(move |response| check(response, expected), make)
    }

    /// Each has an answer that is found right.
    pub(super) fn judged(
        judge: impl Fn(&Response<Bytes>) -> Result<()> + Send + Sync + 'static,
        make: impl Fn(u64) -> Result<Outgoing> + Send + Sync + 'static,
    ) -> Self {
        Self { make: Arc::new(make), next: Arc::default(), judge: Arc::new(judge) }
    }

    async fn send_one(&self, client: &mut Client) -> Result<()> {
        let request = (self.make)(self.next.fetch_add(1, Ordering::Relaxed))?;
        (self.judge)(&client.send(request).await?)
    }
}

/// When requests are sent.
#[derive(Clone)]
enum Pace {
    /// The next one when the one before is answered.
    Closed { measured_from: Instant, until: Instant },
    /// By a timetable, however long the answers take. A request that finds no free connection waits for one; its latency
    /// counts from when it should have been sent.
    Open { start: Instant, per_second: f64, warm_up: u64, requests: u64, next: Arc<AtomicU64> },
}

/// Where the load goes to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) address: SocketAddr,
    pub(super) connections: usize,
    pub(super) warm_up: Duration,
    pub(super) measured: Duration,
}

/// How it went.
pub(super) struct Measured {
    pub(super) per_second: f64,
    /// In microseconds.
    pub(super) latency: Histogram<u64>,
}

impl Load {
    /// As fast as the answers come.
    pub(super) async fn closed(self, requests: &Requests) -> Result<Measured> {
        let measured_from = Instant::now() + self.warm_up;
        self.run(requests, Pace::Closed { measured_from, until: measured_from + self.measured }).await
    }

    /// At this rate, come what may.
    pub(super) async fn open(self, requests: &Requests, per_second: f64) -> Result<Measured> {
        let count = |time: Duration| (time.as_secs_f64() * per_second).round() as u64;
        let (warm_up, measured) = (count(self.warm_up), count(self.measured));
        let start = Instant::now() + Duration::from_millis(100);
        let next = Arc::default();
        let pace = Pace::Open { start, per_second, warm_up, requests: warm_up + measured, next };
        self.run(requests, pace).await
    }

    async fn run(self, requests: &Requests, pace: Pace) -> Result<Measured> {
        let requests = requests.clone();
        let latency = tokio::task::spawn_blocking(move || self.threads(&requests, &pace)).await??;
        Ok(Measured { per_second: latency.len() as f64 / self.measured.as_secs_f64(), latency })
    }

    fn threads(self, requests: &Requests, pace: &Pace) -> Result<Histogram<u64>> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = threads.min(THREADS_MAX).min(self.connections);
        let mut all = histogram()?;
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads)
                .map(|thread| (self.connections + thread) / threads)
                .map(|connections| scope.spawn(move || self.thread(connections, requests, pace)))
                .collect();
            for thread in running {
                all += thread.join().map_err(|_| anyhow!("the load generator failed"))??;
            }
            Ok(all)
        })
    }

    fn thread(self, connections: usize, requests: &Requests, pace: &Pace) -> Result<Histogram<u64>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut running = JoinSet::new();
            for _ in 0..connections {
                running.spawn(drive(self.address, requests.clone(), pace.clone()));
            }
            let mut all = histogram()?;
            while let Some(latency) = running.join_next().await {
                all += latency.context("the load generator failed")??;
            }
            Ok(all)
        })
    }
}

/// One connection, from its beginning to its end.
async fn drive(address: SocketAddr, requests: Requests, pace: Pace) -> Result<Histogram<u64>> {
    let mut client = Client::connect(address).await?;
    let mut latency = histogram()?;
    match pace {
        Pace::Closed { measured_from, until } => loop {
            let begun = Instant::now();
            if begun >= until {
                return Ok(latency);
            }
            requests.send_one(&mut client).await?;
            let ended = Instant::now();
            if ended >= measured_from && ended < until {
                latency.saturating_record(micros(ended - begun));
            }
        },
        Pace::Open { start, per_second, warm_up, requests: all, next } => loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= all {
                return Ok(latency);
            }
            let due = start + Duration::from_secs_f64(turn as f64 / per_second);
            // Wakes up to a millisecond late, which counts as latency too.
            tokio::time::sleep_until(due.into()).await;
            requests.send_one(&mut client).await?;
            if turn >= warm_up {
                latency.saturating_record(micros(due.elapsed()));
            }
        },
    }
}

/// For latencies in microseconds.
pub(super) fn histogram() -> Result<Histogram<u64>> {
    Histogram::new_with_bounds(1, micros(LATENCY_MAX), DIGITS).context("making a histogram")
}

pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
