//! A week of the board in some seconds: nothing on it grows, and nothing is said over something else.
//!
//! The changes are real ones, through the real stream. Counted is what the browser has after it has cleaned up, in the middle
//! and at the end: what is kept of every message would be there twice.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::browser::{Browser, TELEVISION};
use crate::driver::Place;
use crate::hospital::Morning;
use crate::support::{DATE, Hospital, text};

/// With four changes for each of three doctors: 720 in all.
const ROUNDS: u32 = 60;
/// The connection is lost once in so many rounds.
const LOST_EVERY: u32 = 5;

/// Counts what the page opens and says, before any script of its own has run.
const COUNTS: &str = "window.opened = 0; window.contexts = 0; window.news = 0; window.longest = 0;
    const Source = window.EventSource, Context = window.AudioContext;
    window.EventSource = class extends Source {
        constructor(...all) { super(...all); window.opened += 1; window.source = this; }
    };
    window.AudioContext = class extends Context { constructor(...all) { super(...all); window.contexts += 1; } };
    addEventListener('baari:news', () => {
        window.news += 1;
        // The first news may be there before the script that speaks.
        if (typeof BaariVoice !== 'undefined') window.longest = Math.max(window.longest, BaariVoice.waiting());
    });";
/// As when the network goes and comes back.
const LOSES: &str =
    "window.source.dispatchEvent(new Event('error')); window.dispatchEvent(new Event('online'))";
/// Each pair of announcements of which one began before the other was over.
const OVERLAPS: &str = "const log = BaariVoice.log.filter((line) => line.ended);
    return log.slice(1).filter((line, nth) => line.begun < log[nth].ended)";

/// What a browser holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    documents: f64,
    nodes: f64,
    listeners: f64,
    heap_bytes: f64,
}

impl Held {
    fn by(board: &Browser) -> Self {
        board.chromium("HeapProfiler.collectGarbage", &json!({}));
        let dom = board.chromium("Memory.getDOMCounters", &json!({}));
        let metrics = board.chromium("Performance.getMetrics", &json!({}));
        let heap = metrics["metrics"].as_array().unwrap().iter().find(|it| it["name"] == "JSHeapUsedSize");
        let number = |value: &Value| value.as_f64().unwrap();
        Self {
            documents: number(&dom["documents"]),
            nodes: number(&dom["nodes"]),
            listeners: number(&dom["jsEventListeners"]),
            heap_bytes: number(&heap.unwrap()["value"]),
        }
    }

    /// What was there of one or two messages may not be cleaned up yet, and which functions are compiled by then differs from run
    /// to run; of what is kept of each message, thirty would be there.
    #[track_caller]
    fn has_not_grown_since(&self, before: &Self) {
        let both = format!("{before:?} in the middle, {self:?} at the end");
        assert!(self.documents <= before.documents, "{both}");
        assert!(self.nodes <= before.nodes * 1.1 + 500.0, "{both}");
        assert!(self.listeners <= before.listeners + 5.0, "{both}");
        assert!(self.heap_bytes <= before.heap_bytes * 1.05 + 128.0 * 1024.0, "{both}");
    }
}

/// Somebody books; the next one is called, and called once more.
fn calls(doctor: &Hospital, patient: &str) -> Value {
    doctor.client.post("/api/token/book", &doctor.request(patient, "walk_in")).expect(201);
    let called = doctor.room("next", &json!({ "finish": true })).expect(200);
    doctor.step(&called, "recall", &json!({})).expect(200)
}

#[test]
fn a_board_that_runs_for_weeks_does_not_grow() {
    let _place = Place::take();
    let morning = Morning::begin();
    let doctors = [&morning.rao, &morning.khan, &morning.iyer];
    for doctor in doctors {
        doctor.slot("11:00", "13:00", 500, 500);
    }
    let patients: Vec<String> = (0..12).map(|_| morning.rao.patient()).collect();
    let board = morning.browser(TELEVISION);
    board.chromium("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": COUNTS }));
    board.chromium("Performance.enable", &json!({}));
    board.go(&morning.address("/board/{doctors}"));
    board.is_live();
    let (mut middle, mut served) = (None, HashSet::new());
    for round in 1..=ROUNDS {
        let clock = format!("{DATE}T09:{:02}:{:02}+05:30", 21 + round / 60, round % 60);
        morning.rao.client.put("/api/clock", &json!({ "now": clock })).expect(200);
        // Who was here a dozen rounds ago has been seen, and may come again.
        let called = doctors.map(|doctor| calls(doctor, &patients[round as usize % patients.len()]));
        if round % LOST_EVERY == 0 {
            board.script(LOSES, &[]);
        }
        for (doctor, token) in doctors.iter().zip(called) {
            let label = text(&token["label"]);
            board.shows_at(".tile.called .label", &label);
            assert!(served.insert(label), "somebody else in each round");
            doctor.set_status(&token, "in_consultation").expect(200);
        }
        if round == ROUNDS / 2 || round == ROUNDS {
            let held = Held::by(&board);
            match middle {
                None => middle = Some(held),
                Some(middle) => held.has_not_grown_since(&middle),
            }
        }
    }
    let counted = |script: &str| board.script(script, &[]).as_u64().unwrap();
    assert!(counted("return window.news") >= ROUNDS.into(), "a message of each round at least");
    assert!(counted("return window.opened") > (ROUNDS / LOST_EVERY).into(), "a stream after each loss");
    assert_eq!(board.script("return window.source.readyState", &[]), 1, "and the one that there is");
    assert_eq!(counted("return window.contexts"), 1, "one place that sound comes from");
    assert!(counted("return BaariVoice.log.length") >= 2, "it speaks");
    assert_eq!(board.script(OVERLAPS, &[]), json!([]));
    assert!(counted("return window.longest") <= 3, "of each doctor at most one call waits to be said");
}
