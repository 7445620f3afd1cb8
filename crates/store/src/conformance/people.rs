//! Who may come in: users, their sessions, and keys.

use super::Harness;
use super::hospital::{
    Hospital, at, digest, doctor_id, facility_id, kept, key, key_id, receipt, session, user, user_id,
    with_receipt,
};
use crate::{Along, Ended, Key, Role, Session, StoreError, User};

async fn with_users(harness: &dyn Harness, users: std::ops::Range<u32>) -> Hospital {
    let hospital = Hospital::new(harness).await;
    for number in users {
        put(&hospital, &user(number)).await.unwrap();
    }
    hospital
}

async fn put(hospital: &Hospital, user: &User) -> Result<(), StoreError> {
    hospital.store.user_put(hospital.facility, user, &Along::default()).await
}

async fn begin(hospital: &Hospital, session: &Session) -> Result<(), StoreError> {
    hospital.store.session_put(hospital.facility, session, &Along::default()).await
}

async fn put_key(hospital: &Hospital, key: &Key) -> Result<(), StoreError> {
    hospital.store.key_put(hospital.facility, key, &Along::default()).await
}

fn assert_conflict<T: std::fmt::Debug>(answer: &Result<T, StoreError>) {
    assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
}

pub async fn a_user_reads_back_as_written_and_as_changed(harness: &dyn Harness) {
    let hospital = with_users(harness, 0..8).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    for number in 0..8 {
        assert_eq!(store.user_get(facility, user_id(number)).await, Ok(Some(kept(number))));
    }
    assert_eq!(store.user_get(facility, user_id(99)).await, Ok(None));
    let changed = User {
        name: "zoë".to_owned(),
        called: String::new(),
        role: Role::Doctor,
        doctor: Some(doctor_id(5)),
        password: Some("$argon2id$v=19$m=8,t=1,p=1$AA$AA".to_owned()),
        must_change: true,
        subject: Some("https://login.example/realms/a b".to_owned()),
        active: false,
        ..kept(1)
    };
    let bare = User {
        doctor: None,
        password: None,
        must_change: false,
        subject: None,
        version: 2,
        ..changed.clone()
    };
    for changed in [changed, bare] {
        put(&hospital, &changed).await.unwrap();
        let changed = User { version: changed.version + 1, ..changed };
        assert_eq!(store.user_get(facility, changed.id).await, Ok(Some(changed)));
    }
    assert_eq!(store.user_get(facility, user_id(2)).await, Ok(Some(kept(2))), "the others stay");
}

pub async fn a_user_is_found_by_name_and_by_subject(harness: &dyn Harness) {
    let hospital = with_users(harness, 0..8).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    for number in 0..8 {
        let expected = kept(number);
        assert_eq!(store.user_by_name(facility, &expected.name).await, Ok(Some(expected.clone())));
        if let Some(subject) = &expected.subject {
            assert_eq!(store.user_by_subject(facility, subject).await, Ok(Some(expected.clone())));
        }
    }
    for name in ["", "asha", "ASHA.1", "asha.%", "https://login.example 1"] {
        assert_eq!(store.user_by_name(facility, name).await, Ok(None), "{name:?}");
    }
    for subject in ["", "asha.1", "https://login.example", "https://LOGIN.example 1"] {
        assert_eq!(store.user_by_subject(facility, subject).await, Ok(None), "{subject:?}");
    }
    put(&hospital, &User { name: "renamed".to_owned(), subject: None, ..kept(1) }).await.unwrap();
    assert_eq!(store.user_by_name(facility, &user(1).name).await, Ok(None));
    assert_eq!(store.user_by_subject(facility, &user(1).subject.unwrap()).await, Ok(None));
}

pub async fn two_users_do_not_share_a_name_or_a_subject(harness: &dyn Harness) {
    let hospital = with_users(harness, 0..3).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    assert_conflict(&put(&hospital, &User { name: user(1).name, ..user(50) }).await);
    assert_conflict(&put(&hospital, &User { subject: user(1).subject, ..user(50) }).await);
    assert_eq!(store.user_get(facility, user_id(50)).await, Ok(None));
    // Nor does one who is there already take another's.
    assert_conflict(&put(&hospital, &User { name: user(1).name, ..kept(2) }).await);
    assert_conflict(&put(&hospital, &User { subject: user(1).subject, ..kept(2) }).await);
    assert_eq!(store.user_get(facility, user_id(2)).await, Ok(Some(kept(2))));
    // Many have no subject at all.
    for number in [60, 61] {
        put(&hospital, &User { subject: None, ..user(number) }).await.unwrap();
    }
}

pub async fn users_are_listed_by_id_in_pages(harness: &dyn Harness) {
    let hospital = with_users(harness, 0..0).await;
    for number in (0..8).rev() {
        put(&hospital, &user(number)).await.unwrap();
    }
    let (mut after, mut listed) = (None, Vec::new());
    loop {
        let page = hospital.store.user_list(hospital.facility, after, 3).await.unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        listed.extend(page);
    }
    assert_eq!(listed, (0..8).map(kept).collect::<Vec<_>>());
}

pub async fn a_session_reads_back_with_its_user(harness: &dyn Harness) {
    let hospital = with_users(harness, 0..2).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let bare = Session { address: String::new(), agent: String::new(), ..session(2, 1) };
    for one in [session(1, 0), bare.clone()] {
        begin(&hospital, &one).await.unwrap();
        let owner = store.user_get(facility, one.user).await.unwrap().unwrap();
        assert_eq!(store.session_get(facility, &one.digest).await, Ok(Some((one, owner))));
    }
    assert_eq!(store.session_get(facility, &digest(3)).await, Ok(None));
    assert_conflict(&begin(&hospital, &session(1, 1)).await);
    // Whoever is switched off shows in the session at once.
    put(&hospital, &User { active: false, ..kept(1) }).await.unwrap();
    let inactive = User { active: false, version: 2, ..kept(1) };
    assert_eq!(store.session_get(facility, &bare.digest).await, Ok(Some((bare, inactive))));
}

pub async fn a_session_knows_when_it_was_last_used(harness: &dyn Harness) {
    let hospital = with_users(harness, 0..1).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    for number in [1, 2] {
        begin(&hospital, &session(number, 0)).await.unwrap();
    }
    assert_eq!(store.session_seen(facility, &digest(1), at(77)).await, Ok(()));
    assert_eq!(store.session_seen(facility, &digest(9), at(77)).await, Ok(()), "there is no such session");
    let used = Session { seen_at: at(77), ..session(1, 0) };
    assert_eq!(store.session_list(facility, user_id(0)).await, Ok(vec![session(2, 0), used]));
}

pub async fn a_users_sessions_are_listed_newest_first(harness: &dyn Harness) {
    let hospital = with_users(harness, 0..3).await;
    for number in [4, 1, 5, 0, 3, 2] {
        // Digests do not grow with time.
        let one = Session { digest: digest(number * 7 % 6), ..session(number, number % 2) };
        begin(&hospital, &one).await.unwrap();
    }
    for of in [0, 1, 2] {
        let listed = hospital.store.session_list(hospital.facility, user_id(of)).await.unwrap();
        let begun: Vec<_> = listed.iter().map(|one| one.created_at).collect();
        let expected = (0..6).rev().filter(|number| number % 2 == of).map(|number| at(i64::from(number)));
        assert_eq!(begun, expected.collect::<Vec<_>>(), "{of}");
        assert!(listed.iter().all(|one| one.user == user_id(of)));
    }
}

pub async fn sessions_end_as_told(harness: &dyn Harness) {
    let hospital = with_users(harness, 0..2).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let old = Ended::Old { created: at(3), seen: at(7) };
    // Sessions 0 to 5 began at that minute and were last used five minutes later; those of even numbers are of user 0.
    for (which, left) in [
        (Ended::One(digest(2)), &[0, 1, 3, 4, 5][..]),
        (Ended::One(digest(9)), &[0, 1, 2, 3, 4, 5]),
        (Ended::OfUser(user_id(0)), &[1, 3, 5]),
        (Ended::OfUser(user_id(7)), &[0, 1, 2, 3, 4, 5]),
        (Ended::Others(user_id(1), digest(3)), &[0, 2, 3, 4]),
        (Ended::Others(user_id(1), digest(2)), &[0, 2, 4]),
        (old, &[3, 4, 5]),
        (Ended::Old { created: at(0), seen: at(7) }, &[2, 3, 4, 5]),
        (Ended::Old { created: at(4), seen: at(0) }, &[4, 5]),
        (Ended::Old { created: at(0), seen: at(0) }, &[0, 1, 2, 3, 4, 5]),
    ] {
        for number in 0..6 {
            begin(&hospital, &session(number, number % 2)).await.unwrap();
        }
        let elsewhere = store.session_end(facility_id(2), which, &Along::default()).await;
        assert_eq!(elsewhere, Ok(0), "{which:?} in another facility");
        let ended = store.session_end(facility, which, &Along::default()).await;
        assert_eq!(ended, Ok(6 - left.len() as u64), "{which:?}");
        for number in 0..6 {
            let found = store.session_get(facility, &digest(number)).await.unwrap();
            assert_eq!(found.is_some(), left.contains(&number), "{which:?}: {number}");
        }
        for user in [0, 1] {
            store.session_end(facility, Ended::OfUser(user_id(user)), &Along::default()).await.unwrap();
        }
    }
}

pub async fn an_api_key_reads_back_as_written_and_as_taken_back(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let all = Key { scopes: Vec::new(), doctors: Vec::new(), name: String::new(), ..key(2) };
    let one = Key { scopes: vec!["day.read".to_owned()], doctors: vec![doctor_id(4)], ..key(3) };
    assert_eq!(store.key_by_id(facility, key_id(1)).await, Ok(None));
    for written in [key(1), all, one] {
        put_key(&hospital, &written).await.unwrap();
        assert_eq!(store.key_by_id(facility, written.id).await, Ok(Some(written.clone())));
        assert_eq!(store.key_get(facility, &written.digest).await, Ok(Some(written)));
    }
    assert_eq!(store.key_get(facility, &digest(9)).await, Ok(None));
    let taken_back = Key {
        name: "Taken back".to_owned(),
        expires_at: at(30),
        revoked_at: Some(at(20)),
        doctors: vec![doctor_id(1), doctor_id(3)],
        ..key(1)
    };
    put_key(&hospital, &taken_back).await.unwrap();
    assert_eq!(store.key_get(facility, &digest(1)).await, Ok(Some(taken_back)));
}

pub async fn two_api_keys_do_not_share_a_digest(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    for number in [1, 2] {
        put_key(&hospital, &key(number)).await.unwrap();
    }
    for number in [2, 3] {
        assert_conflict(&put_key(&hospital, &Key { digest: digest(1), ..key(number) }).await);
    }
    assert_eq!(hospital.store.key_list(hospital.facility, None, 9).await, Ok(vec![key(1), key(2)]));
}

pub async fn api_keys_are_listed_by_id_in_pages(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    for number in (0..7).rev() {
        let digest = digest(100 - number);
        put_key(&hospital, &Key { digest, ..key(number) }).await.unwrap();
    }
    let (mut after, mut listed) = (None, Vec::new());
    loop {
        let page = store.key_list(facility, after, 3).await.unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        listed.extend(page.into_iter().map(|key| key.id));
    }
    assert_eq!(listed, (0..7).map(key_id).collect::<Vec<_>>());
}

pub async fn people_and_keys_are_not_written_if_their_receipt_is_not(harness: &dyn Harness) {
    let hospital = with_users(harness, 0..1).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let once = receipt(facility, "once");
    store.user_put(facility, &user(1), &with_receipt(&once)).await.unwrap();
    assert_eq!(store.receipt_get(facility, "once").await, Ok(Some(once.clone())));
    let along = with_receipt(&once);
    assert_conflict(&store.user_put(facility, &user(2), &along).await);
    assert_conflict(&store.session_put(facility, &session(1, 0), &along).await);
    assert_conflict(&store.key_put(facility, &key(1), &along).await);
    assert_eq!(store.user_get(facility, user_id(2)).await, Ok(None));
    assert_eq!(store.session_get(facility, &digest(1)).await, Ok(None));
    assert_eq!(store.key_get(facility, &digest(1)).await, Ok(None));
    begin(&hospital, &session(1, 0)).await.unwrap();
    assert_conflict(&store.session_end(facility, Ended::One(digest(1)), &along).await);
    assert!(store.session_get(facility, &digest(1)).await.unwrap().is_some());
}
