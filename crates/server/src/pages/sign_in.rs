//! Signing in, and choosing a password.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use baari_access::password::{LENGTH_MAX, LENGTH_MIN};
use serde::Deserialize;

use super::shell::{Other, Reader, Shell};
use super::texts::Texts;
use crate::access::{Door, Here};
use crate::app::App;
use crate::failure::{Answer, Failure};

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

/// Only to a page of ours: `//host` and `https:` are other places. Browsers leave tabs and ends of lines out of an address, so
/// nothing of that kind may stand in it.
pub(super) fn ours(next: Option<String>) -> String {
    let is_ours = |next: &String| {
        next.starts_with('/')
            && !next.starts_with("//")
            && !next.contains('\\')
            && !next.contains(char::is_control)
    };
    next.filter(is_ours).unwrap_or_else(|| "/".to_owned())
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    t: Texts,
    facility: Option<String>,
    next: String,
    /// What was typed: which one, where there are several, and who.
    slug: String,
    name: String,
    /// What was against it.
    trouble: Option<String>,
    others: Vec<Other>,
    elsewhere: bool,
}

impl SignIn {
    async fn new(app: &App, reader: &Reader, next: Option<String>) -> Answer<Self> {
        let facility = app.access.facility_named(None).await?;
        let next = ours(next);
        Ok(Self {
            t: reader.texts,
            facility: facility.map(|facility| facility.name),
            others: reader.others_with(&[("next", &next)]),
            next,
            slug: String::new(),
            name: String::new(),
            trouble: None,
            elsewhere: app.access.has_provider(),
        })
    }
}

pub(super) async fn page(State(app): State<App>, reader: Reader, Query(to): Query<Next>) -> Answer<Response> {
    if app.access.is_open() {
        return Ok(Redirect::to(&ours(to.next)).into_response());
    }
    if app.access.demo().is_some() {
        return Ok(Redirect::to("/demo").into_response());
    }
    Ok(reader.page(&SignIn::new(&app, &reader, to.next).await?))
}

/// What was typed.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    facility: String,
    name: String,
    password: String,
    next: Option<String>,
}

pub(super) async fn enter(
    State(app): State<App>,
    door: Door,
    reader: Reader,
    Form(typed): Form<Typed>,
) -> Answer<Response> {
    let Typed { facility: slug, name, password, next } = typed;
    let facility = Some(slug.trim()).filter(|slug| !slug.is_empty());
    let within = password.chars().count() <= LENGTH_MAX && name.chars().count() <= 64;
    let password = if within { password } else { String::new() };
    match app.access.sign_in(facility, &name, password, &door).await {
        Ok((_, user, cookies)) => {
            let to = if user.must_change { "/password".to_owned() } else { ours(next) };
            let cookies = AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
            Ok((cookies, Redirect::to(&to)).into_response())
        }
        Err(Failure::Problem(problem)) => {
            let page = SignIn::new(&app, &reader, next).await?;
            let trouble = Some(reader.texts.problem(&problem));
            let typed = |text: &str| text.chars().take(64).collect();
            let page = SignIn { slug: typed(&slug), name: typed(&name), trouble, ..page };
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNAUTHORIZED);
            Ok((status, reader.page(&page)).into_response())
        }
        Err(failure) => Err(failure),
    }
}

#[derive(Template)]
#[template(path = "password.html")]
struct Password {
    shell: Shell,
    must_change: bool,
}

pub(super) async fn password(here: Here, reader: Reader) -> Answer<Response> {
    let must_change = here.caller.principal.must_change;
    Ok(reader.page(&Password { shell: Shell::new(&here, &reader, "password").await?, must_change }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (next, expected) in [
            ("/desk", "/desk"),
            ("/board?lang=hi", "/board?lang=hi"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/\n/evil.example", "/"),
            ("\t//evil.example", "/"),
            ("/\u{7f}desk", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("", "/"),
        ] {
            assert_eq!(ours(Some(next.to_owned())), expected, "{next}");
        }
        assert_eq!(ours(None), "/");
    }
}
