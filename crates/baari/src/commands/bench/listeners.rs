//! Clients of live streams: each notes when it had which message, and does as little as can be besides.
//!
//! Like the load they run on threads of their own. They end when the server does.

use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

const THREADS: usize = 2;
/// How long the next client may take to get its first message.
const PATIENCE: Duration = Duration::from_secs(20);
const READ_BYTES: usize = 16 * 1024;
/// The part of a line that is looked at: longer than any id.
const LINE_BYTES: usize = 160;

/// One client to be.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) path: String,
    /// It shows every version; else only those that change what it shows.
    pub(super) whole: bool,
    /// It stops reading after the first message.
    pub(super) deaf: bool,
}

/// A message: which version, of what else its view rests on, and when it was whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) version: u64,
    pub(super) stamp: u64,
    pub(super) at: Instant,
}

/// What one client has heard, the first message included.
pub(super) struct Client {
    pub(super) plan: Plan,
    pub(super) heard: Vec<Heard>,
    /// Of one that does not read: held open.
    _unread: Option<TcpStream>,
}

/// All of them.
pub(super) struct Listeners(Vec<JoinHandle<Result<Vec<Client>>>>);

impl Listeners {
    /// Connects them one after the other; each has its first message when this returns.
    pub(super) async fn connect(address: SocketAddr, plans: Vec<Plan>) -> Result<Self> {
        let (ready, mut all_ready) = mpsc::channel(THREADS);
        let mut shares = vec![Vec::new(); THREADS];
        plans.into_iter().enumerate().for_each(|(n, plan)| shares[n % THREADS].push(plan));
        let thread = |plans| {
            let ready = ready.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                runtime.block_on(listen_all(address, plans, ready))
            })
        };
        let threads = shares.into_iter().map(thread).collect();
        for _ in 0..THREADS {
            // A thread that has failed says why when it is joined.
            let ready = all_ready.recv().await.context("the clients ended")?;
            ensure!(
                ready,
                "not all clients could connect: perhaps few open files are allowed, see `ulimit -n`"
            );
        }
        Ok(Self(threads))
    }

    /// When the server has ended.
    pub(super) async fn finish(self) -> Result<Vec<Client>> {
        let join = || {
            let mut all = Vec::new();
            for thread in self.0 {
                all.extend(thread.join().map_err(|_| anyhow!("the clients failed"))??);
            }
            Ok(all)
        };
        tokio::task::spawn_blocking(join).await?
    }
}

async fn listen_all(address: SocketAddr, plans: Vec<Plan>, ready: mpsc::Sender<bool>) -> Result<Vec<Client>> {
    let mut running = JoinSet::new();
    let (first, mut firsts) = mpsc::channel(1);
    for plan in plans {
        running.spawn(listen(address, plan, first.clone()));
        if !matches!(tokio::time::timeout(PATIENCE, firsts.recv()).await, Ok(Some(true))) {
            let _ = ready.send(false).await;
            bail!("a client could not connect");
        }
    }
    let _ = ready.send(true).await;
    let mut clients = Vec::new();
    while let Some(client) = running.join_next().await {
        clients.push(client.context("a client failed")??);
    }
    Ok(clients)
}

/// One client, until the server ends.
async fn listen(address: SocketAddr, plan: Plan, first: mpsc::Sender<bool>) -> Result<Client> {
    let mut lines = Lines::default();
    let stream = match ask(address, &plan, &mut lines).await {
        Ok(stream) => stream,
        Err(error) => {
            eprintln!("{}: {error:#}", plan.path);
            let _ = first.send(false).await;
            return Err(error);
        }
    };
    let _ = first.send(true).await;
    if plan.deaf {
        return Ok(Client { plan, heard: lines.heard, _unread: Some(stream) });
    }
    loop {
        // It ends with an error when the server is killed.
        if stream.readable().await.is_err() || !lines.read(&stream).unwrap_or(false) {
            return Ok(Client { plan, heard: lines.heard, _unread: None });
        }
    }
}

async fn ask(address: SocketAddr, plan: &Plan, lines: &mut Lines) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await.context("connecting")?;
    let request = format!("GET {} HTTP/1.1\r\nHost: {address}\r\n\r\n", plan.path);
    stream.write_all(request.as_bytes()).await.context("asking")?;
    while lines.heard.is_empty() {
        stream.readable().await?;
        ensure!(lines.read(&stream)?, "the stream ended");
    }
    Ok(stream)
}

/// Finds the ids in what arrives, and where each message ends.
#[derive(Default)]
struct Lines {
    /// The beginning of the current line.
    line: Vec<u8>,
    id: Option<(u64, u64)>,
    heard: Vec<Heard>,
}

impl Lines {
    /// Reads what is there; false when there will be no more.
    fn read(&mut self, stream: &TcpStream) -> Result<bool> {
        let mut buffer = [0; READ_BYTES];
        loop {
            match stream.try_read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(bytes) => self.take(&buffer[..bytes], Instant::now()),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn take(&mut self, bytes: &[u8], at: Instant) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ended) = piece.strip_suffix(b"\n").map_or((piece, false), |text| (text, true));
            let room = LINE_BYTES.saturating_sub(self.line.len());
            self.line.extend_from_slice(&text[..text.len().min(room)]);
            if !ended {
                continue;
            }
            if let Some(id) = self.line.strip_prefix(b"id: ") {
                self.id = parts(id);
            } else if self.line.is_empty()
                && let Some((version, stamp)) = self.id.take()
            {
                self.heard.push(Heard { version, stamp, at });
            }
            self.line.clear();
        }
    }
}

/// An id ends with the version and the stamp.
fn parts(id: &[u8]) -> Option<(u64, u64)> {
    let mut parts = std::str::from_utf8(id).ok()?.rsplit('.');
    let (stamp, version) = (parts.next()?, parts.next()?);
    Some((version.parse().ok()?, stamp.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_however_they_are_cut() {
        let text = b"HTTP/1.1 200 OK\r\n\r\n2a\r\nretry: 2000\nid: d.2026-02-02.7.99\ndata: {}\n\n\r\n\
                     9\r\n: still\n\n\r\n2a\r\nid: 2026-02-02.8.99\ndata: {}\n\n\r\n";
        for cut in 1..text.len() {
            let (mut lines, at) = (Lines::default(), Instant::now());
            text.chunks(cut).for_each(|piece| lines.take(piece, at));
            let heard: Vec<_> = lines.heard.iter().map(|heard| (heard.version, heard.stamp)).collect();
            assert_eq!(heard, [(7, 99), (8, 99)]);
        }
    }
}
