//! The texts of the pages: what a page says exists in every language, what a language has is said by some page, and nobody
//! wrote a word where it can't be translated.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod language;
mod places;

use std::collections::BTreeSet;

use baari_engine::{EventKind, SlotStatus, Source, Status};
use baari_store::{Role, Sex};
use serde_json::Value;

use language::{Language, languages};
use places::{Place, Said, places, said, written_down};

/// Fails with all findings at once.
#[track_caller]
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

fn english() -> Language {
    languages().into_iter().find(|language| language.code == "en").unwrap()
}

#[test]
fn what_a_page_says_is_in_every_language() {
    let mut findings = Vec::new();
    for Said { place, line, name, is_family } in places().iter().flat_map(said) {
        for Language { code, texts } in &languages() {
            let begin = format!("{name}-");
            let known = if is_family {
                texts.keys().any(|text| text.starts_with(&begin))
            } else {
                texts.contains_key(&name)
            };
            if !known {
                findings
                    .push(format!("{place}:{line} says `{name}`, which locales/{code}.ftl does not have"));
            }
        }
    }
    none(&findings);
}

#[test]
fn what_a_language_has_is_said_somewhere() {
    let places = places();
    let families: BTreeSet<String> = places.iter().flat_map(Place::families).collect();
    let words: BTreeSet<&str> = places.iter().flat_map(Place::literals).collect();
    let mut findings = Vec::new();
    for Language { code, texts } in languages() {
        for name in texts.keys() {
            let of_family = families.iter().any(|family| name.starts_with(family.as_str()));
            if !of_family && !words.contains(name.as_str()) {
                findings.push(format!("locales/{code}.ftl has `{name}`, which no page says: take it out"));
            }
        }
    }
    none(&findings);
}

#[test]
fn every_language_has_the_same_texts_with_the_same_values() {
    let english = english().texts;
    let mut findings = Vec::new();
    for Language { code, texts } in languages() {
        for (name, text) in &english {
            match texts.get(name) {
                None => findings.push(format!("locales/{code}.ftl lacks `{name}`: {}", text.words)),
                Some(other) if other.values != text.values => {
                    findings
                        .push(format!("`{name}` has {:?} in en, {:?} in {code}", text.values, other.values));
                }
                Some(_) => {}
            }
        }
        let only_here = texts.keys().filter(|name| !english.contains_key(*name));
        findings.extend(
            only_here.map(|name| format!("locales/{code}.ftl has `{name}`, locales/en.ftl does not")),
        );
    }
    none(&findings);
}

#[test]
fn every_family_is_whole() {
    let numbers = |last: u8| (1..=last).map(|number| number.to_string()).collect::<Vec<_>>();
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let problems = baari_server::PROBLEMS.iter().map(|kind| kind.code);
    let families = [
        ("role", names(&Role::ALL.map(Role::name))),
        ("source", names(&Source::ALL.map(Source::name))),
        ("letter", names(&Source::ALL.map(Source::name))),
        ("status", names(&Status::ALL.map(Status::name))),
        ("slot", names(&SlotStatus::ALL.map(SlotStatus::name))),
        ("sex", Sex::ALL.iter().map(|sex| sex.name().to_owned()).collect()),
        ("problem", names(&problems.collect::<Vec<_>>())),
        ("action", names(baari_server::ACTIONS)),
        ("own-story", told_to_the_patient()),
        ("field", names_of_fields()),
        ("weekday", numbers(7)),
        ("month", numbers(12)),
    ];
    let texts = english().texts;
    let mut findings = Vec::new();
    for (family, members) in families {
        let begin = format!("{family}-");
        let missing = members.iter().filter(|member| !texts.contains_key(&format!("{begin}{member}")));
        findings.extend(missing.map(|member| format!("the family `{family}` lacks `{begin}{member}`")));
    }
    none(&findings);
}

/// What somebody can be told to be wrong, or is told to have been changed: all that the API takes.
fn names_of_fields() -> Vec<String> {
    let document = serde_json::to_value(baari_server::openapi()).unwrap();
    let mut fields = BTreeSet::new();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap());
    for (_, operation) in operations {
        add_fields(&document, &operation["requestBody"], &mut fields);
    }
    assert!(fields.contains("time_zone") && fields.contains("slot_minutes"), "{fields:?}");
    fields.into_iter().collect()
}

/// The properties that a schema has, and those of what it names.
fn add_fields(document: &Value, schema: &Value, fields: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(name) = schema["$ref"].as_str() {
                let place = name.trim_start_matches('#');
                add_fields(document, document.pointer(place).unwrap(), fields);
            }
            fields
                .extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
            members.values().for_each(|member| add_fields(document, member, fields));
        }
        Value::Array(all) => all.iter().for_each(|one| add_fields(document, one, fields)),
        _ => {}
    }
}

/// What happens to a token, and is told to its patient.
fn told_to_the_patient() -> Vec<String> {
    let of_a_token = EventKind::all().filter(|kind| kind.name().starts_with("token_"));
    let tells = of_a_token.filter(|kind| !matches!(kind, EventKind::Renumbered | EventKind::MovedAway));
    tells.map(|kind| kind.name().to_owned()).collect()
}

/// All that the trail can say was done: what the engine's events are called, and what the code writes down itself.
#[test]
fn everything_that_can_stand_in_the_trail_has_words() {
    let (written, doubts) = written_down();
    assert!(written.contains("waitlist_read") && written.contains("signed_in"), "{written:?}");
    let events = EventKind::all().map(|kind| kind.name().to_owned());
    let all: BTreeSet<String> = written.into_iter().chain(events).collect();
    let listed: BTreeSet<String> = baari_server::ACTIONS.iter().map(ToString::to_string).collect();
    let mut findings = doubts;
    findings
        .extend(all.difference(&listed).map(|name| format!("pages/admin/audit.rs: ACTIONS lacks `{name}`")));
    findings.extend(listed.difference(&all).map(|name| format!("nobody writes `{name}` down: take it out")));
    none(&findings);
}

#[test]
fn no_text_is_there_twice_and_every_line_is_understood() {
    none(&languages().iter().flat_map(|language| language.doubts()).collect::<Vec<_>>());
}

/// In Hindi the form for one is also that for none: a text that says "1" by itself says it of 0 too.
#[test]
fn in_hindi_every_form_says_its_number() {
    let languages = languages();
    none(&languages.iter().find(|language| language.code == "hi").unwrap().forms_without_number());
}

/// Names, and what is written so in Hindi too.
const LATIN: &[&str] = &[
    "Baari", "QR", "SMS", "CSV", "PIN", "API", "UHID", "ABHA", "OPD", "TV", "URL", "ID", "MRN", "PDF",
    "JSON", "Enter", "Esc", "Tab", "Ctrl", "Space", "mm", "WhatsApp", "baari", "OpenID", "Connect",
    "English",
];

/// Texts that nobody reads: the codes of languages.
const NO_WORDS: &[&str] = &["board-voices"];

#[test]
fn hindi_is_in_hindi() {
    let languages = languages();
    let hindi = languages.iter().find(|language| language.code == "hi").unwrap();
    let mut findings = Vec::new();
    let says_words = |name: &str| !name.starts_with("format-") && !NO_WORDS.contains(&name);
    for (name, text) in hindi.texts.iter().filter(|(name, _)| says_words(name)) {
        let latin = text.words.split(|letter: char| !letter.is_ascii_alphabetic());
        let latin = latin.filter(|word| word.len() > 1 && !LATIN.contains(word));
        findings.extend(latin.map(|word| format!("locales/hi.ftl: `{name}` says `{word}`: {}", text.words)));
    }
    none(&findings);
}

#[test]
fn no_template_has_words_of_its_own() {
    let templates = places().into_iter().filter(Place::is_template);
    none(&templates.flat_map(|template| template.own_words()).collect::<Vec<_>>());
}
