//! The provider at which people sign in too (OpenID Connect).

use std::path::PathBuf;

use anyhow::{Context, bail};
use baari_server::Access;

#[cfg(feature = "oidc")]
use baari_server::oidc::{ClientSecret, OidcConfig};

/// The provider at which people sign in too.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ProviderArgs {
    /// How browsers reach this server: https://baari.example
    #[arg(long, env = "BAARI_PUBLIC_URL", value_name = "URL", value_parser = origin)]
    public_url: Option<String>,
    /// Let people sign in at this OpenID Connect provider too (needs the feature `oidc`, --public-url and the two below)
    #[arg(long, env = "BAARI_OIDC_ISSUER", value_name = "URL", requires_all = ["oidc_client", "oidc_secret_file", "public_url"])]
    oidc_issuer: Option<String>,
    /// This server's name at the provider
    #[arg(long, env = "BAARI_OIDC_CLIENT", value_name = "ID")]
    oidc_client: Option<String>,
    /// File with this server's secret at the provider
    #[arg(long, env = "BAARI_OIDC_SECRET_FILE", value_name = "FILE")]
    oidc_secret_file: Option<PathBuf>,
}

impl ProviderArgs {
    /// How browsers reach this server, if that was said.
    pub(crate) fn origin(&self) -> Option<String> {
        self.public_url.clone()
    }

    /// With the provider, if there is one.
    ///
    /// # Errors
    /// When its secret can't be read, or this program was built without it.
    pub(crate) fn known_to(&self, access: Access) -> anyhow::Result<Access> {
        let (Some(issuer), Some(client), Some(file), Some(origin)) =
            (&self.oidc_issuer, &self.oidc_client, &self.oidc_secret_file, &self.public_url)
        else {
            return Ok(access);
        };
        if !cfg!(feature = "oidc") {
            bail!("this program was built without sign-in at {issuer}: build it with --features oidc");
        }
        let secret = std::fs::read_to_string(file)
            .with_context(|| format!("can't read --oidc-secret-file {}", file.display()))?;
        Ok(with_provider(access, issuer, client, secret.trim(), origin))
    }
}

#[cfg(feature = "oidc")]
fn with_provider(access: Access, issuer: &str, client: &str, secret: &str, origin: &str) -> Access {
    access.with_provider(OidcConfig {
        issuer: issuer.to_owned(),
        client_id: client.to_owned(),
        client_secret: ClientSecret::new(secret),
        redirect_url: format!("{origin}/sign-in/oidc/done"),
        authorities_pem: None,
    })
}

#[cfg(not(feature = "oidc"))]
fn with_provider(access: Access, _: &str, _: &str, _: &str, _: &str) -> Access {
    access
}

/// A scheme and a host, as browsers write it in `Origin`.
fn origin(text: &str) -> Result<String, String> {
    let wrong =
        || "how browsers reach this server looks like https://baari.example, without a path".to_owned();
    let text = text.trim_end_matches('/').to_ascii_lowercase();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(wrong)?;
    if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) { Err(wrong()) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        assert_eq!(origin("https://Baari.Example/"), Ok("https://baari.example".to_owned()));
        assert_eq!(origin("http://127.0.0.1:8080"), Ok("http://127.0.0.1:8080".to_owned()));
        for wrong in ["baari.example", "https://", "https://a/b", "ftp://a", "https://a@b"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
