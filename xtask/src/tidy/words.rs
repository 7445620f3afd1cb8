//! Words that mean unfinished work, and names that say nothing.

use super::Finding;
use super::source::{Source, has_phrase, is_word};

const UNFINISHED: &str = "the main branch is always releasable: finish it, or write it down as an issue";
const SILENCED: &str = "`#[expect(…, reason = …)]` says why, and speaks up when it is no longer needed";
const SKIPPED: &str = "a test that is skipped silently is a test that nobody has";
const VAGUE: &str = "the name says nothing: use the field's word for what it does";

/// Looked for in code.
const IN_CODE: [(&str, &str); 5] = [
    ("todo!(", UNFINISHED),
    ("unimplemented!(", UNFINISHED),
    ("#[ignore", SKIPPED),
    ("#[allow(", SILENCED),
    ("#![allow(", SILENCED),
];

/// Looked for in code and comments.
const IN_PROSE: [(&str, &str); 3] = [("FIXME", UNFINISHED), ("XXX", UNFINISHED), ("HACK", UNFINISHED)];

/// What comes before a name that is being given.
const DEFINING: [&str; 5] = ["struct", "enum", "trait", "type", "mod"];
/// Not as any part of a type's or module's name; compared without case.
const VAGUE_PARTS: [&str; 2] = ["manager", "helper"];
/// Not as a whole module's name.
const VAGUE_MODULES: [&str; 4] = ["util", "utils", "common", "misc"];

pub(super) fn banned(source: &Source) -> Vec<Finding> {
    let look = |text: &str, banned: &[(&'static str, &'static str)]| {
        let mut findings = Vec::new();
        for (index, line) in text.lines().enumerate() {
            for (phrase, because) in banned.iter().filter(|(phrase, _)| has_phrase(line, phrase)) {
                let what = format!("`{phrase}` is not used here");
                findings.push(Finding { path: source.path.clone(), line: index + 1, what, because });
            }
        }
        findings
    };
    let mut findings = look(&source.code, &IN_CODE);
    findings.extend(look(&source.prose, &IN_PROSE));
    findings
}

pub(super) fn vague_names(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in source.code.lines().enumerate() {
        let words: Vec<&str> =
            line.split(|character| !is_word(character)).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2).filter(|pair| DEFINING.contains(&pair[0])) {
            let (defining, name) = (pair[0], pair[1]);
            let vague_part = VAGUE_PARTS.iter().any(|part| name.to_lowercase().contains(part));
            if vague_part || (defining == "mod" && VAGUE_MODULES.contains(&name)) {
                let what = format!("`{defining} {name}` needs a better name");
                findings.push(Finding { path: source.path.clone(), line: index + 1, what, because: VAGUE });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::whats;
    use super::*;

    #[test]
    fn unfinished_work_is_found_in_code_and_comments() {
        for (text, expected) in [
            ("fn f() { todo!() }", 1),
            ("// HACK: later", 1),
            ("let name = \"HACK todo!()\";", 0),
            ("const SHACKLE: u8 = 1;", 0),
            ("#[ignore = \"slow\"]", 1),
            ("#![allow(dead_code)]", 1),
            ("#[expect(dead_code, reason = \"…\")]", 0),
            ("// never write todo!()", 0),
        ] {
            assert_eq!(banned(&Source::new("x.rs", text)).len(), expected, "{text}");
        }
    }

    #[test]
    fn names_that_say_nothing_are_found() {
        let text = "pub struct TokenManager;\nmod util;\nmod common {}\nfn common() {}\nmod test_helpers;";
        assert_eq!(
            whats(&vague_names(&Source::new("x.rs", text))),
            [
                "1: `struct TokenManager` needs a better name",
                "2: `mod util` needs a better name",
                "3: `mod common` needs a better name",
                "5: `mod test_helpers` needs a better name",
            ]
        );
    }
}
