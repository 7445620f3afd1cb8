//! The settings of the day's rules: they are kept, count at once, and bad ones change nothing.

use crate::support::{Database, Hospital, Server, on_both_databases, refused};
use serde_json::{Value, json};

on_both_databases!(the_days_settings_are_kept, bad_settings_change_nothing, a_setting_counts_at_once);

fn the_days_settings_are_kept(database: &Database) {
    let server = Server::start(database);
    let settings = server.client.get("/api/setting").expect(200);
    for (name, default) in [
        ("grace_minutes", json!(10.0)),
        ("rejoin_behind", json!(2)),
        ("rejoins_max", json!(2)),
        ("pull_forward", json!(false)),
        ("displacement", json!(false)),
        ("other_doctors", json!(true)),
    ] {
        assert_eq!(settings[name], default, "{name}");
    }
    let change = json!({"grace_minutes": 2.5, "rejoin_behind": 5, "rejoins_max": 0, "pull_forward": true,
        "displacement": true, "other_doctors": false});
    let changed = server.client.patch("/api/setting", &change).expect(200);
    let mut expected = settings;
    expected.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    assert_eq!(changed, expected);
    assert_eq!(
        server.client.patch("/api/setting", &json!({})).expect(200),
        expected,
        "what is not given stays"
    );
    server.kill();
    let server = Server::start(database);
    assert_eq!(server.client.get("/api/setting").expect(200), expected);
    for grace in [0.5, 240.0] {
        let changed = server.client.patch("/api/setting", &json!({"grace_minutes": grace})).expect(200);
        assert_eq!(changed["grace_minutes"], grace);
    }
}

fn bad_settings_change_nothing(database: &Database) {
    let server = Server::start(database);
    let before = server.client.get("/api/setting").expect(200);
    for (name, values) in [
        ("grace_minutes", json!([0, 0.4, -1, 241, 1e300, "10", true])),
        ("rejoin_behind", json!([-1, 256, 1.5, "2", true])),
        ("rejoins_max", json!([-1, 256, 2.5, "2", []])),
        ("pull_forward", json!([1, "true", "on", {}])),
        ("displacement", json!([0, "off", [true]])),
        ("other_doctors", json!(["yes", 1])),
        ("check_in", json!(["off", 0])),
        ("grace", json!([10])),
    ] {
        for value in values.as_array().unwrap() {
            // A good one beside it: all or nothing.
            let mut change = json!({"pull_forward": true});
            change[name] = value.clone();
            let reply = server.client.patch("/api/setting", &change);
            refused(&reply, 422, "field_wrong");
            assert_eq!(reply.body["field"], name, "{change}: {}", reply.text);
        }
    }
    assert_eq!(server.client.get("/api/setting").expect(200), before);
}

fn a_setting_counts_at_once(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 10);
    let tokens: Vec<Value> = (0..4).map(|_| hospital.book("walk_in").expect(201)).collect();
    hospital.next().expect(200);
    hospital.at("09:06");
    assert_eq!(hospital.status(&tokens[0]), "called");
    hospital.set(&json!({"grace_minutes": 5, "rejoin_behind": 1}));
    hospital.at("09:06");
    assert_eq!(
        hospital.status(&tokens[0]),
        "passed",
        "a shorter time to come counts for who was called before"
    );
    hospital.step(&tokens[0], "rejoin", &json!({})).expect(200);
    assert_eq!(hospital.order(), [2, 1, 3, 4]);
}
