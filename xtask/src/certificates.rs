//! A private certificate authority and a server certificate for `localhost`, so that the tests check
//! certificates as production does.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::account::{Account, run_quietly};

/// Our own settings: the system's `openssl.cnf` differs between distributions.
const OPENSSL_SETTINGS: &str = "\
[req]
distinguished_name = name
prompt = no
[name]
CN = Baari test
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
";

const VALID_DAYS: &str = "2";

/// The files PostgreSQL and its clients need.
pub(crate) struct Certificates {
    /// Readable by everybody.
    pub(crate) authority: PathBuf,
    pub(crate) server: PathBuf,
    /// Readable by the servers' account only.
    pub(crate) server_key: PathBuf,
}

impl Certificates {
    /// Makes both certificates in `home`. The authority's key is deleted: it signs nothing else.
    ///
    /// # Errors
    /// When OpenSSL (3.0 or later) fails.
    pub(crate) fn make(openssl: &Path, account: &Account, home: &Path) -> Result<Self> {
        account.write_private(&home.join("openssl.cnf"), OPENSSL_SETTINGS)?;
        let request = || {
            let mut command = account.command(openssl, home);
            command.args(["req", "-x509", "-config", "openssl.cnf", "-days", VALID_DAYS, "-nodes"]);
            command.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
            command
        };
        run_quietly(request().args([
            "-extensions",
            "authority",
            "-subj",
            "/CN=Baari test authority",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
        ]))?;
        run_quietly(request().args([
            "-extensions",
            "server",
            "-subj",
            "/CN=localhost",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-keyout",
            "server.key",
            "-out",
            "server.pem",
        ]))?;
        std::fs::remove_file(home.join("ca.key"))?;
        let path = |name| home.join(name);
        run_quietly(account.command("chmod", home).args(["0644", "ca.pem", "server.pem"]))?;
        run_quietly(account.command("chmod", home).args(["0600", "server.key"]))?;
        Ok(Self { authority: path("ca.pem"), server: path("server.pem"), server_key: path("server.key") })
    }
}
