//! Tokens that move to another doctor-day, and doctor-days that are written together or not at all.

use baari_engine::{Command, DayKey, SetStatus, Source, Status, Token, TokenId, WantedStatus};

use super::hospital::{DATE, Hospital, at, doctor_id, receipt, token_id};
use super::{Harness, Rehearsal};
use crate::{DayCommit, Group, StoreError, TokenQuery, Verdict};

/// Two written days with two tokens each, of patients 10, 11, 20 and 21.
async fn two_days(hospital: &Hospital) -> [Rehearsal; 2] {
    let mut days = [1, 2].map(|doctor| {
        let mut day = hospital.rehearsal(doctor);
        day.book(10 * doctor, Source::Online);
        day.book(10 * doctor + 1, Source::WalkIn);
        day
    });
    hospital.write(days.iter_mut().map(Rehearsal::commit).collect()).await;
    days
}

fn token(day: &Rehearsal, n: usize) -> TokenId {
    day.day.tokens()[n].id
}

/// These days, the first two of them together.
fn pair(days: Vec<DayCommit>) -> Group {
    Group { days, together: vec![vec![0, 1]], ..Group::default() }
}

async fn assert_as_rehearsed(hospital: &Hospital, days: &[Rehearsal]) {
    for day in days {
        assert_eq!(hospital.load(day.day.key()).await, day.day);
    }
}

pub async fn a_token_that_moves_keeps_its_id_and_its_past(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let [mut from, mut to] = two_days(&hospital).await;
    let moved = token(&from, 1);
    from.move_to(&mut to, moved);
    let commits = [from.commit(), to.commit()];
    assert_eq!((commits[1].moved_in.len(), commits[1].tokens.new.len()), (1, 0));
    assert_eq!(hospital.store.commit(pair(commits.into())).await, Ok(vec![Verdict::Committed; 2]));
    assert_eq!(from.day.tokens().len(), 1);
    assert_eq!(to.day.token(moved).unwrap().token_no, 3);
    assert_as_rehearsed(&hospital, &[from, to]).await;

    let there = hospital.key(2);
    assert_eq!(hospital.store.token_day(hospital.facility, moved).await, Ok(Some(there)));
    let query = TokenQuery { date: Some(DATE), limit: 9, ..TokenQuery::default() };
    for (doctor, expected) in [(1, 1), (2, 3)] {
        let query = TokenQuery { doctor: Some(doctor_id(doctor)), ..query.clone() };
        assert_eq!(hospital.store.token_list(hospital.facility, &query).await.unwrap().len(), expected);
    }
    let told = hospital.store.token_events(hospital.facility, moved).await.unwrap();
    let told: Vec<_> = told.iter().map(|event| (event.day.doctor, event.event.kind.name())).collect();
    let [here, there] = [1, 2].map(doctor_id);
    let expected = [(here, "token_booked"), (here, "token_placed"), (there, "token_placed")];
    assert_eq!(told, expected);
}

pub async fn the_number_that_a_moved_token_leaves_can_be_given_in_the_same_group(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let [mut from, mut to] = two_days(&hospital).await;
    let (moved, left) = (from.day.tokens()[0].clone(), from.day.tokens()[1].clone());
    assert_eq!(moved.slot, left.slot);
    from.move_to(&mut to, moved.id);
    let mut commits = vec![from.commit(), to.commit()];
    let heir = Token { sequence: moved.sequence, ..left };
    commits[0].resequenced = true;
    commits[0].tokens.changed = vec![heir.clone()];
    assert_eq!(hospital.store.commit(pair(commits)).await, Ok(vec![Verdict::Committed; 2]));
    assert_eq!(hospital.load(from.day.key()).await.token(heir.id), Some(&heir));
    assert_as_rehearsed(&hospital, &[to]).await;
}

pub async fn a_moved_token_goes_on_in_its_new_day(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut days = two_days(&hospital).await;
    let moved = token(&days[0], 0);
    for round in 0..4 {
        let [first, second] = &mut days;
        let (from, to) = if round % 2 == 0 { (first, second) } else { (second, first) };
        from.move_to(to, moved);
        if round == 2 {
            // In the same commit.
            let status = WantedStatus::Exactly(Status::Arrived);
            to.run(at(4), &Command::SetStatus(SetStatus { token: moved, status }));
        }
        let commits = days.iter_mut().map(Rehearsal::commit).collect();
        assert_eq!(hospital.store.commit(pair(commits)).await, Ok(vec![Verdict::Committed; 2]));
        assert_as_rehearsed(&hospital, &days).await;
    }
}

pub async fn tokens_may_move_both_ways_at_once_and_make_room(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    for is_reversed in [false, true] {
        let mut days = two_days_of(&hospital, if is_reversed { 3 } else { 1 }).await;
        let [first, second] = &mut days;
        let (one, other) = (token(first, 0), token(second, 0));
        let patient = first.day.token(one).unwrap().patient;
        first.move_to(second, one);
        second.move_to(first, other);
        // Who has left may be booked again, in the same commit.
        let mut booking = first.booking(0, Source::Online);
        booking.patient.id = patient;
        first.run(at(4), &Command::Book(booking));
        let mut commits: Vec<_> = days.iter_mut().map(Rehearsal::commit).collect();
        if is_reversed {
            commits.reverse();
        }
        assert_eq!(hospital.store.commit(pair(commits)).await, Ok(vec![Verdict::Committed; 2]));
        assert_as_rehearsed(&hospital, &days).await;
    }
}

async fn two_days_of(hospital: &Hospital, first: u32) -> [Rehearsal; 2] {
    let mut days = [first, first + 1].map(|doctor| {
        let mut day = hospital.rehearsal(doctor);
        day.book(10 * doctor, Source::Online);
        day
    });
    hospital.write(days.iter_mut().map(Rehearsal::commit).collect()).await;
    days
}

pub async fn a_move_is_not_written_if_one_of_its_days_is_stale(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    for stale in 0..2 {
        let mut days = two_days_of(&hospital, 1 + 2 * stale).await;
        let overtaken = days[stale as usize].day.clone();
        let mut overtaker = Rehearsal::from_store(overtaken, 50_000 + 100 * stale);
        overtaker.book(100, Source::WalkIn);
        hospital.write(vec![overtaker.commit()]).await;
        let before = [hospital.load(days[0].day.key()).await, hospital.load(days[1].day.key()).await];

        let [from, to] = &mut days;
        let moved = token(from, 0);
        from.move_to(to, moved);
        let mut single = hospital.rehearsal(5 + stale);
        single.book(1, Source::WalkIn);
        let mut commits = vec![from.commit(), single.commit(), to.commit()];
        let key = format!("move {stale}");
        commits[0].receipts.push(receipt(hospital.facility, &key));
        let group = Group { days: commits, together: vec![vec![2, 0]], ..Group::default() };
        let verdicts = hospital.store.commit(group).await;
        assert_eq!(verdicts, Ok(vec![Verdict::Stale, Verdict::Committed, Verdict::Stale]));
        for day in before {
            assert_eq!(hospital.load(day.key()).await, day);
        }
        assert_as_rehearsed(&hospital, &[single]).await;
        assert_eq!(hospital.store.receipt_get(hospital.facility, &key).await, Ok(None));
        assert_eq!(hospital.store.token_events(hospital.facility, moved).await.unwrap().len(), 1);
    }
}

pub async fn staleness_spreads_through_days_that_go_together_with_several(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut days: Vec<_> = (0..6).map(|doctor| hospital.rehearsal(doctor)).collect();
    // Doctor 5's day is there already, to the surprise of this group.
    let surprise = days[5].commit();
    hospital.write(vec![surprise.clone()]).await;
    let mut commits: Vec<_> = days[..5].iter_mut().map(Rehearsal::commit).collect();
    commits.push(surprise);
    let together = vec![vec![0, 1], vec![2, 3], vec![3, 5]];
    let verdicts = hospital.store.commit(Group { days: commits, together, ..Group::default() }).await;
    let expected = [true, true, false, false, true, false];
    let verdict = |is_written| if is_written { Verdict::Committed } else { Verdict::Stale };
    assert_eq!(verdicts, Ok(expected.map(verdict).to_vec()));
    for (doctor, is_written) in (0..).zip(expected) {
        let is_there = is_written || doctor == 5;
        assert_eq!(hospital.load(hospital.key(doctor)).await.version() > 0, is_there, "doctor {doctor}");
    }
}

pub async fn a_day_that_was_left_out_is_as_if_nobody_had_touched_it(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut days = [hospital.rehearsal(0), hospital.rehearsal(1)];
    let stale = days[1].commit();
    hospital.write(vec![stale.clone()]).await;
    let new = days[0].commit();
    let verdicts = hospital.store.commit(pair(vec![new.clone(), stale])).await;
    assert_eq!(verdicts, Ok(vec![Verdict::Stale; 2]));
    let asked = [(doctor_id(0), DATE), (doctor_id(1), DATE)];
    let there = [(doctor_id(1), DATE, 1)];
    assert_eq!(hospital.store.day_versions(hospital.facility, &asked).await, Ok(there.to_vec()));
    let listed = hospital.store.day_list(hospital.facility, DATE, DATE).await;
    assert_eq!(listed, Ok(vec![(doctor_id(1), DATE)]));
    assert_eq!(hospital.load(hospital.key(0)).await, baari_engine::Day::empty(hospital.key(0)));
    hospital.write(vec![new]).await;
    assert_as_rehearsed(&hospital, &days).await;
}

/// Tries to move a token into the second of two days after this change, and expects that nothing at all is written.
async fn refused(
    hospital: &Hospital,
    days: &[Rehearsal; 2],
    change: impl FnOnce(Token) -> Token,
) -> StoreError {
    let [mut from, mut to] = [0, 1].map(|n| Rehearsal::from_store(days[n].day.clone(), 70_000));
    let moved = token(&from, 1);
    from.move_to(&mut to, moved);
    let mut commits = vec![from.commit(), to.commit()];
    let token = commits[1].moved_in.remove(0);
    commits[1].moved_in.push(change(token));
    let error = hospital.store.commit(pair(commits)).await.expect_err("the guard stands");
    assert_as_rehearsed(hospital, days).await;
    error
}

pub async fn a_moved_token_meets_the_guards(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let days = two_days(&hospital).await;
    let there = days[1].day.tokens()[0].clone();
    let error = refused(&hospital, &days, |token| Token { token_no: 1, ..token }).await;
    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
    let error = refused(&hospital, &days, |token| Token { sequence: there.sequence, ..token }).await;
    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
    let mut days = days;
    // The patient of the token that moves books there as well.
    let patient = days[0].day.tokens()[1].patient;
    let mut booking = days[1].booking(0, Source::WalkIn);
    booking.patient.id = patient;
    days[1].run(at(2), &Command::Book(booking));
    hospital.write(vec![days[1].commit()]).await;
    let error = refused(&hospital, &days, |token| token).await;
    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
}

pub async fn what_moves_must_be_there_and_the_facilitys_own(harness: &dyn Harness) {
    let mine = Hospital::new(harness).await;
    let days = two_days(&mine).await;
    let error = refused(&mine, &days, |token| Token { id: token_id(77_777), ..token }).await;
    assert!(matches!(error, StoreError::Refused(_)), "{error}");

    let other = Hospital::numbered(mine.store.clone(), 2).await;
    let mut theirs = Rehearsal::with_slots(other.key(1), 80_000);
    let id = theirs.book(11, Source::WalkIn);
    other.write(vec![theirs.commit()]).await;
    let error = refused(&mine, &days, |token| Token { id, ..token }).await;
    assert!(matches!(error, StoreError::Refused(_)), "{error}");
    assert_as_rehearsed(&other, &[theirs]).await;
    let key: DayKey = other.key(1);
    assert_eq!(mine.store.token_day(other.facility, id).await, Ok(Some(key)));
}
