//! Serves until told to stop, then finishes what was begun. Holds so many connections and no more, and so many of one client;
//! whoever sends nothing, or sends slowly, is cut off.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::address::{ClientAddress, TrustedProxies};
use crate::app::Limits;
use crate::connections::{Connections, Held};
use crate::headers::Asked;
use crate::tls::Tls;
use crate::unread::Unread;

/// How long to wait when the system has no connection to give (too many open files).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How much of a request's head is read, in bytes; hyper takes 100 header lines at most besides.
const HEAD_BYTES: usize = 16 * 1024;
/// Bytes that wait here for a client to read: of a live stream the newest is what counts, not what has piled up.
const WAITING_BYTES: usize = 64 * 1024;
/// Bytes that wait in the system besides.
const WAITING_BYTES_SYSTEM: u32 = 16 * 1024;

/// What is between the server and its clients.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Who may say whose requests they pass on.
    pub proxies: TrustedProxies,
    /// The server's own TLS; without it, it speaks in the clear.
    pub tls: Option<Arc<Tls>>,
}

/// Serves on this listener until `stop` resolves; then takes no new connections, answers the requests under way, and
/// returns.
///
/// # Errors
/// Those of the listener.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    network: Network,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (room, graceful) = (Arc::new(Semaphore::new(limits.connections)), GracefulShutdown::new());
    let clients = Connections::new(limits.connections_per_client);
    let mut stop = std::pin::pin!(stop);
    let stopping = watch::channel(false).0;
    loop {
        // When there is no room, more connections wait in the system's own backlog.
        let accepted = async {
            let place = Arc::clone(&room).acquire_owned().await.expect("the semaphore is never closed");
            listener.accept().await.map(|(stream, peer)| (stream, peer, place))
        };
        let (stream, peer, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accepted => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "could not take a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        let Some(held) = admitted(&clients, &network.proxies, peer) else {
            metrics::counter!("baari_connections_refused_total").increment(1);
            continue;
        };
        let connection = Connection {
            router: router.clone(),
            limits,
            network: network.clone(),
            peer,
            stopping: stopping.subscribe(),
            watcher: graceful.watcher(),
        };
        tokio::spawn(async move {
            connection.serve(stream).await;
            drop((held, place));
        });
    }
    drop(listener);
    stopping.send_replace(true);
    graceful.shutdown().await;
    Ok(())
}

/// Behind a proxy stand many, and on this computer nobody has to be kept out: those are counted as nobody's. None when the
/// client has as many connections as it may.
fn admitted(clients: &Arc<Connections>, proxies: &TrustedProxies, peer: SocketAddr) -> Option<Option<Held>> {
    let address = peer.ip().to_canonical();
    if address.is_loopback() || proxies.trust(address) {
        return Some(None);
    }
    clients.take(ClientAddress(address).network()).map(Some)
}

/// One connection, and what it needs.
struct Connection {
    router: Router,
    limits: Limits,
    network: Network,
    peer: SocketAddr,
    stopping: watch::Receiver<bool>,
    watcher: Watcher,
}

impl Connection {
    async fn serve(mut self, stream: TcpStream) {
        // Small answers must not wait for a full packet; where that can't be had they wait.
        let _ = stream.set_nodelay(true);
        let _ = SockRef::from(&stream).set_tcp_notsent_lowat(WAITING_BYTES_SYSTEM);
        let stream = Unread::new(stream, self.limits.unread, self.stopping.clone());
        let Some(tls) = self.network.tls.take() else { return self.talk(stream, false).await };
        let shaken = tokio::select! {
            shaken = tokio::time::timeout(self.limits.handshake, tls.acceptor().accept(stream)) => shaken,
            // Nothing is asked yet; the sender is gone when the server is.
            _ = self.stopping.wait_for(|stopping| *stopping) => return,
        };
        match shaken {
            Ok(Ok(stream)) => self.talk(stream, true).await,
            Ok(Err(error)) => tracing::debug!(%error, "a client and the server found no TLS in common"),
            Err(_) => tracing::debug!("a client began TLS and did not go on"),
        }
    }

    /// Answers what is asked on this stream, one request after the other.
    async fn talk(self, stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, tls: bool) {
        let (router, proxies) = (TowerToHyperService::new(self.router), self.network.proxies);
        // Not layers of the router: each of those has it cloned for each request.
        let service = service_fn(move |mut request: hyper::Request<_>| {
            proxies.introduce(self.peer, tls, &mut request);
            let asked = Asked::by(&request);
            let answer = router.call(request);
            async move {
                let mut answer = answer.await?;
                asked.complete(answer.headers_mut());
                Ok::<_, Infallible>(answer)
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.head);
        http.max_header_size(HEAD_BYTES).max_buf_size(WAITING_BYTES);
        let connection = http.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_from_elsewhere_who_are_no_proxy_are_counted() {
        let (clients, proxies) = (Connections::new(1), "10.0.0.0/8".parse().unwrap());
        let mut kept = Vec::new();
        let mut comes = |peer: &str| {
            let held = admitted(&clients, &proxies, peer.parse().unwrap());
            let admitted = held.is_some();
            kept.push(held);
            admitted
        };
        for peer in [
            "127.0.0.1:1",
            "127.0.0.1:2",
            "[::1]:1",
            "[::1]:2",
            "[::ffff:127.0.0.1]:3",
            "10.0.0.1:1",
            "10.0.0.1:2",
        ] {
            assert!(comes(peer), "{peer}");
        }
        for (peer, admitted) in [
            ("198.51.100.1:1", true),
            ("198.51.100.1:2", false),
            ("[::ffff:198.51.100.1]:3", false),
            ("198.51.100.2:1", true),
            ("[2001:db8::1]:1", true),
            ("[2001:db8::2]:1", false),
            ("[2001:db8:0:1::1]:1", true),
        ] {
            assert_eq!(comes(peer), admitted, "{peer}");
        }
    }
}
