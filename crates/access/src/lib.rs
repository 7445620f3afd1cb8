//! Who may do what: the table of roles and actions, names, passwords, credentials, the codes of patients' pages.
//!
//! One table (`action.rs`) says what each role, an API key and anybody may do; the server asks it before any handler runs.
//! Nothing here does IO, reads a clock or draws random numbers: time and randomness come in as arguments. A secret is never
//! printed, not by mistake either: the types that hold one have no `Display`, and their `Debug` says nothing.
//!
//! Start reading at `action.rs`, then `principal.rs` (who asks), `credential.rs` (how they show it) and `secret.rs` (what is made
//! with the server's own secret, which is not in the database).

mod action;
mod attempts;
mod credential;
pub mod name;
pub mod password;
mod principal;
mod secret;

pub use action::{Action, Reach, Subject};
pub use attempts::{Attempts, Lane};
pub use credential::{Credential, CredentialKind};
pub use principal::{Principal, Who};
pub use secret::{Browser, Codes, Device, Secret, tag_of};
