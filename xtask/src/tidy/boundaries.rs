//! Which crate may know what (the invariants 1, 2 and 6 of the design).

use super::Finding;
use super::source::{Source, has_phrase};

const ENGINE: &str = "crates/engine/";
const PURE: &str =
    "the engine is pure: the same inputs give the same decision, so time, chance and IO stay outside";
const IMPURE: [&str; 10] = [
    "tokio",
    "serde",
    "serde_json",
    "rand",
    "rand_chacha",
    "std::env",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "async fn",
];

const JSON_AND_HTTP: [&str; 2] = ["serde_json", "axum"];
const MAY_KNOW_JSON: [&str; 3] = ["crates/server/", "crates/baari/", "xtask/"];
const EDGE: &str = "only the server speaks JSON and HTTP: domain types are converted by hand at the edge";

const MAY_KNOW_SQL: [&str; 4] =
    ["crates/store-", "crates/baari/tests/", "crates/server/tests/access/database.rs", "xtask/"];
const STORES: &str = "only the stores know SQL: what every store must do is a method of the Store trait";

pub(super) fn rust(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |line, what, because| {
        findings.push(Finding { path: source.path.clone(), line, what, because });
    };
    for (index, line) in source.code.lines().enumerate() {
        for phrase in IMPURE.iter().filter(|phrase| in_engine(&source.path) && has_phrase(line, phrase)) {
            add(index + 1, format!("`{phrase}` in the engine"), PURE);
        }
        for phrase in json_mentions(&source.path, line) {
            add(index + 1, format!("`{phrase}` outside of the server"), EDGE);
        }
    }
    if !MAY_KNOW_SQL.iter().any(|folder| source.path.starts_with(folder)) {
        for (line, _) in source.literals.iter().filter(|(_, literal)| is_sql(literal)) {
            add(*line, "SQL outside of the stores".to_owned(), STORES);
        }
    }
    findings
}

/// The same for a crate's `Cargo.toml`, so that a forbidden crate is not even linked.
pub(super) fn manifest(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The root manifest gives every dependency its version; it links nothing.
    for (index, line) in text.lines().enumerate().filter(|_| path.ends_with("/Cargo.toml")) {
        let mut add = |what, because| {
            findings.push(Finding { path: path.to_owned(), line: index + 1, what, because });
        };
        // A line that begins with the name is the dependency itself; later in it may be a feature's name.
        for phrase in IMPURE.iter().filter(|phrase| in_engine(path) && begins_with_name(line, phrase)) {
            add(format!("`{phrase}` in the engine"), PURE);
        }
        for phrase in json_mentions(path, line).filter(|phrase| begins_with_name(line, phrase)) {
            add(format!("`{phrase}` outside of the server"), EDGE);
        }
    }
    findings
}

fn in_engine(path: &str) -> bool {
    path.starts_with(ENGINE)
}

fn begins_with_name(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
}

fn json_mentions<'t>(path: &str, line: &'t str) -> impl Iterator<Item = &'static str> + use<'t> {
    let may = MAY_KNOW_JSON.iter().any(|folder| path.starts_with(folder));
    JSON_AND_HTTP.into_iter().filter(move |phrase| !may && has_phrase(line, phrase))
}

/// Whether a literal is a statement. Keywords count in capitals anywhere, or in small letters when the
/// literal begins with them; "Select a doctor from the list" is no statement.
fn is_sql(literal: &str) -> bool {
    let words: Vec<&str> = literal.split_whitespace().collect();
    let follows = |first: &str, then: &str, at: usize, within: usize| {
        words[at] == first && words[at + 1..].iter().take(within).any(|word| *word == then)
    };
    let statement = |at: usize, in_case: fn(&str) -> String| {
        follows(&in_case("select"), &in_case("from"), at, words.len())
            || follows(&in_case("insert"), &in_case("into"), at, 1)
            || follows(&in_case("delete"), &in_case("from"), at, 1)
            // A table, perhaps with another name: `UPDATE tokens AS t SET`.
            || follows(&in_case("update"), &in_case("set"), at, 4)
    };
    (0..words.len()).any(|at| statement(at, str::to_uppercase))
        || (!words.is_empty() && statement(0, str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::super::whats;
    use super::*;

    #[test]
    fn the_engine_is_pure() {
        let text = "use rand::Rng;\nasync fn f() {}\n// no SystemTime here\nlet operand = \"tokio\";";
        let findings = rust(&Source::new("crates/engine/src/lib.rs", text));
        assert_eq!(whats(&findings), ["1: `rand` in the engine", "2: `async fn` in the engine"]);
        assert!(rust(&Source::new("crates/desk/src/lib.rs", text)).is_empty());
        let findings = manifest("crates/engine/Cargo.toml", "[dependencies]\ntokio.workspace = true\n");
        assert_eq!(whats(&findings), ["2: `tokio` in the engine"]);
    }

    #[test]
    fn only_the_server_knows_json() {
        for (path, expected) in [
            ("crates/server/src/api.rs", 0),
            ("crates/baari/src/main.rs", 0),
            ("crates/store/src/lib.rs", 1),
            ("crates/server-side/src/lib.rs", 1),
        ] {
            let source = Source::new(path, "use serde_json::Value;");
            assert_eq!(rust(&source).len(), expected, "{path}");
        }
        assert_eq!(manifest("crates/desk/Cargo.toml", "axum.workspace = true").len(), 1);
        assert_eq!(manifest("crates/server/Cargo.toml", "axum.workspace = true").len(), 0);
        assert_eq!(manifest("Cargo.toml", "axum = \"0.8\"").len(), 0);
    }

    #[test]
    fn only_the_stores_know_sql() {
        for (literal, expected) in [
            ("SELECT id FROM tokens", true),
            ("select id\\n from tokens", true),
            ("WITH x AS (SELECT 1) INSERT INTO tokens", true),
            ("UPDATE tokens AS t SET number = 1", true),
            ("delete from tokens", true),
            ("Select a doctor from the list", false),
            ("please select a doctor from the list", false),
            ("update the slot first", false),
            ("", false),
        ] {
            let source = Source::new("crates/desk/src/lib.rs", &format!("let text = \"{literal}\";"));
            assert_eq!(rust(&source).len(), usize::from(expected), "{literal}");
        }
        let sql = "const TOKENS: &str = \"SELECT id FROM tokens\";";
        assert!(rust(&Source::new("crates/store-sqlite/src/token.rs", sql)).is_empty());
        assert_eq!(rust(&Source::new("crates/store/src/lib.rs", sql)).len(), 1);
    }
}
