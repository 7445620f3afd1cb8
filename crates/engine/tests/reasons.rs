//! What patients and receptionists read: every reason, word for word.

use baari_engine::{
    Band, MoveCause, PassedOver, PolicyKind, Reason, Refusal, SequenceNumber, SlotId, SlotStatus, Source,
    Status, TokenId, Window,
};
use jiff::civil::{date, time};
use jiff::tz::TimeZone;

fn hour(hour: i8) -> Window {
    let at = |hour| time(hour, 0, 0, 0);
    Window::new(date(2026, 2, 2), at(hour), at(hour + 1), &TimeZone::UTC).expect("an hour is a window")
}

fn shown(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn reasons_read_as_last_agreed() {
    let window = hour(9);
    let band = Band::new(4).unwrap();
    let number = |n| SequenceNumber::nth(band, n).unwrap();
    let why = || "as agreed by phone".to_owned();
    let reasons = [
        Reason::SlotPassedOver(window, PassedOver::Full { count: 10, limit: 10 }),
        Reason::SlotPassedOver(window, PassedOver::Over),
        Reason::SlotPassedOver(window, PassedOver::NotOpen(SlotStatus::Closed)),
        Reason::SeatTaken { window, count: 3, limit: 10 },
        Reason::BufferUsed { window, count: 11, limit: 12 },
        Reason::Overridden { window, why: why() },
        Reason::FollowUpElsewhere(band),
        Reason::Numbered { source: Source::WalkIn, band, sequence: number(10) },
        Reason::PresentAtOnce,
        Reason::MustCheckIn,
        Reason::PresentFromStart(window),
        Reason::Ahead { people: 0, emergencies: 0 },
        Reason::Ahead { people: 4, emergencies: 0 },
        Reason::Ahead { people: 4, emergencies: 1 },
        Reason::Waitlisted { before: 2 },
        Reason::Became { from: Status::Booked, to: Status::Arrived },
        Reason::Unchanged(Status::Cancelled),
        Reason::SeatFreed(window),
        Reason::FromWaitlist(window),
        Reason::PlacedByHand { behind: Some(7), why: why() },
        Reason::PlacedByHand { behind: None, why: why() },
        Reason::Rejoined { behind: 2 },
        Reason::RejoinsUsedUp(2),
        Reason::MadeRoom { from: number(1), to: number(2) },
        Reason::SteppedBack,
        Reason::Rejoined { behind: 1 },
        Reason::RejoinsUsedUp(0),
        Reason::RejoinsUsedUp(1),
        Reason::SlotLimits { window, max_count: 10, hard_limit: 12, status: SlotStatus::Open },
    ];
    insta::assert_snapshot!(shown(reasons.iter().map(|reason| format!("{}: {reason}", reason.code()))));
}

#[test]
fn reasons_of_the_real_day_read_as_last_agreed() {
    let why = || "as agreed by phone".to_owned();
    let moved = |cause| Reason::Moved { from: Some(hour(9)), to: hour(11), cause };
    let reasons = [
        Reason::NextInOrder { policy: PolicyKind::Band, absent: 0 },
        Reason::NextInOrder { policy: PolicyKind::Target, absent: 1 },
        Reason::NextInOrder { policy: PolicyKind::Band, absent: 3 },
        Reason::CalledOutOfOrder { passed: 1, why: why() },
        Reason::CalledOutOfOrder { passed: 4, why: why() },
        Reason::CalledAlready,
        Reason::CalledAgain,
        Reason::TakenBack { from: Status::InConsultation, to: Status::Called },
        Reason::GraceOver(10),
        Reason::SlotEnded(hour(9)),
        Reason::NothingDue,
        Reason::RunningLate { minutes: 25, why: None },
        Reason::RunningLate { minutes: 25, why: Some(why()) },
        Reason::OnTimeAgain,
        Reason::DoctorLeaves(why()),
        Reason::DoctorLeaves(String::new()),
        moved(MoveCause::DoctorLeaves),
        moved(MoveCause::SlotCancelled),
        moved(MoveCause::FewerSeats),
        moved(MoveCause::Displaced(Band::new(2).unwrap())),
        moved(MoveCause::CameForward),
        moved(MoveCause::ByHand(why())),
        moved(MoveCause::ByHand(String::new())),
        Reason::Moved { from: None, to: hour(11), cause: MoveCause::SlotCancelled },
        Reason::OtherDoctor { from: 7, to: 12 },
        Reason::KeepsSeniority { before: 9 },
        Reason::NoRoomLeft(MoveCause::DoctorLeaves),
        Reason::NoRoomLeft(MoveCause::SlotCancelled),
        Reason::NoRoomLeft(MoveCause::FewerSeats),
        Reason::EarlierAgreed(true),
        Reason::EarlierAgreed(false),
    ];
    insta::assert_snapshot!(shown(reasons.iter().map(|reason| format!("{}: {reason}", reason.code()))));
}

#[test]
fn refusals_read_as_last_agreed() {
    let id = |n| uuid::Uuid::from_u128(n);
    let (slot, token) = (SlotId::from_uuid(id(1)), TokenId::from_uuid(id(2)));
    let (today, day) = (date(2026, 2, 2), date(2026, 2, 3));
    let refusals = [
        Refusal::NoSeat { date: day, looked_at: Vec::new(), next: Some(slot) },
        Refusal::NoSlots(day),
        Refusal::DateOver { date: today, today: day },
        Refusal::SlotOver(hour(9)),
        Refusal::SlotNotOpen(hour(9), SlotStatus::Closed),
        Refusal::SlotUnknown(slot),
        Refusal::TokenUnknown(token),
        Refusal::EmergencyIsToday { date: day, today },
        Refusal::DoctorAway("on_leave"),
        Refusal::PatientNotActive("inactive"),
        Refusal::AlreadyBooked { token, token_no: 7 },
        Refusal::Impossible { from: Status::Passed, wanted: "called", next: Status::Passed.next().to_vec() },
        Refusal::Impossible { from: Status::Arrived, wanted: "called once more", next: vec![Status::Called] },
        Refusal::Impossible { from: Status::Completed, wanted: "cancelled", next: Vec::new() },
        Refusal::NotWaiting { token_no: 7, status: Status::Completed },
        Refusal::VisitInProgress { token_no: 7 },
        Refusal::AnotherIsCalled { token_no: 7 },
        Refusal::NobodyToCall { absent: 0 },
        Refusal::NobodyToCall { absent: 1 },
        Refusal::NobodyToCall { absent: 4 },
        Refusal::NotHere { token_no: 7 },
        Refusal::ReasonMissing { token_no: 7, passed: 1 },
        Refusal::ReasonMissing { token_no: 7, passed: 4 },
        Refusal::NotYet { date: day },
        Refusal::NothingToUndo,
        Refusal::SeatGivenAway { token_no: 7 },
        Refusal::NothingToLeave,
        Refusal::SameSlot { token_no: 7, window: hour(9) },
        Refusal::BesideItself,
        Refusal::EmergenciesFirst,
        Refusal::Overlaps { new: hour(9), existing: hour(9) },
        Refusal::LimitsCrossed { max_count: 10, hard_limit: 8 },
        Refusal::SeatsOutOfRange { asked: 0, max: 10_000 },
        Refusal::SeatsTaken { booked: 8 },
        Refusal::SlotHoldsPatients { window: hour(9), live: 3 },
        Refusal::Limit { what: "this doctor's day", limit: 20_000, hint: "choose another doctor or date" },
        Refusal::Limit { what: "one move of many tokens", limit: 2_000, hint: "cancel one slot at a time" },
    ];
    insta::assert_snapshot!(shown(refusals.iter().map(ToString::to_string)));
}
