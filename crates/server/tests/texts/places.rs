//! Where pages say something: templates, and the code beside them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A file.
pub(crate) struct Place {
    pub(crate) path: String,
    text: String,
}

/// A text that a place says; or a family, of which it says one.
pub(crate) struct Said {
    pub(crate) place: String,
    pub(crate) line: usize,
    pub(crate) name: String,
    pub(crate) is_family: bool,
}

/// Calls whose first argument is the name of a text, or of a family of texts.
const CALLS: [(&str, bool); 3] = [("say(", false), ("one_of(", true), ("has(", true)];

/// What may stand in a template as it is: what is the same in all languages.
const NAMES: [&str; 3] = ["Baari", "Esc", "Δ"];
/// Attributes that people read, or have read to them.
const READ: [&str; 4] = ["aria-label=\"", "title=\"", "placeholder=\"", "alt=\""];

pub(crate) fn places() -> Vec<Place> {
    let mut all = Vec::new();
    for folder in ["src", "templates"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
    }
    assert!(all.iter().any(Place::is_template));
    all
}

fn collect(folder: &Path, all: &mut Vec<Place>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, all);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            // What is tested there may be said on purpose to be missing.
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            all.push(Place { path: path.strip_prefix(root).unwrap().display().to_string(), text });
        }
    }
}

/// Calls that write into the trail what was done.
const WRITES: [&str; 4] = ["entry(", ".along(", ".saw(", ".saw_once("];

/// What the code writes into the trail, and the calls of which one can't see what they write.
pub(crate) fn written_down() -> (BTreeSet<String>, Vec<String>) {
    let (mut written, mut doubts) = (BTreeSet::new(), Vec::new());
    let mut places = places();
    // The commands of the program write into it too.
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../baari/src"), &mut places);
    for place in places.iter().filter(|place| !place.is_template()) {
        for call in WRITES {
            for (at, _) in place.text.match_indices(call) {
                let (before, behind) = (&place.text[..at], &place.text[at + call.len()..]);
                // How the calls are made, and what is called alike.
                if before.ends_with("fn ") || !is_ours(call, before) {
                    continue;
                }
                // Who did it may stand first.
                let name = quoted(behind).or_else(|| quoted(behind.strip_prefix("user, ")?));
                match name {
                    Some(name) => drop(written.insert(name.to_owned())),
                    // What `saw`, or the console's `user_change`, was given.
                    None if behind.starts_with("how,") && place.path.ends_with("access/audit.rs") => {}
                    None if behind.starts_with("action,") && place.path.ends_with("console.rs") => {}
                    None => doubts.push(format!(
                        "{}:{} writes down what can't be seen: say its name in the call",
                        place.path,
                        before.matches('\n').count() + 1
                    )),
                }
            }
        }
    }
    (written, doubts)
}

/// `entry` is also what maps have, and `along` what a change has: the trail's are called of one who is here, or who signs in.
fn is_ours(call: &str, before: &str) -> bool {
    match call {
        "entry(" => before.ends_with("here.") || before.ends_with("self."),
        ".along(" => before.ends_with("self"),
        _ => true,
    }
}

/// The quoted text that this begins with, after spaces.
fn quoted(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

pub(crate) fn said(place: &Place) -> Vec<Said> {
    let mut all = Vec::new();
    for (call, is_family) in CALLS {
        for (at, _) in place.text.match_indices(call) {
            let (before, behind) = (&place.text[..at], &place.text[at + call.len()..]);
            if before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
                continue;
            }
            if let Some(name) = quoted(behind) {
                let line = before.matches('\n').count() + 1;
                all.push(Said { place: place.path.clone(), line, name: name.to_owned(), is_family });
            }
        }
    }
    all
}

impl Place {
    pub(crate) fn is_template(&self) -> bool {
        self.path.ends_with(".html")
    }

    /// What the names begin with of which one is said.
    pub(crate) fn families(&self) -> Vec<String> {
        let families =
            said(self).into_iter().filter(|said| said.is_family).map(|said| format!("{}-", said.name));
        let begins =
            self.literals().into_iter().filter(|literal| literal.len() > 1 && literal.ends_with('-'));
        families.chain(begins.map(str::to_owned)).collect()
    }

    /// Everything between quotes, as far as one line goes.
    pub(crate) fn literals(&self) -> Vec<&str> {
        let is_name = |text: &&str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        };
        self.text.lines().flat_map(|line| line.split('"')).filter(is_name).collect()
    }

    /// Letters that a template has outside of its expressions, where people read them.
    pub(crate) fn own_words(&self) -> Vec<String> {
        // A class is no word.
        let plain = without(&self.text, "{% block kind %}", "{% endblock %}");
        let plain = without(&without(&without(&plain, "{#", "#}"), "{%", "%}"), "{{", "}}");
        let plain = without(&plain, "<!--", "-->");
        let mut findings = Vec::new();
        for attribute in READ {
            let values = plain.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
            findings.extend(
                values.flat_map(words).map(|word| format!("{} has `{word}` in {attribute}…\"", self.path)),
            );
        }
        let text = without(&plain.replace("<kbd>", "<kbd "), "<", ">");
        findings.extend(words(&text).map(|word| format!("{} has `{word}`: put it into locales/", self.path)));
        findings
    }
}

/// Words of a language; neither names, nor what stands for a character, nor a name in a query, nor a key's beginning.
fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text
        .split_whitespace()
        .filter(|part| !(part.starts_with('&') && part.ends_with([';', '=']) || part.starts_with("baari_")));
    let words = parts.flat_map(|part| part.split(|letter: char| !letter.is_alphabetic()));
    let words = words.filter(|word| !word.is_empty() && !NAMES.contains(word));
    words.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// The text without what is between these two, a space in its place.
fn without(text: &str, open: &str, close: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once(open) {
        kept.push_str(before);
        kept.push(' ');
        rest = behind.split_once(close).map_or("", |(_, behind)| behind);
    }
    kept + rest
}
