//! Those who work at the bench's hospital: each can sign in, is signed in already, and has a key for a program.

use anyhow::Result;
use baari_access::{Action, Credential, CredentialKind, password};
use baari_engine::{KeyId, UserId};
use baari_store::{Along, Key, Role, Session, Store, User};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::hospital;

/// How many there are.
pub(super) const PEOPLE: u64 = 64;
/// Longer than any bench.
const KEY_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// All of them. What they show is new in every run: their server is one that others on the machine can reach.
#[derive(Debug, Clone, Copy)]
pub(super) struct People {
    seed: [u8; 32],
}

impl People {
    pub(super) fn new() -> Self {
        Self { seed: baari_desk::random() }
    }

    /// What the `n`-th one's browser shows as its cookie, or their program as its key.
    pub(super) fn credential(self, kind: CredentialKind, n: u64) -> Credential {
        let mut secret = self.seed;
        let number = (n % PEOPLE).to_le_bytes();
        secret.iter_mut().zip(number).for_each(|(byte, part)| *byte ^= part);
        Credential::new(kind, hospital::facility(), secret)
    }

    /// The password of each.
    pub(super) fn password(self) -> String {
        self.seed[16..].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The `n`-th one's name at sign-in.
    pub(super) fn name(n: u64) -> String {
        format!("desk-{}", n % PEOPLE)
    }

    /// Writes them. The first one is the administrator without whom no server starts.
    pub(super) async fn write(self, store: &dyn Store, now: Timestamp) -> Result<()> {
        let (facility, along) = (hospital::facility(), Along::default());
        let hashed = password::hash(&self.password(), baari_desk::random());
        for n in 0..PEOPLE {
            let id = Uuid::from_u128(1 + u128::from(n));
            let user = User {
                id: UserId::from_uuid(id),
                name: Self::name(n),
                called: Self::name(n),
                role: if n == 0 { Role::Admin } else { Role::Reception },
                doctor: None,
                password: Some(hashed.clone()),
                must_change: false,
                subject: None,
                active: true,
                created_at: now,
                version: 0,
            };
            let session = Session {
                digest: self.credential(CredentialKind::Session, n).digest(),
                user: user.id,
                created_at: now,
                seen_at: now,
                address: String::new(),
                agent: String::new(),
            };
            let key = Key {
                id: KeyId::from_uuid(id),
                name: Self::name(n),
                digest: self.credential(CredentialKind::Key, n).digest(),
                scopes: vec![Action::TokenBook.name().to_owned()],
                doctors: Vec::new(),
                created_at: now,
                expires_at: now + KEY_LASTS,
                revoked_at: None,
            };
            store.user_put(facility, &user, &along).await?;
            store.session_put(facility, &session, &along).await?;
            store.key_put(facility, &key, &along).await?;
        }
        Ok(())
    }
}
