//! HTTP: the three calls that allocate tokens, everything around them, their documentation, health and metrics.
//!
//! The only crate that knows JSON and HTTP. Requests become typed values at the edge (`body.rs`, `wire/`), go to the desk,
//! and come back as responses or as problem documents (`problem.rs`, `failure.rs`). The server must never decide: it holds no
//! allocation rule, and it must never write anything of a patient to a log line or a metric.
//!
//! Start reading at `app.rs` (the routes and what surrounds them), then `api/token.rs` (the calls that matter most).

mod api;
mod app;
mod body;
mod conditional;
mod failure;
#[cfg(test)]
mod fuzz;
mod idempotency;
mod live;
mod observe;
#[cfg(feature = "oidc")]
pub mod oidc;
mod problem;
mod serve;
mod unread;
mod wire;

pub use api::openapi;
pub use app::{App, Limits, only_loopback_hosts, router};
pub use live::Live;
pub use problem::{PROBLEMS, Problem, ProblemKind};
pub use serve::serve;
