//! Thermal printers on the hospital's network, which take raw bytes by TCP (port 9100 with most). Each prints one slip at a time;
//! one that does not answer holds up nobody but those who print on it, and those not for long.

pub(crate) mod escpos;
pub(crate) mod slip;
mod spelling;

use std::str::FromStr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;

/// A printer that is on answers at once.
const CONNECT: Duration = Duration::from_secs(2);
/// A slip is a few hundred bytes, which fit into the printer's own memory.
const WRITE: Duration = Duration::from_secs(5);
/// For the slips before this one.
const TURN: Duration = Duration::from_secs(10);
/// Characters of a printer's name.
const NAME_MAX: usize = 32;

/// A printer's name, and where it takes slips: `desk=192.168.1.50:9100`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterAddress {
    name: String,
    host: String,
    port: u16,
}

/// A text that is no printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPrinter {
    /// It has not all parts.
    #[error("a printer is a name, a host and a port: desk=192.168.1.50:9100")]
    Form,
    /// The name can't be one.
    #[error("a printer's name is 1 to {NAME_MAX} small letters, digits and hyphens: desk=192.168.1.50:9100")]
    Name,
    /// Two have the same name.
    #[error("two printers have the same name: each needs one of its own")]
    Twice,
}

impl FromStr for PrinterAddress {
    type Err = NotAPrinter;

    fn from_str(text: &str) -> Result<Self, NotAPrinter> {
        let (name, address) = text.trim().split_once('=').ok_or(NotAPrinter::Form)?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > NAME_MAX || !name.chars().all(fits) {
            return Err(NotAPrinter::Name);
        }
        let (host, port) = address.rsplit_once(':').ok_or(NotAPrinter::Form)?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = port.parse().ok().filter(|port| *port != 0).ok_or(NotAPrinter::Form)?;
        let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:_".contains(c);
        if host.is_empty() || !host.chars().all(is_host) {
            return Err(NotAPrinter::Form);
        }
        Ok(Self { name: name.to_owned(), host: host.to_owned(), port })
    }
}

/// The printers that there are.
#[derive(Debug, Default)]
pub struct Printers(Vec<Printer>);

#[derive(Debug)]
struct Printer {
    address: PrinterAddress,
    turn: Mutex<()>,
}

/// Why nothing was printed, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotPrinted {
    /// There is no printer of that name.
    Unknown,
    /// It does not answer, or not in time.
    Silent,
}

impl Printers {
    /// These.
    ///
    /// # Errors
    /// Two have the same name.
    pub fn new(addresses: Vec<PrinterAddress>) -> Result<Self, NotAPrinter> {
        for (at, one) in addresses.iter().enumerate() {
            if addresses[..at].iter().any(|other| other.name == one.name) {
                return Err(NotAPrinter::Twice);
            }
        }
        let printer = |address| Printer { address, turn: Mutex::default() };
        Ok(Self(addresses.into_iter().map(printer).collect()))
    }

    /// What they are called.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|printer| printer.address.name.as_str())
    }

    /// Sends these bytes to the printer of this name.
    pub(crate) async fn print(&self, name: &str, bytes: &[u8]) -> Result<(), NotPrinted> {
        let printer =
            self.0.iter().find(|printer| printer.address.name == name).ok_or(NotPrinted::Unknown)?;
        let _turn = timeout(TURN, printer.turn.lock()).await.map_err(|_| NotPrinted::Silent)?;
        printer.send(bytes).await.map_err(|error| {
            tracing::warn!(printer = name, %error, "a printer does not answer");
            NotPrinted::Silent
        })
    }
}

impl Printer {
    async fn send(&self, bytes: &[u8]) -> std::io::Result<()> {
        let PrinterAddress { host, port, .. } = &self.address;
        let mut stream = timeout(CONNECT, TcpStream::connect((host.as_str(), *port))).await??;
        timeout(WRITE, async {
            stream.write_all(bytes).await?;
            stream.shutdown().await
        })
        .await?
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn a_printer_is_a_name_a_host_and_a_port() {
        for (text, host, port) in [
            ("desk=192.168.1.50:9100", "192.168.1.50", 9100),
            ("desk=printer.ward.example:9101", "printer.ward.example", 9101),
            ("desk=[fd00::5]:9100", "fd00::5", 9100),
        ] {
            let parsed: PrinterAddress = text.parse().unwrap();
            assert_eq!((parsed.name.as_str(), parsed.host.as_str(), parsed.port), ("desk", host, port));
        }
        for (text, wrong) in [
            ("192.168.1.50:9100", NotAPrinter::Form),
            ("desk=192.168.1.50", NotAPrinter::Form),
            ("desk=192.168.1.50:0", NotAPrinter::Form),
            ("desk=192.168.1.50:99999", NotAPrinter::Form),
            ("desk=:9100", NotAPrinter::Form),
            ("desk=a b:9100", NotAPrinter::Form),
            ("=192.168.1.50:9100", NotAPrinter::Name),
            ("The Desk=192.168.1.50:9100", NotAPrinter::Name),
        ] {
            assert_eq!(text.parse::<PrinterAddress>(), Err(wrong), "{text}");
        }
        let twice = vec!["a=b:1".parse().unwrap(), "a=c:2".parse().unwrap()];
        assert_eq!(Printers::new(twice).unwrap_err(), NotAPrinter::Twice);
    }

    #[tokio::test]
    async fn what_is_printed_arrives_whole_and_one_after_the_other() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("desk={}", listener.local_addr().unwrap());
        let printers = Printers::new(vec![address.parse().unwrap()]).unwrap();
        let paper = tokio::spawn(async move {
            let mut slips = Vec::new();
            for _ in 0..2 {
                let mut slip = Vec::new();
                listener.accept().await.unwrap().0.read_to_end(&mut slip).await.unwrap();
                slips.push(slip);
            }
            slips
        });
        let (one, two) = tokio::join!(printers.print("desk", b"one"), printers.print("desk", b"two"));
        assert_eq!((one, two), (Ok(()), Ok(())));
        assert_eq!(paper.await.unwrap(), [b"one", b"two"]);
        assert_eq!(printers.print("ward", b"three").await, Err(NotPrinted::Unknown));
        assert_eq!(printers.print("desk", b"three").await, Err(NotPrinted::Silent));
    }
}
