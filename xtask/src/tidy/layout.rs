//! How a crate begins.

use super::Finding;
use super::source::Source;

const OPENING_LINES_MIN: usize = 5;

/// A crate's first file opens with what the crate is for.
pub(super) fn opening(source: &Source) -> Vec<Finding> {
    let is_crate_root = source.path.ends_with("/src/lib.rs") || source.path.ends_with("/src/main.rs");
    let lines = source.prose.lines().take_while(|line| line.starts_with("//!")).count();
    if !is_crate_root || lines >= OPENING_LINES_MIN {
        return Vec::new();
    }
    vec![Finding {
        path: source.path.clone(),
        line: 1,
        what: format!("the crate opens with {lines} lines of `//!`, fewer than {OPENING_LINES_MIN}"),
        because: "a newcomer reads there what the crate is for, what it must never do, and where to start",
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_opens_with_five_lines() {
        let opens =
            |path: &str, lines: usize| opening(&Source::new(path, &"//! x\n".repeat(lines))).is_empty();
        assert!(opens("crates/engine/src/lib.rs", 5));
        assert!(!opens("crates/engine/src/lib.rs", 4));
        assert!(!opens("xtask/src/main.rs", 0));
        assert!(opens("crates/engine/src/queue.rs", 0));
    }
}
