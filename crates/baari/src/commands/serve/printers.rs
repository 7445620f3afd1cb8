//! The thermal printers that slips are printed on.

use baari_server::{PrinterAddress, Printers};

/// Printers on the hospital's network.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PrinterArgs {
    /// Print slips on this thermal printer too (ESC/POS by TCP): desk=192.168.1.50:9100, with /80 behind it if its
    /// paper is 80 mm wide; several times for several
    #[arg(
        long = "printer",
        env = "BAARI_PRINTER",
        value_name = "NAME=HOST:PORT[/80]",
        value_delimiter = ','
    )]
    printers: Vec<PrinterAddress>,
}

impl PrinterArgs {
    /// All of them.
    ///
    /// # Errors
    /// Two have the same name.
    pub(crate) fn open(&self) -> anyhow::Result<Printers> {
        Ok(Printers::new(self.printers.clone())?)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        printers: PrinterArgs,
    }

    fn opened(options: &str) -> Result<(), String> {
        let arguments = std::iter::once("baari").chain(options.split_whitespace());
        let program = Program::try_parse_from(arguments).map_err(|error| error.to_string())?;
        program.printers.open().map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn printers_are_known_by_their_names() {
        for options in [
            "",
            "--printer desk=192.0.2.50:9100 --printer ward=printer.example:9100",
            "--printer a=b:1,c=d:2",
        ] {
            assert_eq!(opened(options), Ok(()), "{options}");
        }
        for (options, expected) in [
            ("--printer 192.0.2.50:9100", "desk=192.168.1.50:9100"),
            ("--printer desk=192.0.2.50", "desk=192.168.1.50:9100"),
            ("--printer desk=a:1 --printer desk=b:2", "same name"),
        ] {
            let refused = opened(options).unwrap_err();
            assert!(refused.contains(expected), "{options}: {refused}");
        }
    }
}
