//! Names: what somebody signs in with, what a facility is called in addresses, what people call both.

use std::ops::RangeInclusive;

/// Characters of a name to sign in with, and of a facility's slug.
const NAME_LENGTH: RangeInclusive<usize> = 2..=32;
/// Characters of what people and places are called, at most.
pub const CALLED_MAX: usize = 80;

/// Why a name is none, and what would be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing to sign in with.
    #[error("a name to sign in with has 2 to 32 letters (a to z), digits, dots, hyphens or underscores")]
    UserName,
    /// No facility's slug.
    #[error("a slug has 2 to 32 small letters (a to z), digits or hyphens, and begins with no hyphen")]
    Slug,
    /// Nothing to be called.
    #[error("a name has 1 to {CALLED_MAX} characters, all of which can be seen")]
    Called,
}

/// What somebody signs in with, in small letters: it can be typed on every keyboard and read aloud.
///
/// # Errors
/// [`Unfit::UserName`].
pub fn user_name(text: &str) -> Result<String, Unfit> {
    let name = text.trim().to_ascii_lowercase();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    if NAME_LENGTH.contains(&name.len()) && name.chars().all(fits) { Ok(name) } else { Err(Unfit::UserName) }
}

/// What a facility is called in addresses and at sign-in.
///
/// # Errors
/// [`Unfit::Slug`].
pub fn slug(text: &str) -> Result<String, Unfit> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_slug = NAME_LENGTH.contains(&text.len()) && text.chars().all(fits) && !text.starts_with('-');
    if is_slug { Ok(text.to_owned()) } else { Err(Unfit::Slug) }
}

/// What people call somebody, or a hospital.
///
/// # Errors
/// [`Unfit::Called`].
pub fn called(text: &str) -> Result<String, Unfit> {
    let text = text.trim();
    let fits = (1..=CALLED_MAX).contains(&text.chars().count()) && !text.contains(is_invisible);
    if fits { Ok(text.to_owned()) } else { Err(Unfit::Called) }
}

/// Characters that show nothing, or turn the direction of what follows: two names that look the same would not be, or a log
/// would read otherwise than it was written. (The joiners that Hindi is written with are fine.)
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2064}'
                | '\u{2066}'..='\u{206f}'
                | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_slugs_can_be_typed_and_read_aloud() {
        for (text, expected) in [
            ("asha", Some("asha")),
            (" Asha.Patil-2_x ", Some("asha.patil-2_x")),
            ("a", None),
            ("asha patil", None),
            ("आशा", None),
            ("as\u{212a}a", None),
            ("a".repeat(32).as_str(), Some("a".repeat(32).as_str())),
            ("a".repeat(33).as_str(), None),
        ] {
            assert_eq!(user_name(text).ok().as_deref(), expected, "{text}");
        }
        for (text, fits) in [
            ("north", true),
            ("north-2", true),
            ("North", false),
            ("-x", false),
            ("x", false),
            ("a/b", false),
        ] {
            assert_eq!(slug(text).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn what_somebody_is_called_can_be_seen() {
        for (text, expected) in [
            (" Asha Patil ", Some("Asha Patil")),
            ("आशा पाटिल", Some("आशा पाटिल")),
            ("क्\u{200d}ष", Some("क्\u{200d}ष")),
            (" ", None),
            ("a\nb", None),
            ("a\u{200b}b", None),
            ("a\u{202e}b", None),
            ("a\u{2066}b", None),
            ("a".repeat(80).as_str(), Some("a".repeat(80).as_str())),
            ("a".repeat(81).as_str(), None),
        ] {
            assert_eq!(called(text).ok().as_deref(), expected, "{text:?}");
        }
    }
}
