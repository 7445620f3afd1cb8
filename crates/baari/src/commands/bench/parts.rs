//! What is measured of one database, part by part. A part that fails leaves the others alone.

use std::time::Instant;

use anyhow::{Context, Result};
use hyper::StatusCode;
use serde::Deserialize;

use super::client::{Client, check, get, post};
use super::hospital::{self, Booking};
use super::load::{Load, Measured, Requests};
use super::machine::Cores;
use super::report::{Bookings, Failure, Figures, Latency, OpenLoop, Reads, ratio};
use super::server::Server;
use super::site::Site;
use super::{Measuring, Part, live, memory, siege, signed_in};

/// Tokens in the queue that is read.
const QUEUE_TOKENS: u64 = 40;
/// Where they come from, in turn.
const QUEUE_SOURCES: [&str; 5] = ["walk_in", "online", "walk_in", "paid_priority", "walk_in"];

/// Measures one database.
pub(super) struct Parts<'a> {
    pub(super) site: &'a Site,
    pub(super) measuring: Measuring,
    pub(super) failures: &'a mut Vec<Failure>,
}

/// A load, and what it cost.
struct Metered {
    measured: Measured,
    cores: Cores,
    group_mean: Option<f64>,
}

impl Parts<'_> {
    pub(super) async fn run(mut self) -> Figures {
        let mut figures = Figures::default();
        if self.measuring.part == Part::All {
            self.books_and_reads(&mut figures).await;
        }
        if self.measuring.wants(Part::Live) {
            let work = live::measure(self.site, self.measuring);
            figures.live = self.part("live streams", work).await;
        }
        if self.measuring.wants(Part::SignedIn) {
            let work = signed_in::measure(self.site, self.measuring);
            figures.signed_in = self.part("bookings with and without sign-in, by turns", work).await;
        }
        if self.measuring.wants(Part::Siege) {
            let work = siege::measure(self.site, self.measuring);
            figures.siege = self.part("the desk while somebody guesses passwords", work).await;
        }
        figures
    }

    async fn books_and_reads(&mut self, figures: &mut Figures) {
        let mut reasons = None;
        let start = Server::start(self.site.folder(), self.site.url());
        if let Some(server) = self.part("starting the server", start).await {
            reasons = self.over_http(&server, figures).await;
            self.part("stopping the server", server.stop()).await;
        }
        let memory = memory::measure(self.site);
        figures.memory = self.part("memory of live tokens", memory).await;
        let group_mean = figures.spread.as_ref().and_then(|spread| spread.group_mean);
        let bare = self.site.bare(self.measuring, group_mean, reasons.unwrap_or_default());
        figures.bare = self.part("the database alone", bare).await;
        let rate = |bookings: &Option<Bookings>| bookings.as_ref().map(|bookings| bookings.per_second);
        figures.one_doctor_to_spread = ratio(rate(&figures.one_doctor), rate(&figures.spread));
        figures.http_to_bare =
            ratio(rate(&figures.spread), figures.bare.as_ref().map(|bare| bare.per_second));
    }

    /// Everything that one server is asked for. Gives the reasons of a booking, as the store keeps them.
    async fn over_http(&mut self, server: &Server, figures: &mut Figures) -> Option<String> {
        let measuring = self.measuring;
        let load = measuring.load(server.address);
        let hospital = measuring.hospital;
        let reasons = self.part("making a queue to read", queue(server, measuring)).await;
        let spread = Requests::new(StatusCode::CREATED, move |n| book(&hospital.spread(n)?, "online"));
        let work = bookings(server, load, &spread);
        figures.spread = self.part("bookings over HTTP, spread over 1,000 doctors", work).await;
        let one = Requests::new(StatusCode::CREATED, move |n| book(&hospital.one(n)?, "online"));
        let work = bookings(server, load, &one);
        figures.one_doctor = self.part("bookings over HTTP, all for one doctor", work).await;
        figures.queue = self.part("reads of a queue", reads(server, load, false)).await;
        let work = reads(server, load, true);
        figures.queue_unchanged = self.part("reads of a queue that has not changed", work).await;
        if let Some(peak) = figures.spread.as_ref().map(|spread| spread.per_second) {
            let work = open_loop(server, load, &spread, peak / 2.0);
            figures.open_loop = self.part("bookings by a timetable, at half of the peak", work).await;
        }
        reasons
    }

    /// Says what comes, and keeps why it failed.
    async fn part<T>(&mut self, name: &str, work: impl Future<Output = Result<T>>) -> Option<T> {
        let database = self.site.name();
        eprintln!("{database}: {name}");
        match work.await {
            Ok(done) => Some(done),
            Err(error) => {
                eprintln!("{database}: {name} FAILED: {error:#}");
                self.failures
                    .push(Failure { part: format!("{database}: {name}"), why: format!("{error:#}") });
                None
            }
        }
    }
}

/// Puts people into the queue that will be read.
async fn queue(server: &Server, measuring: Measuring) -> Result<String> {
    let mut client = Client::connect(server.address).await?;
    let mut reasons = String::new();
    for (n, source) in (0..QUEUE_TOKENS).zip(QUEUE_SOURCES.iter().cycle()) {
        let response = client.send(book(&measuring.hospital.shown(n), source)?).await?;
        check(&response, StatusCode::CREATED)?;
        if *source == "online" {
            reasons = reasons_of(response.body())?;
        }
    }
    Ok(reasons)
}

async fn bookings(server: &Server, load: Load, requests: &Requests) -> Result<Bookings> {
    let metered = metered(server, load.closed(requests)).await?;
    let Metered { measured, cores, group_mean } = metered;
    Ok(Bookings {
        per_second: measured.per_second,
        latency: Latency::of(&measured),
        group_mean,
        server_cpu_us: cores.server * 1e6 / measured.per_second,
        cores,
    })
}

async fn reads(server: &Server, load: Load, unchanged: bool) -> Result<Reads> {
    let path = format!("/api/doctor/{}?date={}", hospital::shown_doctor(), hospital::DATE);
    let mut client = Client::connect(server.address).await?;
    let (etag, body) = (client.etag(&path).await?, client.get(&path).await?);
    let requests = if unchanged {
        Requests::new(StatusCode::NOT_MODIFIED, move |_| get(&path, Some(&etag)))
    } else {
        Requests::new(StatusCode::OK, move |_| get(&path, None))
    };
    let Metered { measured, cores, .. } = metered(server, load.closed(&requests)).await?;
    Ok(Reads {
        per_second: measured.per_second,
        latency: Latency::of(&measured),
        bytes: if unchanged { 0 } else { body.len() },
        server_cpu_us: cores.server * 1e6 / measured.per_second,
        cores,
    })
}

async fn open_loop(server: &Server, load: Load, requests: &Requests, per_second: f64) -> Result<OpenLoop> {
    let Metered { measured, cores, .. } = metered(server, load.open(requests, per_second)).await?;
    let (latency, reached) = (Latency::of(&measured), measured.per_second);
    Ok(OpenLoop { scheduled_per_second: per_second, per_second: reached, latency, cores })
}

/// What the load costs; the time to warm up is in it.
async fn metered(server: &Server, work: impl Future<Output = Result<Measured>>) -> Result<Metered> {
    let groups = server.groups().await?;
    let (cpu, begun) = (server.cpu()?, Instant::now());
    let measured = work.await?;
    let cores = server.cpu()?.since(cpu, begun.elapsed());
    Ok(Metered { measured, cores, group_mean: server.groups().await?.mean_since(groups) })
}

pub(super) fn book(booking: &Booking, source: &str) -> Result<super::client::Outgoing> {
    let Booking { patient, doctor, date } = booking;
    let json =
        format!(r#"{{"patient_id":"{patient}","doctor_id":"{doctor}","source":"{source}","date":"{date}"}}"#);
    post("/api/token/book", json)
}

#[derive(Deserialize)]
struct Booked {
    reasons: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    code: String,
    text: String,
}

fn reasons_of(body: &[u8]) -> Result<String> {
    let booked: Booked = serde_json::from_slice(body).context("a booking's answer has another form")?;
    let reasons = booked.reasons.into_iter().map(|reason| (reason.code, reason.text));
    Ok(baari_store::codec::reasons_to_text(&reasons.collect::<Vec<_>>()))
}
