//! What is on the booking path is found by its key, whatever the planner knows of the tables.

use jiff::civil::date;
use tokio_postgres::Client;
use uuid::Uuid;

use super::database::{Database, Way};
use crate::{doctor_day, event, token};

/// Thousands of rows of one facility.
const FILL: &str = "\
INSERT INTO baari.doctor_day (facility_id, doctor_id, slot_date, version, next_token_no)
SELECT md5('FACILITY')::uuid, md5(n::text)::uuid, date '2026-02-02', 1, 2 FROM generate_series(1, 20000) AS n;
INSERT INTO baari.token (facility_id, doctor_id, slot_date, token_no, id, patient_id, source, class, band, status,
    by_override, rejoins, code, booked_at)
SELECT md5('FACILITY')::uuid, md5((n / 20)::text)::uuid, date '2026-02-02', n % 20 + 1, gen_random_uuid(),
    gen_random_uuid(), 'online', 'online', 4, 'booked', false, 0, '', now()
FROM generate_series(0, 19999) AS n;
INSERT INTO baari.event (facility_id, number, doctor_id, slot_date, version, ordinal, at, actor, kind, token_id, reasons)
SELECT md5('FACILITY')::uuid, n + 1, md5((n / 20)::text)::uuid, date '2026-02-02', n % 20 + 1, 0, now(), '',
    'token_booked', md5((n / 2)::text)::uuid, ''
FROM generate_series(0, 19999) AS n";

async fn assert_keys_are_used(client: &Client, facility: &str) {
    let facility: Uuid =
        client.query_one("SELECT md5($1)::uuid", &[&facility]).await.expect("a digest is a uuid").get(0);
    let doctors: Vec<Uuid> = (0..64).map(Uuid::from_u128).collect();
    let date = date(2026, 2, 2);
    let dates = vec![date; doctors.len()];
    for statement in [doctor_day::LOCK, doctor_day::VERSIONS] {
        let plan =
            client.query(&format!("EXPLAIN {statement}"), &[&facility, &doctors, &dates]).await.unwrap();
        assert_uses("doctor_day_pkey", "AND (doctor_id = wanted.doctor_id)", &plan);
    }
    let explain = format!("EXPLAIN {}", token::OF_DAY);
    let plan = client.query(&explain, &[&facility, &doctors[0], &date]).await.unwrap();
    assert_uses("token_pkey", "AND (doctor_id = ", &plan);

    let explain = format!("EXPLAIN {}", token::OF_CODE);
    let plan = client.query(&explain, &[&facility, &"23456789abcd"]).await.unwrap();
    assert_uses(
        "token_by_code",
        "AND ((slot_date - '2000-01-01'::date) = (date.day - '2000-01-01'::date)) AND (code = ",
        &plan,
    );
    let explain = format!("EXPLAIN {}", event::LIST);
    let plan = client.query(&explain, &[&facility, &19_000_i64, &500_i64]).await.unwrap();
    assert_uses("event_pkey", "AND (number > ", &plan);
    let explain = format!("EXPLAIN {}", event::OF_TOKEN);
    let plan = client.query(&explain, &[&facility, &doctors[0]]).await.unwrap();
    assert_uses("event_by_token", "AND (token_id = ", &plan);
    let explain = format!("EXPLAIN {}", doctor_day::PACE_LIST);
    let plan = client.query(&explain, &[&facility, &doctors[0], &date, &30_i64]).await.unwrap();
    assert_uses("doctor_day_by_doctor", "AND (slot_date < ", &plan);
}

fn assert_uses(index: &str, condition: &str, plan: &[tokio_postgres::Row]) {
    let plan: String = plan.iter().map(|row| row.get::<_, String>(0) + "\n").collect();
    let by_key = plan.lines().any(|line| line.contains("Index Cond:") && line.contains(condition));
    assert!(plan.contains(index) && by_key && !plan.contains("Seq Scan"), "{plan}");
}

#[tokio::test]
async fn a_key_leads_to_a_row_before_there_are_statistics() {
    let database = Database::new(Way::Direct).await;
    database.store().await;
    database.execute(&FILL.replace("FACILITY", "first")).await;
    assert_keys_are_used(&database.client().await, "first").await;
}

#[tokio::test]
async fn a_key_leads_to_a_row_of_a_facility_that_the_statistics_do_not_know() {
    let database = Database::new(Way::Direct).await;
    database.store().await;
    for facility in ["first", "second"] {
        database.execute(&FILL.replace("FACILITY", facility)).await;
        database.execute("ANALYZE").await;
    }
    database.execute(&FILL.replace("FACILITY", "new")).await;
    for facility in ["first", "new"] {
        assert_keys_are_used(&database.client().await, facility).await;
    }
}
