//! Serves until told to stop, then finishes what was begun.

use std::io;

use axum::Router;
use tokio::net::TcpListener;

use crate::app::Limits;
use crate::connections::Connections;

/// Serves on this listener until `stop` resolves; then takes no new connections, answers the requests under way, and
/// returns.
///
/// # Errors
/// Those of the listener.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(Connections::new(listener, limits.connections), router).with_graceful_shutdown(stop).await
}
