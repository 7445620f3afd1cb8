//! Clients that stop reading hold up nobody and nothing.

use std::time::{Duration, Instant};

use crate::support::{Database, Hospital, Server, Sse};
use serde_json::json;

/// Clients that don't read.
const DEAF: usize = 100;
/// Changes until their buffers have filled, and changes in all.
const FILL: u32 = 400;
const CHANGES: u32 = 2_000;
/// What those who read may wait for a change while others don't.
const DELAY: Duration = Duration::from_secs(1);
/// What the server may need more at the end; if messages were queued it would be some hundreds.
const GROWTH_MIB: u64 = 24;

#[test]
fn a_hundred_clients_that_stop_reading_delay_nobody_and_fill_no_memory() {
    let database = Database::sqlite();
    let mut server = Server::start(&database);
    let hospital = Hospital::open(&server, 40, 40);
    for _ in 0..30 {
        hospital.book("walk_in").expect(201);
    }
    let path = format!("/api/live/doctor/{}", hospital.doctor);
    let deaf: Vec<Sse> = (0..DEAF).map(|_| Sse::ask(&server.address, &path, None)).collect();
    let mut reader = Sse::open(&server.address, &path, None);
    reader.message();
    let mut filled = 0;
    for change in 0..CHANGES {
        let late = json!({"minutes": 5 + change % 2});
        let begun = Instant::now();
        let done = server.client.post(&format!("/api/doctor/{}/delay", hospital.doctor), &late).expect(200);
        if change % 20 == 0 {
            reader.until(|shown| shown["version"] == done["version"]);
            assert!(begun.elapsed() < DELAY, "change {change} was seen after {:?}", begun.elapsed());
        }
        if change == FILL {
            filled = server.resident_bytes();
        }
    }
    let grown = server.resident_bytes().saturating_sub(filled) >> 20;
    assert!(grown <= GROWTH_MIB, "{grown} MiB more than when the buffers were full");
    let begun = Instant::now();
    server.terminate();
    assert!(server.ended(), "it ends well");
    assert!(begun.elapsed() < Duration::from_secs(5), "it has stopped after {:?}", begun.elapsed());
    drop(deaf);
}
