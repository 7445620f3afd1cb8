//! Addresses that secrets may be sent to.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::http::Uri;
use axum::http::uri::Authority;

/// The longest address that is taken, in bytes.
const BYTES_MAX: usize = 2048;

/// An absolute address: https, or http to this same machine, where nobody listens on the way.
#[derive(Debug, Clone)]
pub(super) struct Address {
    text: String,
    uri: Uri,
}

impl Address {
    /// # Errors
    /// What the address must be.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        const SHAPE: &str =
            "must be an https address (http only on localhost), without a user name or a fragment";
        // `Uri` drops a fragment without a word.
        if text.len() > BYTES_MAX || text.contains('#') {
            return Err(SHAPE);
        }
        let uri: Uri = text.parse().map_err(|_| SHAPE)?;
        let authority = uri.authority().ok_or(SHAPE)?;
        let safe = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_loopback(authority.host()),
            _ => false,
        };
        if !safe || authority.host().is_empty() || authority.as_str().contains('@') {
            return Err(SHAPE);
        }
        Ok(Self { text: text.to_owned(), uri })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    pub(super) fn has_query(&self) -> bool {
        self.uri.query().is_some()
    }

    /// Host and port, as they are written.
    pub(super) fn authority(&self) -> &str {
        self.uri.authority().map_or("", Authority::as_str)
    }

    /// The host, an IPv6 address without its brackets.
    pub(super) fn host(&self) -> &str {
        let host = self.uri.host().unwrap_or_default();
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    pub(super) fn port(&self) -> u16 {
        self.uri.port_u16().unwrap_or(if self.is_encrypted() { 443 } else { 80 })
    }

    pub(super) fn path_and_query(&self) -> &str {
        self.uri.path_and_query().map_or("/", |path| path.as_str())
    }

    /// The address with these parameters besides those that it has.
    pub(super) fn with_query<'p>(&self, pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
        let join = if self.has_query() { '&' } else { '?' };
        let mut query = form_urlencoded::Serializer::new(String::new());
        format!("{}{join}{}", self.text, query.extend_pairs(pairs).finish())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

fn is_loopback(host: &str) -> bool {
    let v6 = || host.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || v6().is_some_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_out_encrypted_or_not_at_all() {
        for (text, expected) in [
            ("https://id.example/realms/opd", true),
            ("https://id.example:8443/", true),
            ("http://127.0.0.1:8080/a", true),
            ("http://[::1]:8080", true),
            ("http://LOCALHOST/a", true),
            ("http://id.example/", false),
            ("http://127.0.0.1.example/", false),
            ("http://localhost@id.example/", false),
            ("https://user:word@id.example/", false),
            ("https://id.example/#there", false),
            ("ftp://id.example/", false),
            ("/authorize", false),
            ("", false),
        ] {
            assert_eq!(Address::parse(text).is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn parameters_join_those_that_are_there() {
        for (text, expected) in [
            ("https://id.example/go", "https://id.example/go?state=a%26b"),
            ("https://id.example/go?tenant=1", "https://id.example/go?tenant=1&state=a%26b"),
        ] {
            let address = Address::parse(text).expect("it is an address");
            assert_eq!(address.with_query([("state", "a&b")]), expected);
        }
    }
}
