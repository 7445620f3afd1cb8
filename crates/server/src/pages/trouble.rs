//! What goes wrong, in the reader's language: problem documents for programs and scripts, a page for people.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;

use super::shell::{Other, Reader, Shell};
use super::texts::{Texts, asked as language_asked};
use crate::access::whoever;
use crate::app::App;
use crate::problem::{NOT_ALLOWED, PATH_UNKNOWN, Problem, TOKEN_UNKNOWN};

/// Patients' pages.
const OWN: &str = "/t/";
/// A page that could not be had for a moment asks again by itself after so long.
const ASKS_AGAIN_SECONDS: &str = "15";

#[derive(Template)]
#[template(path = "trouble.html")]
struct Trouble {
    t: Texts,
    title: String,
    detail: String,
    /// The hospital's name, on a patient's page, where there is only one.
    hospital: Option<String>,
    /// Pages of those who work here are no place to send patients to.
    has_home: bool,
    others: Vec<Other>,
}

/// The same for somebody who is signed in: with the ways to what they may do.
#[derive(Template)]
#[template(path = "trouble_inside.html")]
struct Inside {
    shell: Shell,
    detail: String,
}

impl Inside {
    /// Somebody who is signed in, and may not do this.
    async fn of(app: &App, reader: &Reader, headers: &HeaderMap, problem: &Problem) -> Option<Self> {
        let here = whoever(app, headers).await?;
        let shell = Shell::new(&here, reader, "").await.ok()?;
        let (t, role) = (shell.t, shell.role?);
        let action = problem.more.get("action").and_then(Value::as_str).unwrap_or_default();
        let detail = if t.has("admin-scope", action) {
            let words = t.say("trouble-not-allowed").with("role", t.one_of("role", role).to_string());
            words.with("what", t.one_of("admin-scope", action).to_string()).to_string()
        } else {
            t.problem(problem)
        };
        Some(Self { shell, detail })
    }
}

/// A problem becomes one in the language of who asked; for somebody who looks at a page it becomes a page, and for somebody
/// who has to sign in first, the way there.
pub(crate) async fn in_their_language(app: State<Option<App>>, request: Request, next: Next) -> Response {
    let is_look = request.method() == Method::GET;
    // A form that is posted without a script comes back as a page too.
    let wants_page = (is_look || request.method() == Method::POST) && is_persons(&request);
    let reader = Reader::of(request.uri().query(), request.headers());
    let texts = if wants_page { reader.texts } else { Texts::preferred(request.headers()) };
    let has_language = request.headers().contains_key(header::ACCEPT_LANGUAGE);
    let asked = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let path = request.uri().path().to_owned();
    // Where somebody is sent instead, that language is asked for too, and kept.
    let chosen = request.uri().query().and_then(language_asked);
    let chosen = chosen.map_or(String::new(), |texts| format!("&lang={}", texts.code()));
    let headers = if wants_page { request.headers().clone() } else { HeaderMap::new() };
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    if wants_page {
        if is_look && response.status() == StatusCode::UNAUTHORIZED {
            let to = form_urlencoded::byte_serialize(asked.as_bytes()).collect::<String>();
            // A screen has a key, and nobody who signs in.
            if asked.starts_with("/board/") {
                return Redirect::to(&format!("/board?next={to}{chosen}")).into_response();
            }
            let door = if path == "/kiosk" { "/kiosk/open" } else { "/sign-in" };
            return Redirect::to(&format!("{door}?next={to}{chosen}")).into_response();
        }
        if is_look && problem.is(crate::problem::PASSWORD_CHANGE_NEEDED) {
            return Redirect::to(&format!("/password{}", chosen.replacen('&', "?", 1))).into_response();
        }
        if let Some(app) = app.0.as_ref().filter(|_| problem.is(NOT_ALLOWED))
            && let Some(page) = Inside::of(app, &reader, &headers, &problem).await
        {
            return (response.status(), reader.page(&page)).into_response();
        }
        let is_own = asked.starts_with(OWN);
        let is_wrong = is_own && (problem.is(TOKEN_UNKNOWN) || problem.is(PATH_UNKNOWN));
        let (title, detail) = if is_wrong {
            (texts.say("own-wrong-title"), texts.say("own-wrong-words").to_string())
        } else {
            (texts.say("trouble-title"), texts.problem(&problem))
        };
        let hospital = match &app.0 {
            Some(app) if is_own => only_hospital(app).await,
            _ => None,
        };
        let page = Trouble {
            t: texts,
            title: title.to_string(),
            detail,
            hospital,
            has_home: !is_own,
            // What was posted can't be asked for again in another language.
            others: if is_look { reader.others() } else { Vec::new() },
        };
        let mut answer = reader.page(&page);
        *answer.status_mut() = response.status();
        // Nobody stands at a screen in the corridor to ask again.
        if is_look && response.status() == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(header::REFRESH, HeaderValue::from_static(ASKS_AGAIN_SECONDS));
        }
        return answer;
    }
    // Who names no language is a program.
    if texts == Texts::english() && !has_language {
        return response;
    }
    let detail = texts.problem(&problem);
    let mut answer = Problem { detail, ..problem }.into_response();
    answer.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(texts.code()));
    answer
}

/// The name of the hospital that a wrong link can only have come from.
async fn only_hospital(app: &App) -> Option<String> {
    let mut all = app.desk.store().facility_list().await.ok()?;
    let only = all.pop()?;
    all.is_empty().then_some(only.name)
}

/// Somebody looks at a page; no program, and no script of a page.
fn is_persons(request: &Request) -> bool {
    let accepts = |accept: &str| accept.contains("text/html");
    !request.uri().path().starts_with("/api/")
        && !request.headers().contains_key("hx-request")
        && request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(accepts)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn_with_state;
    use axum::routing::any;
    use tower::ServiceExt;

    use super::*;
    use crate::problem::{NOT_SIGNED_IN, ProblemKind, QUEUE_CHANGED, STORE_UNAVAILABLE};

    async fn ask(kind: ProblemKind, method: &str, path: &str, accept: &str) -> Response {
        let fails = move || async move { Problem::new(kind, "said in English") };
        let app = Router::new().fallback(any(fails)).layer(from_fn_with_state(None, in_their_language));
        let request = Request::builder().method(method).uri(path);
        let request = request.header("accept", accept).header("accept-language", "hi").body(Body::empty());
        app.oneshot(request.expect("a request")).await.expect("an answer")
    }

    async fn answer(kind: ProblemKind, method: &str, path: &str, accept: &str) -> (StatusCode, String) {
        let response = ask(kind, method, path, accept).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, String::from_utf8(body.to_vec()).expect("a text"))
    }

    #[tokio::test]
    async fn a_form_without_a_script_comes_back_as_a_page_in_the_chosen_language() {
        for method in ["GET", "POST"] {
            let (status, page) = answer(TOKEN_UNKNOWN, method, "/t/x/leave", "text/html,*/*;q=0.8").await;
            assert_eq!(status, StatusCode::NOT_FOUND);
            assert!(page.contains("<html lang=\"hi\">") && page.contains("काउंटर पर पूछें"), "{page}");
            assert!(!page.contains("404") && !page.contains("href=\"/\""), "{page}");
            assert_eq!(page.contains("?lang=en"), method == "GET");
        }
        for (path, accept) in [("/api/token/x", "text/html"), ("/t/x/leave", "*/*")] {
            let (_, text) = answer(TOKEN_UNKNOWN, "POST", path, accept).await;
            assert!(text.starts_with('{') && text.contains("ऐसा कोई टोकन नहीं है।"), "{text}");
        }
    }

    #[tokio::test]
    async fn a_page_of_those_who_work_here_has_a_way_on_and_no_number() {
        let (status, page) = answer(QUEUE_CHANGED, "GET", "/desk", "text/html").await;
        assert_eq!(status.as_u16(), QUEUE_CHANGED.status);
        assert!(page.contains("href=\"/\"") && !page.contains(status.as_str()), "{page}");
    }

    #[tokio::test]
    async fn a_screen_comes_back_by_itself_when_the_database_does() {
        let asks_again = async |kind, method| {
            ask(kind, method, "/board/1", "text/html").await.headers().contains_key("refresh")
        };
        assert!(asks_again(STORE_UNAVAILABLE, "GET").await);
        assert!(!asks_again(STORE_UNAVAILABLE, "POST").await, "nothing is done a second time");
        assert!(!asks_again(TOKEN_UNKNOWN, "GET").await);
    }

    #[tokio::test]
    async fn only_who_looks_at_a_page_is_sent_to_sign_in() {
        let (status, _) = answer(NOT_SIGNED_IN, "GET", "/desk", "text/html").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let sent = ask(NOT_SIGNED_IN, "GET", "/desk?lang=hi", "text/html").await;
        assert_eq!(
            sent.headers()["location"],
            "/sign-in?next=%2Fdesk%3Flang%3Dhi&lang=hi",
            "in the same language"
        );
        let (status, page) = answer(NOT_SIGNED_IN, "POST", "/desk", "text/html").await;
        assert!(status == StatusCode::UNAUTHORIZED && page.contains("<html"), "{page}");
    }
}
