//! The database's URL: as libpq has it, with the parameters that tokio-postgres leaves out.

use std::path::PathBuf;

use baari_store::StoreError;
use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::tls::{self, Roots, Trust};

/// Where the database is, and how the way there is protected.
pub(crate) struct Address {
    pub(crate) config: Config,
    pub(crate) tls: MakeRustlsConnect,
}

impl Address {
    /// Reads `postgres://user:password@host:port/database?…`, and the certificates that it names.
    ///
    /// `sslmode` is `disable`, `prefer` (encrypts if it can; the default), `require` (encrypts, or fails), `verify-ca` (also
    /// checks who signed the server's certificate) or `verify-full` (also checks the host's name). `sslrootcert` is a file
    /// of certificates to trust instead of the system's; with `require` it means `verify-ca`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] says what to change. The URL itself is not in the text: it holds a password.
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let (url, protection) = take_protection(url).map_err(StoreError::Unavailable)?;
        let (mode, trust) = protection.resolve().map_err(StoreError::Unavailable)?;
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            StoreError::Unavailable(format!("the database's URL can't be read: {cause}"))
        })?;
        config.ssl_mode(mode);
        if config.get_application_name().is_none() {
            config.application_name("baari");
        }
        Ok(Self { config, tls: tls::connector(&trust).map_err(StoreError::Unavailable)? })
    }
}

/// The parameters that say how the way to the database is protected.
#[derive(Debug, Default, PartialEq, Eq)]
struct Protection {
    sslmode: Option<String>,
    sslrootcert: Option<String>,
}

impl Protection {
    fn resolve(self) -> Result<(SslMode, Trust), String> {
        let roots = match self.sslrootcert.as_deref() {
            None => None,
            Some("system") => Some(Roots::System),
            Some(path) => Some(Roots::File(PathBuf::from(path))),
        };
        Ok(match (self.sslmode.as_deref(), roots) {
            (Some("disable"), _) => (SslMode::Disable, Trust::Anybody),
            (Some("prefer") | None, None) => (SslMode::Prefer, Trust::Anybody),
            (Some("prefer") | None, Some(_)) => {
                return Err(
                    "sslrootcert needs sslmode=verify-full beside it, or nothing is checked".to_owned()
                );
            }
            (Some("require"), None) => (SslMode::Require, Trust::Anybody),
            (Some("require" | "verify-ca"), roots) => {
                (SslMode::Require, Trust::Signed(roots.unwrap_or(Roots::System)))
            }
            (Some("verify-full"), roots) => (SslMode::Require, Trust::Named(roots.unwrap_or(Roots::System))),
            (Some(other), _) => {
                return Err(format!(
                    "sslmode={other} is unknown: use disable, prefer, require, verify-ca or verify-full"
                ));
            }
        })
    }
}

/// Takes our parameters out of the URL; tokio-postgres reads the rest, and refuses what it does not know.
fn take_protection(url: &str) -> Result<(String, Protection), String> {
    let Some((_, rest)) =
        url.split_once("://").filter(|(scheme, _)| ["postgres", "postgresql"].contains(scheme))
    else {
        return Err("the database's URL begins with postgres://".to_owned());
    };
    // A password may hold a question mark.
    let credentials = rest.find('@').map_or(0, |at| at + 1);
    let Some(question) = rest[credentials..].find('?').map(|at| at + credentials) else {
        return Ok((url.to_owned(), Protection::default()));
    };
    let mut protection = Protection::default();
    let mut others = Vec::new();
    for parameter in rest[question + 1..].split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let field = match name {
            "sslmode" => &mut protection.sslmode,
            "sslrootcert" => &mut protection.sslrootcert,
            _ => {
                others.push(parameter);
                continue;
            }
        };
        let value = percent_decode_str(value).decode_utf8();
        let value = value.map_err(|_| format!("the URL's {name} is not UTF-8"))?.into_owned();
        if field.replace(value).is_some() {
            return Err(format!("the URL has {name} twice"));
        }
    }
    let others = if others.is_empty() { String::new() } else { format!("?{}", others.join("&")) };
    Ok((format!("postgres://{}{others}", &rest[..question]), protection))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> Option<String> {
        Address::parse(url).err().map(|error| error.to_string())
    }

    #[test]
    fn a_parameter_that_is_unknown_or_wrong_is_refused_with_a_reason() {
        for (url, reason) in [
            ("postgres://u:secret@h/d?sslmode=allow", "verify-full"),
            ("postgres://u:secret@h/d?sslmode=Require", "sslmode=Require is unknown"),
            ("postgres://u:secret@h/d?sslrootcert=x.pem", "sslmode=verify-full"),
            (
                "postgres://u:secret@h/d?sslmode=verify-full&sslrootcert=/does/not/exist.pem",
                "/does/not/exist.pem",
            ),
            ("postgres://u:secret@h/d?sslmode=prefer&sslmode=require", "twice"),
            ("postgres://u:secret@h/d?pool_size=3", "pool_size"),
            ("mysql://u:secret@h/d", "postgres://"),
            ("baari.db", "postgres://"),
            ("postgres://u:secret@h:port/d", "port"),
        ] {
            let said = refusal(url).unwrap_or_default();
            assert!(said.contains(reason) && !said.contains("secret"), "{url}: {said:?}");
        }
    }

    #[test]
    fn what_we_do_not_take_is_left_to_tokio_postgres() {
        let url = "postgresql://u:p?w@h1,h2:5433/d?connect_timeout=3&sslmode=require&target_session_attrs=read-write";
        let address = Address::parse(url).unwrap();
        assert_eq!(address.config.get_password(), Some(&b"p?w"[..]));
        assert_eq!(address.config.get_hosts().len(), 2);
        assert_eq!(address.config.get_ssl_mode(), SslMode::Require);
        assert_eq!(address.config.get_connect_timeout().map(std::time::Duration::as_secs), Some(3));
        let taken = take_protection("postgres://h/d?sslrootcert=%2Fa%20b.pem").unwrap();
        assert_eq!(taken.0, "postgres://h/d");
        assert_eq!(taken.1.sslrootcert.as_deref(), Some("/a b.pem"));
    }
}
