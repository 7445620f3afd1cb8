//! Signing in: what a browser is given, how guessing is slowed down, and what counts as showing who one is.

use baari_store::Role;
use jiff::SignedDuration;
use serde_json::json;

use crate::browser::{Browser, cookie, somebody};
use crate::document::NEXT_PASSWORD;
use crate::server::Server;
use crate::world::{PASSWORD, text, user};

#[tokio::test]
async fn signing_in_sets_cookies_that_no_script_and_no_other_host_gets() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let answer = Browser::default().try_in(&server, &asha.name.to_uppercase(), PASSWORD).await.is(201);
    let set: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(set.len(), 2, "{set:?}");
    for (set, begin, lasts) in
        [(set[0], "__Host-baari=baari_s_", 43_200), (set[1], "__Host-baari-browser=", 7_776_000)]
    {
        assert!(set.starts_with(begin), "{set}");
        let mut attributes: Vec<&str> = set.split("; ").skip(1).collect();
        attributes.sort_unstable();
        assert_eq!(attributes, ["HttpOnly", &format!("Max-Age={lasts}"), "Path=/", "SameSite=Lax", "Secure"]);
    }
    assert!(!answer.body.contains("baari_s_"), "what the cookie holds is for no script: {answer:?}");
    let session = cookie(&answer, "__Host-baari");
    let browser = Browser { session, ..Browser::default() };
    let me = browser.ask(&server, "GET", "/api/session", None).await.is(200);
    assert!(!me.body.contains("baari_s_"), "{me:?}");
    assert_eq!(
        (text(&me.json(), "name"), &me.json()["sessions"][0]["agent"]),
        (asha.name, &json!("a browser"))
    );
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_name_are_answered_alike() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let gone = user(&server, server.main, Role::Admin, |user| user.active = false).await;
    let elsewhere = user(&server, server.main, Role::Admin, |user| user.password = None).await;
    let mut answers = Vec::new();
    for (name, password) in [
        (asha.name.as_str(), "not-the-password"),
        ("nobody", PASSWORD),
        (&gone.name, PASSWORD),
        (&elsewhere.name, PASSWORD),
        ("", ""),
    ] {
        let answer = Browser::default().try_in(&server, name, password).await;
        answers.push(answer.refused_as(401, "sign_in_wrong"));
    }
    let body = json!({ "facility": "there-is-none", "name": asha.name, "password": PASSWORD });
    answers.push(server.send("POST", "/api/session", &[], Some(&body)).await);
    for answer in &answers {
        assert_eq!((&answer.body, &answer.headers), (&answers[0].body, &answers[0].headers));
    }
}

#[tokio::test]
async fn strangers_wait_who_try_too_often_and_those_who_work_here_do_not() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    for name in [asha.name.as_str(), "nobody"] {
        let known = if name == "nobody" {
            Browser::default()
        } else {
            Browser::sign_in(&server, name, PASSWORD).await
        };
        for _ in 0..8 {
            let tried = Browser::default().try_in(&server, name, "a guess").await;
            tried.refused_as(401, "sign_in_wrong");
        }
        let refused = Browser::default().try_in(&server, name, PASSWORD).await;
        let refused = refused.refused_as(429, "sign_in_too_often");
        let seconds: i64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=16).contains(&seconds), "{refused:?}");
        let body = json!({ "facility": "main", "name": name, "password": PASSWORD });
        let named = server.send("POST", "/api/session", &[], Some(&body)).await;
        named.refused_as(429, "sign_in_too_often");
        if name == "nobody" {
            break;
        }
        known.try_in(&server, name, PASSWORD).await.is(201);
        let mut forged = known.clone();
        forged.device.replace_range(..4, "AAAA");
        forged.try_in(&server, name, PASSWORD).await.refused_as(429, "sign_in_too_often");
        server.advance(SignedDuration::from_secs(seconds));
        Browser::default().try_in(&server, name, PASSWORD).await.is(201);
    }
}

#[tokio::test]
async fn a_found_session_is_no_way_to_guess_the_password() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let browser = Browser::sign_in(&server, &asha.name, PASSWORD).await;
    let body = json!({ "current": "a guess", "new": NEXT_PASSWORD });
    for _ in 0..8 {
        let tried = browser.ask(&server, "PUT", "/api/session/password", Some(&body)).await;
        tried.refused_as(401, "sign_in_wrong");
    }
    let tried = browser.ask(&server, "PUT", "/api/session/password", Some(&body)).await;
    tried.refused_as(429, "sign_in_too_often");
}

#[tokio::test]
async fn what_another_site_makes_a_browser_ask_is_not_done() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Admin).await;
    let session = Browser::sign_in(&server, &asha.name, PASSWORD).await.session;
    let cookie = format!("__Host-baari={session}");
    let bearer = format!("Bearer {session}");
    let body = json!({ "name": "Dr Bose" });
    let ask = async |more: &[(&str, &str)]| {
        let before = server.digest(None);
        let answer = server.send("POST", "/api/doctor", more, Some(&body)).await;
        (answer, before == server.digest(None))
    };
    let by_cookie = ("cookie", cookie.as_str());
    let refused: &[&[(&str, &str)]] = &[
        &[by_cookie],
        &[by_cookie, ("origin", "https://evil.test")],
        &[by_cookie, ("origin", "https://evil.test"), ("host", "baari.test")],
        &[by_cookie, ("origin", "null"), ("host", "baari.test")],
        &[by_cookie, ("origin", "https://baari.test.evil.test"), ("host", "baari.test")],
        &[by_cookie, ("sec-fetch-site", "cross-site")],
        &[by_cookie, ("sec-fetch-site", "same-site")],
        &[by_cookie, ("sec-fetch-site", "cross-site"), ("origin", "https://baari.test")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", "https://evil.test"), ("host", "baari.test")],
    ];
    for more in refused {
        let (answer, same) = ask(more).await;
        answer.refused_as(403, "cross_site");
        assert!(same, "{more:?}");
    }
    let passed: &[&[(&str, &str)]] = &[
        &[by_cookie, ("sec-fetch-site", "same-origin")],
        &[by_cookie, ("sec-fetch-site", "none")],
        &[by_cookie, ("origin", "https://baari.test")],
        &[by_cookie, ("origin", "http://localhost:8080"), ("host", "localhost:8080")],
        &[("authorization", &bearer)],
    ];
    for more in passed {
        let (answer, same) = ask(more).await;
        assert!(!same, "{more:?} {:?}", answer.is(201));
    }
    server.send("GET", "/api/doctor", &[by_cookie, ("sec-fetch-site", "cross-site")], None).await.is(200);
}

#[tokio::test]
async fn a_session_can_be_shown_in_a_header_and_nonsense_there_is_nobody() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let session = Browser::sign_in(&server, &asha.name, PASSWORD).await.session;
    for good in [format!("Bearer {session}"), format!("bearer   {session} ")] {
        server.send("GET", "/api/session", &[("authorization", &good)], None).await.is(200);
    }
    let basic = format!("Basic {session}");
    let cookie = format!("__Host-baari={session}");
    let long = format!("Bearer {}", "a".repeat(10_000));
    for wrong in
        ["Basic YXNoYTp4", &basic, "Bearer", "Bearer ", "", " ", "Digest x, y=\"z\"", "Bearer \u{e9}", &long]
    {
        let headers = [("authorization", wrong), ("cookie", &cookie), ("sec-fetch-site", "same-origin")];
        let answer = server.send("GET", "/api/session", &headers, None).await;
        answer.refused_as(401, "not_signed_in");
    }
    for cookies in ["", ";;;=", "__Host-baari", "__Host-baari=; __Host-baari=x", "__Host-Baari=\u{e9}"] {
        server
            .send("GET", "/api/session", &[("cookie", cookies)], None)
            .await
            .refused_as(401, "not_signed_in");
    }
}
