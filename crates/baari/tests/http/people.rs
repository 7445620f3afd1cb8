//! People and facilities on the command line, with and without a running server beside it.

use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Database, Reply, Server, baari_on, on_both_databases};

const PASSWORD: &str = "teal monsoon ladder";
const GIVEN: &[(&str, &str)] = &[("BAARI_ADMIN_PASSWORD", PASSWORD)];
/// How long it may take until a server notices.
const PATIENCE: Duration = Duration::from_secs(20);

fn started(database: &Database) -> Server {
    Server::start_closed(database, GIVEN, &database.data_dir().with_extension("log"))
}

/// What a command says that does what it should.
#[track_caller]
fn done(database: &Database, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = baari_on(Some(database), &[], arguments);
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// What one says that does not.
#[track_caller]
fn refused(database: &Database, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = baari_on(Some(database), &[], arguments);
    assert!(!status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stdout));
    String::from_utf8(stderr).unwrap()
}

fn sign_in(server: &Server, name: &str, password: &str) -> Reply {
    server.client.post("/api/session", &json!({"name": name, "password": password}))
}

/// What the browser shows from then on.
#[track_caller]
fn session(server: &Server, name: &str, password: &str) -> String {
    let reply = sign_in(server, name, password);
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn get(server: &Server, path: &str, session: &str) -> Reply {
    server.client.get_with(path, &[("Cookie", session)])
}

/// The password in what a command said.
fn one_time(said: &str) -> &str {
    said.trim_end().rsplit(' ').next().unwrap()
}

fn listed(database: &Database) -> Value {
    serde_json::from_str(&done(database, &["user", "list", "--json"])).unwrap()
}

fn people_are_added_beside_a_server_and_without_one(database: &Database) {
    assert!(started(database).client.get("/health/live").status == 200);
    let file = database.data_dir().with_extension("password");
    std::fs::write(&file, "quilt harbour ninety\n").unwrap();
    let file = file.to_str().unwrap();
    let add =
        ["user", "add", "Ravi", "--role", "reception", "--called", "Ravi Shah", "--password-file", file];
    assert!(done(database, &add).contains("ravi may sign in at City Hospital"));
    assert!(refused(database, &add).contains("already"));

    let server = started(database);
    let made = done(database, &["user", "add", "meera", "--role", "supervisor", "--generate"]);
    let password = one_time(&made);
    let people = listed(database);
    let names: Vec<&str> =
        people.as_array().unwrap().iter().filter_map(|user| user["name"].as_str()).collect();
    assert_eq!(names, ["admin", "meera", "ravi"]);
    assert_eq!((&people[2]["called"], &people[1]["must_change"]), (&json!("Ravi Shah"), &json!(true)));

    for (name, password) in [("ravi", "quilt harbour ninety"), ("meera", password)] {
        let signed_in = session(&server, name, password);
        let status = get(&server, "/api/doctor", &signed_in).status;
        assert_eq!(status, 403, "{name}: somebody else knows the password");
    }
    let admin = session(&server, "admin", PASSWORD);
    let trail = get(&server, "/api/audit", &admin).text;
    assert!(trail.contains("\"console\"") && trail.contains("user_added"), "{trail}");

    let said = [
        done(database, &["user", "list"]),
        listed(database).to_string(),
        std::fs::read_to_string(database.data_dir().with_extension("log")).unwrap(),
    ];
    for hidden in [PASSWORD, "quilt harbour ninety", password, "argon2"] {
        assert!(!said.iter().any(|text| text.contains(hidden)), "{hidden}");
    }
}

fn who_signs_in_elsewhere_has_no_password(database: &Database) {
    let server = started(database);
    let add = ["user", "add", "ravi", "--role", "reception", "--subject", "https://id.example 248"];
    assert!(done(database, &add).contains("no password here"));
    let ravi = listed(database)[1].clone();
    assert_eq!((&ravi["subject"], &ravi["must_change"]), (&json!("https://id.example 248"), &json!(false)));
    assert_eq!(sign_in(&server, "ravi", "").status, 401);
    let again = ["user", "add", "meera", "--role", "reception", "--subject", "https://id.example 248"];
    assert!(refused(database, &again).contains("--subject already"));
}

fn who_is_disabled_or_reset_is_signed_out(database: &Database) {
    let server = started(database);
    let add = done(database, &["user", "add", "ravi", "--role", "reception", "--generate"]);
    let ravi = session(&server, "ravi", one_time(&add));
    assert_eq!(get(&server, "/api/session", &ravi).status, 200);
    assert!(done(database, &["user", "disable", "RAVI"]).contains("signed out"));
    is_signed_out(&server, &ravi);
    assert_eq!(sign_in(&server, "ravi", one_time(&add)).status, 401);
    assert!(done(database, &["user", "list"]).contains("disabled"));

    let reset = done(database, &["user", "reset", "ravi", "--generate"]);
    assert!(reset.contains("still disabled"), "{reset}");
    done(database, &["user", "enable", "ravi"]);
    let ravi = session(&server, "ravi", one_time(&reset));
    let again = done(database, &["user", "reset", "ravi", "--generate"]);
    assert_ne!(one_time(&again), one_time(&reset));
    is_signed_out(&server, &ravi);
    session(&server, "ravi", one_time(&again));
}

#[track_caller]
fn is_signed_out(server: &Server, session: &str) {
    let deadline = Instant::now() + PATIENCE;
    while get(server, "/api/session", session).status != 401 {
        assert!(Instant::now() < deadline, "the session goes on");
        std::thread::yield_now();
    }
}

fn the_last_administrator_stays(database: &Database) {
    let server = started(database);
    assert!(refused(database, &["user", "disable", "admin"]).contains("last administrator"));
    done(database, &["user", "add", "asha", "--role", "admin", "--generate"]);
    done(database, &["user", "disable", "admin"]);
    assert!(refused(database, &["user", "disable", "asha"]).contains("last administrator"));
    assert_eq!(sign_in(&server, "admin", PASSWORD).status, 401);
}

fn facilities_keep_to_themselves(database: &Database) {
    let server = started(database);
    let add = ["facility", "add", "North Clinic", "--slug", "north", "--admin", "asha"];
    assert!(refused(database, &add).contains("BAARI_ADMIN_PASSWORD"));
    let added = baari_on(Some(database), &[("BAARI_ADMIN_PASSWORD", "quilt harbour ninety")], &add);
    assert!(added.status.success(), "{added:?}");
    assert!(refused(database, &add).contains("facility north already"));
    let all = done(database, &["facility", "list"]);
    assert!(all.contains("main") && all.contains("North Clinic"), "{all}");

    assert!(refused(database, &["user", "list"]).contains("(main, north)"));
    let north = done(database, &["user", "list", "--facility", "north"]);
    assert!(north.contains("asha") && north.trim_end().lines().count() == 2, "{north}");
    let body = json!({"facility": "north", "name": "asha", "password": "quilt harbour ninety"});
    assert_eq!(server.client.post("/api/session", &body).expect(201)["facility_name"], "North Clinic");
}

fn what_is_wrong_is_said(database: &Database) {
    assert!(!baari_on(Some(database), &[], &["user", "list"]).status.success(), "there is no database yet");
    let _server = started(database);
    for (arguments, expected) in [
        (&["user", "add", "ravi", "--role", "reception"][..], "--generate"),
        (&["user", "add", "ravi", "--role", "reception", "--subject", "248"], "the issuer's URL"),
        (&["user", "add", "r", "--role", "reception", "--generate"], "2 to 32"),
        (&["user", "add", "ravi", "--role", "nurse", "--generate"], "supervisor, reception"),
        (&["user", "add", "ravi", "--role", "doctor", "--generate"], "--doctor"),
        (&["user", "add", "ravi", "--role", "doctor", "--doctor", "Q", "--generate"], "no doctor Q"),
        (&["user", "reset", "nobody", "--generate"], "user list"),
        (&["user", "list", "--facility", "south"], "takes main"),
        (&["facility", "add", "X", "--slug", "-x"], "slug"),
        (&["facility", "add", "X", "--slug", "mars", "--time-zone", "Mars/Olympus"], "Asia/Kolkata"),
    ] {
        let said = refused(database, arguments);
        assert!(said.contains(expected) && !said.contains("panicked"), "{arguments:?}: {said}");
    }
}

#[test]
fn no_database_is_made_by_a_look_at_it() {
    let database = Database::sqlite();
    assert!(refused(&database, &["user", "list"]).contains("baari serve"));
    assert!(!database.data_dir().exists());
}

on_both_databases!(
    people_are_added_beside_a_server_and_without_one,
    who_signs_in_elsewhere_has_no_password,
    who_is_disabled_or_reset_is_signed_out,
    the_last_administrator_stays,
    facilities_keep_to_themselves,
    what_is_wrong_is_said,
);
