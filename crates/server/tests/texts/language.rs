//! The files in `locales/`, read line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use fluent_templates::fluent_bundle::FluentResource;

const LOCALES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/locales");

/// One language's texts, by name.
pub(crate) struct Language {
    pub(crate) code: String,
    pub(crate) texts: BTreeMap<String, Text>,
}

#[derive(Default)]
pub(crate) struct Text {
    /// Without what is filled in, and without the names of plural forms.
    pub(crate) words: String,
    /// The names of what is filled in.
    pub(crate) values: BTreeSet<String>,
}

pub(crate) fn languages() -> Vec<Language> {
    let mut all: Vec<Language> = fs::read_dir(LOCALES)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| Some(Language::read(name.strip_suffix(".ftl")?)))
        .collect();
    all.sort_by(|one, two| one.code.cmp(&two.code));
    assert!(all.len() > 1, "there are several languages in {LOCALES}");
    all
}

impl Language {
    fn read(code: &str) -> Self {
        let texts =
            messages(&file(code)).into_iter().map(|(_, name, text)| (name, Text::of(&text))).collect();
        Self { code: code.to_owned(), texts }
    }

    /// Forms that do not say the number that has chosen them.
    pub(crate) fn forms_without_number(&self) -> Vec<String> {
        let (mut chosen_by, mut findings) = ("", Vec::new());
        let file = file(&self.code);
        for (at, line) in file.lines().enumerate() {
            let form =
                line.trim().trim_start_matches('*').strip_prefix('[').and_then(|form| form.split_once(']'));
            if let Some((name, words)) = form {
                let is_number = name.chars().all(|digit| digit.is_ascii_digit());
                if !is_number && !words.contains(&format!("{{ ${chosen_by} }}")) {
                    findings.push(format!(
                        "locales/{}.ftl:{} says no {chosen_by}: {line}",
                        self.code,
                        at + 1
                    ));
                }
            }
            if let Some((before, "")) = line.split_once(" ->") {
                chosen_by = before.rsplit('$').next().unwrap_or_default();
            }
        }
        findings
    }

    /// Names that stand there twice, and lines that belong to no text.
    pub(crate) fn doubts(&self) -> Vec<String> {
        let file = file(&self.code);
        let mut seen = BTreeSet::new();
        let twice = messages(&file).into_iter().filter(|(_, name, _)| !seen.insert(name.clone()));
        let mut doubts: Vec<String> = twice
            .map(|(line, name, _)| format!("locales/{}.ftl:{line} has `{name}` again", self.code))
            .collect();
        for (at, line) in file.lines().enumerate() {
            let known =
                line.trim().is_empty() || line.starts_with(['#', ' ', '\t', '}']) || begins(line).is_some();
            if !known {
                doubts.push(format!("locales/{}.ftl:{} is no text: {line}", self.code, at + 1));
            }
        }
        // The program itself does not start a page with a file that Fluent does not understand.
        if let Err((_, errors)) = FluentResource::try_new(file.clone()) {
            let place = |at: usize| file.get(..at).map_or(0, |before| before.matches('\n').count() + 1);
            doubts.extend(
                errors.iter().map(|error| {
                    format!("locales/{}.ftl:{} {}", self.code, place(error.pos.start), error.kind)
                }),
            );
        }
        doubts
    }
}

impl Text {
    fn of(text: &str) -> Self {
        let (mut words, mut values, mut rest) = (String::new(), BTreeSet::new(), text);
        while let Some(at) = rest.find(['$', '[', '"']) {
            words.push_str(&rest[..at]);
            let behind = &rest[at + 1..];
            let end = |found: Option<usize>| found.map_or(behind.len(), |found| found + 1);
            rest = match &rest[at..=at] {
                "$" => {
                    let name: String = behind
                        .chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c))
                        .collect();
                    let rest = &behind[name.len()..];
                    values.insert(name);
                    rest
                }
                // The name of a plural form.
                "[" => &behind[end(behind.find(']'))..],
                // A mark that is read only as what it is inside of braces.
                _ => behind,
            };
        }
        words.push_str(rest);
        Self { words: words.replace(['\n', '{', '}'], " "), values }
    }
}

fn file(code: &str) -> String {
    fs::read_to_string(format!("{LOCALES}/{code}.ftl")).unwrap()
}

/// The name that a line begins with, and what follows.
fn begins(line: &str) -> Option<(&str, &str)> {
    let (name, text) = line.split_once('=')?;
    let name = name.trim_end();
    let is_name = name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    is_name.then_some((name, text))
}

/// Line, name and text of each.
fn messages(file: &str) -> Vec<(usize, String, String)> {
    let mut all: Vec<(usize, String, String)> = Vec::new();
    for (at, line) in file.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        if let Some((name, text)) = begins(line) {
            all.push((at + 1, name.to_owned(), text.trim().to_owned()));
        } else if let Some((_, _, text)) = all.last_mut() {
            text.push('\n');
            text.push_str(line.trim());
        }
    }
    all
}
