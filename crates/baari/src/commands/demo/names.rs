//! Who comes to the demonstration's hospital: names from several regions of India, as they stand in a register.

use baari_store::Sex;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// First names of women and of men, and the family names that go with them.
struct Region {
    women: &'static [&'static str],
    men: &'static [&'static str],
    family: &'static [&'static str],
}

const REGIONS: [Region; 9] = [
    // Maharashtra
    Region {
        women: &["Meena", "Sunita", "Vaishali", "Prajakta"],
        men: &["Sachin", "Ganesh", "Nilesh", "Vasant"],
        family: &["Joshi", "Kulkarni", "Pawar", "Shinde", "Deshmukh", "More"],
    },
    // The Hindi belt, in English letters and in Devanagari
    Region {
        women: &["Rekha", "Kavita", "Pooja", "Savitri"],
        men: &["Ramesh", "Suresh", "Dinesh", "Mahesh"],
        family: &["Sharma", "Verma", "Yadav", "Mishra", "Gupta", "Chauhan"],
    },
    Region {
        women: &["सीता", "राधा", "गीता", "कमला"],
        men: &["मोहन", "राजेश", "हरि", "विजय"],
        family: &["सिंह", "शर्मा", "यादव", "तिवारी", "पटेल", "कुमार"],
    },
    // Bengal
    Region {
        women: &["Ananya", "Moumita", "Sharmila", "Debjani"],
        men: &["Sourav", "Arindam", "Subhash", "Tapan"],
        family: &["Banerjee", "Mukherjee", "Das", "Ghosh", "Sen", "Chatterjee"],
    },
    // Tamil Nadu
    Region {
        women: &["Lakshmi", "Kavitha", "Revathi", "Selvi"],
        men: &["Murugan", "Senthil", "Karthik", "Arumugam"],
        family: &["Subramanian", "Raman", "Krishnan", "Natarajan", "Sundaram", "Pillai"],
    },
    // Kerala and Goa
    Region {
        women: &["Mary", "Sheeba", "Anjali", "Rosy"],
        men: &["Thomas", "Joseph", "Biju", "Francis"],
        family: &["Varghese", "Kurian", "Menon", "Nair", "D’Souza", "Fernandes"],
    },
    // Andhra, Telangana, Karnataka
    Region {
        women: &["Padma", "Swapna", "Bhavani", "Shilpa"],
        men: &["Venkatesh", "Srinivas", "Ravi", "Nagaraj"],
        family: &["Reddy", "Rao", "Naidu", "Gowda", "Shetty", "Hegde"],
    },
    // Punjab
    Region {
        women: &["Harpreet", "Gurmeet", "Simran"],
        men: &["Manjeet", "Balwinder", "Jaspal"],
        family: &["Gill", "Sandhu", "Dhillon", "Sidhu", "Grewal"],
    },
    // All over the country
    Region {
        women: &["Fatima", "Ayesha", "Nasreen", "Zainab"],
        men: &["Imran", "Salim", "Yusuf", "Rashid"],
        family: &["Shaikh", "Khan", "Ansari", "Siddiqui", "Qureshi", "Pathan"],
    },
];

/// Somebody who comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Somebody {
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) sex: Sex,
    /// In full years, this year.
    pub(super) age: i16,
}

impl Somebody {
    /// The next one. No phone in India begins with 5, so nobody has these numbers.
    pub(super) fn invent(stream: &mut ChaCha8Rng, is_child: bool) -> Self {
        let region = &REGIONS[stream.random_range(0..REGIONS.len())];
        let (sex, names) =
            if stream.random() { (Sex::Female, region.women) } else { (Sex::Male, region.men) };
        let first = names[stream.random_range(0..names.len())];
        let family = region.family[stream.random_range(0..region.family.len())];
        let age = if is_child { 1..15 } else { 18..86 };
        Self {
            name: format!("{first} {family}"),
            phone: format!("55{:08}", stream.random_range(0..100_000_000_u32)),
            sex,
            age: stream.random_range(age),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_seed_gives_the_same_people_and_they_differ() {
        let all = || {
            let mut stream = ChaCha8Rng::seed_from_u64(7);
            (0..500).map(|nth| Somebody::invent(&mut stream, nth % 2 == 0)).collect::<Vec<_>>()
        };
        assert_eq!(all(), all());
        let (names, phones): (HashSet<_>, HashSet<_>) =
            all().into_iter().map(|somebody| (somebody.name, somebody.phone)).unzip();
        assert!(names.len() > 200 && phones.len() > 495, "{} {}", names.len(), phones.len());
        assert!(phones.iter().all(|phone| phone.len() == 10));
    }
}
