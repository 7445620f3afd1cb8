//! What a browser or a program shows: a session's token, or a key. 32 random bytes; only their digest is kept.

use std::fmt;

use baari_engine::FacilityId;
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// A session: somebody has signed in.
    Session,
    /// A key of a program or a screen.
    Key,
}

impl CredentialKind {
    /// So that whoever finds one in a log or a repository knows what it is.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "baari_s_",
            Self::Key => "baari_k_",
        }
    }
}

/// A credential. Names its facility, so that it is looked for in no other one.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// What it opens.
    pub kind: CredentialKind,
    /// Where.
    pub facility: FacilityId,
    secret: [u8; 32],
}

impl Credential {
    /// A new one, of 32 random bytes.
    pub const fn new(kind: CredentialKind, facility: FacilityId, random: [u8; 32]) -> Self {
        Self { kind, facility, secret: random }
    }

    /// Reads one; none if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let kinds = [CredentialKind::Session, CredentialKind::Key];
        let (kind, rest) = kinds.iter().find_map(|kind| Some((*kind, text.strip_prefix(kind.prefix())?)))?;
        let bytes = BASE64URL_NOPAD.decode(rest.as_bytes()).ok()?;
        let (facility, secret) = bytes.split_at_checked(16)?;
        let facility = FacilityId::from_uuid(Uuid::from_bytes(facility.try_into().ok()?));
        Some(Self { kind, facility, secret: secret.try_into().ok()? })
    }

    /// What its holder keeps. Shown once.
    pub fn reveal(&self) -> String {
        let mut bytes = [0; 48];
        bytes[..16].copy_from_slice(self.facility.as_uuid().as_bytes());
        bytes[16..].copy_from_slice(&self.secret);
        format!("{}{}", self.kind.prefix(), BASE64URL_NOPAD.encode(&bytes))
    }

    /// What is kept of it. 256 random bits can't be guessed, so a plain digest will do, and a look-up by it takes no time that
    /// says anything about the secret.
    pub fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.kind.prefix());
        digest.update(self.facility.as_uuid().as_bytes());
        digest.update(self.secret);
        digest.finalize().into()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_credential_reads_back_and_its_digest_is_its_own() {
        let facility = FacilityId::from_uuid(Uuid::from_u128(1));
        let session = Credential::new(CredentialKind::Session, facility, [7; 32]);
        let key = Credential::new(CredentialKind::Key, facility, [7; 32]);
        for credential in [&session, &key] {
            assert_eq!(Credential::parse(&credential.reveal()).as_ref(), Some(credential));
            assert!(!format!("{credential:?}").contains("0707"));
        }
        assert_ne!(session.digest(), key.digest());
        let elsewhere =
            Credential::new(CredentialKind::Key, FacilityId::from_uuid(Uuid::from_u128(2)), [7; 32]);
        assert_ne!(key.digest(), elsewhere.digest());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in "(baari_[sk]_)?[A-Za-z0-9_=é-]{0,80}") {
            if let Some(credential) = Credential::parse(&text) {
                prop_assert_eq!(credential.reveal(), text);
            }
        }
    }
}
