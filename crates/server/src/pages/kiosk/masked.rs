//! People at the kiosk, as others may read them who look on.

use baari_engine::PatientId;
use baari_store::Patient;

/// Somebody, as others may read it.
pub(super) struct Masked {
    pub(super) id: PatientId,
    pub(super) name: String,
    pub(super) phone: String,
    /// Only where nothing else tells people apart who have one phone.
    pub(super) born: Option<i16>,
}

impl Masked {
    pub(super) fn one(patient: &Patient) -> Self {
        let (name, phone) = (masked_name(&patient.name, 1), masked_phone(&patient.phone));
        Self { id: patient.id, name, phone, born: None }
    }

    /// People of one phone, who are often of one family: each with as many letters as tell them apart.
    pub(super) fn all(patients: &[Patient]) -> Vec<Self> {
        let mut people: Vec<Self> = patients.iter().map(Self::one).collect();
        let longest = patients.iter().map(|patient| patient.name.chars().count()).max().unwrap_or(0);
        for letters in 2..=longest + 1 {
            let names: Vec<String> = people.iter().map(|one| one.name.clone()).collect();
            let is_alike = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
            for (one, patient) in people.iter_mut().zip(patients).filter(|(one, _)| is_alike(&one.name)) {
                one.name = masked_name(&patient.name, letters);
                one.born = patient.birth_year.filter(|_| letters > longest);
            }
        }
        people
    }
}

/// M… Joshi: enough to know oneself by, with so many letters of what is before the last name.
fn masked_name(name: &str, letters: usize) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let (before, last) = match words.as_slice() {
        [before @ .., last] if !before.is_empty() => (before.join(" "), format!(" {last}")),
        only => (only.concat(), String::new()),
    };
    // A letter of Devanagari and its vowel are two characters.
    let nth = |nth: &mut usize, c: char| {
        *nth += usize::from(!is_mark(c));
        Some((*nth, c))
    };
    let counted = before.chars().scan(0, nth);
    let shown: String = counted.take_while(|(nth, _)| *nth <= letters).map(|(_, c)| c).collect();
    format!("{}…{last}", shown.trim_end())
}

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{300}'..='\u{36f}')
}

/// ···2345
fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    format!("···{}", String::from_iter(&digits[digits.len().saturating_sub(4)..]))
}

#[cfg(test)]
mod tests {
    use baari_engine::PatientStatus;

    use super::*;

    #[test]
    fn nobody_who_looks_on_reads_a_name_or_a_number() {
        for (name, masked) in [
            ("Meena Joshi", "M… Joshi"),
            ("Meena Kumari Joshi", "M… Joshi"),
            ("Meena", "M…"),
            ("मीना जोशी", "मी… जोशी"),
            ("", "…"),
        ] {
            assert_eq!(masked_name(name, 1), masked, "{name}");
        }
        assert_eq!(masked_phone("+919820012345"), "···2345");
        assert_eq!(masked_phone(""), "···");
    }

    #[test]
    fn a_family_of_one_phone_can_tell_who_is_who() {
        for family in [
            &[
                ("Meena Joshi", None, "Me… Joshi"),
                ("Mohan Joshi", None, "Mo… Joshi"),
                ("Ravi Joshi", None, "R… Joshi"),
            ][..],
            &[("मीना जोशी", None, "मीना… जोशी"), ("मीरा जोशी", None, "मीरा… जोशी")],
            &[("Meena Devi Joshi", None, "Meena D… Joshi"), ("Meena Kumari Joshi", None, "Meena K… Joshi")],
            &[("Om Joshi", None, "Om… Joshi"), ("Omkar Joshi", None, "Omk… Joshi")],
            &[("Meena", None, "Me…"), ("Mohan", None, "Mo…")],
            &[("Asha Rao", Some(1950), "Asha… Rao"), ("Asha Rao", Some(1990), "Asha… Rao")],
        ] {
            let patient = |(nth, (name, birth_year, _)): (u128, &(&str, Option<i16>, &str))| Patient {
                id: PatientId::from_uuid(uuid::Uuid::from_u128(nth)),
                name: (*name).to_owned(),
                phone: "9820012345".to_owned(),
                status: PatientStatus::Active,
                previous_doctor: None,
                mrn: None,
                abha: None,
                sex: None,
                birth_year: *birth_year,
                erased_at: None,
                created_at: jiff::Timestamp::UNIX_EPOCH,
            };
            let patients: Vec<Patient> = (0..).zip(family).map(patient).collect();
            let people = Masked::all(&patients);
            let shown: Vec<_> = people.iter().map(|one| (one.name.as_str(), one.born)).collect();
            let expected: Vec<_> = family.iter().map(|(_, born, masked)| (*masked, *born)).collect();
            assert_eq!(shown, expected);
        }
    }
}
