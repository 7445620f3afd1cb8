//! The slip, as a page that a browser prints on the roll of a thermal printer.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use baari_engine::TokenId;
use serde::Deserialize;

use super::assets::asset;
use super::prints::Prints;
use super::shell::Reader;
use crate::access::Here;
use crate::body::Id;
use crate::failure::Answer;
use crate::slip::{Site, Slip};

/// Whether at once.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    print: Option<String>,
}

#[derive(Template)]
#[template(path = "slip.html")]
struct Page {
    slip: Slip,
    mm: &'static str,
    prints: bool,
}

impl Page {
    /// The paper's style sheet.
    fn paper(&self) -> String {
        asset(if self.mm == "58" { "slip-58.css" } else { "slip-80.css" })
    }
}

pub(super) async fn page(
    here: Here,
    site: Site,
    reader: Reader,
    Id(token): Id<TokenId>,
    Query(prints): Query<Prints>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let slip = Slip::read(&here, &site, token).await?;
    Ok(reader.framed(&Page { slip, mm: prints.mm(), prints: asked.print.is_some() }))
}
