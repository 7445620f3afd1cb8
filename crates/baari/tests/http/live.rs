//! Live streams: each message carries the whole of what its client shows.

use std::time::{Duration, Instant};

use crate::support::{DATE, Database, Heard, Hospital, Server, Sse, on_both_databases, text};
use serde_json::{Value, json};

on_both_databases!(
    a_doctor_stream_carries_the_queue_as_it_is_read,
    a_board_shows_labels_and_never_a_name,
    an_emergency_does_not_hide_that_the_others_are_late,
    a_token_stream_follows_the_token_to_its_end,
    who_comes_back_gets_nothing_twice_and_the_last_one_once,
    what_is_not_there_has_no_stream,
    open_streams_do_not_hold_up_a_stop,
);

/// A change on one server reaches a stream on another within this.
const OTHER_SERVER: Duration = Duration::from_secs(1);
/// A server with open streams has stopped within this.
const STOP: Duration = Duration::from_secs(5);

fn a_doctor_stream_carries_the_queue_as_it_is_read(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let read = || server.client.get(&format!("/api/doctor/{}", hospital.doctor)).text;
    let mut stream = Sse::open(&server.address, &live("doctor", &hospital.doctor), None);
    assert_eq!(stream.message().1, read(), "at once");
    let post = |what: &str, body: Value| {
        server.client.post(&format!("/api/doctor/{}/{what}", hospital.doctor), &body).expect(200);
    };
    let changes: [(&str, &dyn Fn()); 6] = [
        ("a walk-in", &|| drop(hospital.book("walk_in").expect(201))),
        ("an emergency", &|| drop(hospital.book("emergency").expect(201))),
        ("next", &|| post("next", json!({}))),
        ("late", &|| post("delay", json!({"minutes": 20}))),
        ("undo", &|| post("undo", json!({}))),
        ("another room", &|| {
            let path = format!("/api/doctor/{}", hospital.doctor);
            server.client.patch(&path, &json!({"room": "9"})).expect(200);
        }),
    ];
    for (what, change) in changes {
        change();
        assert_eq!(stream.message().1, read(), "after {what}");
    }
    stream.silent();
}

fn a_board_shows_labels_and_never_a_name(database: &Database) {
    let server = Server::start(database);
    let (one, two) = (Hospital::open(&server, 10, 12), colleague(&server));
    let path = live("board", &format!("{},{}", one.doctor, two.doctor));
    let mut stream = Sse::open(&server.address, &path, None);
    let mut said = vec![stream.message().1];
    let mut labels = Vec::new();
    for (n, hospital) in [&one, &two, &one, &two].into_iter().enumerate() {
        let patient = json!({"name": format!("Zaphira Quillfeather {n}"), "phone": format!("97531 8642{n}")});
        let patient = text(&server.client.post("/api/patient", &patient).expect(201)["id"]);
        let request = hospital.request(&patient, "walk_in");
        let token = server.client.post("/api/token/book", &request).expect(201);
        let (_, data) = stream.message();
        let label = text(&token["label"]);
        assert!(data.contains(&format!("\"{label}\"")), "{label} is next on {data}");
        said.push(data);
        labels.push(label);
    }
    for (hospital, label) in [(&one, &labels[0]), (&two, &labels[1])] {
        server.client.post(&format!("/api/doctor/{}/next", hospital.doctor), &json!({})).expect(200);
        let (_, data) = stream.message();
        assert!(data.contains(&format!("\"now_serving\":\"{label}\"")), "{label} is served on {data}");
        said.push(data);
    }
    let last: Value = serde_json::from_str(said.last().unwrap()).unwrap();
    let doctors: Vec<&Value> =
        last["doctors"].as_array().unwrap().iter().map(|board| &board["doctor_id"]).collect();
    assert_eq!(doctors, [&json!(one.doctor), &json!(two.doctor)], "in the order that was asked for");
    for data in said {
        for private in ["Zaphira", "Quillfeather", "97531", "8642", "patient", "phone", "code"] {
            assert!(!data.contains(private), "{private} is on the board: {data}");
        }
    }
}

fn an_emergency_does_not_hide_that_the_others_are_late(database: &Database) {
    let server = Server::start_at(database, "09:00");
    let hospital = Hospital::open(&server, 10, 12);
    for _ in 0..3 {
        hospital.book("walk_in").expect(201);
    }
    hospital.at("09:30");
    let board = || {
        let message = Sse::open(&server.address, &live("board", &hospital.doctor), None).message().1;
        serde_json::from_str::<Value>(&message).unwrap()["doctors"][0].clone()
    };
    let before = board()["delay"].as_i64().unwrap();
    assert!(before >= 20, "{before}");
    let emergency = hospital.book("emergency").expect(201);
    let now = board();
    assert_eq!(now["next"][0], emergency["label"], "goes first, and was told a time just now");
    assert!(now["delay"].as_i64().unwrap() >= before, "{now}");
}

fn a_token_stream_follows_the_token_to_its_end(database: &Database) {
    let server = Server::start(database);
    let (one, two) = (Hospital::open(&server, 10, 12), colleague(&server));
    one.book("walk_in").expect(201);
    let token = one.book("online").expect(201);
    let mut stream = Sse::open(&server.address, &live("token", &text(&token["code"])), None);
    let first = stream.shown();
    assert_eq!((&first["status"], &first["ahead"]), (&json!("booked"), &json!(1)), "{first}");
    assert_eq!((&first["label"], &first["doctor"]), (&token["label"], &json!("Dr Rao")), "{first}");
    one.set_status(&token, "arrived").expect(200);
    stream.until(|shown| shown["status"] == "arrived");
    let leave = json!({"reason": "called to the ward"});
    let plan = server.client.post(&format!("/api/doctor/{}/leave", one.doctor), &leave).expect(200);
    let moved = plan["moved"].as_array().unwrap().iter();
    let moved = moved.map(|moved| &moved["token"]).find(|moved| moved["id"] == token["id"]).unwrap();
    assert_eq!(moved["code"], token["code"], "{plan}");
    let shown = stream.until(|shown| shown["doctor"] == "Dr Iyer");
    assert_eq!((&shown["label"], &shown["room"]), (&moved["label"], &json!("4")), "{shown}");
    two.set_status(&token, "called").expect(200);
    let shown = stream.until(|shown| shown["status"] == "called");
    assert_eq!((&shown["now_serving"], &shown["ahead"]), (&moved["label"], &Value::Null), "{shown}");
    two.set_status(&token, "in_consultation").expect(200);
    stream.until(|shown| shown["status"] == "in_consultation");
    two.set_status(&token, "completed").expect(200);
    let shown = stream.until(|shown| shown["status"] == "completed");
    assert_eq!(shown["estimated_time"], Value::Null, "{shown}");
    assert!(!shown.to_string().contains("Meena"), "{shown}");
}

fn who_comes_back_gets_nothing_twice_and_the_last_one_once(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let token = hospital.book("online").expect(201);
    for path in [
        live("doctor", &hospital.doctor),
        live("board", &hospital.doctor),
        live("token", &text(&token["code"])),
    ] {
        let (id, before) = Sse::open(&server.address, &path, None).message();
        let mut again = Sse::open(&server.address, &path, Some(&id));
        let first = again.heard(Duration::from_secs(5));
        assert!(matches!(first, Some(Heard::Comment(_))), "{path}: it lives, and has nothing new: {first:?}");
        again.silent();
        for source in ["walk_in", "emergency", "walk_in"] {
            let _ = hospital.book(source);
        }
        let (_, after) = again.message();
        assert_ne!(before, after, "{path}");
        let mut late = Sse::open(&server.address, &path, Some(&id));
        let (_, last) = late.message();
        late.silent();
        assert_eq!(Sse::open(&server.address, &path, None).message().1, last, "{path}");
        let mut other = Sse::open(&server.address, &path, Some("2020-01-01.7.7"));
        assert_eq!(other.message().1, last, "{path}: an id from elsewhere is no reason to say nothing");
    }
}

fn what_is_not_there_has_no_stream(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let nobody = "01940c5e-7a00-7000-8000-000000000000";
    let thirteen = vec![hospital.doctor.as_str(); 13].join(",");
    for (path, status, problem) in [
        (live("token", "ZZZZZZZZ"), 404, "token_unknown"),
        (live("token", "x"), 404, "token_unknown"),
        (live("token", &"é".repeat(200).replace('é', "%C3%A9")), 404, "token_unknown"),
        (live("doctor", nobody), 404, "doctor_unknown"),
        (live("doctor", "7"), 422, "field_wrong"),
        (live("board", nobody), 404, "doctor_unknown"),
        (live("board", &format!("{},{nobody}", hospital.doctor)), 404, "doctor_unknown"),
        (live("board", ","), 422, "field_wrong"),
        (live("board", &thirteen), 422, "field_wrong"),
        (live("doctor", &format!("{}?date=soon", hospital.doctor)), 422, "field_wrong"),
    ] {
        let reply = server.client.get(&path);
        assert_eq!((reply.status, reply.problem()), (status, problem), "{path}: {}", reply.text);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{path}");
    }
    // A day that nobody has made yet is a queue with nobody in it.
    let path = live("doctor", &format!("{}?date=2026-02-09", hospital.doctor));
    assert_eq!(Sse::open(&server.address, &path, None).shown()["tokens"], json!([]));
}

fn open_streams_do_not_hold_up_a_stop(database: &Database) {
    let mut server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let token = hospital.book("online").expect(201);
    let paths = [
        live("doctor", &hospital.doctor),
        live("board", &hospital.doctor),
        live("token", &text(&token["code"])),
    ];
    let open = |path: &String| Sse::open(&server.address, path, None);
    let mut streams: Vec<Sse> = paths.iter().cycle().take(30).map(open).collect();
    streams.iter_mut().for_each(|stream| drop(stream.message()));
    let begun = Instant::now();
    server.terminate();
    assert!(server.ended(), "it ends well");
    assert!(begun.elapsed() < STOP, "after {:?}", begun.elapsed());
    for mut stream in streams {
        assert_eq!(stream.heard(STOP), None);
        assert!(stream.ended);
    }
}

#[test]
fn what_another_server_does_is_seen_within_a_second() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let (one, two) = (Server::start(&database), Server::start(&database));
    let hospital = Hospital::open(&one, 10, 12);
    let token = hospital.book("online").expect(201);
    let open = |path: String| Sse::open(&two.address, &path, None);
    let mut queue = open(live("doctor", &hospital.doctor));
    let mut board = open(live("board", &hospital.doctor));
    let mut own = open(live("token", &text(&token["code"])));
    for stream in [&mut queue, &mut board, &mut own] {
        stream.message();
    }
    for status in ["arrived", "called", "in_consultation", "completed"] {
        hospital.set_status(&token, status).expect(200);
        let begun = Instant::now();
        own.until(|shown| shown["status"] == status);
        assert!(begun.elapsed() < OTHER_SERVER, "{status} after {:?}", begun.elapsed());
        let read = one.client.get(&format!("/api/doctor/{}", hospital.doctor)).text;
        while queue.message().1 != read {}
        board.message();
        assert!(begun.elapsed() < OTHER_SERVER, "{status} after {:?}", begun.elapsed());
    }
}

fn live(kind: &str, id: &str) -> String {
    format!("/api/live/{kind}/{id}")
}

/// Another doctor of the same speciality, with a slot.
fn colleague(server: &Server) -> Hospital {
    let doctor = json!({"name": "Dr Iyer", "speciality": "Medicine", "room": "4", "mean_visit_minutes": 6});
    let doctor = text(&server.client.post("/api/doctor", &doctor).expect(201)["id"]);
    let hospital = Hospital { client: server.client.clone(), doctor };
    hospital.slot("09:00", "10:00", 10, 12);
    assert!(hospital.queue()["date"] == DATE);
    hospital
}
