//! What must always add up, over the queues of several doctors.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::hospital::{Hospital, text};

/// Statuses that hold a seat.
const SEATED: [&str; 6] = ["booked", "arrived", "called", "passed", "in_consultation", "completed"];
/// Statuses that stand in the queue.
const QUEUED: [&str; 6] = ["waitlisted", "booked", "arrived", "called", "passed", "in_consultation"];

/// No number twice, counts equal tokens, within the limits, each token in one queue; of each doctor, how many have a seat
/// and how many wait for one.
#[track_caller]
pub(crate) fn add_up(doctors: &[&Hospital]) -> Vec<(usize, usize)> {
    let mut everywhere = HashSet::new();
    let mut with = Vec::new();
    for doctor in doctors {
        let (tokens, queue) = (doctor.tokens(), doctor.queue());
        let numbers: HashSet<i64> = tokens.iter().map(|token| token["token_no"].as_i64().unwrap()).collect();
        assert_eq!(numbers.len(), tokens.len(), "no number twice");
        for token in &tokens {
            assert!(everywhere.insert(text(&token["id"])), "a token is in one queue only");
        }
        let live = tokens.iter().filter(|token| is(token, &QUEUED));
        let mut listed: Vec<String> = live.map(|token| text(&token["id"])).collect();
        let queued = queue["tokens"].as_array().unwrap().iter();
        let mut queued: Vec<String> = queued.map(|token| text(&token["id"])).collect();
        listed.sort_unstable();
        queued.sort_unstable();
        assert_eq!(queued, listed, "the queue is what the database has");
        let mut seated: HashMap<String, u64> = HashMap::new();
        for token in tokens.iter().filter(|token| is(token, &SEATED)) {
            *seated.entry(text(&token["slot_id"])).or_default() += 1;
        }
        for slot in queue["slots"].as_array().unwrap() {
            let number = |name: &str| slot[name].as_u64().unwrap();
            let seated = seated.remove(&text(&slot["id"])).unwrap_or(0);
            assert_eq!(number("current_count"), seated, "counts equal tokens");
            assert!(seated <= number("hard_limit") + number("override_count"), "{slot}");
        }
        assert_eq!(seated.len(), 0, "every seat is in a slot of this doctor");
        let count = |statuses: &[&str]| tokens.iter().filter(|token| is(token, statuses)).count();
        with.push((count(&SEATED), count(&["waitlisted"])));
    }
    with
}

fn is(token: &Value, statuses: &[&str]) -> bool {
    token["status"].as_str().is_some_and(|status| statuses.contains(&status))
}
