//! What moves on a page comes whole through a live stream, as the HTML that it is; a page that has missed some needs only the
//! last one.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use baari_engine::DayKey;
use bytes::Bytes;

use crate::access::Here;
use crate::failure::Answer;
use crate::live::{Look, Message, stream};

/// What a page's stream shows.
pub(super) trait Moving: Send + 'static {
    /// The fragment of now, what it is known by, and the doctor-days that it rests on; none when there is nothing to be seen
    /// any more.
    fn now(&mut self, here: &Here) -> impl Future<Output = Answer<Option<Shown>>> + Send;
}

/// What is shown now.
#[derive(Clone)]
pub(super) struct Shown {
    /// The same again is not sent again.
    pub(super) stamp: String,
    pub(super) days: Vec<DayKey>,
    pub(super) html: Bytes,
}

/// A page's stream.
pub(super) async fn moving<M: Moving>(here: Here, headers: &HeaderMap, what: M) -> Answer<Response> {
    stream(here, headers, Page(what)).await
}

struct Page<M>(M);

impl<M: Moving> Look for Page<M> {
    const BEAT: &'static [u8] = b"event: beat\ndata: \n\n";

    async fn look(&mut self, here: &Here) -> Answer<Option<Message>> {
        let shown = self.0.now(here).await?;
        Ok(shown.map(|Shown { stamp, days, html }| Message { id: stamp, days, data: html }))
    }
}

/// A fragment as one line, which is what an event carries.
pub(super) fn line(fragment: &impl Template) -> Bytes {
    let text = fragment.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a fragment could not be made");
        String::new()
    });
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ").into()
}
