//! Passwords: what is accepted, and what is kept of one.

use argon2::password_hash::phc::{PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use zxcvbn::{Entropy, Score, zxcvbn};

/// Characters of the shortest password that is accepted.
pub const LENGTH_MIN: usize = 10;
/// Characters of the longest one: more would only make the server work.
pub const LENGTH_MAX: usize = 128;

/// Memory in KiB, passes, lanes: the OWASP cheat sheet's first choice for Argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// What a one-time password is written with: nothing that looks like something else on a slip of paper.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Four groups of five are 99 bits.
const GROUPS: usize = 4;
const GROUP_LETTERS: usize = 5;

/// Why a password is not accepted, and what would be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Too short.
    #[error("a password has at least {LENGTH_MIN} characters: three or four unrelated words are good")]
    Short,
    /// Too long.
    #[error("a password has at most {LENGTH_MAX} characters")]
    Long,
    /// Easy to guess.
    #[error(
        "this password is among the first that would be guessed{0}: three or four unrelated words are good"
    )]
    Guessable(String),
}

/// Whether a password is good enough. `about` is what an attacker would try first: the names of the person and the place.
///
/// # Errors
/// [`Weak`].
pub fn check(password: &str, about: &[&str]) -> Result<(), Weak> {
    match password.chars().count() {
        ..LENGTH_MIN => return Err(Weak::Short),
        LENGTH_MIN..=LENGTH_MAX => {}
        _ => return Err(Weak::Long),
    }
    // A space between two words does not make them harder to guess: "admin admin" is "adminadmin".
    let joined: String =
        password.chars().filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation()).collect();
    let estimates = [zxcvbn(password, about), zxcvbn(&joined, about)];
    let estimate = estimates.into_iter().min_by_key(Entropy::score).expect("there are two");
    if estimate.score() >= Score::Three {
        return Ok(());
    }
    let warning = estimate.feedback().and_then(|feedback| feedback.warning());
    Err(Weak::Guessable(warning.map(|warning| format!(" ({warning})")).unwrap_or_default()))
}

/// What is kept of a password: an Argon2id PHC string with this salt. Takes tens of milliseconds and 19 MiB.
pub fn hash(password: &str, salt: [u8; 16]) -> String {
    let salt = Salt::new(&salt).expect("16 bytes are a salt");
    let hashed = argon2().hash_password_with_salt(password.as_bytes(), salt.as_ref());
    hashed.expect("the cost is one that Argon2 takes, and so is the salt").to_string()
}

/// Whether this is the password of which that was kept. Takes as long as [`hash`]; without a hash as well, so that nobody
/// learns from the time it takes which names there are.
pub fn is_right(password: &str, kept: Option<&str>) -> bool {
    let Some(kept) = kept.and_then(|kept| PasswordHash::new(kept).ok()) else {
        drop(hash(password, [0; 16]));
        return false;
    };
    argon2().verify_password(password.as_bytes(), &kept).is_ok()
}

/// A password to be handed to somebody and changed: it can be read aloud.
pub fn one_time(random: [u8; 16]) -> String {
    // 128 bits for 99: that some passwords come up a little more often is a matter of the thirtieth bit.
    let mut rest = u128::from_be_bytes(random);
    let mut password = String::with_capacity(GROUPS * (GROUP_LETTERS + 1));
    for position in 0..GROUPS * GROUP_LETTERS {
        if position > 0 && position.is_multiple_of(GROUP_LETTERS) {
            password.push('-');
        }
        let letter = rest % LETTERS.len() as u128;
        password.push(char::from(LETTERS[letter as usize]));
        rest /= LETTERS.len() as u128;
    }
    password
}

fn argon2() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("the cost is one that Argon2 takes");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_one_time_password_can_be_read_aloud(random: [u8; 16]) {
            let password = one_time(random);
            let groups: Vec<&str> = password.split('-').collect();
            prop_assert!(groups.len() == 4 && groups.iter().all(|group| group.len() == 5), "{}", password);
            prop_assert!(!password.contains(['i', 'l', 'o', '0', '1']), "{}", password);
        }
    }

    #[test]
    fn a_one_time_password_tells_nearly_all_of_what_was_drawn() {
        assert_eq!(one_time([0; 16]), "aaaaa-aaaaa-aaaaa-aaaaa");
        let drawn = (0..200_u128).map(|n| one_time((n << 80 | n << 40 | n).to_be_bytes()));
        assert_eq!(drawn.collect::<std::collections::HashSet<_>>().len(), 200);
        assert_eq!(check(&one_time([0xa5; 16]), &[]), Ok(()));
    }

    #[test]
    fn a_password_is_known_again_and_no_other_one() {
        let kept = hash("correct horse battery", [1; 16]);
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(is_right("correct horse battery", Some(&kept)));
        assert!(!is_right("correct horse battery ", Some(&kept)));
        assert!(!is_right("correct horse battery", None));
        assert!(!is_right("", Some("not a hash")));
        assert_ne!(kept, hash("correct horse battery", [2; 16]));
    }

    #[test]
    fn what_would_be_guessed_first_is_refused() {
        for (password, about, accepted) in [
            ("short", &[][..], false),
            ("password12345", &[], false),
            ("qwertyuiop1234", &[], false),
            ("asha-reception", &["asha", "reception"], false),
            ("admin admin", &["admin"], false),
            ("teal monsoon ladder", &[], true),
            ("जामुन की चार टोकरी", &[], true),
        ] {
            assert_eq!(check(password, about).is_ok(), accepted, "{password}: {:?}", check(password, about));
        }
        assert_eq!(check(&"x".repeat(129), &[]), Err(Weak::Long));
    }
}
