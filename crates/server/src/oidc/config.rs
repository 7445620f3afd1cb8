//! What the operator says about the provider.

use std::fmt;

use super::address::Address;
use super::error::OidcError;

/// Asked for always: `openid` makes it a sign-in, the others bring the name and the address.
const SCOPES: [&str; 3] = ["openid", "email", "profile"];

/// A text that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes it in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The provider, and what we are to it.
#[derive(Debug, Clone)]
pub struct OidcConfig {
    /// The provider's own address, exactly as it writes it in its tokens: https, or http on this machine.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: Secret,
    /// Where the provider sends the browser back to, as registered there: https, or http on this machine.
    pub redirect_url: String,
    /// Scopes to ask for besides `openid`, `email` and `profile`.
    pub scopes: Vec<String>,
    /// Whose certificates the provider's must be signed by, in PEM form; those that the system trusts when `None`.
    pub authorities_pem: Option<Vec<u8>>,
}

impl OidcConfig {
    /// The issuer's address.
    ///
    /// # Errors
    /// The setting that can't be used, and how it must be.
    pub(super) fn check(&self) -> Result<Address, OidcError> {
        let wrong = |setting, must: &str| OidcError::Setting { setting, must: must.to_owned() };
        let issuer = Address::parse(&self.issuer).map_err(|must| wrong("issuer", must))?;
        if issuer.has_query() {
            return Err(wrong("issuer", "must have no query"));
        }
        Address::parse(&self.redirect_url).map_err(|must| wrong("redirect_url", must))?;
        if self.client_id.is_empty() {
            return Err(wrong("client_id", "must not be empty"));
        }
        if self.client_secret.reveal().is_empty() {
            return Err(wrong("client_secret", "must not be empty: register Baari as a confidential client"));
        }
        // RFC 6749, 3.3.
        let is_scope = |scope: &String| {
            !scope.is_empty()
                && scope.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
        };
        if !self.scopes.iter().all(is_scope) {
            return Err(wrong("scopes", "must each be one word"));
        }
        Ok(issuer)
    }

    /// All scopes, each once.
    pub(super) fn scope(&self) -> String {
        let mut scopes = SCOPES.to_vec();
        for scope in &self.scopes {
            if !scopes.contains(&scope.as_str()) {
                scopes.push(scope);
            }
        }
        scopes.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> OidcConfig {
        OidcConfig {
            issuer: "https://id.example".to_owned(),
            client_id: "baari".to_owned(),
            client_secret: Secret::new("sesame"),
            redirect_url: "https://opd.example/sign-in/done".to_owned(),
            scopes: vec!["groups".to_owned(), "email".to_owned()],
            authorities_pem: None,
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert!(!format!("{:?}", config()).contains("sesame"));
    }

    #[test]
    fn a_scope_is_asked_for_once() {
        assert_eq!(config().scope(), "openid email profile groups");
    }

    #[test]
    fn a_wrong_setting_is_named() {
        assert!(config().check().is_ok());
        let text = str::to_owned;
        for (name, config) in [
            ("issuer", OidcConfig { issuer: text("http://id.example"), ..config() }),
            ("issuer", OidcConfig { issuer: text("https://id.example?realm=opd"), ..config() }),
            ("client_id", OidcConfig { client_id: text(""), ..config() }),
            ("client_secret", OidcConfig { client_secret: Secret::new(""), ..config() }),
            ("redirect_url", OidcConfig { redirect_url: text("/sign-in/done"), ..config() }),
            ("scopes", OidcConfig { scopes: vec![text("two words")], ..config() }),
        ] {
            match config.check() {
                Err(OidcError::Setting { setting, .. }) => assert_eq!(setting, name),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
