//! A doctor-day reads back as it is in memory.

use baari_engine::Day;

use super::Harness;
use super::hospital::Hospital;

pub async fn a_day_that_nobody_has_touched_is_empty(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    assert_eq!(hospital.load(hospital.key(0)).await, Day::empty(hospital.key(0)));
}

pub async fn a_day_reads_back_exactly_as_written(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    hospital.write(vec![rehearsal.commit()]).await;
    assert_eq!(hospital.load(hospital.key(0)).await, rehearsal.day);
}
