//! Rules for every text file.

use super::Finding;

const DIFFS: &str = "it makes differences that nobody sees and nobody meant";
const ELSEWHERE: &str = "it exists on one machine only: use a path relative to the workspace, or a setting";

/// Folders of somebody's own machine. Put together, so that this file does not hold what it forbids.
const PRIVATE_FOLDERS: [&str; 3] = [concat!("/", "work/"), concat!("/", "root/"), concat!("/", "home/")];

/// Files from elsewhere are kept as they came.
const AS_THEY_CAME: [&str; 2] = ["/vendor/", ".min."];

pub(super) fn check(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if AS_THEY_CAME.iter().any(|part| path.contains(part)) {
        return findings;
    }
    let mut add = |line, what: String, because| {
        findings.push(Finding { path: path.to_owned(), line, what, because });
    };
    for (index, line) in text.split('\n').enumerate() {
        // Also a carriage return.
        if line.ends_with(char::is_whitespace) {
            add(index + 1, "white space at the end of the line".to_owned(), DIFFS);
        }
        for folder in PRIVATE_FOLDERS.iter().filter(|folder| has_absolute(line, folder)) {
            add(index + 1, format!("a path in `{folder}`"), ELSEWHERE);
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        add(text.lines().count(), "no newline at the end of the file".to_owned(), DIFFS);
    }
    findings
}

/// Whether `folder` stands in `line` as the beginning of a path; in `docs/home/` it does not.
fn has_absolute(line: &str, folder: &str) -> bool {
    let inside_path = |character: char| character.is_alphanumeric() || "._-~*})]>$".contains(character);
    line.match_indices(folder).any(|(at, _)| !line[..at].ends_with(inside_path))
}

#[cfg(test)]
mod tests {
    use super::super::whats;
    use super::*;

    #[test]
    fn line_ends_are_clean() {
        assert!(check("a.md", "").is_empty());
        assert!(check("a.md", "one\n\ntwo\n").is_empty());
        assert_eq!(
            whats(&check("a.md", "one \ntwo")),
            ["1: white space at the end of the line", "2: no newline at the end of the file"]
        );
        assert_eq!(check("a.md", "one\r\n").len(), 1);
        assert!(check("pages/assets/htmx.min.js", "one ").is_empty());
    }

    #[test]
    fn no_paths_of_ones_own_machine() {
        for folder in PRIVATE_FOLDERS {
            assert_eq!(check("a.sh", &format!("cd {folder}x\n")).len(), 1);
            assert_eq!(check("a.sh", &format!("x=\"{folder}\"\n")).len(), 1);
            assert!(check("a.sh", &format!("cd docs{folder}x ..{folder}x ${{x}}{folder}\n")).is_empty());
        }
    }
}
