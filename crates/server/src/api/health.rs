//! Is it alive, can it work, how is it doing.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::failure::Failure;

/// The process answers.
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// The database answers too.
pub(super) async fn ready(State(app): State<App>) -> Result<&'static str, Failure> {
    app.desk.store().ping().await?;
    Ok("ok\n")
}

/// For Prometheus.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    metrics::gauge!("baari_live_days").set(u32::try_from(app.desk.live_days()).unwrap_or(u32::MAX));
    match &app.metrics {
        Some(handle) => {
            handle.run_upkeep();
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
        }
        None => StatusCode::NO_CONTENT.into_response(),
    }
}
