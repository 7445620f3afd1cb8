//! What holds of the predictions of any day, however absurd.

use baari_engine::{
    Band, Day, DayHead, DoctorFacts, DoctorStatus, Estimator, FacilityId, History, PolicyKind,
    SequenceNumber, Settings, Slot, Source, Status, Token, is_present, queue,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use crate::support::{DATE, doctor, instant, patient_id, slot_id, token_id, window};

/// A day at a time, and what the doctor is like.
#[derive(Debug, Clone)]
struct Scene {
    day: Day,
    settings: Settings,
    facts: DoctorFacts,
    now: Timestamp,
}

const HOURS: [&str; 4] = ["09:00-10:00", "10:00-11:00", "11:20-12:00", "17:00-19:00"];

fn slot(n: u128, hours: &str) -> Slot {
    Slot::new(slot_id(n), window(hours), 100, 100)
}

/// At a minute after eight, or long ago, or far away.
fn time() -> impl Strategy<Value = Timestamp> {
    let minutes = prop_oneof![30 => 0..720_i64, 1 => -50_000..50_000_i64];
    (minutes, 0..60_000_i64).prop_map(|(minutes, milliseconds)| {
        let after = SignedDuration::from_mins(minutes) + SignedDuration::from_millis(milliseconds);
        instant(DATE, "08:00") + after
    })
}

/// Any token, also one that no engine would have made.
fn token(statuses: &'static [Status]) -> impl Strategy<Value = Token> {
    let times = (time(), prop::option::of(time()), prop::option::of(time()), time(), time(), time());
    let place = (0..HOURS.len() as u128, 1..=9_u8, 0..50_u32);
    (select(&Source::ALL[..]), select(statuses), times, place).prop_map(|(class, status, times, place)| {
        let (booked_at, appointment_at, arrived_at, called_at, started_at, ended_at) = times;
        let (slot, band, nth) = place;
        let band = Band::new(band).unwrap();
        let was_called = !matches!(status, Status::Waitlisted | Status::Booked | Status::Arrived);
        let is_here = !matches!(status, Status::Waitlisted | Status::Booked | Status::NoShow);
        Token {
            id: token_id(0),
            patient: patient_id(0),
            slot: Some(slot_id(slot)),
            source: class,
            class,
            band,
            token_no: 0,
            sequence: SequenceNumber::nth(band, nth),
            status,
            by_override: false,
            rejoins: 0,
            earlier_ok: false,
            displaced: false,
            placed: None,
            booked_at,
            appointment_at,
            promised_at: None,
            arrived_at: arrived_at.or(Some(booked_at)).filter(|_| is_here),
            called_at: Some(called_at).filter(|_| was_called),
            passed_at: None,
            started_at: Some(started_at).filter(|_| was_called && status != Status::Called),
            ended_at: Some(ended_at).filter(|_| !status.is_live()),
        }
    })
}

fn history() -> impl Strategy<Value = History> {
    let wild = || prop_oneof![3 => 0.0..100.0_f64, 1 => any::<f64>()];
    (wild(), wild(), wild(), wild(), wild()).prop_map(|(mean, cv, worth, late, emergencies)| History {
        mean_minutes: mean,
        cv,
        worth_visits: worth,
        late_minutes: late,
        emergencies_per_hour: emergencies,
    })
}

fn scene(statuses: &'static [Status], hours: &'static [&'static str]) -> impl Strategy<Value = Scene> {
    let settings = (select(PolicyKind::all().collect::<Vec<_>>()), any::<bool>())
        .prop_map(|(policy, check_in)| Settings { policy, check_in, ..Settings::default() });
    let history = prop_oneof![2 => Just(History::configured(6)), 1 => history()];
    let resumes_at = prop::option::weighted(0.2, time());
    let tokens = prop::collection::vec(token(statuses), 0..25);
    (settings, history, resumes_at, tokens, time()).prop_map(
        move |(settings, history, resumes_at, mut tokens, now)| {
            for (n, token) in (1..).zip(&mut tokens) {
                (token.token_no, token.id) = (n, token_id(n.into()));
                let slots = hours.len() as u128;
                let slot =
                    token.slot.map_or(0, |slot| slot.as_uuid().as_u128() - slot_id(0).as_uuid().as_u128());
                token.slot = Some(slot_id(slot % slots));
            }
            let key = baari_engine::DayKey {
                facility: FacilityId::from_uuid(Uuid::from_u128(1)),
                doctor: doctor(),
                date: DATE,
            };
            let head = DayHead { version: 1, next_token_no: 100, resumes_at };
            let slots = (0..).zip(hours).map(|(n, hours)| slot(n, hours)).collect();
            let facts = DoctorFacts { history, ..DoctorFacts::new(DoctorStatus::Active, 6) };
            Scene { day: Day::from_parts(key, head, slots, tokens), settings, facts, now }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_prediction_is_a_median_in_its_band_not_before_now_and_the_same_for_one_as_for_all(
        Scene { day, settings, facts, now } in scene(&Status::ALL, &HOURS),
    ) {
        let estimator = Estimator::new(&day, &settings, facts, now);
        let places = queue(&day, &settings, now);
        let predictions = estimator.all(&places);
        prop_assert_eq!(places.len(), predictions.len());
        for (place, prediction) in places.iter().zip(&predictions) {
            let others = day.tokens().iter().filter_map(|other| Some((other, day.slot(other.slot?)?)));
            prop_assert_eq!(*prediction, estimator.one(others, place.token, place.slot));
            let Some(prediction) = prediction else { panic!("every place of the queue has a prediction") };
            prop_assert!(prediction.p10 <= prediction.at && prediction.at <= prediction.p90, "{:?}", prediction);
            if place.token.status.is_waiting() {
                prop_assert!(prediction.p10 >= now, "{:?}", prediction);
            }
        }
    }

    #[test]
    fn who_is_here_is_called_after_those_who_are_here_and_stand_before(
        Scene { day, settings, now, .. } in scene(&Status::ALL, &HOURS[..3]),
    ) {
        let facts = DoctorFacts::new(DoctorStatus::Active, 6);
        let places = queue(&day, &settings, now);
        let predictions = Estimator::new(&day, &settings, facts, now).all(&places);
        let here = places.iter().zip(predictions).filter(|(place, _)| {
            place.token.status == Status::Arrived && is_present(place.token, place.slot, &settings, now)
        });
        let times: Vec<Timestamp> = here.filter_map(|(_, prediction)| Some(prediction?.at)).collect();
        // Medians of Gamma distributions: to the minute.
        let later = |pair: &[Timestamp]| pair[1].duration_since(pair[0]) > -SignedDuration::from_mins(1);
        prop_assert!(times.windows(2).all(later), "{:?}", times);
    }
}
