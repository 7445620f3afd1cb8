//! `baari simulate` as a person or a program meets it.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const POLICIES: [&str; 5] = ["band", "target", "fcfs", "strict", "apq"];

fn simulate(args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baari"));
    command.arg("simulate").args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(args: &[&str], input: &str) -> String {
    let output = simulate(args, input);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(args: &[&str], input: &str) -> Value {
    serde_json::from_str(&stdout(args, input)).unwrap()
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// Replays every day of a folder under every policy; returns how many there are.
fn agree(folder: &Path) -> usize {
    let mut days = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with("expected-") {
            continue;
        }
        let expected: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let trace = folder.join(expected["trace"].as_str().unwrap());
        for policy in POLICIES {
            let report = json(&["--trace", trace.to_str().unwrap(), "--policy", policy, "--json", "-"], "");
            let starts = report["tokens"].as_array().unwrap().iter();
            let starts = starts.filter(|token| !token["start_min"].is_null());
            let expected = expected["start_min"][policy].as_object().unwrap();
            let mut seen = 0;
            for token in starts {
                let patient = token["patient"].as_str().unwrap();
                let (start, known) =
                    (token["start_min"].as_f64().unwrap(), expected[patient].as_f64().unwrap());
                assert!(
                    (start - known).abs() <= 1e-6,
                    "{} {policy} {patient}: {start}, not {known}",
                    path.display()
                );
                seen += 1;
            }
            assert_eq!(seen, expected.len(), "{} {policy}", path.display());
        }
        days += 1;
    }
    days
}

#[test]
fn our_own_days_start_as_a_model_of_the_format_says() {
    assert_eq!(agree(&data()), 3);
}

#[test]
fn the_example_days_of_the_design_start_as_agreed() {
    assert_eq!(agree(&data().join("examples")), 3);
}

#[test]
fn a_seed_is_the_same_to_the_byte() {
    for args in [&["--seed", "7"][..], &["--seed", "7", "--json", "-"]] {
        assert_eq!(stdout(args, ""), stdout(args, ""));
    }
    assert_ne!(stdout(&["--seed", "7"], ""), stdout(&["--seed", "8"], ""));
    assert_eq!(stdout(&[], ""), stdout(&["--seed", "1", "--policy", "band"], ""));
}

#[test]
fn the_tables_fit_a_hundred_columns_and_have_no_colour_in_a_pipe() {
    for seed in ["1", "2", "3"] {
        let text = stdout(&["--seed", seed], "");
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
        assert!(!text.contains('\u{1b}'));
        for word in [
            "walk_in",
            "P95",
            "utilisation",
            "overtime",
            "no-shows",
            "displaced",
            "came forward",
            "rejoined",
            "told at check-in",
            "Timeline",
            "What happened",
            "Dr Iyer     says:",
            "Dr Rao      leaves",
            "Dr Khan",
        ] {
            assert!(text.contains(word), "{word}");
        }
    }
}

const DAY: &str = r#"{"format": "baari-trace/1", "opens": "09:00", "date": "2026-02-02", "time_zone": "Asia/Kolkata",
    "doctors": [{"id": "D1", "name": "Dr Rao", "starts_min": 0,
        "slots": [{"start_min": 0, "end_min": 60, "max_count": 1, "hard_limit": 2}]}],
    "patients": [
        {"id": "Asha", "doctor": "D1", "source": "walk_in", "arrive_min": -2, "shows": true, "visit_min": 10},
        {"id": "Ravi", "doctor": "D1", "source": "walk_in", "arrive_min": 1.5, "shows": true, "visit_min": 10}
    ]}"#;

#[test]
fn the_json_says_what_everybody_got_and_why() {
    let report = json(&["--trace", "-", "--json", "-"], DAY);
    assert_eq!(
        report["tokens"],
        json!([
            {
                "patient": "Asha", "token_no": 1, "sequence_number": 4.0, "slot": 0, "source": "walk_in",
                "status": "completed", "start_min": 0.0, "wait_min": 2.0,
                "why": [
                    "Seat 1 of 1 in 09:00–10:00.", "Walk-in goes in band 4: number 4.0.", "Counts as here.",
                    "Nobody goes before."
                ]
            },
            {
                "patient": "Ravi", "token_no": null, "sequence_number": null, "slot": null, "source": "walk_in",
                "status": "refused", "start_min": null, "wait_min": null,
                "why": ["There is no seat on 2026-02-02.", "09:00–10:00 is full (1 of 1)."]
            }
        ])
    );
    assert_eq!((&report["summary"]["refused"], &report["summary"]["policy"]), (&json!(1), &json!("band")));
    assert_eq!(report.as_object().unwrap().len(), 2);
}

#[test]
fn a_trace_may_say_what_else_happens() {
    let day = DAY
        .replace("\"max_count\": 1, \"hard_limit\": 2", "\"max_count\": 9")
        .replace("\"starts_min\": 0", "\"starts_min\": 0, \"delays\": [{\"at_min\": 20, \"minutes\": 15}]")
        .replace("\"arrive_min\": -2", "\"arrive_min\": -2, \"misses_calls_min\": [12]")
        .replace("\"opens\"", "\"timers\": true, \"opens\"");
    let report = json(&["--trace", "-", "--json", "-"], &day);
    // Asha is passed at minute 10, back at 12; the break lasts until minute 35.
    let starts: Vec<&Value> =
        report["tokens"].as_array().unwrap().iter().map(|token| &token["start_min"]).collect();
    assert_eq!(starts, [&json!(35.0), &json!(10.0)]);
    let summary = &report["summary"];
    assert_eq!((&summary["passed"], &summary["rejoined"]), (&json!(1), &json!(1)));
    assert_eq!(summary["estimates"]["count"], json!(2));
    let said: Vec<&str> =
        summary["story"].as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!(
        said,
        [
            "token 1 (Asha) did not come when called: passed.",
            "token 1 (Asha) is back, behind 0 others.",
            "says: 15 minutes late."
        ]
    );
}

#[test]
fn the_json_can_go_to_a_file_beside_the_tables() {
    let file = std::env::temp_dir().join(format!("baari-simulate-{}.json", std::process::id()));
    let text = stdout(&["--trace", "-", "--json", file.to_str().unwrap()], DAY);
    let written = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(text.starts_with("a given day · 2026-02-02 · policy band"));
    assert_eq!(written, stdout(&["--trace", "-", "--json", "-"], DAY));
}

#[test]
fn what_can_not_be_played_is_said_on_one_line() {
    for (args, input, expected) in [
        (&["--trace", "-"][..], "{", "baari: in the trace of standard input: it is not JSON"),
        (&["--trace", "-"], r#"{"format": "day/1"}"#, "format is “day/1”: only “baari-trace/1” can be read"),
        (&["--trace", "/nowhere.json"], "", "baari: reading /nowhere.json: No such file"),
        (&["--policy", "luck"], "", "“luck” is not a policy: use band, target, fcfs, strict or apq"),
        (&["--trace", "-"], &DAY.replace("\"Ravi\"", "\"Asha\""), "there are two patients “Asha”"),
    ] {
        let output = simulate(args, input);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(error.contains(expected), "{error}");
    }
}
