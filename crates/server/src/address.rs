//! Who sent a request: the other side of the connection, or whom a trusted proxy names.
//!
//! `X-Forwarded-For` is a claim. Each proxy appends whom it saw, so the list is read from the right, and only as far as the
//! ones who appended are trusted; what stands to the left of that, anybody could have written.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Request};
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// How many leading bits of an IPv6 address name one client's network: a household or a ward has a /64 to itself, and with it
/// more addresses than could ever be counted one by one.
const IPV6_CLIENT_BITS: u32 = 64;

/// Whether a host of this name (`localhost`, `127.0.0.1`, `[::1]`) is for each computer itself.
pub(crate) fn is_loopback(host: &str) -> bool {
    let is_v4 = || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback());
    host.eq_ignore_ascii_case("localhost") || host == "[::1]" || is_v4()
}

/// The networks whose proxies are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[IpNet]>);

/// A text that names no network of proxies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAProxy {
    /// Neither an address nor a network.
    #[error("{0:?} is no network: write 10.0.0.0/8, fd00::/8 or the address of one proxy")]
    NotANetwork(String),
    /// All addresses there are.
    #[error("{0} is everybody, and then everybody could claim any address: name the proxy's own network")]
    Everybody(IpNet),
}

impl FromStr for TrustedProxies {
    type Err = NotAProxy;

    /// From networks or addresses with commas between them.
    fn from_str(text: &str) -> Result<Self, NotAProxy> {
        text.split(',').map(|part| network(part.trim())).collect::<Result<_, _>>().map(Self)
    }
}

fn network(text: &str) -> Result<IpNet, NotAProxy> {
    let one = || text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    let network = text.parse::<IpNet>().or_else(|_| one());
    let network = network.map_err(|_| NotAProxy::NotANetwork(text.to_owned()))?;
    if network.prefix_len() == 0 { Err(NotAProxy::Everybody(network)) } else { Ok(network) }
}

impl TrustedProxies {
    /// Nobody is believed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Puts into a request whose it is: it came by a connection from this peer, by our own TLS or not.
    pub(crate) fn introduce<B>(&self, peer: SocketAddr, tls: bool, request: &mut Request<B>) {
        let peer = peer.ip().to_canonical();
        let client = ClientAddress(self.client(peer, request.headers()));
        let encrypted = Encrypted(tls || self.encrypted(peer, request.headers()));
        let extensions = request.extensions_mut();
        extensions.insert(client);
        extensions.insert(encrypted);
        if self.trust(peer) {
            extensions.insert(Proxied);
        }
    }

    /// Whose request this is.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let lists = headers.get_all(FORWARDED_FOR).iter().rev();
        let mut named = lists.flat_map(|list| list.as_bytes().rsplit(|byte| *byte == b','));
        while self.trust(client) {
            let Some(before) = named.next().and_then(forwarded) else { break };
            client = before;
        }
        client
    }

    /// A proxy that is believed says that its own client came by TLS; where several say it, all do.
    fn encrypted(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        let lists = headers.get_all(FORWARDED_PROTO).iter();
        let mut said = lists.flat_map(|list| list.as_bytes().split(|byte| *byte == b',')).peekable();
        self.trust(peer)
            && said.peek().is_some()
            && said.all(|said| said.trim_ascii().eq_ignore_ascii_case(b"https"))
    }
}

/// One entry of the list. Some proxies write the port as well.
fn forwarded(entry: &[u8]) -> Option<IpAddr> {
    let entry = std::str::from_utf8(entry).ok()?.trim();
    let bare = entry.strip_prefix('[').and_then(|entry| entry.strip_suffix(']')).unwrap_or(entry);
    let address = bare.parse::<IpAddr>().or_else(|_| entry.parse().map(|entry: SocketAddr| entry.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// The address of whoever sent a request; 127.0.0.1 where there was no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// What counts as one client: the address, or for IPv6 its /64.
    pub(crate) fn network(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => {
                let mask = u128::MAX << (Ipv6Addr::BITS - IPV6_CLIENT_BITS);
                Ipv6Addr::from_bits(address.to_bits() & mask).into()
            }
        }
    }

    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self(Ipv4Addr::LOCALHOST.into()))
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// The client's side of the way was encrypted: what the browser keeps may be kept for TLS only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encrypted(pub(crate) bool);

impl Encrypted {
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self(false))
    }
}

impl<S: Sync> FromRequestParts<S> for Encrypted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// The request came from a proxy that is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Proxied;

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies() -> TrustedProxies {
        "10.0.0.0/8, 192.0.2.7,fd00::/8".parse().unwrap()
    }

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_client_is_the_rightmost_who_is_no_proxy() {
        for (peer, lists, expected) in [
            ("203.0.113.9", &[][..], "203.0.113.9"),
            // Whoever is not trusted can claim nothing.
            ("203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("192.0.2.7", &["198.51.100.1"], "198.51.100.1"),
            ("192.0.2.8", &["198.51.100.1"], "192.0.2.8"),
            // What stands left of the client is the client's own claim.
            ("10.0.0.1", &["127.0.0.1, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["127.0.0.1,198.51.100.1 , 10.9.9.9"], "198.51.100.1"),
            ("10.0.0.1", &["127.0.0.1", "198.51.100.1", "10.9.9.9,10.8.8.8"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            // From what is no address nothing further left is believed.
            ("10.0.0.1", &["198.51.100.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["198.51.100.1,,10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["unknown, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", ""], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::5]:4711"], "2001:db8::5"),
            ("10.0.0.1", &["[2001:db8::5]"], "2001:db8::5"),
            ("10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["2001:db8::5, ::ffff:10.0.0.2"], "2001:db8::5"),
            ("fd00::1", &["2001:db8::5, fd00::2"], "2001:db8::5"),
            ("10.0.0.1", &["198.51.100.256"], "10.0.0.1"),
        ] {
            let client = proxies().client(peer.parse().unwrap(), &headers(FORWARDED_FOR, lists));
            assert_eq!(client, expected.parse::<IpAddr>().unwrap(), "{peer} {lists:?}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_can_say_that_a_request_was_encrypted() {
        for (peer, lists, expected) in [
            ("10.0.0.1", &["https"][..], true),
            ("10.0.0.1", &["HTTPS"], true),
            ("10.0.0.1", &["https, https"], true),
            ("10.0.0.1", &["https", "http"], false),
            ("10.0.0.1", &["http"], false),
            ("10.0.0.1", &[], false),
            ("203.0.113.9", &["https"], false),
        ] {
            let headers = headers(FORWARDED_PROTO, lists);
            assert_eq!(proxies().encrypted(peer.parse().unwrap(), &headers), expected, "{peer} {lists:?}");
        }
    }

    #[test]
    fn an_ipv6_client_is_its_64_and_an_ipv4_client_its_address() {
        for (address, expected) in [
            ("198.51.100.1", "198.51.100.1"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("::1", "::"),
        ] {
            let network = ClientAddress(address.parse().unwrap()).network();
            assert_eq!(network, expected.parse::<IpAddr>().unwrap());
        }
    }

    #[test]
    fn a_network_that_is_none_is_refused_with_what_to_write() {
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0.1,"] {
            let refused = text.parse::<TrustedProxies>().unwrap_err();
            assert!(refused.to_string().contains("10.0.0.0/8"), "{refused}");
        }
        for text in ["0.0.0.0/0", "::/0", "10.0.0.0/8,::/0"] {
            assert!(matches!(text.parse::<TrustedProxies>(), Err(NotAProxy::Everybody(_))), "{text}");
        }
    }
}
