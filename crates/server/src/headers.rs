//! What every answer says to the browser besides: to guess nothing, frame nothing, send nothing on, keep nothing.
//!
//! An answer that has a policy or says how long it may be kept has its own reason for it, and keeps it. What hyper refuses
//! before there is a request (a line too long, no HTTP at all) it answers by itself, with no body and none of these.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, header};

use crate::address::Encrypted;

/// On every answer.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
         magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()",
    ),
];

/// Nothing that the API answers is a page: it loads nothing, and nothing shows it.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The API's description is a page with scripts and styles of its own, whose pictures are in its style sheet, and which asks
/// this server. The one inline style it has, which only colours a logo, is not worth letting others in for.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Once by TLS, for a year always by TLS. Without `preload`: that could not be taken back.
const ALWAYS_ENCRYPTED: &str = "max-age=31536000";

/// What a desk's computer keeps, the next one at the desk can read.
const KEEP_NOTHING: &str = "no-store";

/// What of a request its answer's headers depend on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    docs: bool,
    encrypted: bool,
}

impl Asked {
    pub(crate) fn by<B>(request: &Request<B>) -> Self {
        let path = request.uri().path();
        let docs = path == "/docs" || path.starts_with("/docs/");
        Self { docs, encrypted: Encrypted::of(request.extensions()).0 }
    }

    /// Adds to the answer's headers what every answer says.
    pub(crate) fn complete(self, headers: &mut HeaderMap) {
        headers.reserve(ALWAYS.len() + 3);
        for (name, value) in ALWAYS {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        let policy = HeaderValue::from_static(if self.docs { DOCS_POLICY } else { API_POLICY });
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(KEEP_NOTHING));
        if self.encrypted {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ALWAYS_ENCRYPTED));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::app::{Limits, surrounded};

    #[tokio::test]
    async fn what_goes_wrong_is_answered_with_them_too() {
        let routes = Router::new().route("/late", get(std::future::pending::<()>));
        let routes = routes.route("/panic", get(async || -> () { panic!("as a defect would") }));
        let limits = Limits { request: Duration::from_millis(50), ..Limits::default() };
        let router = surrounded(routes, limits, None);
        for (path, status) in [("/late", 503), ("/panic", 500), ("/nothing", 404)] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let asked = Asked::by(&request);
            let mut response = router.clone().oneshot(request).await.unwrap();
            asked.complete(response.headers_mut());
            assert_eq!(response.status().as_u16(), status, "{path}");
            for (name, value) in ALWAYS {
                assert_eq!(response.headers()[&name], value, "{path}");
            }
            assert_eq!(response.headers()[header::CONTENT_SECURITY_POLICY], API_POLICY, "{path}");
            assert_eq!(response.headers()[header::CACHE_CONTROL], KEEP_NOTHING, "{path}");
        }
    }
}
