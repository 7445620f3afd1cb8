//! Whom the desk has to do with today: the doctors and their queues; and what somebody has from then on.

use baari_engine::{DayKey, DoctorId, DoctorStatus, PatientId, Status, TokenId};
use baari_store::Doctor;
use jiff::civil::Date;

use super::words::hours_of;
use crate::access::Here;
use crate::api::patient::all_tokens;
use crate::failure::Answer;
use crate::pages::texts::Texts;

/// Queues on the page at once; one screen holds no more.
const SHOWN_MAX: usize = 12;
/// Doctors read.
const READ_MAX: u32 = 200;
/// Tokens of later days that are shown of one person.
const COMING_MAX: usize = 5;

/// The doctors who can be booked. Where there are more than the page shows queues of: those who have one on that date.
pub(super) async fn doctors(here: &Here, date: Date) -> Answer<Vec<Doctor>> {
    let store = here.desk.store();
    let mut all = store.doctor_list(here.facility, None, READ_MAX).await?;
    all.retain(|doctor| doctor.status != DoctorStatus::Inactive);
    if all.len() > SHOWN_MAX {
        let days = store.day_list(here.facility, date, date).await?;
        all.retain(|doctor| days.iter().any(|(with_day, _)| *with_day == doctor.id));
    }
    Ok(all)
}

/// That doctor's day.
pub(super) const fn day(here: &Here, doctor: DoctorId, date: Date) -> DayKey {
    DayKey { facility: here.facility, doctor, date }
}

/// The days whose queues the page shows, and how many doctors more there are.
pub(super) async fn days(here: &Here, today: Date) -> Answer<(Vec<DayKey>, usize)> {
    let doctors = doctors(here, today).await?;
    let more = doctors.len().saturating_sub(SHOWN_MAX);
    let shown = doctors.into_iter().take(SHOWN_MAX);
    Ok((shown.map(|doctor| day(here, doctor.id, today)).collect(), more))
}

/// A token that somebody has today, as the list of those found shows it.
#[derive(Debug, Clone)]
pub(super) struct Has {
    pub(super) id: TokenId,
    pub(super) patient: PatientId,
    pub(super) label: String,
    pub(super) doctor: String,
    pub(super) status: &'static str,
}

/// The tokens of today that these are: live ones of these patients, or the one with this label.
pub(super) async fn tokens(
    here: &Here,
    today: Date,
    doctors: &[Doctor],
    wanted: impl Fn(&Doctor, &baari_engine::Token) -> bool,
) -> Answer<Vec<Has>> {
    let mut found = Vec::new();
    for doctor in doctors {
        let has = |token: &baari_engine::Token| Has {
            id: token.id,
            patient: token.patient,
            label: crate::wire::label(&doctor.letter, token),
            doctor: doctor.name.clone(),
            status: token.status.name(),
        };
        let of_day = here.desk.look(day(here, doctor.id, today), |snapshot| {
            let tokens = snapshot.day.tokens().iter().filter(|token| wanted(doctor, token));
            tokens.map(has).collect::<Vec<_>>()
        });
        found.extend(of_day.await?);
    }
    Ok(found)
}

/// A token of today or later.
#[derive(Debug)]
pub(super) struct Coming {
    pub(super) has: Has,
    /// 10–11, or Tue 24 Nov, 10–11
    pub(super) when: String,
    pub(super) later: bool,
    pub(super) moves: bool,
}

/// What somebody has from today on that can still be changed, the next one first.
pub(super) async fn coming(here: &Here, t: Texts, today: Date, patient: PatientId) -> Answer<Vec<Coming>> {
    let mut all = all_tokens(here, patient).await?;
    let is_open =
        |token: &baari_engine::Token| token.status.is_live() && token.status != Status::InConsultation;
    all.retain(|dated| dated.day.date >= today && is_open(&dated.token));
    all.sort_by_key(|dated| (dated.day.date, dated.token.id));
    all.truncate(COMING_MAX);
    let mut coming = Vec::with_capacity(all.len());
    for dated in all {
        let (key, token) = (dated.day, dated.token);
        let doctor = here.desk.doctor(here.facility, key.doctor).await?;
        let slot =
            here.desk.look(key, |snapshot| token.slot.and_then(|slot| snapshot.day.slot(slot).cloned()));
        let hours = slot.await?.map(|slot| hours_of(slot.window.start(), slot.window.end()));
        let later = key.date > today;
        let date = later.then(|| t.date(key.date));
        let when = date.into_iter().chain(hours).collect::<Vec<_>>().join(", ");
        let moves = matches!(token.status, Status::Booked | Status::Arrived | Status::Waitlisted);
        let has = Has {
            id: token.id,
            patient,
            label: crate::wire::label(&doctor.letter, &token),
            doctor: doctor.name.clone(),
            status: token.status.name(),
        };
        coming.push(Coming { has, when, later, moves });
    }
    Ok(coming)
}
