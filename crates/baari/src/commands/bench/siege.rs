//! The desk of a facility whose passwords are being guessed: a hundred wrong ones a second, first from one address, then each from
//! an address of its own, which no limit for an address holds up.
//!
//! Desk, guessers and a browser that signs in again come through one trusted proxy, which names their addresses. The server is
//! closed, and all its limits are the shipped ones.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use hyper::body::Bytes;
use hyper::header::{COOKIE, HeaderMap, HeaderValue, ORIGIN, SET_COOKIE};
use hyper::{Response, StatusCode};

use super::Measuring;
use super::client::{Client, Outgoing, check, post};
use super::load::{Load, Measured, Requests, histogram, micros};
use super::parts::book;
use super::people::{PEOPLE, People};
use super::report::{Answers, Latency, Siege, Watch};
use super::server::Server;
use super::signed_in::{cookies, origin};
use super::site::Site;

const HOW: &str = "a closed server on its shipped limits behind a trusted proxy; 64 people at 64 addresses book by a timetable \
                   with their sessions, spread over 1,000 doctors; attempts come by a timetable too, one in four with the \
                   name of somebody who works here. A latency counts from when the booking should have been sent. Every \
                   three seconds somebody signs in again in a browser that the account knows";
const BOOKINGS_PER_SECOND: f64 = 200.0;
const ATTEMPTS_PER_SECOND: f64 = 100.0;
/// For each second of a measurement: with the guesser at one address, and before; and with one at many.
const SHORT: u64 = 3;
const LONG: u64 = 12;
/// Whoever guesses waits up to ten seconds for an answer: so many must be able to wait at once.
const GUESSERS: usize = 1_200;
/// One name in so many is somebody's.
const NAMES: u64 = 4;
const AGAIN: Duration = Duration::from_secs(3);
const FORWARDED_FOR: &str = "x-forwarded-for";
/// Addresses that are set aside for measuring networks (RFC 2544), and two for examples (RFC 5737).
const MANY: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 0);
const ONE: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 7);
const KNOWN: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 200);
/// The desks' addresses.
const DESKS: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 0);

/// Who guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guesser {
    Nobody,
    OneAddress,
    ManyAddresses,
}

/// Measures the desk in peace and under both sieges.
pub(super) async fn measure(site: &Site, measuring: Measuring) -> Result<Siege> {
    let files = crate::files::raised()?;
    let needed = GUESSERS as u64 + 500;
    ensure!(needed < files, "only {files} open files are allowed: raise the limit with `ulimit -Hn`");
    let twin = site.twins().last().context("the copies of the database are not there")?;
    let server = Server::start_with(&["--trusted-proxy", "127.0.0.1"], &twin.folder, twin.url()).await?;
    let desk = desk(&server, measuring)?;
    let known = Known::meet(&server, measuring.people).await?;
    let mut scene = Scene { server: &server, measuring, desk, known, begun: 0 };
    let calm = scene.watch(Guesser::Nobody, SHORT).await?;
    let one_address = scene.watch(Guesser::OneAddress, SHORT).await?;
    let many_addresses = scene.watch(Guesser::ManyAddresses, LONG).await?;
    server.stop().await?;
    Ok(Siege {
        how: HOW,
        bookings_per_second: BOOKINGS_PER_SECOND,
        attempts_per_second: ATTEMPTS_PER_SECOND,
        calm,
        one_address,
        many_addresses,
    })
}

struct Scene<'a> {
    server: &'a Server,
    measuring: Measuring,
    desk: Requests,
    known: Known,
    /// Sieges so far: names and addresses are new in each.
    begun: u64,
}

impl Scene<'_> {
    async fn watch(&mut self, guesser: Guesser, times: u64) -> Result<Watch> {
        let seconds = self.measuring.seconds * times;
        let load = Load {
            address: self.server.address,
            connections: usize::try_from(PEOPLE)?,
            warm_up: self.measuring.warm_up(),
            measured: Duration::from_secs(seconds),
        };
        self.begun += 1;
        let (counts, over) = (Arc::<Counts>::default(), AtomicBool::new(false));
        let guesses = guesses(guesser, self.begun << 32, Arc::clone(&counts));
        let (cpu, begun) = (self.server.cpu()?, Instant::now());
        let desk = async {
            let measured = load.open(&self.desk, BOOKINGS_PER_SECOND).await;
            over.store(true, Ordering::Relaxed);
            Ok::<_, anyhow::Error>((measured?, self.server.cpu()?.since(cpu, begun.elapsed())))
        };
        let (desk, guessed, known) =
            tokio::join!(desk, guess(load, guesser, &guesses), self.known.again(&over));
        guessed?;
        let ((desk, cores), times) = (desk?, known?);
        Ok(Watch {
            seconds,
            latency: Latency::of(&desk),
            answers: counts.read(),
            known_tried: times.tried,
            known_let_in: times.let_in.len(),
            known: Latency::of_times(&times.let_in),
            cores,
        })
    }
}

async fn guess(load: Load, guesser: Guesser, guesses: &Requests) -> Result<Option<Measured>> {
    if guesser == Guesser::Nobody {
        return Ok(None);
    }
    let measured = load.warm_up + load.measured;
    let load = Load { connections: GUESSERS, warm_up: Duration::ZERO, measured, ..load };
    load.open(guesses, ATTEMPTS_PER_SECOND).await.map(Some)
}

fn desk(server: &Server, measuring: Measuring) -> Result<Requests> {
    let (cookies, origin) = (cookies(measuring.people)?, origin(server)?);
    Ok(Requests::new(StatusCode::CREATED, move |n| {
        let request = book(&measuring.hospital.siege(n)?, "online")?;
        let mut request =
            coming_from(Ipv4Addr::from_bits(DESKS.to_bits() + u32::try_from(n % PEOPLE)?), request)?;
        request.headers_mut().extend(cookies.get(usize::try_from(n % PEOPLE)?).cloned());
        request.headers_mut().insert(ORIGIN, origin.clone());
        Ok(request)
    }))
}

/// Attempts that were answered so far.
#[derive(Default)]
struct Counts {
    wrong: AtomicU64,
    too_often: AtomicU64,
    busy: AtomicU64,
}

impl Counts {
    fn count(&self, response: &Response<Bytes>) -> Result<()> {
        let count = match response.status() {
            StatusCode::UNAUTHORIZED => &self.wrong,
            StatusCode::TOO_MANY_REQUESTS => &self.too_often,
            StatusCode::SERVICE_UNAVAILABLE => &self.busy,
            status => bail!("a wrong password was answered with {status}"),
        };
        count.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn read(&self) -> Answers {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Answers { wrong: read(&self.wrong), too_often: read(&self.too_often), busy: read(&self.busy) }
    }
}

fn guesses(guesser: Guesser, first: u64, counts: Arc<Counts>) -> Requests {
    let judge = move |response: &Response<Bytes>| counts.count(response);
    Requests::judged(judge, move |n| {
        let name = if n % NAMES == 0 { People::name(n / NAMES) } else { format!("nobody-{}", first + n) };
        let address = match guesser {
            Guesser::ManyAddresses => Ipv4Addr::from_bits(MANY.to_bits() + u32::try_from(n)?),
            Guesser::OneAddress | Guesser::Nobody => ONE,
        };
        coming_from(address, sign_in(&name, "a wrong password")?)
    })
}

fn sign_in(name: &str, password: &str) -> Result<Outgoing> {
    post("/api/session", format!(r#"{{"name":"{name}","password":"{password}"}}"#))
}

fn coming_from(address: Ipv4Addr, mut request: Outgoing) -> Result<Outgoing> {
    let address = HeaderValue::from_str(&address.to_string()).context("an address")?;
    request.headers_mut().insert(FORWARDED_FOR, address);
    Ok(request)
}

/// A browser in which somebody has signed in before.
struct Known {
    client: Client,
    name: String,
    password: String,
    device: HeaderValue,
}

/// How often it signed in again, and how long that took.
struct Times {
    tried: u64,
    let_in: hdrhistogram::Histogram<u64>,
}

impl Known {
    /// Signs in for the first time.
    async fn meet(server: &Server, people: People) -> Result<Self> {
        let mut client = Client::connect(server.address).await?;
        let (name, password) = (People::name(1), people.password());
        let response = client.send(coming_from(KNOWN, sign_in(&name, &password)?)?).await?;
        check(&response, StatusCode::CREATED)?;
        let device = device(response.headers()).context("no cookie by which the browser is known")?;
        Ok(Self { client, name, password, device })
    }

    /// Signs in again and again, until it is over.
    async fn again(&mut self, over: &AtomicBool) -> Result<Times> {
        let mut times = Times { tried: 0, let_in: histogram()? };
        while !over.load(Ordering::Relaxed) {
            let mut request = coming_from(KNOWN, sign_in(&self.name, &self.password)?)?;
            request.headers_mut().insert(COOKIE, self.device.clone());
            times.tried += 1;
            let begun = Instant::now();
            let response = self.client.send(request).await?;
            if response.status() == StatusCode::CREATED {
                times.let_in.saturating_record(micros(begun.elapsed()));
            }
            tokio::time::sleep(AGAIN).await;
        }
        Ok(times)
    }
}

/// The cookie that lasts longer than the session, as a browser sends it back.
fn device(headers: &HeaderMap) -> Option<HeaderValue> {
    let cookies = headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
    pairs.find(|pair| pair.starts_with("__Host-baari-browser="))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_sends_back_what_knows_it_and_nothing_else() {
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, HeaderValue::from_static("__Host-baari=s; Path=/; Secure"));
        assert_eq!(device(&headers), None);
        headers.append(SET_COOKIE, HeaderValue::from_static("__Host-baari-browser=d; Path=/; Secure"));
        assert_eq!(device(&headers).unwrap(), "__Host-baari-browser=d");
    }
}
