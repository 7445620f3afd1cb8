//! What is typed or scanned at the desk, and hours as people say them.

use baari_store::Sex;
use jiff::civil::Time;

/// Fewer digits are a number in a name ("Baby 2"), no phone number.
const PHONE_DIGITS_MIN: usize = 5;
/// Nobody is older.
const AGE_MAX: i16 = 120;
/// Dialled before a number of India: no age, where a number may follow.
const NO_AGE: &str = "91";
/// The length of the code of a patient's page.
const CODE_LENGTH: usize = 32;

/// What was typed of somebody who is not on record yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) sex: Option<Sex>,
    /// In years.
    pub(super) age: Option<i16>,
}

impl Typed {
    /// "Meena Joshi 98200 12345 f 45", in whichever order: the words that hold a phone number's digits are the phone number; the
    /// letter and the age behind the name are sex and age. A letter alone may be part of the name, and so may a small number.
    pub(super) fn parse(text: &str) -> Self {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let (mut sex, mut age) = (None, None);
        if let Some((at, length, of_sex, years)) = sex_and_age(&words) {
            words.drain(at..at + length);
            (sex, age) = (Some(of_sex), Some(years));
        }
        let runs = words.chunk_by(|one, next| is_number(one) == is_number(next));
        let (mut name, mut phone) = (Vec::new(), String::new());
        for run in runs {
            let digits = run.iter().flat_map(|word| word.chars()).filter(char::is_ascii_digit).count();
            if is_number(run[0]) && digits >= PHONE_DIGITS_MIN && phone.is_empty() {
                phone = run.join(" ");
            } else {
                name.extend_from_slice(run);
            }
        }
        Self { name: name.join(" "), phone, sex, age }
    }

    pub(super) fn is(&self, sex: &Sex) -> bool {
        self.sex.as_ref() == Some(sex)
    }

    /// A name has no digits, as a rule: they may be left over of a phone number.
    pub(super) fn has_digits(&self) -> bool {
        self.name.contains(|c: char| c.is_ascii_digit())
    }
}

fn is_number(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || "+-().".contains(c))
}

/// `f 45`, `45 f`, `F45` or `45f` behind a name, with nothing but a phone number behind it: where, in how many words, and what it says.
fn sex_and_age(words: &[&str]) -> Option<(usize, usize, Sex, i16)> {
    let name = words.iter().position(|word| !is_number(word))?;
    (name + 1..words.len()).find_map(|at| {
        let (length, sex, age) = one_word(words[at]).or_else(|| two_words(words[at], words.get(at + 1)?))?;
        let mut behind = words[at + length..].iter();
        let has_code = words[at + length - 1] == NO_AGE && behind.len() > 0;
        (!has_code && behind.all(|word| is_number(word))).then_some((at, length, sex, age))
    })
}

fn one_word(word: &str) -> Option<(usize, Sex, i16)> {
    let split = |at| word.split_at_checked(at);
    let (_, sex, age) = split(1)
        .and_then(|(one, other)| two_words(one, other))
        .or_else(|| split(word.len().checked_sub(1)?).and_then(|(one, other)| two_words(one, other)))?;
    Some((1, sex, age))
}

fn two_words(one: &str, other: &str) -> Option<(usize, Sex, i16)> {
    let read = |letter, years| Some((2, sex_of(letter)?, age_of(years)?));
    read(one, other).or_else(|| read(other, one))
}

fn sex_of(letter: &str) -> Option<Sex> {
    match letter {
        "f" | "F" => Some(Sex::Female),
        "m" | "M" => Some(Sex::Male),
        _ => None,
    }
}

fn age_of(years: &str) -> Option<i16> {
    let is_plain = years.chars().all(|c| c.is_ascii_digit()) && (years == "0" || !years.starts_with('0'));
    years.parse().ok().filter(|age| is_plain && (0..=AGE_MAX).contains(age))
}

/// The code in what a scanner types: the address of the patient's page, …/t/CODE.
pub(super) fn code_in(text: &str) -> Option<&str> {
    let (_, rest) = text.trim().rsplit_once("/t/")?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    (end == CODE_LENGTH).then(|| &rest[..end])
}

/// A label: A-14, a14. The letter as it is kept, and the number.
pub(super) fn label_in(text: &str) -> Option<(String, u32)> {
    let text = text.trim();
    let at = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letter, number) = text.split_at(at);
    let number = number.trim_start_matches(['-', ' ']);
    let good = (1..=3).contains(&letter.len())
        && (1..=5).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_digit());
    good.then(|| Some((letter.to_ascii_uppercase(), number.parse().ok()?))).flatten()
}

/// A phone number in two halves, as people here read it out: 98200 12345.
pub(super) fn phone(digits: &str) -> String {
    let national = digits.strip_prefix("+91").unwrap_or(digits);
    if national.len() != 10 || !national.is_ascii() {
        return digits.to_owned();
    }
    let country = if national.len() < digits.len() { "+91 " } else { "" };
    format!("{country}{} {}", &national[..5], &national[5..])
}

/// The number behind a name that is numbered: of "Emergency 3", 3.
pub(super) fn number_behind(name: &str, words: &str) -> Option<u32> {
    name.strip_prefix(words)?.trim().parse().ok()
}

/// 09–10; with minutes when there are any: 09:30–10:15.
pub(super) fn hours(start: &str, end: &str) -> String {
    match (start.strip_suffix(":00"), end.strip_suffix(":00")) {
        (Some(from), Some(to)) if from.len() == 2 && to.len() == 2 => format!("{from}–{to}"),
        _ => format!("{start}–{end}"),
    }
}

/// The same of times of the day.
pub(super) fn hours_of(start: Time, end: Time) -> String {
    hours(&start.strftime("%H:%M").to_string(), &end.strftime("%H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_phone_number_are_told_apart() {
        for (text, name, phone) in [
            ("Meena Joshi 98200 12345", "Meena Joshi", "98200 12345"),
            ("9820012345 Meena", "Meena", "9820012345"),
            ("+91 98200-12345 Meena Joshi", "Meena Joshi", "+91 98200-12345"),
            ("मीना जोशी 9820012345", "मीना जोशी", "9820012345"),
            ("Baby 2 of Asha", "Baby 2 of Asha", ""),
            ("98200", "", "98200"),
            ("Asha 12345 67890 Rao 11111", "Asha Rao 11111", "12345 67890"),
            ("  ", "", ""),
        ] {
            let expected = Typed { name: name.to_owned(), phone: phone.to_owned(), ..Typed::default() };
            assert_eq!(Typed::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn sex_and_age_are_read_behind_the_name() {
        for (text, name, phone, sex, age) in [
            ("Kamla Bai 98200 55555 f 45", "Kamla Bai", "98200 55555", Some(Sex::Female), Some(45)),
            ("Kamla Bai 98200 55555 45 f", "Kamla Bai", "98200 55555", Some(Sex::Female), Some(45)),
            ("Kamla Bai f 45 98200 55555", "Kamla Bai", "98200 55555", Some(Sex::Female), Some(45)),
            ("98200 55555 Ravi M45", "Ravi", "98200 55555", Some(Sex::Male), Some(45)),
            ("Ravi 7m", "Ravi", "", Some(Sex::Male), Some(7)),
            ("Baby of Asha F 0", "Baby of Asha", "", Some(Sex::Female), Some(0)),
            // A letter alone is an initial, a number alone a number; a code is dialled, and nobody's age.
            ("Suresh M", "Suresh M", "", None, None),
            ("Suresh M 98200 12345", "Suresh M", "98200 12345", None, None),
            ("Suresh M 022 2410 1234", "Suresh M", "022 2410 1234", None, None),
            ("Suresh M 91 98200 12345", "Suresh M", "91 98200 12345", None, None),
            ("Bad Phone 12", "Bad Phone 12", "", None, None),
            ("Baby F 2 of Asha", "Baby F 2 of Asha", "", None, None),
            ("Asha f 145", "Asha f 145", "", None, None),
            ("f 45", "f 45", "", None, None),
            ("प्रिया f45", "प्रिया", "", Some(Sex::Female), Some(45)),
        ] {
            let expected = Typed { name: name.to_owned(), phone: phone.to_owned(), sex, age };
            assert_eq!(Typed::parse(text), expected, "{text}");
        }
        assert!(Typed::parse("Bad Phone 12").has_digits() && !Typed::parse("Suresh M45").has_digits());
    }

    #[test]
    fn a_scanned_address_holds_a_code() {
        let code = "abcdefghijklmnopqrstuvwxyz234567";
        for address in ["https://opd.example/t/{}", "/t/{}", "http://10.0.0.5:8080/t/{}?lang=hi", " x/t/{} "]
        {
            let address = address.replace("{}", code);
            assert_eq!(code_in(&address), Some(code), "{address}");
        }
        for other in ["Meena", "/t/short", "https://opd.example/desk", ""] {
            assert_eq!(code_in(other), None, "{other}");
        }
    }

    #[test]
    fn labels_are_read_as_people_type_them() {
        let a14 = Some(("A".to_owned(), 14));
        for text in ["A-14", "a14", "a 14", " A-014 "] {
            assert_eq!(label_in(text), a14, "{text}");
        }
        for text in ["14", "A", "A-", "Asha 14", "A-14b", "A-123456"] {
            assert_eq!(label_in(text), None, "{text}");
        }
    }

    #[test]
    fn phone_numbers_are_shown_in_halves() {
        for (digits, shown) in [
            ("9820012345", "98200 12345"),
            ("+919820012345", "+91 98200 12345"),
            ("+4930123456", "+4930123456"),
            ("12345", "12345"),
            ("", ""),
        ] {
            assert_eq!(phone(digits), shown);
        }
    }

    #[test]
    fn hours_are_short_when_they_are_full() {
        assert_eq!(hours("09:00", "10:00"), "09–10");
        assert_eq!(hours("09:30", "10:00"), "09:30–10:00");
        assert_eq!(number_behind("Emergency 12", "Emergency"), Some(12));
        assert_eq!(number_behind("Emergency room", "Emergency"), None);
    }
}
