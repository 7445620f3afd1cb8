//! A token's story as its patient reads it: what happened and why, in plain words, without who did it. What somebody typed as
//! their reason may name others, so it stays at the desk; numbers that only the engine needs stay there too.

use baari_engine::{EventKind, TokenId};
use baari_store::FeedEvent;
use jiff::tz::TimeZone;

use crate::access::Here;
use crate::failure::Answer;
use crate::pages::texts::Texts;
use crate::report::move_cause::engines_own;
use crate::wire::{ReasonBody, in_order};

/// Something that happened.
pub(super) struct Chapter {
    /// The date, where it is not the day of the visit.
    pub(super) date: Option<String>,
    pub(super) at: String,
    pub(super) title: String,
    pub(super) reasons: Vec<String>,
}

/// Everything that happened to a token, oldest first.
pub(super) async fn story(here: &Here, t: Texts, token: TokenId, zone: &TimeZone) -> Answer<Vec<Chapter>> {
    let events = here.desk.store().token_events(here.facility, token).await?;
    let mut story = Vec::with_capacity(events.len());
    // Another number at the same place, and its leaving one doctor as it comes to the next, are no news to the patient.
    let tells = |event: &FeedEvent| !matches!(event.event.kind, EventKind::Renumbered | EventKind::MovedAway);
    for event in in_order(events).into_iter().filter(tells) {
        let doctor = here.desk.doctor(here.facility, event.day.doctor).await?;
        let on = zone.to_datetime(event.event.at).date();
        let title = t.one_of("own-story", event.event.kind.name()).with("doctor", doctor.name.clone());
        story.push(Chapter {
            date: (on != event.day.date).then(|| t.date(on)),
            at: t.said(zone.to_datetime(event.event.at).time()),
            title: title.to_string(),
            reasons: reasons(t, event.event.reasons),
        });
    }
    Ok(story)
}

/// Whether it was ever given another slot, doctor or date than was asked for.
pub(super) async fn was_moved(here: &Here, token: TokenId) -> Answer<bool> {
    let events = here.desk.store().token_events(here.facility, token).await?;
    Ok(events.iter().any(|event| matches!(event.event.kind, EventKind::Moved | EventKind::MovedIn)))
}

fn reasons(t: Texts, reasons: Vec<(String, String)>) -> Vec<String> {
    let bodies = reasons.into_iter().map(|(code, text)| ReasonBody { code, text });
    bodies.filter_map(discreet).map(|reason| t.reason(&reason)).collect()
}

/// The reasons of which a patient reads the whole sentence: nobody can type anything into them, and they are no numbers that
/// only the engine needs. A reason that is not here, nor below, is not shown.
const PLAIN: [&str; 23] = [
    "slot_full",
    "slot_over",
    "slot_not_open",
    "seat_taken",
    "buffer_used",
    "follow_up_elsewhere",
    "present_at_once",
    "must_check_in",
    "present_from_start",
    "ahead",
    "waitlisted",
    "seat_freed",
    "from_waitlist",
    "rejoined",
    "rejoins_used_up",
    "next_in_order",
    "called_again",
    "taken_back",
    "grace_over",
    "slot_ended",
    "on_time_again",
    "other_doctor",
    "keeps_seniority",
];

/// A reason without what somebody typed; none if nothing is left that a patient needs.
fn discreet(reason: ReasonBody) -> Option<ReasonBody> {
    let ReasonBody { code, text } = reason;
    let kept =
        |end: &str| text.split_once(": ").map_or_else(|| text.clone(), |(said, _)| format!("{said}{end}"));
    let text = match code.as_str() {
        plain if PLAIN.contains(&plain) => text,
        "running_late" | "doctor_leaves" => kept("."),
        "moved" | "no_room_left" if engines_own(&text).is_some() => text,
        "moved" | "no_room_left" => kept(": by hand."),
        // Where something was typed into others, all of the sentence but that is in the title.
        _ => return None,
    };
    Some(ReasonBody { code, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_not_shown() {
        for (code, text, told) in [
            ("seat_taken", "Seat 3 of 10 in 09:00–10:00.", Some("Seat 3 of 10 in 09:00–10:00.")),
            ("numbered", "Walk-in goes in band 4: number 4.1.", None),
            ("placed_by_hand", "Put behind token 3 by hand: Mrs Joshi's son asked", None),
            ("overridden", "A supervisor gave a seat in 09:00–10:00: Asha knows", None),
            (
                "running_late",
                "The doctor is 20 min late: with Mr Rao in the ward",
                Some("The doctor is 20 min late."),
            ),
            ("running_late", "The doctor is 20 min late.", Some("The doctor is 20 min late.")),
            ("doctor_leaves", "The doctor leaves: fever", Some("The doctor leaves.")),
            (
                "moved",
                "Moved from 09:00–10:00 to 10:00–11:00: for Asha",
                Some("Moved from 09:00–10:00 to 10:00–11:00: by hand."),
            ),
            (
                "moved",
                "Moved to 10:00–11:00: the doctor leaves.",
                Some("Moved to 10:00–11:00: the doctor leaves."),
            ),
            (
                "moved",
                "Moved to 10:00–11:00: Mr Rao's son calls since the doctor leaves.",
                Some("Moved to 10:00–11:00: by hand."),
            ),
            (
                "moved",
                "Moved to 10:00–11:00: Mrs Joshi in room 4: the doctor leaves.",
                Some("Moved to 10:00–11:00: by hand."),
            ),
            (
                "moved",
                "Moved to 10:00–11:00: Asha says somebody more urgent (band 1) needed the seat.",
                Some("Moved to 10:00–11:00: by hand."),
            ),
            (
                "moved",
                "Moved to 10:00–11:00: somebody more urgent (band 1) needed the seat.",
                Some("Moved to 10:00–11:00: somebody more urgent (band 1) needed the seat."),
            ),
            (
                "no_room_left",
                "No other seat was left, so it waits for one, and the desk will call. Why: the doctor leaves.",
                Some(
                    "No other seat was left, so it waits for one, and the desk will call. Why: the doctor leaves.",
                ),
            ),
            ("called_out_of_order", "Called out of order, ahead of 2 people: Mrs Joshi", None),
            ("of_tomorrow", "Says what Asha typed.", None),
            (
                "no_room_left",
                "No other seat was left, so it waits for one, and the desk will call. Why: Asha says so",
                Some("No other seat was left, so it waits for one, and the desk will call. Why: by hand."),
            ),
        ] {
            let reason = ReasonBody { code: code.to_owned(), text: text.to_owned() };
            assert_eq!(discreet(reason).map(|reason| reason.text).as_deref(), told, "{text}");
        }
    }
}
