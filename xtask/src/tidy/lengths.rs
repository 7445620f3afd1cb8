//! How long files and functions may be.

use super::Finding;
use super::source::{Source, is_word};

const FILE_LINES_MAX: usize = 400;
/// Of all Rust files. Above it we warn: it is the sum of many small choices, not one person's mistake.
const FILE_LINES_MEDIAN: usize = 150;
const FUNCTION_LINES_MAX: usize = 80;

pub(super) fn files(source: &Source) -> Vec<Finding> {
    let lines = source.code.lines().count();
    if lines <= FILE_LINES_MAX {
        return Vec::new();
    }
    vec![Finding {
        path: source.path.clone(),
        line: FILE_LINES_MAX + 1,
        what: format!("the file has {lines} lines, more than {FILE_LINES_MAX}"),
        because: "one file is one concept, and the folder listing is the table of contents",
    }]
}

pub(super) fn functions(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, _) in source.code.match_indices("fn ") {
        let (before, from) = source.code.split_at(at);
        let name: String = from["fn ".len()..].chars().take_while(|character| is_word(*character)).collect();
        if before.ends_with(is_word) || name.is_empty() {
            continue;
        }
        let lines = from[..body_end(from)].lines().count();
        if lines > FUNCTION_LINES_MAX {
            findings.push(Finding {
                path: source.path.clone(),
                line: before.matches('\n').count() + 1,
                what: format!("`fn {name}` has {lines} lines, more than {FUNCTION_LINES_MAX}"),
                because: "a function fits a screen, so that it can be read without scrolling",
            });
        }
    }
    findings
}

/// Where the function that `code` begins with ends: at its closing brace, or at the `;` of one without a
/// body.
fn body_end(code: &str) -> usize {
    let mut braces = 0_usize;
    // In `[u8; 4]` of a signature the `;` is not the end.
    let mut brackets = 0_usize;
    for (at, character) in code.char_indices() {
        match character {
            '{' => braces += 1,
            '}' if braces <= 1 => return at + 1,
            '}' => braces -= 1,
            '[' | '(' => brackets += 1,
            ']' | ')' => brackets = brackets.saturating_sub(1),
            ';' if braces == 0 && brackets == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// What to say when the median of the files' lengths is too high.
pub(super) fn median_warning(lengths: &mut [usize]) -> Option<String> {
    lengths.sort_unstable();
    let median = *lengths.get(lengths.len() / 2)?;
    (median > FILE_LINES_MEDIAN)
        .then(|| format!("the median Rust file has {median} lines; we aim at {FILE_LINES_MEDIAN} at most"))
}

#[cfg(test)]
mod tests {
    use super::super::whats;
    use super::*;

    fn long_function(lines: usize) -> Source {
        let body = "    let brace = '{'; // }\n".repeat(lines - 2);
        Source::new(
            "x.rs",
            &format!("type F = fn (u8);\nfn short(x: [u8; 4]) -> u8;\nfn long() {{\n{body}}}\n"),
        )
    }

    #[test]
    fn a_function_may_have_80_lines() {
        assert!(functions(&long_function(80)).is_empty());
        assert_eq!(whats(&functions(&long_function(81))), ["3: `fn long` has 81 lines, more than 80"]);
    }

    #[test]
    fn a_file_may_have_400_lines() {
        assert!(files(&Source::new("x.rs", &"\n".repeat(400))).is_empty());
        assert_eq!(files(&Source::new("x.rs", &"\n".repeat(401))).len(), 1);
    }

    #[test]
    fn only_the_median_warns() {
        assert!(median_warning(&mut []).is_none());
        assert!(median_warning(&mut [10, 390, 150]).is_none());
        assert!(median_warning(&mut [10, 151, 152]).is_some());
    }
}
