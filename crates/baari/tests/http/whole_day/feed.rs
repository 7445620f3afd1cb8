//! The feed: everything that happened, page by page, without gaps or repeats.

use std::collections::HashSet;

use crate::support::{DATE, Database, Hospital, Server, on_both_databases, refused};
use serde_json::{Value, json};

on_both_databases!(the_feed_is_paged_without_gaps_or_repeats);

fn the_feed_is_paged_without_gaps_or_repeats(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 12, 12);
    let colleague = hospital.colleague("Dr Iyer", "Medicine");
    colleague.slot("09:00", "12:00", 4, 4);
    let tokens: Vec<Value> = (0..8).map(|_| hospital.book("walk_in").expect(201)).collect();
    let (first, next) = page(&hospital, 0, 5);
    hospital.next().expect(200);
    hospital.set_status(&tokens[0], "in_consultation").expect(200);
    hospital.room("leave", &json!({"reason": "ill"})).expect(200);
    server.kill();
    let server = Server::start(database);
    let hospital = hospital.through(&server);
    hospital.book_with("walk_in", &json!({"waitlist": true})).expect(201);
    let all = hospital.events();
    let numbers: Vec<u64> = all.iter().map(number).collect();
    assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]), "no gaps, no repeats: {numbers:?}");
    // Whoever goes on from where they were misses nothing, whatever the pages' size.
    for size in [1, 3, 5, 500] {
        let (mut paged, mut after) = (first.clone(), next);
        loop {
            let (items, next) = page(&hospital, after, size);
            if items.is_empty() {
                assert_eq!(next, after, "the end stays where it is");
                break;
            }
            assert!(items.len() <= size);
            paged.extend(items);
            after = next;
        }
        assert_eq!(paged, all, "pages of {size}");
    }
    let of_versions: HashSet<String> =
        all.iter().map(|event| format!("{} {}", event["doctor_id"], event["version"])).collect();
    let versions = hospital.mark().1 + colleague.through(&server).mark().1;
    assert_eq!(of_versions.len() as u64, versions, "every version of every queue is told of");
    for event in &all {
        assert!(event["at"].is_string() && event["actor"].is_string() && event["date"] == DATE, "{event}");
        assert!(
            event["token_id"].is_string() || event["slot_id"].is_string() || event["kind"] == "doctor_left"
        );
        assert!(!event["reasons"].as_array().unwrap().is_empty(), "{event}");
    }
    let (beyond, next) = page(&hospital, 1_000_000, 5);
    assert_eq!((beyond.len(), next), (0, 1_000_000));
    for query in ["after=x", "after=-1", "limit=0", "limit=501", "limit=many"] {
        refused(&hospital.client.get(&format!("/api/event?{query}")), 422, "field_wrong");
    }
}

fn page(hospital: &Hospital, after: u64, limit: usize) -> (Vec<Value>, u64) {
    let page = hospital.client.get(&format!("/api/event?after={after}&limit={limit}")).expect(200);
    (page["items"].as_array().unwrap().clone(), page["next"].as_u64().unwrap())
}

fn number(event: &Value) -> u64 {
    event["number"].as_u64().unwrap()
}
