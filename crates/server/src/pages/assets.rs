//! Style, scripts, voices: files that are part of the program. Their addresses carry their content's digest, so a browser keeps
//! them for ever, and a new version is a new address.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::HEXLOWER;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use tower_http::compression::CompressionLayer;

use crate::app::App;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

static DIGESTS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let digest =
        |name: &str| Assets::get(name).map(|file| HEXLOWER.encode(&file.metadata.sha256_hash()[..4]));
    Assets::iter().filter_map(|name| Some((name.to_string(), digest(&name)?))).collect()
});

/// Tells one program from another: a page that is never left notices by it that there is a new one.
pub(super) fn program() -> &'static str {
    static PROGRAM: LazyLock<String> = LazyLock::new(|| {
        let mut all: Vec<_> = DIGESTS.iter().collect();
        all.sort();
        let mut digest = Sha256::new();
        digest.update(env!("CARGO_PKG_VERSION"));
        all.into_iter().for_each(|(name, of)| digest.update(format!("{name} {of}\n")));
        HEXLOWER.encode(&digest.finalize()[..6])
    });
    &PROGRAM
}

/// The address of a file, if there is one.
pub(super) fn asset_if(name: &str) -> Option<String> {
    DIGESTS.contains_key(name).then(|| asset(name))
}

/// The address of a file.
pub(crate) fn asset(name: &str) -> String {
    let digest = DIGESTS.get(name).map_or("", String::as_str);
    debug_assert!(!digest.is_empty(), "there is no assets/{name}");
    format!("/assets/{name}?v={digest}")
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/assets/{*name}", get(file)).layer(CompressionLayer::new())
}

async fn file(Path(name): Path<String>) -> Response {
    let Some(file) = Assets::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match name.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("mp3") => "audio/mpeg",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER)),
    ];
    (headers, file.data.into_owned()).into_response()
}
