//! What the operator says about the provider.

use std::fmt;

use super::address::Address;
use super::error::OidcError;

/// Our secret at the provider, which is never printed.
#[derive(Clone)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// Takes it in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
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
    pub client_secret: ClientSecret,
    /// Where the provider sends the browser back to, as registered there: https, or http on this machine.
    pub redirect_url: String,
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
        Ok(issuer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> OidcConfig {
        OidcConfig {
            issuer: "https://id.example".to_owned(),
            client_id: "baari".to_owned(),
            client_secret: ClientSecret::new("sesame"),
            redirect_url: "https://opd.example/sign-in/done".to_owned(),
            authorities_pem: None,
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert!(!format!("{:?}", config()).contains("sesame"));
    }

    #[test]
    fn a_wrong_setting_is_named() {
        assert!(config().check().is_ok());
        let text = str::to_owned;
        for (name, config) in [
            ("issuer", OidcConfig { issuer: text("http://id.example"), ..config() }),
            ("issuer", OidcConfig { issuer: text("https://id.example?realm=opd"), ..config() }),
            ("client_id", OidcConfig { client_id: text(""), ..config() }),
            ("client_secret", OidcConfig { client_secret: ClientSecret::new(""), ..config() }),
            ("redirect_url", OidcConfig { redirect_url: text("/sign-in/done"), ..config() }),
        ] {
            match config.check() {
                Err(OidcError::Setting { setting, .. }) => assert_eq!(setting, name),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
