//! What is on the booking path is found by its key, and the trail by its indexes, whatever the planner knows of the tables.

use baari_engine::AuditId;
use baari_store::TrailQuery;
use jiff::Timestamp;
use jiff::civil::date;
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::database::{Database, Way};
use crate::{api_key, audit, doctor_day, event, session, token};

/// Thousands of rows of one facility.
const FILL: &str = "\
INSERT INTO baari.doctor_day (facility_id, doctor_id, slot_date, version, next_token_no)
SELECT md5('FACILITY')::uuid, md5(n::text)::uuid, date '2026-02-02', 1, 2 FROM generate_series(1, 20000) AS n;
INSERT INTO baari.token (facility_id, doctor_id, slot_date, token_no, id, patient_id, source, class, band, status,
    by_override, rejoins, booked_at)
SELECT md5('FACILITY')::uuid, md5((n / 20)::text)::uuid, date '2026-02-02', n % 20 + 1, gen_random_uuid(),
    gen_random_uuid(), 'online', 'online', 4, 'booked', false, 0, now()
FROM generate_series(0, 19999) AS n;
INSERT INTO baari.event (facility_id, number, doctor_id, slot_date, version, ordinal, at, actor, kind, token_id, reasons)
SELECT md5('FACILITY')::uuid, n + 1, md5((n / 20)::text)::uuid, date '2026-02-02', n % 20 + 1, 0,
    timestamptz '2026-02-02 00:00Z' + n * interval '1 minute',
    'user:' || n % 50, 'token_booked', md5((n / 2)::text)::uuid, ''
FROM generate_series(0, 19999) AS n;
INSERT INTO baari.audit (facility_id, id, at, actor, action, patient_id, subject, detail, address)
SELECT md5('FACILITY')::uuid, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || lpad(to_hex(n), 16, '0'))::uuid,
    at, 'user:' || n % 50, 'patient_read', md5((n / 20)::text)::uuid, '', '', ''
FROM (SELECT n, timestamptz '2026-02-02 00:00Z' + n * interval '1 minute' AS at FROM generate_series(0, 19999) AS n) AS n;
INSERT INTO baari.account (facility_id, id, name, called, role, must_change, active, created_at, version)
SELECT md5('FACILITY')::uuid, md5(n::text)::uuid, 'u' || n, '', 'reception', false, true, now(), 1
FROM generate_series(0, 1999) AS n;
INSERT INTO baari.session (facility_id, digest, user_id, created_at, seen_at, address, agent)
SELECT md5('FACILITY')::uuid, sha256(n::text::bytea), md5((n / 2)::text)::uuid, now(), now(), '', ''
FROM generate_series(0, 3999) AS n;
INSERT INTO baari.api_key (facility_id, id, name, digest, scopes, doctors, created_at, expires_at)
SELECT md5('FACILITY')::uuid, md5(n::text)::uuid, '', sha256(n::text::bytea), '{}', '{}', now(), now()
FROM generate_series(0, 1999) AS n";

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

    let explain = format!("EXPLAIN {}", token::LAST_SEEN);
    let plan = client.query(&explain, &[&facility, &doctors, &date]).await.unwrap();
    assert_uses("token_by_patient", "AND (patient_id = ", &plan);

    let explain = format!("EXPLAIN {}", event::LIST);
    let plan = client.query(&explain, &[&facility, &19_000_i64, &500_i64]).await.unwrap();
    assert_uses("event_pkey", "AND (number > ", &plan);
    let explain = format!("EXPLAIN {}", event::MOVES);
    let plan = client.query(&explain, &[&facility, &date, &0_i64, &500_i64]).await.unwrap();
    assert_uses("event_of_moves", "AND (slot_date = ", &plan);
    let explain = format!("EXPLAIN {}", event::OF_TOKEN);
    let plan = client.query(&explain, &[&facility, &doctors[0]]).await.unwrap();
    assert_uses("event_by_token", "AND (token_id = ", &plan);
    let explain = format!("EXPLAIN {}", doctor_day::PACE_LIST);
    let plan = client.query(&explain, &[&facility, &doctors[0], &date, &30_i64]).await.unwrap();
    assert_uses("doctor_day_by_doctor", "AND (slot_date < ", &plan);
}

async fn assert_indexes_are_used(client: &Client, facility: &str) {
    let facility: Uuid =
        client.query_one("SELECT md5($1)::uuid", &[&facility]).await.expect("a digest is a uuid").get(0);
    let digest = vec![7_u8; 32];
    for (statement, index) in
        [(session::GET, "session_pkey"), (api_key::GET, "api_key_facility_id_digest_key")]
    {
        let plan = client.query(&format!("EXPLAIN {statement}"), &[&facility, &digest]).await.unwrap();
        assert_uses(index, "AND (", &plan);
    }

    let (newest, number) = (Some(Uuid::from_u128(u128::MAX)), Some(19_000_i64));
    let (from, to): (Option<Timestamp>, Option<Timestamp>) = (None, Timestamp::from_second(1 << 31).ok());
    let (patient, first) = (Uuid::from_u128(7), Some(Uuid::nil()));
    let past = "2026-02-03T00:00:00Z".parse::<Timestamp>().ok();
    let of_anybody = (audit::LIST, "audit_pkey", event::SEARCH, "event_pkey");
    let of_somebody = (audit::LIST_OF_ACTOR, "audit_by_actor", event::SEARCH_OF_ACTOR, "event_by_actor");
    for (actor, condition, (list, of_audit, search, of_event)) in
        [(None, "", of_anybody), (Some("user:7"), "AND (actor = ", of_somebody)]
    {
        let explain = format!("EXPLAIN {list}");
        let plan =
            client.query(&explain, &[&facility, &newest, &actor, &from, &to, &50_i64, &first]).await.unwrap();
        assert_uses(of_audit, condition, &plan);
        let from_id = if actor.is_some() { "AND (ROW(actor, id) >= " } else { "AND (id >= " };
        assert_uses(of_audit, from_id, &plan);
        assert_uses(of_audit, "AND (id < ", &plan);
        let explain = format!("EXPLAIN {search}");
        let plan = client
            .query(&explain, &[&facility, &number, &actor, &from, &to, &50_i64, &past, &to])
            .await
            .unwrap();
        assert_uses(of_event, condition, &plan);
        assert_uses(of_event, "AND (number < ", &plan);
        assert_uses("event_by_time", "AND (at < ", &plan);

        let explain = format!("EXPLAIN {}", audit::LIST_OF_PATIENT);
        let plan = client
            .query(&explain, &[&facility, &newest, &actor, &from, &to, &50_i64, &patient])
            .await
            .unwrap();
        assert_uses("audit_by_patient", "AND (patient_id = ", &plan);
        let explain = format!("EXPLAIN {}", event::SEARCH_OF_PATIENT);
        let plan = client
            .query(&explain, &[&facility, &number, &actor, &from, &to, &50_i64, &patient])
            .await
            .unwrap();
        assert_uses("token_by_patient", "AND (patient_id = ", &plan);
        assert_uses("event_by_token", "AND (token_id = token.id)", &plan);
    }
}

/// Half an hour in the middle of two weeks, in which something happens each minute.
async fn assert_a_time_is_found(client: &Client, facility: &str) {
    let facility: Uuid =
        client.query_one("SELECT md5($1)::uuid", &[&facility]).await.expect("a digest is a uuid").get(0);
    let query = TrailQuery::<u64> {
        from: "2026-02-08T10:00:00Z".parse().ok(),
        to: "2026-02-08T10:30:00Z".parse().ok(),
        ..TrailQuery::default()
    };
    let TrailQuery { from, to, .. } = query;
    let (before, behind) = query.times();
    let (first, last) = TrailQuery::<AuditId> { from, to, ..TrailQuery::default() }.ids();
    let (first, last) = (first.map(|id| id.as_uuid()), last.map(|id| id.as_uuid()));
    let anything: Option<i64> = None;
    for (actor, list, search, expected) in [
        (None, audit::LIST, event::SEARCH, 30),
        (Some("user:5"), audit::LIST_OF_ACTOR, event::SEARCH_OF_ACTOR, 1),
    ] {
        let params: [&(dyn ToSql + Sync); 7] = [&facility, &last, &actor, &from, &to, &500_i64, &first];
        assert_touches(client, list, &params, expected, 5 * expected).await;
        let params: [&(dyn ToSql + Sync); 8] =
            [&facility, &anything, &actor, &from, &to, &500_i64, &before, &behind];
        assert_touches(client, search, &params, expected, expected + 5).await;
    }
}

/// Finds this many rows, and reads no more than so many for it.
async fn assert_touches(
    client: &Client,
    text: &str,
    params: &[&(dyn ToSql + Sync)],
    found: usize,
    touched: usize,
) {
    assert_eq!(client.query(text, params).await.unwrap().len(), found, "{text}");
    let explain = format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {text}");
    let plan: Vec<String> =
        client.query(&explain, params).await.unwrap().iter().map(|row| row.get(0)).collect();
    let removed = |line: &String| line.trim().strip_prefix("Rows Removed by Filter: ")?.parse::<usize>().ok();
    let removed: usize = plan.iter().filter_map(removed).sum();
    assert!(found + removed <= touched, "{}", plan.join("\n"));
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
    let client = database.client().await;
    assert_keys_are_used(&client, "first").await;
    assert_indexes_are_used(&client, "first").await;
    assert_a_time_is_found(&client, "first").await;
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
        let client = database.client().await;
        assert_keys_are_used(&client, facility).await;
        assert_indexes_are_used(&client, facility).await;
        assert_a_time_is_found(&client, facility).await;
    }
}
