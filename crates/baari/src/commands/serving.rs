//! What every command that serves has in common: it listens, says where, goes on until it is told to stop, and finishes what was
//! begun.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use baari_desk::Desk;
use baari_server::{Access, App, Limits, Live, Network};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::files;

/// Open files that are not connections.
const FILES_BESIDE: u64 = 128;

/// How often figures are folded together.
const UPKEEP: Duration = Duration::from_secs(5);

/// A server that is about to begin.
pub(super) struct Serving {
    pub(super) desk: Arc<Desk>,
    pub(super) access: Access,
    pub(super) limits: Limits,
    pub(super) network: Network,
    pub(super) listener: TcpListener,
    /// Answers only when it is asked for by a loopback name.
    pub(super) only_loopback: bool,
    /// How long requests under way may take to finish after a stop was asked for.
    pub(super) stop_max: Duration,
}

/// A place where clients can reach the server.
pub(super) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("can't listen on {address} (--listen takes another address)"))
}

impl Serving {
    /// Serves until it is told to stop. What `welcome` makes of the address is said first.
    pub(super) async fn run(self, welcome: impl FnOnce(SocketAddr) -> String) -> anyhow::Result<()> {
        let Self { desk, access, limits, network, listener, only_loopback, stop_max } = self;
        let metrics = PrometheusBuilder::new().install_recorder().context("can't start the metrics")?;
        tokio::spawn(keep_up(metrics.clone()));
        let (live, access) = (Arc::new(Live::new(limits)), Arc::new(access));
        tokio::spawn({
            let access = Arc::clone(&access);
            async move { access.keep_up().await }
        });
        let app = App { desk, access, live: Arc::clone(&live), metrics: Some(metrics) };
        let mut router = baari_server::router(app, limits);
        if only_loopback {
            router = baari_server::only_loopback_hosts(router);
        }
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        // Nobody may be reading; that is no reason not to serve.
        let _ = writeln!(std::io::stdout(), "{}", welcome(listener.local_addr()?));
        let (stopping, stop) = tokio::sync::oneshot::channel();
        let serving = baari_server::serve(listener, router, limits, network, async {
            // Stopped as well when the sender is gone.
            let _ = stop.await;
        });
        let serving = tokio::spawn(serving);
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping: requests under way are finished first");
        live.close();
        let _ = stopping.send(());
        tokio::select! {
            done = serving => done??,
            _ = interrupt.recv() => tracing::warn!("stopped at once"),
            () = tokio::time::sleep(stop_max) => tracing::warn!("some requests took too long and were cut off"),
        }
        Ok(())
    }
}

/// As many connections as there can be open files, and some for the database.
pub(super) fn limits() -> anyhow::Result<Limits> {
    let (usual, files) = (Limits::default(), files::raised()?);
    let room = usize::try_from(files.saturating_sub(FILES_BESIDE)).unwrap_or(usize::MAX).max(1);
    if room < usual.connections / 2 {
        let needed = usual.connections;
        tracing::warn!(
            files,
            room,
            needed,
            "few open files are allowed: see `ulimit -n`, or LimitNOFILE of systemd"
        );
    }
    let connections = usual.connections.min(room);
    Ok(Limits { connections, streams: usual.streams.min(connections / 4 * 3), ..usual })
}

/// Without this, figures that nobody asks for would pile up.
async fn keep_up(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        metrics.run_upkeep();
    }
}
