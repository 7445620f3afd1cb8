//! The bar on every page of a demonstration. It is put into the pages from outside, so that no page has to know that it is shown
//! on one.

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use baari_engine::FacilityId;
use baari_store::PatientQuery;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::assets::asset;
use super::super::shell::Reader;
use super::super::texts::Texts;
use super::{SHOWN_MAX, SPEEDS};
use crate::app::App;

/// No page is larger, in bytes.
const PAGE_MAX: usize = 8 * 1024 * 1024;

/// Numbers to try at the kiosk.
const EXAMPLES: usize = 2;

#[derive(Template)]
#[template(path = "demo_bar.html")]
struct Bar {
    t: Texts,
    now: Timestamp,
    zone: TimeZone,
    speed: f64,
    back: String,
    /// Whom one can be at the kiosk, which asks for a number.
    phones: Vec<String>,
}

impl Bar {
    fn clock(&self) -> String {
        self.t.clock(self.now, &self.zone)
    }

    fn offset_minutes(&self) -> i32 {
        self.zone.to_offset(self.now).seconds() / 60
    }

    fn speeds(&self) -> impl Iterator<Item = (u32, bool)> {
        SPEEDS.into_iter().map(|speed| (speed, (self.speed - f64::from(speed)).abs() < 0.01))
    }
}

/// Puts the bar into what is answered, if that is a page. What is shown in a frame, to be printed, stays as it is.
pub(in crate::pages) async fn with_bar(State(app): State<App>, request: Request, next: Next) -> Response {
    let reader = Reader::of(request.uri().query(), request.headers());
    let is_kiosk = request.uri().path() == "/kiosk";
    let back = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let response = next.run(request).await;
    let headers = response.headers();
    let is_page =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let framed = headers.get(header::X_FRAME_OPTIONS) == Some(&HeaderValue::from_static("SAMEORIGIN"));
    if !is_page || framed {
        return response;
    }
    let Ok(Some(facility)) = app.access.facility_named(None).await else { return response };
    let bar = Bar {
        t: reader.texts,
        now: app.desk.now(),
        zone: facility.zone,
        speed: app.desk.clock().speed().unwrap_or_default(),
        back,
        phones: if is_kiosk { examples(&app, facility.id).await } else { Vec::new() },
    };
    let (mut parts, body) = response.into_parts();
    let read = to_bytes(body, PAGE_MAX).await.ok().and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    let Some(page) = read else { return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    parts.headers.remove(header::CONTENT_LENGTH);
    let page = match bar.render() {
        Ok(text) => put_into(&page, &text, bar.speed),
        Err(error) => {
            tracing::error!(%error, "the demonstration's bar could not be made");
            page
        }
    };
    Response::from_parts(parts, Body::from(page))
}

/// Numbers of people on record: one that several share, if there is one, first.
async fn examples(app: &App, facility: FacilityId) -> Vec<String> {
    let query = PatientQuery { text: None, after: None, limit: SHOWN_MAX };
    let people = app.desk.store().patient_list(facility, &query).await.unwrap_or_default();
    let all = people.into_iter().map(|patient| patient.phone).filter(|phone| !phone.is_empty());
    let mut phones: Vec<(String, usize)> = Vec::new();
    for phone in all {
        match phones.iter_mut().find(|(known, _)| *known == phone) {
            Some((_, people)) => *people += 1,
            None => phones.push((phone, 1)),
        }
    }
    phones.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
    phones.into_iter().map(|(phone, _)| phone).take(EXAMPLES).collect()
}

/// The bar is the first thing in the page, but for the link that leads past it; a part of a page stays as it is.
fn put_into(page: &str, bar: &str, speed: f64) -> String {
    let Some((head, rest)) = page.split_once("</head>") else { return page.to_owned() };
    let Some((before, rest)) = rest.split_once("<body") else { return page.to_owned() };
    let Some((attributes, rest)) = rest.split_once('>') else { return page.to_owned() };
    let skip = rest.trim_start().starts_with("<a class=\"skip\"").then(|| rest.split_once("</a>")).flatten();
    let (skip, rest) = skip.map_or((String::new(), rest), |(skip, rest)| (format!("{skip}</a>"), rest));
    // The bar's clock is the pages'; some have none of their own.
    let scripts = ["live.js", "demo.js"].map(asset).into_iter().filter(|script| !head.contains(script));
    let scripts: String =
        scripts.map(|script| format!("<script src=\"{script}\" defer></script>\n")).collect();
    let style = asset("demo.css");
    format!(
        "{head}<link rel=\"stylesheet\" href=\"{style}\">\n{scripts}</head>{before}\
         <body data-speed=\"{speed}\"{attributes}>{skip}\n{bar}{rest}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_the_bar_and_a_part_of_one_does_not() {
        let page = "<!doctype html><head><title>A</title></head>\n<body class=\"page\"><main></main></body>";
        let with = put_into(page, "<aside></aside>", 10.0);
        assert!(with.contains("<body data-speed=\"10\" class=\"page\">\n<aside></aside><main>"), "{with}");
        assert!(
            with.contains("<title>A</title><link rel=\"stylesheet\" href=\"/assets/demo.css?v="),
            "{with}"
        );
        assert_eq!(with.matches("<script").count(), 2, "{with}");
        let live = format!("<head><script src=\"{}\" defer></script></head><body></body>", asset("live.js"));
        assert_eq!(put_into(&live, "", 1.0).matches("live.js").count(), 1, "its clock runs once");
        let skips = "<head></head><body>\n<a class=\"skip\" href=\"#main\">Skip</a>\n<main></main></body>";
        assert!(put_into(skips, "<aside></aside>", 1.0).contains("Skip</a>\n<aside></aside>\n<main>"));
        assert_eq!(put_into("<p>10:20</p>", "<aside></aside>", 10.0), "<p>10:20</p>");
    }
}
