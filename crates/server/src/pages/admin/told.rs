//! What the trail says, in the reader's words: it holds names of fields, things and people as programs know them.

use std::collections::HashMap;

use jiff::civil::Date;
use uuid::Uuid;

use crate::pages::texts::Texts;

/// Between what something was and what it is.
const BECAME: &str = " → ";
/// What ends a word of an entry.
pub(super) const ENDS: [char; 3] = [' ', ',', ':'];
/// What can stand in the trail as done: a test finds what is missing here, or has no words.
pub const ACTIONS: &[&str] = &[
    "audit_exported",
    "audit_read",
    "delay_said",
    "doctor_added",
    "doctor_changed",
    "doctor_left",
    "facility_added",
    "key_made",
    "key_revoked",
    "password_changed",
    "password_reset",
    "patient_added",
    "patient_changed",
    "patient_erased",
    "patient_exported",
    "patient_found",
    "patient_read",
    "queue_read",
    "schedule_added",
    "schedule_removed",
    "setting_changed",
    "sign_in_refused",
    "signed_in",
    "signed_out",
    "signed_out_everywhere",
    "slot_added",
    "slot_changed",
    "token_arrived",
    "token_became_booked",
    "token_became_waitlisted",
    "token_booked",
    "token_called",
    "token_cancelled",
    "token_completed",
    "token_earlier_agreed",
    "token_moved",
    "token_moved_away",
    "token_moved_in",
    "token_no_show",
    "token_passed",
    "token_placed",
    "token_promoted",
    "token_read",
    "token_recalled",
    "token_renumbered",
    "token_started",
    "token_undone",
    "token_waitlisted",
    "user_added",
    "user_changed",
    "waitlist_read",
];

/// An entry's names of fields, things, roles and people, in this language as far as it has words for them. Behind a colon stands
/// what somebody is now.
pub(super) fn told(t: Texts, names: &HashMap<Uuid, String>, text: &str) -> String {
    if text.contains(BECAME) {
        let parts = text.split(", ").map(|part| became(t, part).unwrap_or_else(|| told(t, names, part)));
        return parts.collect::<Vec<_>>().join("; ");
    }
    let (mut told, mut is_now) = (String::new(), false);
    for part in text.split_inclusive(ENDS) {
        let word = part.trim_end_matches(ENDS);
        told += &word_told(t, names, word, is_now);
        told += &part[word.len()..];
        is_now |= part.ends_with(':');
    }
    told
}

/// `bands.walk_in 4 → 5`: a field, what it was, and what it is.
fn became(t: Texts, part: &str) -> Option<String> {
    let (was, is) = part.split_once(BECAME)?;
    let (name, was) = was.split_once(' ')?;
    let (name, source) = name.split_once('.').unwrap_or((name, ""));
    let field = if t.has("field", name) { t.one_of("field", name).to_string() } else { name.to_owned() };
    let of =
        if t.has("source", source) { format!(", {}", t.one_of("source", source)) } else { String::new() };
    let value = |value: &str| match (name, value) {
        (_, "true") => t.say("admin-on").to_string(),
        (_, "false") => t.say("admin-off").to_string(),
        ("policy", policy) if t.has("admin-policy", policy) => t.one_of("admin-policy", policy).to_string(),
        ("role", role) if t.has("role", role) => t.one_of("role", role).to_string(),
        ("status", status) if t.has("admin-doctor-status", status) => {
            t.one_of("admin-doctor-status", status).to_string()
        }
        (_, value) => value.to_owned(),
    };
    Some(format!("{field}{of}: {}{BECAME}{}", value(was), value(is)))
}

fn word_told(t: Texts, names: &HashMap<Uuid, String>, word: &str, is_now: bool) -> String {
    if let Ok(id) = word.parse::<Uuid>() {
        return names.get(&id).cloned().unwrap_or_else(|| "…".to_owned());
    }
    if let Ok(date) = word.parse::<Date>() {
        return t.date_of_year(date);
    }
    let family = match is_now {
        _ if word.is_empty() => None,
        true if t.has("role", word) => Some("role"),
        true if t.has("trail-state", word) => Some("trail-state"),
        false if t.has("thing", word) => Some("thing"),
        false if t.has("field", word) => Some("field"),
        false if t.has("role", word) => Some("role"),
        false if t.has("admin-scope", word) => Some("admin-scope"),
        _ => None,
    };
    family.map_or_else(|| word.to_owned(), |family| t.one_of(family, word).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_the_readers_words() {
        let (hindi, id) = (Texts::named("hi").expect("a language"), Uuid::from_u128(7));
        let names = HashMap::from([(id, "Dr Rao".to_owned())]);
        let doctor = format!("board_read, doctor {id}, doctor {}", Uuid::nil());
        for (text, expected) in [
            ("name, phone", "नाम, फ़ोन"),
            ("role admin", "काम एडमिन"),
            ("active, called: reception, disabled", "साइन इन, नाम: काउंटर, साइन इन नहीं कर सकते"),
            ("grace_minutes, policy", "बुलाने के बाद का समय, पहले कौन जाएगा"),
            (&doctor, "बोर्ड दिखाना: नंबर, नाम नहीं, डॉक्टर Dr Rao, डॉक्टर …"),
            ("doctor 2026-02-02", "डॉक्टर सोम 2 फ़रवरी 2026"),
            ("bands.walk_in 4 → 5, name", "दर्जे, सीधे आए: 4 → 5; नाम"),
            ("check_in true → false", "आने पर बताना: चालू → बंद"),
            ("policy band → fcfs", "पहले कौन जाएगा: पहले स्लॉट, फिर क़िस्म → जो पहले आया, पहले जाएगा"),
            ("", ""),
        ] {
            assert_eq!(told(hindi, &names, text), expected);
        }
        assert_eq!(told(Texts::english(), &names, "name, of nobody"), "Name, of nobody");
    }
}
