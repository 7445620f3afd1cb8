//! Loopback ports: finding free ones, waiting until somebody answers.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

const POLL: Duration = Duration::from_millis(20);

/// A loopback port that nobody listens on. Ask for it right before it is used: nothing reserves it.
///
/// # Errors
/// When the system has none left.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Waits until the port accepts a connection.
///
/// # Errors
/// When nobody listens there within `patience`.
pub(crate) fn wait_for_listener(port: u16, patience: Duration) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let begun = Instant::now();
    while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
        if begun.elapsed() > patience {
            bail!("nobody listens on port {port} after {} s", patience.as_secs());
        }
        std::thread::sleep(POLL);
    }
    Ok(())
}
