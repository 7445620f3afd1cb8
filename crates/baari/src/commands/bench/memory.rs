//! What live tokens take in the server's memory.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::client::Client;
use super::hospital::{DATE, DOCTORS, doctor_id};
use super::report::Memory;
use super::server::Server;
use super::site::Site;

const HOW: &str = "resident memory (VmRSS) of a fresh server before and after it loads the doctor-days that were booked \
                   before: first by reading one token of each, then by reading each queue; one connection, the database's \
                   own caches filled before";
/// What the server's clock shows: days before the doctor-days that are loaded.
const DAYS_BEFORE: &str = "2026-01-20T03:30:00Z";
/// Pages that are read to fill the database's caches, and tokens on each.
const PAGES: usize = 60;
const PAGE_TOKENS: usize = 500;

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
}

#[derive(Deserialize)]
struct Queue {
    tokens: Vec<Item>,
}

/// Measures on the tokens that are in the database.
pub(super) async fn measure(site: &Site) -> Result<Memory> {
    // Days before: a server brings the doctor-days of its own date into memory by itself.
    let server = Server::start_at(DAYS_BEFORE, site.folder(), site.url()).await?;
    let mut client = Client::connect(server.address).await?;
    fill_caches(&mut client).await?;
    let mut first = HashMap::new();
    for doctor in 0..DOCTORS {
        let doctor = doctor_id(doctor);
        let page: Page =
            read(&mut client, &format!("/api/token?doctor_id={doctor}&date={DATE}&limit=1")).await?;
        first.extend(page.items.into_iter().next().map(|token| (doctor, token.id)));
    }
    ensure!(!first.is_empty(), "no token was booked");
    let empty = server.resident_bytes()?;
    for token in first.values() {
        client.get(&format!("/api/token/{token}")).await?;
    }
    let loaded = server.resident_bytes()?;
    let mut tokens = 0;
    for doctor in first.keys() {
        let queue: Queue = read(&mut client, &format!("/api/doctor/{doctor}?date={DATE}")).await?;
        tokens += queue.tokens.len();
    }
    let answered = server.resident_bytes()?;
    server.stop().await?;
    let per_token = |bytes: u64| bytes.saturating_sub(empty) as f64 / tokens as f64;
    Ok(Memory {
        how: HOW,
        tokens: tokens as u64,
        doctor_days: first.len() as u64,
        bytes_per_token: per_token(loaded),
        bytes_per_token_read: per_token(answered),
        empty_bytes: empty,
    })
}

async fn fill_caches(client: &mut Client) -> Result<()> {
    let mut path = format!("/api/token?limit={PAGE_TOKENS}");
    for _ in 0..PAGES {
        let page: Page = read(client, &path).await?;
        let Some(next) = page.next else { break };
        path = format!("/api/token?limit={PAGE_TOKENS}&after={next}");
    }
    Ok(())
}

async fn read<T: for<'a> Deserialize<'a>>(client: &mut Client, path: &str) -> Result<T> {
    let body = client.get(path).await?;
    serde_json::from_slice(&body).with_context(|| format!("the answer to {path} has another form"))
}
