//! The documents agree with the code.

use baari_server::{PROBLEMS, openapi};

#[test]
fn every_problem_is_in_the_documentation_and_every_documented_one_exists() {
    let document = include_str!("../../../docs/api.md");
    for problem in PROBLEMS {
        let row = format!("| `{}` | {} |", problem.code, problem.status);
        assert!(document.contains(&row), "docs/api.md lacks {row}");
    }
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let documented = rows.filter(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    assert_eq!(documented.count(), PROBLEMS.len());
}

#[test]
fn problems_have_stable_names_of_their_own() {
    for (at, problem) in PROBLEMS.iter().enumerate() {
        assert!(problem.code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", problem.code);
        assert!(PROBLEMS[..at].iter().all(|other| other.code != problem.code), "{}", problem.code);
        assert!((400..600).contains(&problem.status));
    }
}

#[test]
fn the_api_is_as_it_was_last_agreed() {
    let document = openapi().to_pretty_json().expect("the document is JSON");
    insta::assert_snapshot!(document);
}
