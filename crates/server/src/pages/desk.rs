//! The reception's page: who stands at the counter gets a token in a few key presses; beside it all queues of today.
//!
//! On the left, fragments that are fetched: who was found (`find.rs`), what they can have (`offer.rs`), what was done and what
//! is asked (`ask.rs`). On the right, what moves (`live.rs`). Keys are `assets/desk.js`.

mod ask;
mod find;
mod live;
mod offer;
mod today;
mod words;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;

use self::live::Queues;
use super::prints::Prints;
use super::shell::{Reader, Shell};
use crate::access::Here;
use crate::failure::Answer;
use crate::slip::Site;

pub(super) use ask::{away, cancel, change_place, person, receipt};
pub(super) use find::{about, find};
pub(super) use live::live;
pub(super) use offer::offer;

#[derive(Template)]
#[template(path = "desk.html")]
struct Desk {
    shell: Shell,
    now: Queues,
    /// The server's printers.
    printers: Vec<String>,
    /// What the address says of where slips come out; else the browser knows.
    printer: Option<String>,
    mm: Option<&'static str>,
    /// Slips have the way to the patient's page.
    has_codes: bool,
}

pub(super) async fn page(
    here: Here,
    site: Site,
    reader: Reader,
    Query(prints): Query<Prints>,
) -> Answer<Response> {
    let now = Queues::of_today(&here, reader.texts).await?;
    let shell = Shell::new(&here, &reader, "desk").await?;
    let printers = here.access.printers.names().map(str::to_owned).collect();
    let (mm, printer) = (prints.mm_if(), prints.printer(&here));
    Ok(reader.page(&Desk { shell, now, printers, printer, mm, has_codes: site.is_known() }))
}
