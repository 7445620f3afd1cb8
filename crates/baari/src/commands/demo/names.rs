//! Who comes to the demonstration's hospital: names from several regions of India, as they stand in a register.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// First names and family names that go together.
struct Region {
    first: &'static [&'static str],
    family: &'static [&'static str],
}

const REGIONS: [Region; 9] = [
    // Maharashtra
    Region {
        first: &["Meena", "Sunita", "Vaishali", "Prajakta", "Sachin", "Ganesh", "Nilesh", "Vasant"],
        family: &["Joshi", "Kulkarni", "Pawar", "Shinde", "Deshmukh", "More"],
    },
    // The Hindi belt, in English letters and in Devanagari
    Region {
        first: &["Rekha", "Kavita", "Pooja", "Savitri", "Ramesh", "Suresh", "Dinesh", "Mahesh"],
        family: &["Sharma", "Verma", "Yadav", "Mishra", "Gupta", "Chauhan"],
    },
    Region {
        first: &["सीता", "राधा", "गीता", "कमला", "मोहन", "राजेश", "हरि", "विजय"],
        family: &["देवी", "शर्मा", "यादव", "तिवारी", "पटेल", "कुमार"],
    },
    // Bengal
    Region {
        first: &["Ananya", "Moumita", "Sharmila", "Debjani", "Sourav", "Arindam", "Subhash", "Tapan"],
        family: &["Banerjee", "Mukherjee", "Das", "Ghosh", "Sen", "Chatterjee"],
    },
    // Tamil Nadu
    Region {
        first: &["Lakshmi", "Kavitha", "Revathi", "Selvi", "Murugan", "Senthil", "Karthik", "Arumugam"],
        family: &["Subramanian", "Raman", "Krishnan", "Natarajan", "Sundaram", "Pillai"],
    },
    // Kerala and Goa
    Region {
        first: &["Mary", "Sheeba", "Anjali", "Rosy", "Thomas", "Joseph", "Biju", "Francis"],
        family: &["Varghese", "Kurian", "Menon", "Nair", "D’Souza", "Fernandes"],
    },
    // Andhra, Telangana, Karnataka
    Region {
        first: &["Padma", "Swapna", "Bhavani", "Shilpa", "Venkatesh", "Srinivas", "Ravi", "Nagaraj"],
        family: &["Reddy", "Rao", "Naidu", "Gowda", "Shetty", "Hegde"],
    },
    // Punjab
    Region {
        first: &["Harpreet", "Gurmeet", "Simran", "Manjeet", "Balwinder", "Jaspal"],
        family: &["Singh", "Kaur", "Gill", "Sandhu", "Dhillon"],
    },
    // All over the country
    Region {
        first: &["Fatima", "Ayesha", "Nasreen", "Zainab", "Imran", "Salim", "Yusuf", "Rashid"],
        family: &["Shaikh", "Khan", "Ansari", "Siddiqui", "Qureshi", "Pathan"],
    },
];

/// Somebody who comes: name and phone. No phone in India begins with 5, so nobody has this number.
pub(super) fn somebody(stream: &mut ChaCha8Rng) -> (String, String) {
    let region = &REGIONS[stream.random_range(0..REGIONS.len())];
    let first = region.first[stream.random_range(0..region.first.len())];
    let family = region.family[stream.random_range(0..region.family.len())];
    (format!("{first} {family}"), format!("55{:08}", stream.random_range(0..100_000_000_u32)))
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
            (0..500).map(|_| somebody(&mut stream)).collect::<Vec<_>>()
        };
        assert_eq!(all(), all());
        let (names, phones): (HashSet<_>, HashSet<_>) = all().into_iter().unzip();
        assert!(names.len() > 200 && phones.len() > 495, "{} {}", names.len(), phones.len());
        assert!(phones.iter().all(|phone| phone.len() == 10));
    }
}
