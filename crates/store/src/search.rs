//! How a patient is found by what somebody types: the folding that both databases share, so that they find the same people.
//!
//! A store keeps each of [`name_tails`] as a row of `patient_word(facility_id, word, patient_id)`; a name is found when one of
//! its tails begins with [`Needle::name`], a phone number when it contains [`Needle::digits`].

/// The longest tail that is kept, in characters; what is typed is cut to the same length.
const TAIL_CHARACTERS: usize = 64;
/// The most tails that are kept of one name.
const TAILS_PER_NAME: usize = 12;

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
    fn what_is_typed_is_a_name_or_part_of_a_phone_number_or_both() {
        let parse = |text| Needle::parse(text).map(|needle| (needle.name, needle.digits));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parse("  "), None);
        assert_eq!(parse("Rao M"), Some((some("rao m"), None)));
        assert_eq!(parse("+91 98-76"), Some((some("91 98 76"), some("919876"))));
        assert_eq!(parse("Baby 2"), Some((some("baby 2"), None)));
        assert_eq!(parse("-"), Some((None, None)));
    }
}
