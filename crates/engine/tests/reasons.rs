//! What patients and receptionists read: every reason, word for word.

use baari_engine::{Band, PassedOver, Reason, SequenceNumber, SlotStatus, Source, Status, Window};
use jiff::civil::{date, time};
use jiff::tz::TimeZone;

#[test]
fn reasons_read_as_last_agreed() {
    let window = Window::new(date(2026, 2, 2), time(9, 0, 0, 0), time(10, 0, 0, 0), &TimeZone::UTC).unwrap();
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
        Reason::SlotLimits { window, max_count: 10, hard_limit: 12, status: SlotStatus::Open },
    ];
    let lines: Vec<String> = reasons.iter().map(|reason| format!("{}: {reason}", reason.code())).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
