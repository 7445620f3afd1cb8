//! How soon those who follow a queue live see its changes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use hyper::Method;
use serde::Deserialize;
use tokio::time::MissedTickBehavior;

use super::Measuring;
use super::client::{Client, carry, post};
use super::hospital::{DATE, followed_doctor};
use super::listeners::{self, Heard, Listeners, Plan};
use super::parts::book;
use super::report::{Delay, Live, Streams};
use super::server::Server;
use super::site::Site;

const HOW: &str = "one doctor's queue: of 20 clients one follows the queue, 5 the board, 14 their own token; one in 20 stops \
                   reading. Changes come at a steady pace: next, start, a walk-in. A time counts to the whole message; who \
                   gets two changes in one message has the first one late. The messages of a new minute don't count";
/// People in the queue.
const TOKENS: usize = 60;
/// Clients, for comparison.
const FEW: usize = 10;
const CHANGES_PER_SECOND: u64 = 5;
/// Whole rounds of three changes.
const CHANGES: u64 = 99;
/// One client in so many follows the queue, and one stops reading.
const SHARE: usize = 20;
/// So many of them look at the board.
const BOARDS: usize = 5;
/// How long after the last change everybody has to have it.
const SETTLE: Duration = Duration::from_secs(3);
const LATENCY_MAX_US: u64 = 60_000_000;

#[derive(Deserialize)]
struct Queue {
    tokens: Vec<Token>,
}

#[derive(Deserialize)]
struct Token {
    id: String,
    code: String,
}

/// When a change was asked for, and when it was answered.
#[derive(Debug, Clone, Copy)]
struct Change {
    asked: Instant,
    answered: Instant,
}

/// Measures with a few clients, then with many.
pub(super) async fn measure(site: &Site, measuring: Measuring) -> Result<Live> {
    let mut patients = 0;
    let few = streams(site, measuring, FEW, &mut patients).await?;
    let many = streams(site, measuring, measuring.live_clients, &mut patients).await?;
    Ok(Live { how: HOW, changes_per_second: CHANGES_PER_SECOND, many, few })
}

async fn streams(site: &Site, measuring: Measuring, clients: usize, patients: &mut u64) -> Result<Streams> {
    let files = crate::files::raised()?;
    ensure!(
        clients as u64 + 200 < files,
        "only {files} open files are allowed: raise the limit with `ulimit -Hn`"
    );
    let server = Server::start(site.folder(), site.url()).await?;
    let mut desk =
        Desk { client: Client::connect(server.address).await?, measuring, patients, called: String::new() };
    let codes = desk.fill().await?;
    let plans: Vec<Plan> = (0..clients).map(|n| plan(n, clients, &codes)).collect();
    let deaf = plans.iter().filter(|plan| plan.deaf).count();
    let empty = server.resident_bytes()?;
    let listeners = Listeners::connect(server.address, plans).await?;
    let (open, cpu, begun) = (server.resident_bytes()?, server.cpu()?, Instant::now());
    let changes = desk.changes().await?;
    let elapsed = begun.elapsed();
    let cores = server.cpu()?.since(cpu, elapsed);
    tokio::time::sleep(SETTLE).await;
    let after = server.resident_bytes()?;
    server.stop().await?;
    let mut tally = Tally::new(changes)?;
    for client in listeners.finish().await?.iter().filter(|client| !client.plan.deaf) {
        tally.add(client)?;
    }
    Ok(Streams {
        clients,
        deaf,
        changes: tally.changes.len(),
        messages: tally.messages,
        messages_per_second: tally.messages as f64 / elapsed.as_secs_f64(),
        from_request: Delay::of(&tally.from_request),
        from_answer: Delay::of(&tally.from_answer),
        resident_bytes: [empty, open, after],
        cores,
    })
}

/// The `n`-th client.
fn plan(n: usize, clients: usize, codes: &[String]) -> Plan {
    let doctor = followed_doctor();
    let (path, whole) = match n % SHARE {
        0 => (format!("doctor/{doctor}?date={DATE}"), true),
        1..=BOARDS => (format!("board/{doctor}?date={DATE}"), true),
        _ => (format!("token/{}", codes[n % codes.len()]), false),
    };
    // Of each kind some, and none of the few.
    let deaf = clients > SHARE && n % SHARE == n / SHARE % SHARE;
    Plan { path: format!("/api/live/{path}"), whole, deaf }
}

/// Who makes the changes.
struct Desk<'a> {
    client: Client,
    measuring: Measuring,
    /// Booked so far.
    patients: &'a mut u64,
    /// The last one who was called.
    called: String,
}

impl Desk<'_> {
    /// Fills the queue up; the codes of those who wait.
    async fn fill(&mut self) -> Result<Vec<String>> {
        loop {
            let queue = format!("/api/doctor/{}?date={DATE}", followed_doctor());
            let queue: Queue = serde_json::from_slice(&self.client.get(&queue).await?).context("a queue")?;
            if queue.tokens.len() >= TOKENS {
                return Ok(queue.tokens.into_iter().map(|token| token.code).collect());
            }
            self.walk_in().await?;
        }
    }

    async fn walk_in(&mut self) -> Result<u64> {
        let booking = self.measuring.hospital.followed(*self.patients);
        *self.patients += 1;
        Ok(self.client.change(book(&booking, "walk_in")?).await?.0)
    }

    /// Makes all changes, and notes when.
    async fn changes(&mut self) -> Result<BTreeMap<u64, Change>> {
        let mut pace = tokio::time::interval(Duration::from_millis(1_000 / CHANGES_PER_SECOND));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut changes = BTreeMap::new();
        for n in 0..CHANGES {
            pace.tick().await;
            let asked = Instant::now();
            let version = match n % 3 {
                0 => self.next().await?,
                1 => self.start().await?,
                _ => self.walk_in().await?,
            };
            changes.insert(version, Change { asked, answered: Instant::now() });
        }
        Ok(changes)
    }

    async fn next(&mut self) -> Result<u64> {
        let path = format!("/api/doctor/{}/next", followed_doctor());
        let body = format!(r#"{{"finish":true,"date":"{DATE}"}}"#);
        let (version, answer) = self.client.change(post(&path, body)?).await?;
        let called: Token = serde_json::from_slice(&answer).context("who is called")?;
        self.called = called.id;
        Ok(version)
    }

    async fn start(&mut self) -> Result<u64> {
        let path = format!("/api/token/{}/status", self.called);
        let body = r#"{"status":"in_consultation"}"#.to_owned();
        Ok(self.client.change(carry(Method::PATCH, &path, body)?).await?.0)
    }
}

/// Times from the changes to the clients.
struct Tally {
    changes: BTreeMap<u64, Change>,
    messages: u64,
    from_request: Histogram<u64>,
    from_answer: Histogram<u64>,
}

impl Tally {
    fn new(changes: BTreeMap<u64, Change>) -> Result<Self> {
        let histogram = || Histogram::new_with_bounds(1, LATENCY_MAX_US, 3).context("making a histogram");
        Ok(Self { changes, messages: 0, from_request: histogram()?, from_answer: histogram()? })
    }

    fn add(&mut self, client: &listeners::Client) -> Result<()> {
        self.messages += client.heard.len().saturating_sub(1) as u64;
        for pair in client.heard.windows(2) {
            let [Heard { version: before, stamp, .. }, heard] = *pair else { continue };
            if stamp != heard.stamp || heard.version <= before {
                continue;
            }
            let from = if client.plan.whole { before + 1 } else { heard.version };
            for (_, change) in self.changes.range(from..=heard.version) {
                let micros = |since: Instant| {
                    u64::try_from(heard.at.saturating_duration_since(since).as_micros()).unwrap_or(u64::MAX)
                };
                self.from_request.saturating_record(micros(change.asked));
                self.from_answer.saturating_record(micros(change.answered));
            }
        }
        let (last, newest) = (client.heard.last().map(|heard| heard.version), self.changes.last_key_value());
        let has_all = !client.plan.whole || last >= newest.map(|(version, _)| *version);
        ensure!(has_all, "a client that reads did not get the last change: {}", client.plan.path);
        Ok(())
    }
}
