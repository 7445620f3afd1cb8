//! `baari serve`: the hospital's server.

mod network;
mod printers;
mod provider;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use baari_access::Secret;
use baari_desk::{Clock, Config, Desk};
use baari_server::Access;
use baari_store::{Facility, Store};
use jiff::{Timestamp, Zoned};

use super::first_start::FirstArgs;
use super::serving::{Serving, limits, listen};
use crate::console::Console;
use crate::database::DatabaseArgs;
use crate::logging::LogArgs;
use crate::secret::{SecretArgs, seal_facilities};
use crate::terminal::{Ask, Terminal};

use network::NetworkArgs;
use printers::PrinterArgs;
use provider::ProviderArgs;

/// How long requests under way may take to finish after a stop was asked for.
const STOP_MAX: Duration = Duration::from_secs(30);

/// Serve the API
#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    /// Without sign-in: for development, on a loopback address only
    #[arg(long, env = "BAARI_OPEN")]
    open: bool,
    /// Where to listen
    #[arg(long, env = "BAARI_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    listen: SocketAddr,
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    provider: ProviderArgs,
    #[command(flatten)]
    printers: PrinterArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    /// Start the clock at this instant instead of now (only with --open): 2026-02-02T09:00:00+05:30
    #[arg(long, env = "BAARI_NOW", value_name = "INSTANT", value_parser = instant)]
    now: Option<Timestamp>,
    /// Let the clock run this many times as fast (only with --open); 0 stops it
    #[arg(long, env = "BAARI_SPEED", value_name = "N", value_parser = speed)]
    speed: Option<f64>,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    first: FirstArgs,
    #[command(flatten)]
    log: LogArgs,
}

pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<()> {
    args.check()?;
    args.log.start()?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(args))
}

impl ServeArgs {
    fn check(&self) -> anyhow::Result<()> {
        if self.open && !self.listen.ip().is_loopback() {
            bail!(
                "--open serves without sign-in, so it listens on a loopback address only, not on {}",
                self.listen.ip()
            );
        }
        if !self.open && (self.now.is_some() || self.speed.is_some()) {
            bail!("--now and --speed set the clock for development: they need --open");
        }
        self.network.check(self.listen.ip())?;
        Ok(())
    }

    /// Whether it is known how phones reach a server that others than this computer do.
    fn reaches_phones(&self) -> bool {
        self.listen.ip().to_canonical().is_loopback() || self.provider.origin().is_some()
    }

    /// The first facility and the server's own secret; made, and asked for, where they are missing.
    async fn begun(&self, store: &Arc<dyn Store>) -> anyhow::Result<(Facility, Secret)> {
        let console = Console::new(Arc::clone(store));
        let secret = self.secret.open(self.database.data_dir(), &**store).await?;
        let facility = if self.open {
            self.first.open(&console, &secret).await?
        } else {
            let mut terminal = Terminal::find();
            self.first
                .closed(&console, &secret, terminal.as_mut().map(|terminal| terminal as &mut dyn Ask))
                .await?
        };
        seal_facilities(&**store, &secret).await?;
        Ok((facility, secret))
    }

    fn clock(&self) -> Clock {
        match (self.now, self.speed) {
            (None, None) => Clock::system(),
            (None, Some(speed)) => Clock::sped_up(speed),
            (Some(now), speed) => Clock::set(now, speed.unwrap_or(1.0)),
        }
    }
}

async fn serve(args: &ServeArgs) -> anyhow::Result<()> {
    if !args.reaches_phones() {
        tracing::warn!(
            "slips send phones to whatever address the desk's own browser uses: say with --public-url how phones reach \
             this server (https://tokens.hospital.example)"
        );
    }
    let (network, printers) = (args.network.open()?, args.printers.open()?);
    printers.read_fonts();
    let database = args.database.open().await?;
    let (facility, secret) = args.begun(&database.store).await?;
    let config = Config { clock: args.clock(), poll: database.poll, timers: true, ..Config::default() };
    let desk = Desk::open(database.store.clone(), config);
    let limits = args.network.within(limits()?);
    let access = if args.open {
        Access::open(Arc::clone(&desk), secret, limits, facility.id)
    } else {
        let access = Access::closed(Arc::clone(&desk), secret, limits, args.provider.origin());
        args.provider.known_to(access)?
    };
    let scheme = if network.tls.is_some() { "https" } else { "http" };
    let serving = Serving {
        desk,
        access: access.with_printers(printers),
        limits,
        network,
        listener: listen(args.listen).await?,
        only_loopback: args.open,
        stop_max: STOP_MAX,
    };
    serving
        .run(|address| {
            welcome(&facility.name, &format!("{scheme}://{address}"), &database.described, args.open)
        })
        .await
}

fn welcome(facility: &str, url: &str, database: &str, open: bool) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let first = format!("Baari {version} · {facility} · {url} · {database}");
    if !open {
        // A browser keeps the cookie of a session without TLS for localhost only.
        let page = match url.strip_prefix("http://").and_then(|rest| rest.rsplit_once(':')) {
            Some(("127.0.0.1" | "[::1]", port)) => format!("http://localhost:{port}"),
            _ => url.to_owned(),
        };
        return format!("{first}\nOpen {page} and sign in. Every call: {url}/docs");
    }
    format!(
        "{first}\n\
         Open (no sign-in), for development. Every call: {url}/docs\n\n\
         Try a first booking:\n  \
         curl -s {url}/api/doctor -H 'Content-Type: application/json' -d '{{\"name\": \"Dr Rao\"}}'\n  \
         (then a patient, a slot and POST /api/token/book: docs/api.md has them to copy and paste)",
    )
}

pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    let zoned = || text.parse::<Zoned>().map(|zoned| zoned.timestamp());
    let wrong = "an instant looks like 2026-02-02T09:00:00+05:30 or 2026-02-02T03:30:00Z";
    text.parse::<Timestamp>().or_else(|_| zoned()).map_err(|_| wrong.to_owned())
}

pub(super) fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "a speed is a number, for example 60".to_owned())?;
    if (0.0..=100_000.0).contains(&speed) { Ok(speed) } else { Err("a speed is 0 to 100000".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        serve: ServeArgs,
    }

    #[test]
    fn a_server_for_others_is_told_how_phones_reach_it() {
        for (options, expected) in [
            ("", true),
            ("--listen [::1]:8080", true),
            ("--listen 0.0.0.0:8443", false),
            ("--listen 192.0.2.1:8443 --public-url https://baari.example", true),
        ] {
            let arguments = std::iter::once("baari").chain(options.split_whitespace());
            let reaches = Program::try_parse_from(arguments).unwrap().serve.reaches_phones();
            assert_eq!(reaches, expected, "{options}");
        }
    }
}
