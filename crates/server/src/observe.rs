//! One log line and two metrics for each request: method, route, status, time. Never a path with an id or a query in it.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::{self, Problem};
use crate::rate::Rate;

pub(crate) async fn observe(State(rate): State<Arc<Rate>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = known(request.method()).to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched".to_owned(), |path| path.as_str().to_owned());
    // Here rather than in a layer of its own: a refusal costs next to nothing, and is counted like any other answer.
    let response = match rate.refusal(&request) {
        Some(refusal) => refusal,
        None => as_problem(next.run(request).await),
    };
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    tracing::debug!(method, route, status, milliseconds = seconds * 1e3, "request");
    let labels = [("method", method), ("route", route), ("status", status.to_string())];
    metrics::counter!("baari_requests_total", &labels).increment(1);
    metrics::histogram!("baari_request_seconds", &labels[1..2]).record(seconds);
    response
}

/// A client can make methods up; metrics must not grow with them.
fn known(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PATCH,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if known.contains(method) { method.as_str() } else { "other" }
}

/// What the framework itself refused becomes a problem document too.
fn as_problem(response: Response) -> Response {
    let kind = match response.status().as_u16() {
        404 if response.headers().get("content-type").is_none() => problem::PATH_UNKNOWN,
        405 => problem::METHOD_UNKNOWN,
        413 if !is_problem(&response) => problem::BODY_TOO_LARGE,
        503 if !is_problem(&response) => problem::STORE_UNAVAILABLE,
        _ => return response,
    };
    let mut problem = Problem::new(kind, detail(kind)).into_response();
    if let Some(allow) = response.headers().get("allow") {
        problem.headers_mut().insert("allow", allow.clone());
    }
    problem
}

fn is_problem(response: &Response) -> bool {
    response.headers().get("content-type").is_some_and(|kind| kind == "application/problem+json")
}

fn detail(kind: problem::ProblemKind) -> &'static str {
    match kind.status {
        404 => "there is nothing at this address: see /docs for all that there is",
        405 => "this address does not take this method: see /docs for those it takes",
        503 => {
            "there was no answer in time, and it is not known whether the change was made: ask, or repeat the request \
                with the same Idempotency-Key"
        }
        _ => "send at most 64 KiB",
    }
}
