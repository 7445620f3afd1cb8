//! How a patient is found by what somebody types: the folding that both databases share, so that they find the same people.
//!
//! A store keeps each of [`name_tails`] as a row of `patient_word(facility_id, word, patient_id)`; a name is found when one of
//! its tails begins with [`Needle::name`], a phone number when it contains [`Needle::digits`].

/// The longest tail that is kept, in characters; what is typed is cut to the same length.
const TAIL_CHARACTERS: usize = 64;
/// The most tails that are kept of one name.
const TAILS_PER_NAME: usize = 12;
/// A number that has so many digits is told apart by the last so many; what is before them is dialled from elsewhere.
const PHONE_DIGITS: usize = 10;

/// Lower case, words apart by one space; everything else that is not part of a word in ASCII (a dot, a hyphen) parts words.
fn fold(text: &str) -> Vec<String> {
    let parts = |letter: char| letter.is_whitespace() || (letter.is_ascii_punctuation() && letter != '\'');
    text.split(parts).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn cut(text: &str) -> String {
    text.chars().take(TAIL_CHARACTERS).collect()
}

/// The name from each of its words on, folded: "Asha Rao-Mehta" is "asha rao mehta", "rao mehta" and "mehta".
pub fn name_tails(name: &str) -> Vec<String> {
    let words = fold(name);
    let mut tails: Vec<_> =
        (0..words.len().min(TAILS_PER_NAME)).map(|from| cut(&words[from..].join(" "))).collect();
    tails.sort_unstable();
    tails.dedup();
    tails
}

/// What a phone number is known by, however it is written: 98200 12345, 098200 12345, 91 98200 12345 and +91 98200 12345 are one
/// number. No country's code is guessed: of a number of ten digits and more the last ten count, of a shorter one all, without the
/// zeros before them.
pub fn phone_end(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let end = &digits[digits.len().saturating_sub(PHONE_DIGITS)..];
    end.trim_start_matches('0').to_owned()
}

/// Whether both are ways to write one phone number.
pub fn is_same_phone(one: &str, other: &str) -> bool {
    let end = phone_end(one);
    !end.is_empty() && end == phone_end(other)
}

/// What somebody typed to find a patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    /// What a tail of the name begins with; none if no word was typed.
    pub name: Option<String>,
    /// What the phone number contains; none if something else than a part of a phone number was typed.
    pub digits: Option<String>,
}

impl Needle {
    /// Reads what was typed; none if it was nothing, so that everybody is meant.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        // Part of a number is found wherever it stands in one; a whole one as it may be written elsewhere.
        let digits = if digits.len() >= PHONE_DIGITS { phone_end(&digits) } else { digits };
        let is_phone = !digits.is_empty() && text.chars().all(|c| c.is_ascii_digit() || " -+().".contains(c));
        let name = cut(&fold(text).join(" "));
        let name = (!name.is_empty()).then_some(name);
        (!text.is_empty()).then_some(Self { name, digits: is_phone.then_some(digits) })
    }

    /// The tails that begin with [`Self::name`] lie from it (included) up to this (excluded), in the order of code points.
    pub fn name_end(&self) -> Option<String> {
        self.name.as_ref().map(|name| format!("{name}{}", char::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_from_each_of_its_words_on() {
        assert_eq!(name_tails("Asha  Rao-Mehta"), ["asha rao mehta", "mehta", "rao mehta"]);
        assert_eq!(name_tails("O'Brien, J. J."), ["j", "j j", "o'brien j j"]);
        assert_eq!(name_tails("ÉLODIE प्रिया"), ["élodie प्रिया", "प्रिया"]);
        assert_eq!(name_tails(" . "), [""; 0]);
        assert_eq!(name_tails(&"ab ".repeat(400)).len(), 1);
    }

    #[test]
    fn a_phone_number_is_one_however_it_is_written() {
        for (one, other, is) in [
            ("9820012345", "+919820012345", true),
            ("91 98200 12345", "+91-98200-12345", true),
            ("098200 12345", "0091 98200 12345", true),
            ("022 2410 1234", "+91 22 2410 1234", true),
            ("9820012345", "9820012346", false),
            ("9820012345", "20012345", false),
            ("+919820012345", "20012345", false),
            ("22012345", "022012345", true),
            ("+44 7700 900123", "07700 900123", true),
            ("+65 6123 4567", "61234567", false),
            ("0612345678", "612345678", true),
            ("", "", false),
            ("0000", "00000000", false),
        ] {
            assert_eq!(is_same_phone(one, other), is, "{one} {other}");
            assert_eq!(is_same_phone(other, one), is, "{other} {one}");
        }
    }

    #[test]
    fn what_is_typed_is_a_name_or_part_of_a_phone_number_or_both() {
        let parse = |text| Needle::parse(text).map(|needle| (needle.name, needle.digits));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parse("  "), None);
        assert_eq!(parse("Rao M"), Some((some("rao m"), None)));
        assert_eq!(parse("+91 98-76"), Some((some("91 98 76"), some("919876"))));
        assert_eq!(parse("098200-12345"), Some((some("098200 12345"), some("9820012345"))));
        assert_eq!(parse("0000000000"), Some((some("0000000000"), None)));
        assert_eq!(parse("Baby 2"), Some((some("baby 2"), None)));
        assert_eq!(parse("-"), Some((None, None)));
    }
}
