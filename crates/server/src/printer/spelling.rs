//! Names in letters that every printer has, for where nothing can be drawn. Devanagari is spelled roughly as people spell it on
//! signs (राव → Rav), letters with marks lose them, and what can't be spelled is a question mark.

/// The inherent vowel of a consonant that has no other, but not at the end of a word.
const INHERENT: char = 'a';
/// A dot below that makes another consonant of one.
const DOT: char = '\u{93c}';
/// Doctor in Hindi, as people write it short.
const DOCTOR: [&str; 3] = ["डॉ", "डाॅ", "डा"];

/// Whether the text says in ASCII the same as it does; other dashes and quotes don't matter.
pub(crate) fn is_ascii(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii() || c.is_whitespace() || mark(c).is_some())
}

/// The same in ASCII, without control characters.
pub(crate) fn ascii(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let mut rest = text.chars();
    let mut begins = true;
    loop {
        if let Some(behind) = doctor(rest.as_str()).filter(|_| begins) {
            spelled.push_str("Dr");
            (rest, begins) = (behind.chars(), false);
        }
        let Some(c) = rest.next() else { break };
        let from = spelled.len();
        match c {
            ' '..='~' => spelled.push(c),
            _ if c.is_control() || c.is_whitespace() => spelled.push(' '),
            'क'..='ह' | '\u{958}'..='\u{95f}' => {
                let behind = rest.as_str().strip_prefix(DOT);
                rest = behind.map_or(rest, str::chars);
                let dotted = behind.is_some();
                spelled.push_str(if dotted { with_dot(c) } else { consonant(c) });
                // Another vowel follows, or none does.
                if rest.clone().next().is_some_and(|next| is_letter(next) && !is_sign(next) || is_nasal(next))
                {
                    spelled.push(INHERENT);
                }
            }
            _ => spelled.push_str(other(c)),
        }
        if begins && !c.is_ascii() && is_letter(c) {
            let first = spelled[from..].chars().next().map(|first| first.to_ascii_uppercase());
            spelled.replace_range(from..spelled.len().min(from + 1), &String::from_iter(first));
        }
        begins = !(is_letter(c) || c.is_alphanumeric());
    }
    spelled
}

/// What stands behind a doctor's title.
fn doctor(text: &str) -> Option<&str> {
    let behind = DOCTOR.iter().find_map(|title| text.strip_prefix(title))?;
    (!behind.starts_with(is_letter)).then_some(behind)
}

const fn is_letter(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{963}' | '\u{971}'..='\u{97f}')
}

/// A vowel's sign, or the stroke that says that there is none.
const fn is_sign(c: char) -> bool {
    matches!(c, '\u{93a}'..='\u{94f}' | '\u{955}'..='\u{957}')
}

const fn is_nasal(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{903}')
}

const fn consonant(c: char) -> &'static str {
    match c {
        'क' | '\u{958}' => "k",
        'ख' | '\u{959}' => "kh",
        'ग' | '\u{95a}' => "g",
        'घ' => "gh",
        'च' => "ch",
        'छ' => "chh",
        'ज' => "j",
        '\u{95b}' => "z",
        'झ' => "jh",
        'ट' | 'त' => "t",
        'ठ' | 'थ' => "th",
        'ड' | 'द' => "d",
        'ढ' | 'ध' => "dh",
        '\u{95d}' => "rh",
        'ङ' | 'ञ' | 'ण' | 'न' | '\u{929}' => "n",
        'प' => "p",
        'फ' => "ph",
        '\u{95e}' => "f",
        'ब' => "b",
        'भ' => "bh",
        'म' => "m",
        'य' | '\u{95f}' => "y",
        'र' | '\u{931}' | '\u{95c}' => "r",
        'ल' | 'ळ' | '\u{934}' => "l",
        'व' => "v",
        'श' | 'ष' => "sh",
        'स' => "s",
        'ह' => "h",
        _ => "?",
    }
}

/// Those that sound otherwise with a dot below.
const fn with_dot(c: char) -> &'static str {
    match c {
        'ज' => "z",
        'फ' => "f",
        'ड' => "r",
        'ढ' => "rh",
        _ => consonant(c),
    }
}

const fn other(c: char) -> &'static str {
    match c {
        'अ' | 'आ' | 'ा' => "a",
        'इ' | 'ई' | 'ि' | 'ी' => "i",
        'उ' | 'ऊ' | 'ु' | 'ू' => "u",
        'ए' | 'े' | 'ऍ' | 'ॅ' => "e",
        'ऐ' | 'ै' => "ai",
        'ओ' | 'ो' | 'ऑ' | 'ॉ' => "o",
        'औ' | 'ौ' => "au",
        'ऋ' | 'ृ' => "ri",
        'ं' | 'ँ' => "n",
        'ः' => "h",
        '\u{93c}' | '\u{94d}' | '\u{200c}' | '\u{200d}' | '\u{300}'..='\u{36f}' => "",
        '।' | '॰' => ".",
        '०' => "0",
        '१' => "1",
        '२' => "2",
        '३' => "3",
        '४' => "4",
        '५' => "5",
        '६' => "6",
        '७' => "7",
        '८' => "8",
        '९' => "9",
        '₹' => "Rs",
        'À'..='Å' => "A",
        'Ç' => "C",
        'È'..='Ë' => "E",
        'Ì'..='Ï' => "I",
        'Ñ' => "N",
        'Ò'..='Ö' | 'Ø' => "O",
        'Ù'..='Ü' => "U",
        'ß' => "ss",
        'à'..='å' | 'ā' => "a",
        'ç' => "c",
        'è'..='ë' | 'ē' => "e",
        'ì'..='ï' | 'ī' => "i",
        'ñ' | 'ṇ' => "n",
        'ò'..='ö' | 'ø' | 'ō' => "o",
        'ù'..='ü' | 'ū' => "u",
        _ => match mark(c) {
            Some(mark) => mark,
            None => "?",
        },
    }
}

/// Marks that ASCII has too, but not as fine.
const fn mark(c: char) -> Option<&'static str> {
    match c {
        '–' | '—' | '·' => Some("-"),
        '‘' | '’' => Some("'"),
        '“' | '”' => Some("\""),
        '…' => Some("..."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_in_letters_that_printers_have() {
        for (text, spelled) in [
            ("Dr Rao", "Dr Rao"),
            ("09:00–10:00 · Room 3", "09:00-10:00 - Room 3"),
            ("Dr José Müller", "Dr Jose Muller"),
            ("राव", "Rav"),
            ("मीना जोशी", "Mina Joshi"),
            ("डॉ. शर्मा", "Dr. Sharma"),
            ("डॉ॰ राव, डाॅ जोशी (डा. शर्मा)", "Dr. Rav, Dr Joshi (Dr. Sharma)"),
            ("डॉली", "Doli"),
            ("अडा", "Ada"),
            ("सिटी अस्पताल", "Siti Aspatal"),
            ("कमरा ३", "Kamara 3"),
            ("फ़ातिमा", "Fatima"),
            ("沈", "?"),
            ("a\tb\u{1b}c", "a b c"),
        ] {
            assert_eq!(ascii(text), spelled, "{text}");
        }
    }

    #[test]
    fn dashes_and_quotes_need_no_drawing() {
        for text in ["", "Dr Rao", "Mon 2 Feb · 09:00–10:00", "Children’s “Ward” …", "a\tb\u{2028}c"]
        {
            assert!(is_ascii(text), "{text}");
        }
        for text in ["डॉ. शर्मा", "Room ३", "Dr José", "₹", "沈"] {
            assert!(!is_ascii(text), "{text}");
        }
    }
}
