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
use axum::response::Response;

use self::live::Queues;
use super::shell::{Reader, Shell};
use crate::access::Here;
use crate::failure::Answer;

pub(super) use ask::{away, cancel, change_place, person, receipt};
pub(super) use find::{about, find};
pub(super) use live::live;
pub(super) use offer::offer;

#[derive(Template)]
#[template(path = "desk.html")]
struct Desk {
    shell: Shell,
    now: Queues,
}

pub(super) async fn page(here: Here, reader: Reader) -> Answer<Response> {
    let now = Queues::read(&here, reader.texts).await?;
    Ok(reader.page(&Desk { shell: Shell::new(&here, &reader, "desk").await?, now }))
}
