//! Whoever does not read what is sent is cut off after a while, and soon when the server stops: nobody can hold its memory, or
//! its end, by doing nothing.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// How long the other side may leave what is sent unread when the server stops.
const PATIENCE_STOPPING: Duration = Duration::from_secs(2);

/// A connection that ends when the other side does not read.
pub(crate) struct Unread {
    stream: TcpStream,
    patience: Duration,
    stopping: watch::Receiver<bool>,
    /// Until when the other side has to read something; while nothing is held up there is no such time.
    deadline: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Unread {
    pub(crate) fn new(stream: TcpStream, patience: Duration, stopping: watch::Receiver<bool>) -> Self {
        Self { stream, patience, stopping, deadline: None }
    }

    fn bounded<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        let (patience, mut stopping) = (self.patience, self.stopping.clone());
        let deadline = self.deadline.get_or_insert_with(|| {
            Box::pin(async move {
                let stopped = async {
                    // The sender is gone when the server is.
                    let _ = stopping.wait_for(|stopping| *stopping).await;
                    tokio::time::sleep(PATIENCE_STOPPING).await;
                };
                tokio::select! {
                    () = tokio::time::sleep(patience) => {}
                    () = stopped => {}
                }
            })
        });
        deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Unread {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Unread {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.bounded(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.bounded(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
