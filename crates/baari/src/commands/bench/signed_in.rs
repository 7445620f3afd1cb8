//! What signing in costs: the same bookings on a server without sign-in, with keys and with browsers' sessions.
//!
//! The three take turns in short rounds, so that whatever else the machine does meets all of them alike, and each has a
//! database of its own, so that all queues are equally long.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use baari_access::CredentialKind;
use hdrhistogram::Histogram;
use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue, ORIGIN};

use super::Measuring;
use super::load::{Load, Requests, histogram};
use super::machine::Cores;
use super::parts::book;
use super::people::{PEOPLE, People};
use super::report::{Latency, Ratios, SignedIn, Turns};
use super::server::Server;
use super::site::Site;

const HOW: &str = "three servers, each on a copy of the same database: open, with 64 programs' keys, with 64 browsers' \
                   sessions. They take turns in rounds of one second, each time in another order; a ratio is that of two \
                   turns of one round. Nobody's changes are limited";
/// Servers that are compared.
pub(super) const SERVERS: usize = 3;
const ROUND: Duration = Duration::from_secs(1);
/// Before each turn: connections are made, the processor's caches are another server's.
const ROUND_WARM_UP: Duration = Duration::from_millis(200);
/// Rounds for each second of a measurement.
const ROUNDS_PER_SECOND: u64 = 2;

/// How those who book show who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    Key,
    Session,
}

/// One of the servers, and how it has done.
struct Arm {
    server: Server,
    requests: Requests,
    rates: Vec<f64>,
    latency: Histogram<u64>,
    cores: Vec<Cores>,
}

/// Measures all three.
pub(super) async fn measure(site: &Site, measuring: Measuring) -> Result<SignedIn> {
    let mut arms = Vec::new();
    for (way, twin) in [Way::Open, Way::Key, Way::Session].into_iter().zip(site.twins()) {
        let mut options = vec!["--changes-per-second", "1000000"];
        options.extend((way == Way::Open).then_some("--open"));
        let server = Server::start_with(&options, &twin.folder, twin.url()).await?;
        let requests = requests(way, &server, measuring)?;
        arms.push(Arm { server, requests, rates: Vec::new(), latency: histogram()?, cores: Vec::new() });
    }
    ensure!(arms.len() == SERVERS, "the copies of the database are not there");
    let rounds = usize::try_from(measuring.seconds * ROUNDS_PER_SECOND)?;
    // The first round brings the queues into memory.
    for round in 0..=rounds {
        for turn in 0..SERVERS {
            arms[(round + turn) % SERVERS].turn(measuring, round > 0).await?;
        }
    }
    let [open, key, session] = <[Arm; SERVERS]>::try_from(arms).ok().context("three servers")?;
    let compared = |signed_in: &Arm| Ratios::of(&open.rates, &signed_in.rates).context("no round");
    let (open_to_key, open_to_session) = (compared(&key)?, compared(&session)?);
    let [open, key, session] = [open.end().await?, key.end().await?, session.end().await?];
    Ok(SignedIn { how: HOW, rounds, open, key, session, open_to_key, open_to_session })
}

impl Arm {
    async fn turn(&mut self, measuring: Measuring, counts: bool) -> Result<()> {
        let (address, connections) = (self.server.address, measuring.connections);
        let load = Load { address, connections, warm_up: ROUND_WARM_UP, measured: ROUND };
        let (cpu, begun) = (self.server.cpu()?, Instant::now());
        let measured = load.closed(&self.requests).await?;
        let cores = self.server.cpu()?.since(cpu, begun.elapsed());
        if counts {
            self.rates.push(measured.per_second);
            self.latency += measured.latency;
            self.cores.push(cores);
        }
        Ok(())
    }

    async fn end(self) -> Result<Turns> {
        self.server.stop().await?;
        let per_second = self.rates.iter().sum::<f64>() / self.rates.len() as f64;
        let cores = Cores::mean(&self.cores);
        let latency = Latency::of_times(&self.latency);
        Ok(Turns { per_second, latency, server_cpu_us: cores.server * 1e6 / per_second, cores })
    }
}

fn requests(way: Way, server: &Server, measuring: Measuring) -> Result<Requests> {
    let shown = match way {
        Way::Open => Vec::new(),
        Way::Key => keys(measuring.people)?,
        Way::Session => cookies(measuring.people)?,
    };
    let origin = (way == Way::Session).then(|| origin(server)).transpose()?;
    Ok(Requests::new(StatusCode::CREATED, move |n| {
        let mut request = book(&measuring.hospital.signed_in(n)?, "online")?;
        let shown = shown.get(usize::try_from(n % PEOPLE)?).cloned();
        request.headers_mut().extend(shown);
        request.headers_mut().extend(origin.clone().map(|origin| (ORIGIN, origin)));
        Ok(request)
    }))
}

fn keys(people: People) -> Result<Vec<(HeaderName, HeaderValue)>> {
    let key = |n| format!("Bearer {}", people.credential(CredentialKind::Key, n).reveal());
    (0..PEOPLE).map(|n| Ok((AUTHORIZATION, HeaderValue::from_str(&key(n))?))).collect()
}

/// What the browsers of all people show.
pub(super) fn cookies(people: People) -> Result<Vec<(HeaderName, HeaderValue)>> {
    let cookie = |n| format!("__Host-baari={}", people.credential(CredentialKind::Session, n).reveal());
    (0..PEOPLE).map(|n| Ok((COOKIE, HeaderValue::from_str(&cookie(n))?))).collect()
}

/// What a browser says of the page that asks: it is this server's own.
pub(super) fn origin(server: &Server) -> Result<HeaderValue> {
    HeaderValue::from_str(&format!("http://{}", server.address)).context("the server's address")
}
