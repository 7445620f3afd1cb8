//! Why a sign-in comes to nothing, in two voices.

use std::fmt;

/// Why a sign-in comes to nothing. `Display` is for the operator's log and says what to set right; [`OidcError::advice`]
/// is for the person at the screen. Neither holds a secret, a code, a token or anything that a token says of a person.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// A setting can't be used.
    #[error("the setting {setting} {must}")]
    Setting {
        /// Which one.
        setting: &'static str,
        /// What it must be.
        must: String,
    },
    /// The browser came back with an error in place of a code: the person gave up, or may not sign in.
    #[error("the provider did not let somebody in ({code}); see its log if it should have")]
    Declined {
        /// The error code of RFC 6749, 4.1.2.1, or of Core 3.1.2.6.
        code: String,
    },
    /// No connection, or it broke.
    #[error(
        "{what} could not be had from {at}: {cause}; see that this server reaches it and trusts its certificate"
    )]
    Unreachable {
        /// What was asked for.
        what: Asked,
        /// Host and port.
        at: String,
        /// What the system says.
        cause: String,
    },
    /// The whole answer was not there in time.
    #[error("{what} did not arrive from {at} within {seconds} seconds; see how the provider is doing")]
    TooSlow {
        /// What was asked for.
        what: Asked,
        /// Host and port.
        at: String,
        /// How long it had.
        seconds: u64,
    },
    /// The answer is longer than any such answer is.
    #[error("{what} is longer than {bytes_max} bytes; see that the address {at} is the provider's")]
    TooLarge {
        /// What was asked for.
        what: Asked,
        /// Host and port.
        at: String,
        /// What is read at most.
        bytes_max: usize,
    },
    /// The provider answers with another status than it should; redirects are not followed.
    #[error("the provider answered HTTP {status} when asked for {what}; see its log, and the issuer setting")]
    Status {
        /// What was asked for.
        what: Asked,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is not what the standard says.
    #[error("{what} can't be read: {cause}; see that the issuer setting names an OpenID Connect provider")]
    Unreadable {
        /// What was asked for.
        what: Asked,
        /// What is missing or wrong.
        cause: String,
    },
    /// The document found at the issuer is somebody else's.
    #[error("the provider calls itself {said:?}; the issuer setting must say exactly the same")]
    OtherIssuer {
        /// What it calls itself.
        said: String,
    },
    /// The provider can't do what we need.
    #[error("the provider offers {what}; change its settings for this client")]
    Unsupported {
        /// What it lacks.
        what: &'static str,
    },
    /// The provider does not know us.
    #[error(
        "the provider refuses this client; see that client_id and client_secret are those registered there"
    )]
    ClientRefused,
    /// The code is not, or no longer, good: used before, too old, or not for this sign-in.
    #[error(
        "the provider refuses the code; if it always does, see that redirect_url is the one registered there"
    )]
    CodeRefused,
    /// The provider refuses for another reason.
    #[error("the provider refuses to give a token ({code}); see its log")]
    Refused {
        /// The error code of RFC 6749, 5.2.
        code: String,
    },
    /// The token is not a signed token.
    #[error("the ID token can't be read: {cause}; tokens must be signed and not encrypted")]
    TokenMalformed {
        /// What is missing or wrong.
        cause: &'static str,
    },
    /// The token is not signed in a way that proves where it comes from.
    #[error(
        "the ID token is signed with {said:?}; set the provider to RS256, PS256 or ES256 for this client"
    )]
    TokenAlgorithm {
        /// What its head says.
        said: String,
    },
    /// No key of the provider fits the token.
    #[error("no published key of the provider fits the ID token; see what its jwks_uri answers")]
    TokenKeyUnknown,
    /// Somebody else signed it, or it was changed.
    #[error("the signature of the ID token is wrong; somebody may be pretending to be the provider")]
    TokenSignature,
    /// It comes from another issuer.
    #[error(
        "the ID token comes from another issuer; see that the issuer setting is what the provider writes in tokens"
    )]
    TokenIssuer,
    /// It is meant for another client.
    #[error(
        "the ID token is meant for another client; see that client_id is the one registered at the provider"
    )]
    TokenAudience,
    /// Its time is over.
    #[error("the ID token expired before it came; compare the clocks of this server and of the provider")]
    TokenExpired,
    /// Its time has not come.
    #[error("the ID token is from the future; compare the clocks of this server and of the provider")]
    TokenEarly,
    /// It belongs to another sign-in.
    #[error("the ID token belongs to another sign-in (its nonce is wrong)")]
    TokenNonce,
}

impl OidcError {
    /// From the `error` that the browser brought back. Anybody can make a browser bring anything, so that only what can be
    /// such a code is kept.
    pub fn declined(error: &str) -> Self {
        Self::Declined { code: error_code(error).unwrap_or("an unknown error").to_owned() }
    }

    /// What the person who wants to sign in can do.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::CodeRefused | Self::TokenNonce => {
                "this sign-in was too old, or was used before: begin again from the sign-in page"
            }
            Self::Declined { .. } => {
                "the sign-in service did not let you in: begin again, or ask whoever gives out its accounts"
            }
            Self::Unreachable { .. } | Self::TooSlow { .. } => {
                "the sign-in service does not answer: try again in a few minutes, then tell whoever looks after this server"
            }
            Self::TokenExpired | Self::TokenEarly => {
                "the clocks of this server and of the sign-in service differ: tell whoever looks after this server"
            }
            Self::Setting { .. }
            | Self::OtherIssuer { .. }
            | Self::Unsupported { .. }
            | Self::ClientRefused => "sign-in is not set up rightly: tell whoever looks after this server",
            Self::TooLarge { .. }
            | Self::Status { .. }
            | Self::Unreadable { .. }
            | Self::Refused { .. }
            | Self::TokenMalformed { .. }
            | Self::TokenAlgorithm { .. }
            | Self::TokenKeyUnknown
            | Self::TokenSignature
            | Self::TokenIssuer
            | Self::TokenAudience => {
                "the sign-in service gave an answer that can't be trusted: try again once, then tell whoever looks after \
                 this server"
            }
        }
    }
}

/// An error code, if it looks like one.
pub(super) fn error_code(text: &str) -> Option<&str> {
    let is_code = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (is_code && (1..=40).contains(&text.len())).then_some(text)
}

/// What the provider is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// What it says of itself.
    Discovery,
    /// Its public keys.
    Keys,
    /// The token for a code.
    Token,
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "the provider's discovery document",
            Self::Keys => "the provider's key set",
            Self::Token => "the token",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_brings_is_kept_only_if_it_is_a_code() {
        for (error, expected) in [
            ("access_denied", "(access_denied)"),
            ("x\nforged log line", "(an unknown error)"),
            ("", "(an unknown error)"),
            (&"a".repeat(41), "(an unknown error)"),
        ] {
            let said = OidcError::declined(error).to_string();
            assert!(said.contains(expected), "{said}");
        }
    }
}
