//! Rules of this project that neither the compiler nor clippy checks. Each says in its failure why it is
//! there.
//!
//! A check gets a file and gives findings; it knows nothing of folders or git. Rust files come as `Source`,
//! which has comments and string literals told apart from code, so that a rule never stumbles over its own
//! name in a text.

mod boundaries;
mod layout;
mod lengths;
mod licences;
mod source;
mod text;
mod words;

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use source::Source;

/// A place that breaks a rule.
struct Finding {
    path: String,
    /// From 1.
    line: usize,
    what: String,
    because: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}, because {}", self.path, self.line, self.what, self.because)
    }
}

const SOURCE_CHECKS: [fn(&Source) -> Vec<Finding>; 6] = [
    lengths::files,
    lengths::functions,
    words::banned,
    words::vague_names,
    boundaries::rust,
    layout::opening,
];

/// Checks every file of the workspace that git would commit, and the licences of what we link.
///
/// # Errors
/// When a rule is broken; the findings are printed before.
pub(crate) fn check(workspace: &Path) -> Result<()> {
    let mut findings = licences::check(workspace)?;
    let mut rust_lengths = Vec::new();
    for path in files(workspace)? {
        // A file may be listed and gone (not yet committed as deleted), or be no text at all (an image).
        let Ok(text) = std::fs::read_to_string(workspace.join(&path)) else { continue };
        findings.extend(text::check(&path, &text));
        if path.ends_with(".toml") {
            findings.extend(boundaries::manifest(&path, &text));
        }
        if path.ends_with(".rs") {
            rust_lengths.push(text.lines().count());
            let source = Source::new(path, &text);
            findings.extend(SOURCE_CHECKS.iter().flat_map(|check| check(&source)));
        }
    }
    if let Some(warning) = lengths::median_warning(&mut rust_lengths) {
        println!("warning: {warning}");
    }
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        count => bail!("tidy found {count} places to put in order; they are listed above"),
    }
}

/// Paths of the files that are tracked, or would be with `git add .`; with `/`, relative to the workspace.
fn files(workspace: &Path) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(workspace);
    let output = git.output().context("starting git")?;
    if !output.status.success() {
        bail!("`git ls-files` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let paths = String::from_utf8(output.stdout).context("a file name that is not UTF-8")?;
    Ok(paths.split_terminator('\0').map(str::to_owned).collect())
}

/// What the checks say about one file, for their tests.
#[cfg(test)]
fn whats(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}: {}", finding.line, finding.what)).collect()
}
