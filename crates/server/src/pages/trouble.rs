//! What goes wrong, in the reader's language: problem documents for programs and scripts, a page for people.

use askama::Template;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::assets::asset;
use super::shell::Reader;
use super::texts::Texts;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "trouble.html")]
struct Trouble {
    t: Texts,
    title: String,
    detail: String,
    status: u16,
    others: Vec<Texts>,
}

impl Trouble {
    fn asset(&self, name: &str) -> String {
        asset(name)
    }
}

/// A problem becomes one in the language of who asked; for somebody who looks at a page it becomes a page, and for somebody
/// who has to sign in first, the way there.
pub(crate) async fn in_their_language(request: Request, next: Next) -> Response {
    let wants_page = request.method() == Method::GET
        && !request.uri().path().starts_with("/api/")
        && !request.headers().contains_key("hx-request")
        && request
            .headers()
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
    let reader = Reader::of(request.uri().query(), request.headers());
    let texts = if wants_page { reader.texts } else { Texts::preferred(request.headers()) };
    let asked = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    if wants_page {
        if response.status() == StatusCode::UNAUTHORIZED {
            let to = form_urlencoded::byte_serialize(asked.as_bytes()).collect::<String>();
            // A screen has a key, and nobody who signs in.
            if asked.starts_with("/board/") {
                return Redirect::to(&format!("/board?next={to}")).into_response();
            }
            return Redirect::to(&format!("/sign-in?next={to}")).into_response();
        }
        if problem.is(crate::problem::PASSWORD_CHANGE_NEEDED) {
            return Redirect::to("/password").into_response();
        }
        let page = Trouble {
            t: texts,
            title: texts.say("trouble-title").to_string(),
            detail: texts.problem(&problem),
            status: problem.status,
            others: Texts::all().into_iter().filter(|other| *other != texts).collect(),
        };
        let mut answer = reader.page(&page);
        *answer.status_mut() = response.status();
        return answer;
    }
    if texts == Texts::english() {
        return response;
    }
    let detail = texts.problem(&problem);
    let mut answer = Problem { detail, ..problem }.into_response();
    answer.headers_mut().insert(header::CONTENT_LANGUAGE, header::HeaderValue::from_static(texts.code()));
    answer
}
