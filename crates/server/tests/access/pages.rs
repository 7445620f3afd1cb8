//! Every page, asked for by everybody: who gets it is what the table says, and whoever does not is told as a person is told.

use std::collections::HashSet;

use baari_access::{Action, Subject};
use baari_store::Role;

use crate::caller::{Caller, Expected};
use crate::database::difference;
use crate::facilities::{nothings, told};
use crate::server::{Answer, Server};
use crate::world::{Things, World};

const AS_A_PERSON: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

struct Page {
    path: &'static str,
    action: Action,
}

fn pages() -> Vec<Page> {
    let pages = baari_server::pages().into_iter();
    pages.map(|(path, action)| Page { path, action: Action::named(action).unwrap() }).collect()
}

impl Page {
    /// The address, about these things.
    fn address(&self, things: &Things) -> String {
        let kinds = [
            ("doctor/{id}", &things.doctor),
            ("patient/{id}", &things.patient),
            ("token/{id}", &things.token),
            ("slip/{id}", &things.token),
            ("slot/{id}", &things.slot),
            ("user/{id}", &things.user),
            ("key/{id}", &things.key),
            ("{ids}", &things.board),
            ("{code}", &things.code),
        ];
        let put = |path: String, (name, id): &(&str, &String)| {
            let put = name.replace("{id}", id).replace("{ids}", id).replace("{code}", id);
            path.replace(name, &put)
        };
        let path = kinds.iter().fold(self.path.to_owned(), put);
        assert!(!path.contains('{'), "{path}: say what its parameter is");
        if self.action.subject() == Subject::Query {
            format!("{path}?doctor_id={}", things.doctor)
        } else {
            path
        }
    }

    /// Whether a key whose only scope is the page's action gets it: it does not, where the page shows a queue besides.
    fn needs_more(&self) -> bool {
        ["/desk", "/desk/live", "/desk/token/{id}/move"].contains(&self.path)
    }

    fn names_something(&self) -> bool {
        self.path.contains('{') || self.action.subject() == Subject::Query
    }
}

/// Asks as somebody who looks at it in a browser, or as a program.
async fn ask(server: &Server, path: &str, headers: &[(&'static str, String)], is_person: bool) -> Answer {
    let mut headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if is_person {
        headers.push(AS_A_PERSON);
    }
    server.send("GET", path, &headers, None).await
}

/// What a person sees who is not let in.
#[track_caller]
fn check_as_person(expected: Expected, answer: &Answer, path: &str, said: &str) {
    let (status, to) = (answer.status.as_u16(), answer.header("location"));
    match expected {
        Expected::NotSignedIn => {
            let next = path.replace('/', "%2F").replace('?', "%3F").replace('=', "%3D");
            // A screen has a key, nobody who signs in.
            let door = match path {
                "/kiosk" => "/kiosk/open",
                board if board.starts_with("/board/") => "/board",
                _ => "/sign-in",
            };
            assert_eq!((status, to), (303, &*format!("{door}?next={next}")), "{said}");
        }
        Expected::Refused("password_change_needed") => assert_eq!((status, to), (303, "/password"), "{said}"),
        Expected::Refused(_) => {
            assert_eq!((status, answer.header("content-type")), (403, "text/html; charset=utf-8"), "{said}");
        }
        Expected::LetIn => {
            assert!(status < 400 || status == 404, "{said}");
            assert!(
                to.is_empty() || !["/sign-in?", "/password"].iter().any(|away| to.starts_with(away)),
                "{said}"
            );
        }
    }
}

#[tokio::test]
async fn everybody_gets_the_pages_that_the_table_says_and_no_others() {
    let server = Server::start().await;
    let elsewhere = server.facility("elsewhere").await;
    let here = World::new(&server, server.main, "main").await;
    let there = World::new(&server, elsewhere, "elsewhere").await;
    for page in pages() {
        let mut statuses = HashSet::new();
        for &caller in Caller::ALL {
            let is_of_there = caller == Caller::Elsewhere;
            let asking = if is_of_there { &there } else { &here };
            let works = if is_of_there { Caller::Works(Role::Admin) } else { caller };
            for (things, own) in [(&here.own, true), (&here.other, false)] {
                let (headers, _) = works.headers(asking, page.action).await;
                let (path, mut expected) = (page.address(things), caller.expected(page.action, own));
                let has_one_scope = matches!(caller, Caller::Scoped | Caller::ScopedToOwn);
                if has_one_scope && expected == Expected::LetIn && page.needs_more() {
                    expected = Expected::Refused("not_allowed");
                }
                let before = server.digest(Some(here.facility));
                let program = ask(&server, &path, &headers, false).await;
                let person = ask(&server, &path, &headers, true).await;
                let said = format!("{path} by {caller:?}: {program:?} and {person:?}");
                statuses.insert(program.status.as_u16());
                if program.status.as_u16() == 405 {
                    // What a page without scripts sends; there is nothing to look at.
                    continue;
                }
                expected.check(&program, &said);
                check_as_person(expected, &person, &path, &said);
                let after = server.digest(Some(here.facility));
                let may_be_noted = expected == Expected::LetIn && !is_of_there;
                assert!(may_be_noted || before == after, "{said}\n{}", difference(&before, &after));
            }
        }
        assert!(!statuses.contains(&405) || statuses.len() == 1, "{}: {statuses:?}", page.path);
    }
}

#[tokio::test]
async fn a_page_about_what_belongs_to_another_facility_is_like_one_about_nothing() {
    let server = Server::start().await;
    let elsewhere = server.facility("elsewhere").await;
    let here = World::new(&server, server.main, "main").await;
    let there = World::new(&server, elsewhere, "elsewhere").await;
    let nothing = nothings(&here.own);
    let bearer = format!("Bearer {}", there.admin);
    let mut compared = 0;
    for page in pages().iter().filter(|page| page.names_something() && !page.action.is_for_anybody()) {
        let headers = [("authorization", &*bearer), AS_A_PERSON];
        let foreign = server.send("GET", &page.address(&here.own), &headers, None).await;
        let unknown = server.send("GET", &page.address(&nothing), &headers, None).await;
        assert_eq!(told(&foreign, &here.own), told(&unknown, &nothing), "{}", page.path);
        assert!([404, 405].contains(&foreign.status.as_u16()), "{}: {foreign:?}", page.path);
        compared += 1;
    }
    assert!(compared > 0);
}

#[tokio::test]
async fn nothing_is_changed_by_asking_for_a_page_otherwise() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let bearer = format!("Bearer {}", world.admin);
    for page in pages() {
        for method in ["PUT", "PATCH", "DELETE", "TRACE"] {
            let before = server.digest(None);
            let path = page.address(&world.own);
            let answer = server.send(method, &path, &[("authorization", &bearer)], None).await;
            assert_eq!(answer.status.as_u16(), 405, "{method} {path}: {answer:?}");
            assert_eq!(before, server.digest(None), "{method} {path}");
        }
    }
}
