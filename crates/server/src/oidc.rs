//! Sign-in at an OpenID Connect provider: this side of it, which OpenID Connect Core 1.0 calls the relying party. The
//! authorization code flow, always with PKCE (RFC 7636), a state and a nonce.
//!
//! What is believed is one thing: an ID token that came from the provider's token endpoint, is signed by one of its keys,
//! and was made for us, now, and for this sign-in (`token.rs`, Core 3.1.3.7). Sessions and cookies are not made here.
//!
//! Own code on `ring`, `rustls` and `hyper`, which the tree holds anyway (the PostgreSQL store needs the first two): what
//! is used of the standard is small. A general crate would add its own cryptography for algorithms that are refused here,
//! and a general HTTP client follows redirects and reads proxies out of the environment, which would have to be switched
//! off.

mod address;
mod config;
mod error;
mod fetch;
mod keys;
mod provider;
mod token;
mod wire;

pub use config::{ClientSecret, OidcConfig};
pub use error::{Asked, OidcError};
pub use provider::{Begun, Identity, Provider};
