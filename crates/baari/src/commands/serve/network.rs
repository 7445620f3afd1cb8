//! What is between the server and its clients: TLS from files, a proxy in front, how much each client may ask.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use baari_server::{Limits, Network, Tls, TrustedProxies};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How clients reach the server.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct NetworkArgs {
    /// Believe what these proxies say of whose requests they pass on: addresses or networks with commas between them
    #[arg(long, env = "BAARI_TRUSTED_PROXY", value_name = "CIDR[,CIDR…]")]
    trusted_proxy: Option<TrustedProxies>,
    /// Speak TLS with this certificate: a PEM file, the server's own first, then its chain; read again on SIGHUP
    #[arg(long, env = "BAARI_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key: a PEM file without a passphrase
    #[arg(long, env = "BAARI_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Connections that one client (an address, an IPv6 /64) may hold at once
    #[arg(long, env = "BAARI_CONNECTIONS_PER_CLIENT", value_name = "N", default_value_t = Limits::default().connections_per_client, value_parser = connections)]
    connections_per_client: usize,
    /// Requests that one client may send in a second, after five times as many at once
    #[arg(long, env = "BAARI_REQUESTS_PER_SECOND", value_name = "N", default_value_t = Limits::default().requests_per_second, value_parser = per_second)]
    requests_per_second: NonZeroU32,
    /// Changes that one user or key may make in a second, after ten times as many at once
    #[arg(long, env = "BAARI_CHANGES_PER_SECOND", value_name = "N", default_value_t = Limits::default().changes_per_second, value_parser = per_second)]
    changes_per_second: NonZeroU32,
}

impl NetworkArgs {
    /// Both files or neither, and nothing said in the clear on a network.
    ///
    /// # Errors
    /// With what to do instead.
    pub(crate) fn check(&self, listen: IpAddr) -> anyhow::Result<()> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(_), Some(_)) => return Ok(()),
            (Some(_), None) => bail!("--tls-cert needs the certificate's key: give --tls-key FILE too"),
            (None, Some(_)) => bail!("--tls-key needs the key's certificate: give --tls-cert FILE too"),
            (None, None) => {}
        }
        let proxied = self.trusted_proxy.as_ref().is_some_and(|proxies| !proxies.is_empty());
        if !listen.to_canonical().is_loopback() && !proxied {
            bail!(
                "on {listen} passwords and patients' names would cross the network in the clear: give --tls-cert and \
                 --tls-key, or, if a proxy in front makes TLS, --trusted-proxy with the proxy's address"
            );
        }
        Ok(())
    }

    /// These limits, with what was asked for.
    pub(crate) fn within(&self, limits: Limits) -> Limits {
        let Self { connections_per_client, requests_per_second, changes_per_second, .. } = *self;
        Limits { connections_per_client, requests_per_second, changes_per_second, ..limits }
    }

    /// Reads the files, now and on every SIGHUP.
    ///
    /// # Errors
    /// When TLS can't be made from the files.
    pub(crate) fn open(&self) -> anyhow::Result<Network> {
        let proxies = self.trusted_proxy.clone().unwrap_or_default();
        let (Some(certificate), Some(key)) = (&self.tls_cert, &self.tls_key) else {
            return Ok(Network { proxies, tls: None });
        };
        let tls =
            Tls::read(certificate.clone(), key.clone()).context("no TLS with --tls-cert and --tls-key")?;
        let tls = Arc::new(tls);
        tokio::spawn(renew(Arc::clone(&tls), signal(SignalKind::hangup())?));
        Ok(Network { proxies, tls: Some(tls) })
    }
}

/// A new certificate that is no good must not cost the hospital its server.
async fn renew(tls: Arc<Tls>, mut hangup: Signal) {
    while hangup.recv().await.is_some() {
        match tls.read_again() {
            Ok(()) => tracing::info!("new connections get the certificate that is in the files now"),
            Err(error) => {
                let error = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(
                    error,
                    "the certificate stays the old one: mend the files and send SIGHUP again"
                );
            }
        }
    }
}

fn connections(text: &str) -> Result<usize, String> {
    let wrong = || "a number of connections is 1 or more".to_owned();
    text.parse().ok().filter(|connections| *connections > 0).ok_or_else(wrong)
}

fn per_second(text: &str) -> Result<NonZeroU32, String> {
    let wrong = || "so many a second are 1 to 1000000".to_owned();
    text.parse().ok().filter(|many: &NonZeroU32| many.get() <= 1_000_000).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        network: NetworkArgs,
    }

    fn checked(listen: &str, options: &str) -> Result<(), String> {
        let arguments = std::iter::once("baari").chain(options.split_whitespace());
        let program = Program::try_parse_from(arguments).map_err(|error| error.to_string())?;
        program.network.check(listen.parse().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_is_said_in_the_clear_on_a_network() {
        for (listen, options) in [
            ("127.0.0.1", ""),
            ("::1", ""),
            ("0.0.0.0", "--tls-cert a --tls-key b"),
            ("192.0.2.1", "--trusted-proxy 192.0.2.7,10.0.0.0/8"),
        ] {
            assert_eq!(checked(listen, options), Ok(()), "{listen} {options}");
        }
        for listen in ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1"] {
            let refused = checked(listen, "").unwrap_err();
            assert!(refused.contains("in the clear") && refused.contains("--trusted-proxy"), "{refused}");
        }
    }

    #[test]
    fn options_that_make_no_sense_say_what_would() {
        for (options, expected) in [
            ("--tls-cert a", "--tls-key FILE"),
            ("--tls-key a", "--tls-cert FILE"),
            ("--trusted-proxy proxy", "10.0.0.0/8"),
            ("--trusted-proxy 0.0.0.0/0", "everybody"),
            ("--connections-per-client 0", "1 or more"),
            ("--requests-per-second 0", "1 to 1000000"),
            ("--requests-per-second 2000000", "1 to 1000000"),
            ("--changes-per-second 0", "1 to 1000000"),
        ] {
            let refused = checked("127.0.0.1", options).unwrap_err();
            assert!(refused.contains(expected), "{options}: {refused}");
        }
    }
}
