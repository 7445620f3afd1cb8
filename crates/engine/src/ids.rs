//! Typed identifiers: a UUID each, so that a slot can't be passed for a token. The desk gives them, never the database.

use uuid::Uuid;

/// Text that is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an id: ids look like 01940c5e-7a00-7000-8000-000000000000")]
pub struct IdError(String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The identifier that this UUID stands for.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself, for the edge (databases, the API).
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError(text.chars().take(64).collect()))
            }
        }
    };
}

id!(/** A hospital or clinic: the unit of tenancy and of sharding. */ FacilityId);
id!(/** A doctor. */ DoctorId);
id!(/** A patient. */ PatientId);
id!(/** One doctor's window on one date. */ SlotId);
id!(/** One patient's place in one slot. */ TokenId);
id!(/** One line of a doctor's schedule. */ ScheduleId);
id!(/** Somebody who signs in. */ UserId);
id!(/** A program or a screen that has a key of its own. */ KeyId);
id!(/** One entry of the audit trail. */ AuditId);
