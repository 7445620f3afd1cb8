//! The doctor is late, takes a break, leaves.

use baari_engine::{Source, Status};
use baari_sim::{Doctor, Patient, SaidDelay, Scenario};

use super::{Played, comes, day, doctor, due};

fn said(at_min: f64, minutes: u16) -> SaidDelay {
    SaidDelay { at_min, minutes, why: Some("traffic".to_owned()) }
}

fn late() -> Scenario {
    let rao = Doctor { starts_min: 27.0, delays: vec![said(-10.0, 25)], ..doctor("Dr Rao", 2, 9) };
    day(vec![rao], vec![due(0, 0.0), due(0, 10.0), comes(Source::WalkIn, 30.0)])
}

#[test]
fn a_doctor_who_says_to_be_late_begins_when_here_and_nobody_is_lost() {
    let played = Played::new(late());
    assert_eq!(played.starts(), [Some(27.0), Some(37.0), Some(47.0)]);
    assert_eq!(played.story(), ["08:50 Dr Rao says: 25 minutes, traffic."]);
}

fn a_break() -> Scenario {
    let rao = Doctor { delays: vec![said(5.0, 20)], ..doctor("Dr Rao", 2, 9) };
    day(
        vec![rao],
        vec![comes(Source::WalkIn, 0.0), comes(Source::WalkIn, 1.0), comes(Source::Emergency, 20.0)],
    )
}

#[test]
fn a_break_begins_after_the_visit_and_nobody_is_called_until_it_is_over() {
    let played = Played::new(a_break());
    assert_eq!(played.starts(), [Some(0.0), Some(35.0), Some(25.0)]);
}

#[test]
fn whoever_is_late_for_a_slot_is_waited_for_while_the_doctor_is_late() {
    // The slot ends at minute 60, the doctor comes at 70: whoever comes at 65 has missed nothing.
    let rao = Doctor { starts_min: 70.0, delays: vec![said(0.0, 70)], ..doctor("Dr Rao", 2, 9) };
    let patients = vec![Patient { arrive_min: 65.0, ..due(0, 30.0) }];
    let played = Played::new(day(vec![rao], patients));
    assert_eq!(played.starts(), [Some(70.0)]);
}

/// Dr Rao leaves during the second visit; Dr Iyer has the same speciality, Dr Khan another one.
fn leaves(seats: u32) -> Scenario {
    let of = |speciality: &str, doctor: Doctor| Doctor { speciality: speciality.to_owned(), ..doctor };
    let rao = Doctor { leaves_min: Some(12.0), ..doctor("Dr Rao", 3, 9) };
    let doctors = vec![
        of("medicine", rao),
        of("surgery", doctor("Dr Khan", 3, 9)),
        of("medicine", doctor("Dr Iyer", 3, seats)),
    ];
    let patients = vec![
        comes(Source::WalkIn, 0.0),
        comes(Source::WalkIn, 1.0),
        comes(Source::WalkIn, 2.0),
        due(1, 70.0),
        Patient { shows: false, ..due(2, 130.0) },
        // Comes when the doctor has left.
        comes(Source::WalkIn, 30.0),
    ];
    day(doctors, patients)
}

#[test]
fn when_a_doctor_leaves_others_of_the_speciality_take_over() {
    let played = Played::new(leaves(9));
    // The second visit is finished; the third patient goes over at once.
    assert_eq!(played.doctors(), [0, 0, 2, 2, 2, 2]);
    assert_eq!(played.starts()[..3], [Some(0.0), Some(10.0), Some(12.0)]);
    // The fourth gets the first appointment of Dr Iyer's that is not before the old one (one in nine of the hour: at minute
    // 73⅓), and comes as early for it.
    assert!(played.starts()[3].is_some_and(|start| (start - 68.333).abs() < 0.001), "{:?}", played.starts());
    assert_eq!(played.starts()[4..], [None, Some(30.0)]);
    assert_eq!(
        played.endings(),
        ["completed", "completed", "completed", "completed", "no_show", "completed"]
    );
    let turns = played.summary().turns;
    assert_eq!((turns.to_other_doctor, turns.stranded), (3, 0));
    assert_eq!(played.story()[0], "09:12 Dr Rao leaves; 3 to Dr Iyer.");
    let whys = played.outcome.whys();
    assert!(whys[2].iter().any(|why| why.starts_with("Its number there is")), "{:?}", whys[2]);
    let told = whys[2].iter().filter(|why| why.contains("the doctor leaves")).count();
    assert_eq!(told, 1, "moving over is told once");
}

#[test]
fn without_room_elsewhere_they_wait_for_the_desk_to_call() {
    let played = Played::new(leaves(1));
    // The follow-ups go first by their band: each takes the one seat of an hour, and the walk-in what is left.
    let stranded = played.endings().iter().filter(|ending| **ending == Status::Waitlisted.name()).count();
    let turns = played.summary().turns;
    assert_eq!(turns.stranded, stranded);
    assert_eq!(turns.to_other_doctor + turns.stranded, 3);
    assert!(played.outcome.doctors[2].day.slots().iter().all(|slot| slot.current_count <= 1));
}

/// The visits run over: the slot of the second patient is over when the doctor leaves.
fn leaves_late() -> Scenario {
    let rao = Doctor { leaves_min: Some(90.0), ..doctor("Dr Rao", 2, 9) };
    let long = Patient { visit_min: 85.0, ..comes(Source::WalkIn, 0.0) };
    day(
        vec![rao, doctor("Dr Iyer", 2, 9)],
        vec![long, comes(Source::WalkIn, 1.0), comes(Source::WalkIn, 2.0)],
    )
}

#[test]
fn whoever_waits_after_their_slot_is_not_forgotten_when_the_doctor_leaves() {
    let played = Played::new(leaves_late());
    assert_eq!(played.starts(), [Some(0.0), Some(85.0), Some(90.0)]);
    assert_eq!(played.doctors(), [0, 0, 1]);
}

pub(super) fn days() -> Vec<(&'static str, Scenario)> {
    vec![
        ("late", late()),
        ("a break", a_break()),
        ("leaves", leaves(9)),
        ("leaves without room", leaves(1)),
        ("leaves late", leaves_late()),
    ]
}
