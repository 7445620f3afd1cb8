//! Style, scripts, voices: files that are part of the program. Their addresses carry their content's digest, so a browser keeps
//! them for ever, and a new version is a new address. While a new program takes over from an old one, one of them may be asked
//! for what the other's page names: what it answers then is not what that address means, and is not kept.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::HEXLOWER;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};
use tower_http::compression::CompressionLayer;

use crate::app::App;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Asked for again each time; what is still the same is not sent again.
const ASK_AGAIN: &str = "no-cache";

/// The folder of the recorded words.
const VOICE: &str = "voice/";

static DIGESTS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let digest = |name: &str| Assets::get(name).map(|file| digest_of(&file));
    Assets::iter().filter_map(|name| Some((name.to_string(), digest(&name)?))).collect()
});

fn digest_of(file: &EmbeddedFile) -> String {
    HEXLOWER.encode(&file.metadata.sha256_hash()[..4])
}

/// The digest of all files whose names begin so, and of what else makes them another.
fn digest_over(begin: &str, also: &str) -> String {
    let mut all: Vec<_> = DIGESTS.iter().filter(|(name, _)| name.starts_with(begin)).collect();
    all.sort();
    let mut digest = Sha256::new();
    digest.update(also);
    all.into_iter().for_each(|(name, of)| digest.update(format!("{name} {of}\n")));
    HEXLOWER.encode(&digest.finalize()[..6])
}

/// Tells one program from another: a page that is never left notices by it that there is a new one.
pub(super) fn program() -> &'static str {
    static PROGRAM: LazyLock<String> = LazyLock::new(|| digest_over("", env!("CARGO_PKG_VERSION")));
    &PROGRAM
}

/// The digest of all recorded words: the board's script names them itself, and puts this behind their addresses.
pub(super) fn voice() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| digest_over(VOICE, ""));
    &DIGEST
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

async fn file(Path(name): Path<String>, RawQuery(query): RawQuery, request: HeaderMap) -> Response {
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
    let digest = digest_of(&file);
    let is_meant = query
        .as_deref()
        .and_then(asked)
        .is_some_and(|asked| asked == digest || (name.starts_with(VOICE) && asked == voice()));
    // Weak: it is sent compressed, too.
    let tag = format!("W/\"{digest}\"");
    let known = request.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static(if is_meant { FOR_EVER } else { ASK_AGAIN })),
        (header::ETAG, HeaderValue::from_str(&tag).expect("digits and quotes make a header value")),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(header::CONTENT_TYPE, kind)], file.data.into_owned()).into_response()
}

/// The digest that an address carries.
fn asked(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("v="))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(name: &str, query: Option<&str>, tag: Option<&HeaderValue>) -> Response {
        let mut request = HeaderMap::new();
        tag.into_iter().for_each(|tag| drop(request.insert(header::IF_NONE_MATCH, tag.clone())));
        file(Path(name.to_owned()), RawQuery(query.map(str::to_owned)), request).await
    }

    #[tokio::test]
    async fn only_what_its_address_means_is_kept_for_ever() {
        let own = asset("baari.css").split_once('?').unwrap().1.to_owned();
        let words = format!("v={}", voice());
        for (name, query, expected) in [
            ("baari.css", Some(own.as_str()), FOR_EVER),
            ("voice/chime.mp3", Some(&words), FOR_EVER),
            ("baari.css", None, ASK_AGAIN),
            // Another program's page asks: its digests are not ours.
            ("baari.css", Some("v=00000000"), ASK_AGAIN),
            ("baari.css", Some(&words), ASK_AGAIN),
            ("voice/chime.mp3", Some("v=000000000000"), ASK_AGAIN),
            ("voice/chime.mp3", None, ASK_AGAIN),
        ] {
            let answer = answer(name, query, None).await;
            assert_eq!(answer.status(), StatusCode::OK, "{name} {query:?}");
            assert_eq!(answer.headers()[header::CACHE_CONTROL], expected, "{name} {query:?}");
        }
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let first = answer("baari.js", None, None).await;
        let tag = &first.headers()[header::ETAG];
        assert_eq!(answer("baari.js", None, Some(tag)).await.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(answer("baari.css", None, Some(tag)).await.status(), StatusCode::OK);
    }

    /// Televisions keep the browser that they were sold with, and a script with a word that it does not know does nothing.
    #[test]
    fn what_televisions_and_old_phones_run_is_in_words_that_they_know() {
        let newer =
            ["?.", "??", "async ", "await ", "catch {", ".at(", "findLast", "replaceChildren", "_000"];
        for name in ["live.js", "board.js", "board_open.js", "voice.js", "own.js"] {
            let text = Assets::get(name).unwrap().data.into_owned();
            let text = String::from_utf8(text).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in code {
                let unknown = newer.iter().find(|newer| line.contains(**newer));
                assert_eq!(unknown, None, "{name}: {line}");
            }
        }
    }
}
