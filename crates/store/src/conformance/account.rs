//! A user's record is changed by one at a time, the sessions that it ends go with it, and somebody is left to run the system.

use std::time::Duration;

use super::Harness;
use super::hospital::{
    Hospital, digest, kept, patient, receipt, session, user, user_id, with_audit, with_receipt,
};
use crate::{Along, Ended, Group, PatientWrite, Role, StoreError, TrailQuery, User};

const PATIENCE: Duration = Duration::from_secs(60);

/// With these users, each with three sessions whose numbers begin at ten times theirs.
async fn with_sessions(harness: &dyn Harness) -> Hospital {
    let hospital = Hospital::new(harness).await;
    for number in [1, 2] {
        put(&hospital, &user(number)).await.unwrap();
        for nth in 0..3 {
            let one = session(10 * number + nth, number);
            hospital.store.session_put(hospital.facility, &one, &Along::default()).await.unwrap();
        }
    }
    hospital
}

async fn put(hospital: &Hospital, user: &User) -> Result<(), StoreError> {
    hospital.store.user_put(hospital.facility, user, &Along::default()).await
}

/// The numbers of the sessions that are there.
async fn sessions(hospital: &Hospital) -> Vec<u32> {
    let mut there = Vec::new();
    for number in [10, 11, 12, 20, 21, 22] {
        let found = hospital.store.session_get(hospital.facility, &digest(number)).await.unwrap();
        there.extend(found.map(|_| number));
    }
    there
}

fn assert_conflict<T: std::fmt::Debug>(answer: &Result<T, StoreError>) {
    assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
}

pub async fn a_user_is_changed_only_as_last_read(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let version = async || store.facility_version(facility).await.unwrap();
    let before = version().await;
    assert_conflict(&put(&hospital, &kept(1)).await);
    assert_eq!(store.user_get(facility, user_id(1)).await, Ok(None));
    put(&hospital, &user(1)).await.unwrap();
    let after_first = version().await;
    let changed = |version| User { called: format!("from {version}"), version, ..user(1) };
    for version in [1, 2] {
        put(&hospital, &changed(version)).await.unwrap();
    }
    assert!(before < after_first && after_first < version().await, "other servers notice");
    let now = Ok(Some(User { version: 3, ..changed(2) }));
    for version in [0, 1, 2, 4] {
        assert_conflict(&store.user_put(facility, &changed(version), &with_audit(1)).await);
        assert_eq!(store.user_get(facility, user_id(1)).await, now, "{version}");
    }
    let query = TrailQuery { limit: 9, ..TrailQuery::default() };
    assert_eq!(store.audit_list(facility, &query).await, Ok(Vec::new()));
    put(&hospital, &changed(3)).await.unwrap();
}

pub async fn sessions_end_along_with_a_record(harness: &dyn Harness) {
    let hospital = with_sessions(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let ending = |which| Along { ends: Some(which), ..Along::default() };
    let others = ending(Ended::Others(user_id(1), digest(11)));
    store.user_put(facility, &kept(1), &others).await.unwrap();
    assert_eq!(sessions(&hospital).await, [11, 20, 21, 22]);
    let one = Along { ends: Some(Ended::One(digest(21))), ..with_audit(1) };
    store.facility_put(&hospital.record(), &one).await.unwrap();
    assert_eq!(sessions(&hospital).await, [11, 20, 22]);
    let along = ending(Ended::OfUser(user_id(2)));
    let write = PatientWrite { facility, patient: patient(1), along: along.clone() };
    store.commit(Group { patients: vec![write], ..Group::default() }).await.unwrap();
    assert_eq!(sessions(&hospital).await, [11]);
    store.user_put(facility, &kept(2), &along).await.expect("there need be none");
}

pub async fn no_session_ends_if_the_record_is_not_written(harness: &dyn Harness) {
    let hospital = with_sessions(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let once = receipt(facility, "once");
    store.receipt_put(&once).await.unwrap();
    let along = Along { ends: Some(Ended::OfUser(user_id(1))), ..with_audit(1) };
    assert_conflict(&store.user_put(facility, &User { version: 7, ..user(1) }, &along).await);
    let namesake = User { name: user(2).name, ..kept(1) };
    assert_conflict(&store.user_put(facility, &namesake, &along).await);
    let repeated = Along { ends: along.ends, ..with_receipt(&once) };
    assert_conflict(&store.user_put(facility, &kept(1), &repeated).await);
    assert_eq!(sessions(&hospital).await, [10, 11, 12, 20, 21, 22]);
}

/// Somebody who runs the system.
fn admin(number: u32, version: u64) -> User {
    User { role: Role::Admin, active: true, version, ..user(number) }
}

pub async fn the_last_active_administrator_stays_one(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let gone = |user: User| [User { role: Role::Reception, ..user.clone() }, User { active: false, ..user }];
    // Neither who may not sign in, nor who runs another facility, is of any help.
    put(&hospital, &User { active: false, ..admin(5, 0) }).await.unwrap();
    let other = Hospital::numbered(hospital.store.clone(), 2).await;
    put(&other, &admin(6, 0)).await.unwrap();
    put(&hospital, &user(2)).await.unwrap();
    put(&hospital, &kept(2)).await.expect("a facility without any may stay without");
    put(&hospital, &admin(1, 0)).await.unwrap();
    for change in gone(admin(1, 1)) {
        assert_conflict(&put(&hospital, &change).await);
    }
    put(&hospital, &User { called: "Asha".to_owned(), ..admin(1, 1) }).await.unwrap();
    put(&hospital, &admin(3, 0)).await.unwrap();
    let [change, _] = gone(admin(1, 2));
    put(&hospital, &change).await.unwrap();
    for change in gone(admin(3, 1)) {
        assert_conflict(&put(&hospital, &change).await);
    }
    put(&hospital, &admin(5, 1)).await.unwrap();
    let [_, change] = gone(admin(3, 1));
    put(&hospital, &change).await.unwrap();
}

pub async fn of_two_who_take_away_the_last_two_administrators_one_wins(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let other = harness.open().await;
    for number in [1, 2] {
        put(&hospital, &admin(number, 0)).await.unwrap();
    }
    for round in 0..20 {
        let version =
            async |number| store.user_get(facility, user_id(number)).await.unwrap().unwrap().version;
        let gone = async |number| User { active: false, ..admin(number, version(number).await) };
        let (first, second, along) = (gone(1).await, gone(2).await, Along::default());
        let both = async {
            tokio::join!(store.user_put(facility, &first, &along), other.user_put(facility, &second, &along))
        };
        let (mine, theirs) = tokio::time::timeout(PATIENCE, both).await.expect("nobody waits for ever");
        let again = match (mine, theirs) {
            (Ok(()), Err(StoreError::Conflict(_))) => 1,
            (Err(StoreError::Conflict(_)), Ok(())) => 2,
            both => panic!("round {round}: {both:?}"),
        };
        put(&hospital, &admin(again, version(again).await)).await.unwrap();
    }
}
