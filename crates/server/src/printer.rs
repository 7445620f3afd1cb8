//! Thermal printers on the hospital's network, which take raw bytes by TCP (port 9100 with most). Each prints one slip at a time;
//! one that does not answer holds up nobody but those who print on it, and those not for long.

mod bitmap;
mod escpos;
mod fonts;
mod outline;
mod slip;
mod spelling;

use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::pages::Texts;
use crate::slip::Slip;
use fonts::{Fonts, USUAL};

/// A printer that is on answers at once.
const CONNECT: Duration = Duration::from_secs(2);
/// A slip with pictures is some 20 KB; a printer whose memory is smaller takes them as fast as it prints, in two seconds.
const WRITE: Duration = Duration::from_secs(5);
/// For the slips before this one.
const TURN: Duration = Duration::from_secs(10);
/// Characters of a printer's name.
const NAME_MAX: usize = 32;

/// How wide the paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Roll {
    /// Every printer prints that: one with 80 mm has margins then.
    Mm58,
    Mm80,
}

impl Roll {
    /// Characters of the usual size on a line.
    const fn columns(self) -> usize {
        match self {
            Self::Mm58 => 32,
            Self::Mm80 => 48,
        }
    }

    /// Dots across; 8 are a millimetre.
    const fn dots(self) -> u16 {
        match self {
            Self::Mm58 => 384,
            Self::Mm80 => 576,
        }
    }
}

/// A printer's name, and where it takes slips: `desk=192.168.1.50:9100`; and with `/80` behind it, that its paper is 80 mm wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterAddress {
    name: String,
    host: String,
    port: u16,
    roll: Roll,
}

/// A text that is no printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPrinter {
    /// It has not all parts.
    #[error(
        "a printer is a name, a host and a port: desk=192.168.1.50:9100, or desk=192.168.1.50:9100/80 with paper of 80 mm"
    )]
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
        let (address, roll) = match address.rsplit_once('/') {
            None => (address, Roll::Mm58),
            Some((address, "58")) => (address, Roll::Mm58),
            Some((address, "80")) => (address, Roll::Mm80),
            Some(_) => return Err(NotAPrinter::Form),
        };
        let (host, port) = address.rsplit_once(':').ok_or(NotAPrinter::Form)?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = port.parse().ok().filter(|port| *port != 0).ok_or(NotAPrinter::Form)?;
        let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:_".contains(c);
        if host.is_empty() || !host.chars().all(is_host) {
            return Err(NotAPrinter::Form);
        }
        Ok(Self { name: name.to_owned(), host: host.to_owned(), port, roll })
    }
}

/// The printers that there are.
#[derive(Debug, Default)]
pub struct Printers {
    all: Vec<Printer>,
    /// Read once, when the first slip or the start of the server needs them.
    fonts: Arc<OnceLock<Fonts>>,
}

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
        Ok(Self { all: addresses.into_iter().map(printer).collect(), ..Self::default() })
    }

    /// Reads this computer's fonts, beside what else is done at the start; a warning says what they are missing.
    pub fn read_fonts(&self) {
        if self.all.is_empty() {
            return;
        }
        let fonts = Arc::clone(&self.fonts);
        spawn_blocking(move || {
            let languages = undrawn(fonts.get_or_init(Fonts::of_this_computer));
            if !languages.is_empty() {
                tracing::warn!(
                    ?languages,
                    "printers get slips without these languages, and names in English letters: no font of this computer \
                     has theirs (on Debian `apt install fonts-noto-core`, then start again)"
                );
            }
        });
    }

    /// What they are called.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|printer| printer.address.name.as_str())
    }

    /// Prints this slip on the printer of this name.
    pub(crate) async fn print(&self, name: &str, slip: Slip) -> Result<(), NotPrinted> {
        let printer = self.find(name)?;
        let slip = Arc::new(slip);
        let (drawn, fonts, roll) = (Arc::clone(&slip), Arc::clone(&self.fonts), printer.address.roll);
        // It takes milliseconds, and reading the fonts longer: not where others' requests are answered.
        let bytes =
            spawn_blocking(move || drawn.bytes(roll, fonts.get_or_init(Fonts::of_this_computer))).await;
        // A name or a font that the drawing stumbles over costs the drawing, not the slip.
        let bytes = bytes.unwrap_or_else(|error| {
            tracing::error!(printer = name, %error, "a slip could not be drawn and goes out in English letters");
            slip.bytes(roll, &Fonts::none())
        });
        printer.take(&bytes).await
    }

    fn find(&self, name: &str) -> Result<&Printer, NotPrinted> {
        self.all.iter().find(|printer| printer.address.name == name).ok_or(NotPrinted::Unknown)
    }
}

/// The languages, by their codes, that slips can't have with these fonts.
fn undrawn(fonts: &Fonts) -> Vec<&'static str> {
    let others = Texts::english().others().into_iter();
    let is_undrawn =
        |t: &Texts| fonts.draw(&t.say("slip-moves").to_string(), USUAL, Roll::Mm58.dots()).is_none();
    others.filter(is_undrawn).map(Texts::code).collect()
}

impl Printer {
    /// Prints these bytes, when it is their turn.
    async fn take(&self, bytes: &[u8]) -> Result<(), NotPrinted> {
        let _turn = timeout(TURN, self.turn.lock()).await.map_err(|_| NotPrinted::Silent)?;
        self.send(bytes).await.map_err(|error| {
            tracing::warn!(printer = self.address.name, %error, "a printer does not answer");
            NotPrinted::Silent
        })
    }

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
        for (text, host, port, roll) in [
            ("desk=192.168.1.50:9100", "192.168.1.50", 9100, Roll::Mm58),
            ("desk=printer.ward.example:9101/58", "printer.ward.example", 9101, Roll::Mm58),
            ("desk=[fd00::5]:9100/80", "fd00::5", 9100, Roll::Mm80),
        ] {
            let parsed: PrinterAddress = text.parse().unwrap();
            let expected = PrinterAddress { name: "desk".to_owned(), host: host.to_owned(), port, roll };
            assert_eq!(parsed, expected, "{text}");
        }
        for (text, wrong) in [
            ("192.168.1.50:9100", NotAPrinter::Form),
            ("desk=192.168.1.50", NotAPrinter::Form),
            ("desk=192.168.1.50:0", NotAPrinter::Form),
            ("desk=192.168.1.50:99999", NotAPrinter::Form),
            ("desk=:9100", NotAPrinter::Form),
            ("desk=192.168.1.50:9100/100", NotAPrinter::Form),
            ("desk=192.168.1.50:9100/", NotAPrinter::Form),
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
        let desk = printers.find("desk").unwrap();
        let (one, two) = tokio::join!(desk.take(b"one"), desk.take(b"two"));
        assert_eq!((one, two), (Ok(()), Ok(())));
        assert_eq!(paper.await.unwrap(), [b"one", b"two"]);
        assert_eq!(printers.find("ward").map(drop), Err(NotPrinted::Unknown));
        assert_eq!(desk.take(b"three").await, Err(NotPrinted::Silent));
    }

    #[test]
    fn without_fonts_slips_have_no_language_but_english() {
        assert_eq!(undrawn(&Fonts::none()), ["hi"]);
        assert_eq!(undrawn(&Fonts::of_this_computer()), [""; 0], "install fonts-noto-core");
    }
}
