//! TLS with a certificate and a key from files, for hospitals without a proxy that makes it. Read again when asked to, without
//! a connection lost: a certificate lives for weeks, the server for months.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, InconsistentKeys, ServerConfig};

/// What everybody who has an account on this computer may do with a file, of its mode.
const OTHERS: u32 = 0o007;

/// A certificate, its key, and where they came from.
#[derive(Debug)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    config: RwLock<Arc<ServerConfig>>,
}

/// Why TLS can't be made from these files. Names the file; never says what is in it.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificates can't be read.
    #[error(
        "can't read certificates from {0}: it must be a PEM file with the server's certificate first, then its chain"
    )]
    Certificate(PathBuf, #[source] pem::Error),
    /// The key can't be read.
    #[error("can't read a key from {0}: it must be a PEM file with a private key that has no passphrase")]
    Key(PathBuf, #[source] pem::Error),
    /// They don't go together.
    #[error(
        "the key in {key} is not that of the first certificate in {certificate}: give the two that were made together"
    )]
    Apart {
        /// Where the certificate is.
        certificate: PathBuf,
        /// Where the key is.
        key: PathBuf,
    },
    /// TLS can't be made with them.
    #[error("the certificate in {0} or its key can't be used: give an RSA, ECDSA or Ed25519 one")]
    Unusable(PathBuf, #[source] rustls::Error),
}

impl Tls {
    /// From a file with the certificate and its chain, and one with the key, both PEM.
    ///
    /// # Errors
    /// When a file can't be read, holds something else, or the two don't go together.
    pub fn read(certificate: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let config = RwLock::new(read(&certificate, &key)?);
        Ok(Self { certificate, key, config })
    }

    /// Reads both files again. Connections from now on get the new certificate; those there are keep theirs.
    ///
    /// # Errors
    /// As [`Tls::read`]; then the old certificate stays.
    pub fn read_again(&self) -> Result<(), TlsError> {
        let config = read(&self.certificate, &self.key)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let no_certificate = |error| TlsError::Certificate(certificate.to_owned(), error);
    let chain = CertificateDer::pem_file_iter(certificate).map_err(no_certificate)?;
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(no_certificate)?;
    if chain.is_empty() {
        return Err(no_certificate(pem::Error::NoItemsFound));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| TlsError::Key(key.to_owned(), error))?;
    warn_if_open(key);
    // Only TLS 1.2 and 1.3, with the suites that are safe; which library does it is said here, not found out.
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has suites for TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(chain, secret);
    let mut config = config.map_err(|error| match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            TlsError::Apart { certificate: certificate.to_owned(), key: key.to_owned() }
        }
        error => TlsError::Unusable(certificate.to_owned(), error),
    })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// A group may be there for the purpose (`ssl-cert`); everybody is never meant.
fn warn_if_open(key: &Path) {
    if std::fs::metadata(key).is_ok_and(|file| file.permissions().mode() & OTHERS != 0) {
        let key = key.display();
        tracing::warn!(%key, "everybody on this computer may read the key: chmod 600, or 640 with a group of its own");
    }
}
