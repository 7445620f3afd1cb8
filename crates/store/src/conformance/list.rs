//! Slots and tokens across doctor-days.

use baari_engine::{
    Book, Command, DayKey, NewSlot, SetStatus, SlotId, Source, Status, TokenId, WantedStatus, Window,
};
use jiff::ToSpan;
use jiff::civil::time;

use super::hospital::{DATE, Hospital, at, doctor_id, facility_id, patient_id, slot_id, token_id, zone};
use super::{Harness, Rehearsal};
use crate::{DatedSlot, DatedToken, LastSeen, SlotQuery, TokenQuery};

/// Three doctors with two slots and some tokens each on [`DATE`], and one slot each on the two dates after.
async fn week(harness: &dyn Harness) -> (Hospital, Vec<Rehearsal>) {
    let hospital = Hospital::new(harness).await;
    let mut days: Vec<_> = (0..3).map(|doctor| hospital.rehearsal(doctor)).collect();
    for (number, day) in (0..).zip(&mut days) {
        for patient in 0..4 {
            day.book(patient * 2 + number, Source::Online);
        }
        let token = day.day.tokens()[1].id;
        let status = WantedStatus::Exactly(Status::Cancelled);
        day.run(at(1), &Command::SetStatus(SetStatus { token, status }));
    }
    for doctor in 0..3 {
        for (offset, date) in
            (1..).zip([DATE.tomorrow().unwrap(), DATE.tomorrow().unwrap().tomorrow().unwrap()])
        {
            let key = DayKey { date, ..hospital.key(doctor) };
            let mut day = Rehearsal::empty(key, 50_000 + doctor * 1_000 + offset * 100);
            let window = Window::new(date, time(9, 0, 0, 0), time(10, 0, 0, 0), &zone()).unwrap();
            // The later doctor has the lower id, so that the order of ids is not that of doctors.
            let id = slot_id(90_000 - doctor);
            let id = if offset == 1 { id } else { slot_id(95_000 + doctor) };
            day.run(at(0), &Command::AddSlots(vec![NewSlot { id, window, max_count: 3, hard_limit: 3 }]));
            days.push(day);
        }
    }
    hospital.write(days.iter_mut().map(|day| day.commit()).collect()).await;
    (hospital, days)
}

fn dated_slots(days: &[Rehearsal]) -> Vec<DatedSlot> {
    let of_day = |day: &Rehearsal| {
        let key = day.day.key();
        day.day.slots().iter().map(|slot| DatedSlot { day: key, slot: slot.clone() }).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = days.iter().flat_map(of_day).collect();
    all.sort_by_key(|one| (one.day.date, one.slot.window.start(), one.slot.id));
    all
}

fn dated_tokens(days: &[Rehearsal]) -> Vec<DatedToken> {
    let of_day = |day: &Rehearsal| {
        let key = day.day.key();
        day.day.tokens().iter().map(|token| DatedToken { day: key, token: token.clone() }).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = days.iter().flat_map(of_day).collect();
    all.sort_by_key(|one| one.token.id);
    all
}

pub async fn slots_are_listed_by_date_start_and_id_in_pages(harness: &dyn Harness) {
    let (hospital, days) = week(harness).await;
    let all = dated_slots(&days);
    let last = DATE.tomorrow().unwrap().tomorrow().unwrap();
    for doctor in [None, Some(doctor_id(1)), Some(doctor_id(7))] {
        for (from, to) in [(DATE, last), (DATE, DATE), (DATE.tomorrow().unwrap(), last), (last, DATE)] {
            for limit in [1, 2, 100] {
                let fits = |one: &&DatedSlot| {
                    doctor.is_none_or(|doctor| one.day.doctor == doctor)
                        && (from..=to).contains(&one.day.date)
                };
                let expected: Vec<_> = all.iter().filter(fits).cloned().collect();
                let query = SlotQuery { doctor, from, to, after: None, limit };
                assert_eq!(slot_pages(&hospital, query).await, expected, "{doctor:?} {from} {to} {limit}");
            }
        }
    }
}

async fn slot_pages(hospital: &Hospital, mut query: SlotQuery) -> Vec<DatedSlot> {
    let mut listed = Vec::new();
    loop {
        let page = hospital.store.slot_list(hospital.facility, &query, &zone()).await.unwrap();
        assert!(page.len() <= query.limit as usize);
        let Some(last) = page.last() else { return listed };
        query.after = Some((last.day.date, last.slot.window.start(), last.slot.id));
        listed.extend(page);
    }
}

pub async fn tokens_are_listed_by_id_as_asked_in_pages(harness: &dyn Harness) {
    let (hospital, days) = week(harness).await;
    let all = dated_tokens(&days);
    assert_eq!(all.len(), 12);
    let tomorrow = DATE.tomorrow().unwrap();
    for doctor in [None, Some(doctor_id(2))] {
        for date in [None, Some(DATE), Some(tomorrow)] {
            for patient in [None, Some(patient_id(2)), Some(patient_id(300))] {
                for status in [None, Some(Status::Booked), Some(Status::Cancelled)] {
                    let query = TokenQuery { doctor, date, patient, status, after: None, limit: 2 };
                    let expected: Vec<_> = all.iter().filter(|one| fits(&query, one)).cloned().collect();
                    assert_eq!(token_pages(&hospital, query.clone()).await, expected, "{query:?}");
                }
            }
        }
    }
}

fn fits(query: &TokenQuery, one: &DatedToken) -> bool {
    query.doctor.is_none_or(|doctor| doctor == one.day.doctor)
        && query.date.is_none_or(|date| date == one.day.date)
        && query.patient.is_none_or(|patient| patient == one.token.patient)
        && query.status.is_none_or(|status| status == one.token.status)
}

async fn token_pages(hospital: &Hospital, mut query: TokenQuery) -> Vec<DatedToken> {
    let mut listed = Vec::new();
    loop {
        let page = hospital.store.token_list(hospital.facility, &query).await.unwrap();
        assert!(page.len() <= query.limit as usize);
        let Some(last) = page.last() else { return listed };
        query.after = Some(last.token.id);
        listed.extend(page);
    }
}

pub async fn a_slot_and_a_token_know_their_doctor_day(harness: &dyn Harness) {
    let (hospital, days) = week(harness).await;
    for slot in dated_slots(&days) {
        assert_eq!(slot_day(&hospital, slot.slot.id).await, Some(slot.day));
    }
    let mut patients = Vec::new();
    for token in dated_tokens(&days) {
        assert_eq!(token_day(&hospital, token.token.id).await, Some(token.day));
        patients.push((token.token.id, token.token.patient));
    }
    patients.sort_unstable();
    let asked: Vec<_> = patients.iter().map(|(token, _)| *token).chain([token_id(1_000_000)]).collect();
    let mut told = hospital.store.token_patients(hospital.facility, &asked).await.unwrap();
    told.sort_unstable();
    assert_eq!(told, patients);
    assert_eq!(slot_day(&hospital, slot_id(1_000_000)).await, None);
    assert_eq!(token_day(&hospital, token_id(1_000_000)).await, None);
}

async fn slot_day(hospital: &Hospital, slot: SlotId) -> Option<DayKey> {
    hospital.store.slot_day(hospital.facility, slot).await.unwrap()
}

async fn token_day(hospital: &Hospital, token: TokenId) -> Option<DayKey> {
    hospital.store.token_day(hospital.facility, token).await.unwrap()
}

pub async fn a_tokens_events_are_told_oldest_first(harness: &dyn Harness) {
    let (hospital, days) = week(harness).await;
    let (key, token) = (days[0].day.key(), days[0].day.tokens()[1].id);
    let told = hospital.store.token_events(hospital.facility, token).await.unwrap();
    let kinds: Vec<_> = told.iter().map(|event| event.event.kind.name()).collect();
    assert_eq!(kinds, ["token_booked", "token_cancelled"]);
    assert!(told.iter().all(|event| event.day == key));
    let feed = hospital.store.event_list(hospital.facility, 0, 1_000).await.unwrap();
    let of_token: Vec<_> = feed.into_iter().filter(|event| event.event.token == Some(token)).collect();
    assert_eq!(told, of_token);
    // A slot's id is no token's.
    let slot = TokenId::from_uuid(days[0].slot(0).as_uuid());
    assert_eq!(hospital.store.token_events(hospital.facility, slot).await, Ok(Vec::new()));
}

pub async fn the_doctor_days_of_some_dates_are_listed(harness: &dyn Harness) {
    let (hospital, days) = week(harness).await;
    let dates = [0, 1, 2, 3].map(|days| DATE.saturating_add(days.days()));
    for (from, to) in [(0, 0), (0, 3), (1, 2), (2, 0), (3, 3)] {
        let (from, to) = (dates[from], dates[to]);
        let keys = days.iter().map(|day| day.day.key()).filter(|key| (from..=to).contains(&key.date));
        let mut expected: Vec<_> = keys.map(|key| (key.doctor, key.date)).collect();
        expected.sort_unstable();
        let mut listed = hospital.store.day_list(hospital.facility, from, to).await.unwrap();
        listed.sort_unstable();
        assert_eq!(listed, expected, "{from} {to}");
    }
    assert_eq!(hospital.store.day_list(facility_id(2), dates[0], dates[3]).await, Ok(Vec::new()));
}

pub async fn patients_last_completed_visits_are_told(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let dates = [0, 1, 2, 3].map(|days| DATE.saturating_add(days.days()));
    // Doctor, date, patient, how it went, the minute at which it ended.
    let visits = [
        (0, 0, 1, Status::Completed, 30),
        (1, 0, 1, Status::Completed, 20),
        (2, 0, 1, Status::Cancelled, 40),
        (0, 0, 2, Status::Completed, 5),
        (2, 1, 2, Status::Completed, 3),
        (2, 1, 3, Status::NoShow, 9),
        (1, 2, 1, Status::Completed, 1),
        (0, 2, 2, Status::Booked, 0),
    ];
    let mut days = Vec::new();
    for (doctor, date) in (0..3).flat_map(|doctor| (0..3).map(move |date| (doctor, date))) {
        let key = DayKey { date: dates[date], ..hospital.key(doctor) };
        let mut day = Rehearsal::empty(key, 1_000 * (1 + doctor) + 100 * u32::try_from(date).unwrap());
        let window = Window::new(key.date, time(9, 0, 0, 0), time(10, 0, 0, 0), &zone()).unwrap();
        let slot = NewSlot { id: day.new_slot(9, 1, 1).id, window, max_count: 5, hard_limit: 5 };
        day.run(at(0), &Command::AddSlots(vec![slot.clone()]));
        let here: Vec<_> = visits.iter().filter(|visit| (visit.0, visit.1) == (doctor, date)).collect();
        for (.., patient, _, _) in &here {
            let booking = day.booking(*patient, Source::Online);
            day.run(at(0), &Command::Book(Book { slot: Some(slot.id), ..booking }));
        }
        let mut commit = day.commit();
        for (token, (.., status, minute)) in commit.tokens.new.iter_mut().zip(&here) {
            (token.status, token.ended_at) = (*status, (*minute > 0).then(|| at(*minute)));
        }
        days.push(commit);
    }
    hospital.write(days).await;
    let asked = [4, 3, 2, 1].map(patient_id);
    for before in dates {
        let of = |patient: u32| {
            let done = |visit: &&(u32, usize, u32, Status, i64)| {
                visit.2 == patient && visit.3 == Status::Completed && dates[visit.1] < before
            };
            let last = visits.iter().filter(done).max_by_key(|visit| (visit.1, visit.4))?;
            let (doctor, date) = (doctor_id(last.0), dates[last.1]);
            Some(LastSeen { patient: patient_id(patient), date, doctor })
        };
        let expected: Vec<_> = (1..=4).filter_map(of).collect();
        let mut told = hospital.store.patient_last_seen(hospital.facility, &asked, before).await.unwrap();
        told.sort_unstable_by_key(|seen| seen.patient);
        assert_eq!(told, expected, "{before}");
    }
    let nobodys = hospital.store.patient_last_seen(hospital.facility, &[], dates[3]).await;
    assert_eq!(nobodys, Ok(Vec::new()));
    assert_eq!(hospital.store.patient_last_seen(facility_id(2), &asked, dates[3]).await, Ok(Vec::new()));
}
