//! HTTP: the three calls that allocate tokens, everything around them, their documentation, health and metrics.
//!
//! The only crate that knows JSON and HTTP. Requests become typed values at the edge (`body.rs`, `wire/`), go to the desk,
//! and come back as responses or as problem documents (`problem.rs`, `failure.rs`). The server must never decide: it holds no
//! allocation rule, and it must never write anything of a patient to a log line or a metric.
//!
//! Start reading at `app.rs` (the routes and what surrounds them), then `api/token.rs` (the calls that matter most). What
//! stands between the routes and the network begins in `serve.rs`.

mod access;
mod address;
mod api;
mod app;
mod body;
mod conditional;
mod connections;
mod failure;
#[cfg(test)]
mod fuzz;
mod headers;
mod idempotency;
mod live;
mod observe;
#[cfg(feature = "oidc")]
pub mod oidc;
mod pages;
mod phone;
mod printer;
mod problem;
mod rate;
mod report;
mod serve;
mod slip;
mod tls;
mod unread;
mod wire;

pub use access::{Access, Demo};
pub use address::{NotAProxy, TrustedProxies};
pub use api::openapi;
pub use app::{App, Limits, only_loopback_hosts, router};
pub use live::Live;
pub use pages::{ACTIONS, pages};
pub use printer::{NotAPrinter, PrinterAddress, Printers};
pub use problem::{PROBLEMS, Problem, ProblemKind};
pub use serve::{Network, serve};
pub use tls::{Tls, TlsError};
