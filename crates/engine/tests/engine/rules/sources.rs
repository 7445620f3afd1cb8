//! §3.1: where a token comes from, its band, and whether the patient counts as here.

use baari_engine::{Band, Book, Command, DoctorId, PatientFacts, PatientStatus, Source, Status};
use uuid::Uuid;

use super::{codes, refusal};
use crate::support::{Opd, instant, slot_id};

#[test]
fn each_source_stands_in_its_band() {
    for (source, number) in [
        (Source::Emergency, "1.0"),
        (Source::PaidPriority, "2.0"),
        (Source::FollowUp, "3.0"),
        (Source::WalkIn, "4.0"),
        (Source::Online, "4.0"),
    ] {
        let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
        let token = opd.book(source);
        assert_eq!(opd.number(1), number, "{source}");
        assert_eq!((token.source, token.class), (source, source));
    }
}

#[test]
fn a_facility_can_change_the_bands() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
    opd.settings.bands[Source::Online] = Band::new(9).unwrap();
    opd.book(Source::Online);
    assert_eq!(opd.number(1), "9.0");
}

#[test]
fn a_follow_up_elsewhere_gets_the_walk_in_band_and_is_told_so() {
    for previous_doctor in [None, Some(DoctorId::from_uuid(Uuid::from_u128(77)))] {
        let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
        let asking = opd.asking(Source::FollowUp);
        let patient = PatientFacts { previous_doctor, ..asking.patient };
        let decision = opd.run(&Command::Book(Book { patient, ..asking })).unwrap();
        assert!(codes(&decision).contains(&"follow_up_elsewhere"));
        assert_eq!(opd.number(1), "4.0");
        assert_eq!((opd.token(1).source, opd.token(1).class), (Source::FollowUp, Source::WalkIn));
    }
}

#[test]
fn who_counts_as_here_when_booked() {
    let (current, later) = (0, 1);
    for (source, slot, checked_in, here) in [
        (Source::Emergency, current, None, true),
        (Source::Emergency, later, Some(false), false),
        (Source::WalkIn, current, None, true),
        (Source::WalkIn, later, None, true),
        (Source::WalkIn, current, Some(false), false),
        (Source::PaidPriority, current, None, true),
        (Source::PaidPriority, later, None, false),
        (Source::PaidPriority, later, Some(true), true),
        (Source::FollowUp, current, None, true),
        (Source::FollowUp, current, Some(false), false),
        (Source::FollowUp, later, None, false),
        (Source::Online, current, None, false),
        (Source::Online, later, None, false),
        (Source::Online, current, Some(true), true),
    ] {
        let mut opd = Opd::new(&[("09:00-10:00", 5, 5), ("10:00-11:00", 5, 5)]);
        opd.at("09:10");
        let asking = opd.asking(source);
        let token = opd.ask(Book { slot: Some(slot_id(slot)), checked_in, ..asking }).unwrap();
        let expected = if here { Status::Arrived } else { Status::Booked };
        assert_eq!(token.status, expected, "{source} in slot {slot}, checked_in {checked_in:?}");
        assert_eq!(token.arrived_at.is_some(), here);
        assert_eq!(opd.present().len(), usize::from(here));
    }
}

#[test]
fn nobody_is_here_on_another_date() {
    for source in [Source::WalkIn, Source::PaidPriority, Source::FollowUp, Source::Online] {
        let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
        opd.days_later(-1);
        let asking = opd.asking(source);
        let token = opd.ask(Book { checked_in: Some(true), ..asking }).unwrap();
        assert_eq!(token.status, Status::Booked, "{source}");
    }
}

#[test]
fn an_online_booking_must_check_in_to_be_called() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
    opd.book(Source::Online);
    opd.at("09:30");
    assert_eq!(opd.queue(), [1], "the absent stay in the list");
    assert_eq!(opd.present(), [0_u32; 0]);
    assert_eq!(refusal(opd.try_set(1, Status::Called)), "Impossible");
    opd.set(1, &[Status::Arrived]);
    assert_eq!(opd.present(), [1]);
    opd.set(1, &[Status::Called]);
}

#[test]
fn without_check_in_a_token_counts_as_here_from_its_slots_start() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
    opd.settings.check_in = false;
    opd.book(Source::Online);
    opd.at("08:59");
    assert_eq!(opd.present(), [0_u32; 0]);
    assert_eq!(refusal(opd.try_set(1, Status::Called)), "Impossible");
    opd.at("09:00");
    assert_eq!(opd.present(), [1]);
    opd.set(1, &[Status::Called, Status::InConsultation, Status::Completed]);
}

#[test]
fn an_emergency_is_for_today_only() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
    let asking = opd.asking(Source::Emergency);
    assert_eq!(refusal(opd.days_later(-1).decide(&Command::Book(asking))), "EmergencyIsToday");
}

#[test]
fn the_agreed_appointment_is_kept_and_others_get_one_inside_the_slot() {
    let mut opd = Opd::new(&[("09:00-10:00", 4, 4)]);
    let asking = opd.asking(Source::Online);
    let agreed = Some(instant(crate::support::DATE, "09:15"));
    let token = opd.ask(Book { appointment_at: agreed, ..asking }).unwrap();
    assert_eq!(token.appointment_at, agreed);
    let spread: Vec<_> = (0..3).map(|_| opd.book(Source::Online).appointment_at.unwrap()).collect();
    let expected = ["09:00", "09:30", "09:45"].map(|time| instant(crate::support::DATE, time));
    assert_eq!(spread, expected);
}

#[test]
fn only_active_doctors_and_patients_get_tokens() {
    use baari_engine::DoctorStatus;
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
    for away in [DoctorStatus::OnLeave, DoctorStatus::Inactive] {
        opd.doctor = away;
        let asking = opd.asking(Source::WalkIn);
        assert_eq!(refusal(opd.ask(asking)), "DoctorAway");
    }
    opd.doctor = DoctorStatus::Active;
    let asking = opd.asking(Source::WalkIn);
    let patient = PatientFacts { status: PatientStatus::Inactive, ..asking.patient };
    assert_eq!(refusal(opd.ask(Book { patient, ..asking })), "PatientNotActive");
}
