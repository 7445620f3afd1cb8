//! Whoever has stolen the database alone can't come in with what is in it, and reads nothing of those who were erased.

use baari_store::Role;
use serde_json::{Value, json};

use crate::database::checkpoint;
use crate::document::NEXT_PASSWORD;
use crate::server::{Answer, Server};
use crate::world::{PASSWORD, World, text, user};

/// The database and what lies beside it.
fn bytes(server: &Server) -> Vec<u8> {
    let folder = server.path().parent().unwrap().to_owned();
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.flat_map(|file| std::fs::read(file).unwrap()).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()))
}

/// What a day leaves with those who worked.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn keep(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() > 9, "{what}: {secret}");
        self.0.push((what, secret.to_owned()));
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for (what, set) in ["a session", "a device"].into_iter().zip(answer.headers.get_all("set-cookie")) {
            let (_, value) = set.to_str().unwrap().split_once('=').unwrap();
            self.keep(what, value.split(';').next().unwrap());
        }
    }
}

/// Asks twice with the same key: the answer is kept, and given again.
async fn twice(world: &World<'_>, path: &str, body: &Value) -> Value {
    let bearer = format!("Bearer {}", world.admin);
    let key = world.server.desk.mint_id().to_string();
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", &key)];
    let first = world.server.send("POST", path, &headers, Some(body)).await;
    let again = world.server.send("POST", path, &headers, Some(body)).await;
    assert!(first.status.is_success(), "{first:?}");
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    first.json()
}

async fn work(world: &World<'_>) -> Secrets {
    let (server, own) = (world.server, &world.own);
    let mut secrets = Secrets::default();
    secrets.keep("a session", &world.admin);
    secrets.keep("a page", &own.code);
    let asha = user(server, world.facility, Role::Reception, |_| {}).await;
    let sign_in = json!({ "name": asha.name, "password": PASSWORD });
    let session = server.send("POST", "/api/session", &[], Some(&sign_in)).await.is(201);
    secrets.keep_cookies(&session);
    let wrong = json!({ "name": asha.name, "password": "typed-by-mistake" });
    server.send("POST", "/api/session", &[], Some(&wrong)).await.is(401);
    let (_, shown) = secrets.0[2].clone();
    let bearer = format!("Bearer {shown}");
    let change = json!({ "current": PASSWORD, "new": NEXT_PASSWORD });
    server.send("PUT", "/api/session/password", &[("authorization", &bearer)], Some(&change)).await.is(204);
    for (what, password) in
        [("a password", PASSWORD), ("a password", NEXT_PASSWORD), ("a try", "typed-by-mistake")]
    {
        secrets.keep(what, password);
    }
    let made = twice(world, "/api/user", &json!({ "name": "nila", "role": "admin" })).await;
    secrets.keep("a one-time password", &text(&made, "password"));
    let reset = twice(world, &format!("/api/user/{}/reset", own.user), &json!({})).await;
    secrets.keep("a one-time password", &text(&reset, "password"));
    let given = json!({ "name": "ravi", "role": "admin", "password": "some-quite-given-words" });
    twice(world, "/api/user", &given).await;
    secrets.keep("a given password", "some-quite-given-words");
    let key =
        text(&twice(world, "/api/key", &json!({ "name": "TV", "scopes": ["board_read"] })).await, "key");
    let board = format!("/api/live/board/{}", own.board);
    server.send("GET", &board, &[("authorization", &format!("Bearer {key}"))], None).await.is(200);
    secrets.keep("a key", &key);
    let book = json!({ "patient_id": own.spare, "doctor_id": own.doctor, "source": "walk_in" });
    let code = text(&twice(world, "/api/token/book", &book).await, "code");
    server.send("GET", &format!("/api/live/token/{code}"), &[], None).await.is(200);
    secrets.keep("a page", &code);
    secrets
}

#[tokio::test]
async fn the_database_holds_nothing_that_opens_anything() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let secrets = work(&world).await;
    let all = bytes(&server);
    assert!(holds(&all, "Raopatient"), "the right files were read");
    for (what, secret) in &secrets.0 {
        assert!(!holds(&all, secret), "{what} can be read in the database: {secret}");
        // Without what tells the kind and the facility: the random part alone.
        let random = &secret[secret.len() - 20.min(secret.len())..];
        assert!(!holds(&all, random), "a part of {what} can be read in the database: {secret}");
    }
}

#[tokio::test]
async fn who_was_erased_can_not_be_read_in_what_the_file_keeps_free() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let mut erased = Vec::new();
    for number in 0..40 {
        // Long enough that the rows lie on several pages, and some of these become free.
        let name = format!("Erasable{number} {}", "Forgotten".repeat(12));
        let body =
            json!({ "name": name, "phone": "77777 12345", "mrn": "MRN-erasable", "abha": "ABHA-erasable" });
        erased.push(text(&twice(&world, "/api/patient", &body).await, "id"));
    }
    let path = format!("/api/patient/{}", erased[0]);
    world.did("PATCH", &path, json!({ "name": "Erasable Renamed", "phone": "77777 54321" })).await;
    world.get("/api/patient?q=erasable").await;
    let book = json!({ "patient_id": erased[0], "doctor_id": world.own.doctor, "source": "walk_in" });
    let token = text(&world.did("POST", "/api/token/book", book).await, "id");
    world.did("PATCH", &format!("/api/token/{token}/status"), json!({ "status": "cancelled" })).await;
    let names = ["erasable", "forgotten", "7777712345", "7777754321"];
    assert!(names.iter().all(|name| holds(&bytes(&server), name)));
    for id in &erased {
        let erase = format!("/api/patient/{id}/erase");
        twice(&world, &erase, &json!({ "reason": "by letter" })).await;
    }
    checkpoint(&server.path());
    let all = bytes(&server);
    for name in names {
        assert!(!holds(&all, name), "{name} can still be read");
    }
}
