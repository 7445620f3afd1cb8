//! Slips on the hospital's printers.

use axum::Json;
use axum::http::StatusCode;
use baari_engine::TokenId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Here;
use crate::body::{Body, Id};
use crate::failure::Answer;
use crate::idempotency::IdempotencyKey;
use crate::printer::NotPrinted;
use crate::problem::{self, Problem};
use crate::slip::{Site, Slip};

/// The printers that there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PrintersBody {
    pub(crate) items: Vec<PrinterBody>,
}

/// A printer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PrinterBody {
    #[schema(example = "desk")]
    pub(crate) name: String,
}

/// Print a slip.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrintBody {
    /// On this printer.
    #[schema(example = "desk")]
    pub(crate) printer: String,
}

/// What was printed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PrintedBody {
    #[schema(example = "desk")]
    pub(crate) printer: String,
    #[schema(example = "A-07")]
    pub(crate) label: String,
}

/// List printers
///
/// Those that the server was started with (`--printer`).
#[utoipa::path(get, path = "/api/printer", tag = "token",
    responses((status = 200, body = PrintersBody), (status = "default", body = Problem)))]
pub(super) async fn list(here: Here) -> Json<PrintersBody> {
    let items = here.access.printers.names().map(|name| PrinterBody { name: name.to_owned() });
    Json(PrintersBody { items: items.collect() })
}

/// Print a token's slip
///
/// On a thermal printer that takes ESC/POS by the network. It answers when the printer has taken all of it.
#[utoipa::path(post, path = "/api/token/{id}/print", tag = "token", request_body = PrintBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = PrintedBody), (status = "default", body = Problem)))]
pub(super) async fn print(
    here: Here,
    site: Site,
    Id(token): Id<TokenId>,
    key: IdempotencyKey,
    body: Body<PrintBody>,
) -> Answer<(StatusCode, Json<PrintedBody>)> {
    let held = key.hold(&here, body.fingerprint).await?;
    let printer = body.value.printer;
    let slip = Slip::read(&here, &site, token).await?;
    let label = slip.label.clone();
    match here.access.printers.print(&printer, slip).await {
        Ok(()) => {}
        Err(NotPrinted::Unknown) => {
            let names: Vec<&str> = here.access.printers.names().collect();
            let detail = if names.is_empty() {
                "there is no printer: start the server with --printer desk=192.168.1.50:9100".to_owned()
            } else {
                format!("there is no printer of that name: use {}", names.join(" or "))
            };
            return Err(Problem::new(problem::FIELD_WRONG, detail).field("printer").into());
        }
        Err(NotPrinted::Silent) => {
            let detail = "the printer does not answer: see whether it is on and has paper, then print again";
            return Err(Problem::new(problem::PRINTER_UNAVAILABLE, detail).field("printer").into());
        }
    }
    let printed = PrintedBody { printer, label };
    if let Some(receipt) = held.receipt(&printed) {
        here.desk.store().receipt_put(&receipt).await?;
    }
    Ok((StatusCode::CREATED, Json(printed)))
}
