//! Where a page's slips come out: what its address says of it (`?printer=desk&mm=58`).

use serde::Deserialize;

use super::qr;
use crate::access::Here;
use crate::slip::Slip;

/// Where it prints.
#[derive(Debug, Deserialize)]
pub(super) struct Prints {
    /// One of the server's printers; else the browser's own.
    printer: Option<String>,
    mm: Option<String>,
}

impl Prints {
    /// The paper's width.
    pub(super) fn mm(&self) -> &'static str {
        self.mm_if().unwrap_or("80")
    }

    /// The paper's width, if it was said.
    pub(super) fn mm_if(&self) -> Option<&'static str> {
        match self.mm.as_deref() {
            Some("58") => Some("58"),
            Some("80") => Some("80"),
            _ => None,
        }
    }

    /// Only one that there is.
    pub(super) fn printer(self, here: &Here) -> Option<String> {
        self.printer.filter(|asked| here.access.printers.names().any(|name| name == asked))
    }
}

impl Slip {
    /// The picture of the way to the patient's page, where phones can go that way.
    pub(super) fn qr(&self) -> Option<String> {
        self.address.as_deref().map(qr::svg)
    }
}
