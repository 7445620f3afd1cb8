//! What a board's address asks for besides its doctors. What makes no sense is as if it were not there: nobody stands before
//! the screen to read what is wrong with its address.

use super::reads::COLUMNS_MAX;
use crate::api::live::BOARD_MAX;

/// What fits into the band below.
const BANNER_CHARACTERS: usize = 200;

/// The query of a board's address.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) columns: Option<usize>,
    /// What stands below.
    pub(super) banner: Option<String>,
    /// The languages in which it speaks, in this order.
    pub(super) voices: Option<String>,
    /// What somebody wanted to see who has to say who they are first.
    pub(super) next: Option<String>,
    doctors: Vec<String>,
    lang: Option<String>,
}

impl Asked {
    pub(super) fn new(query: Option<&str>) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let value = value.trim();
            match &*name {
                "columns" => asked.columns = value.parse().ok().filter(|n| (1..=COLUMNS_MAX).contains(n)),
                "banner" => asked.banner = banner(value),
                "voices" => asked.voices = voices(value),
                "next" => asked.next = Some(value.to_owned()),
                "doctor" if asked.doctors.len() < BOARD_MAX => asked.doctors.push(value.to_owned()),
                "lang" => asked.lang = Some(value.to_owned()),
                _ => {}
            }
        }
        asked
    }

    /// The address of the board that was chosen; none when no doctor was.
    pub(super) fn chosen(&self) -> Option<String> {
        let is_id = |id: &String| id.parse::<uuid::Uuid>().is_ok();
        let doctors: Vec<&str> = self.doctors.iter().filter(|id| is_id(id)).map(String::as_str).collect();
        if doctors.is_empty() {
            return None;
        }
        Some(format!("/board/{}{}", doctors.join(","), self.query()))
    }

    /// How it is shown, as the query of another address; empty if nothing was said about that.
    pub(super) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let columns = self.columns.map(|columns| columns.to_string());
        let all =
            [("columns", &columns), ("lang", &self.lang), ("voices", &self.voices), ("banner", &self.banner)];
        for (name, value) in all {
            query.extend_pairs(value.iter().map(|value| (name, value)));
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{mark}{query}")
    }
}

fn banner(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).take(BANNER_CHARACTERS).collect();
    Some(text).filter(|text| !text.is_empty())
}

/// `hi,en`: codes of languages; a voice that there is not is not heard.
fn voices(text: &str) -> Option<String> {
    let is_code = |code: &&str| (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase());
    let codes: Vec<&str> = text.split(',').map(str::trim).filter(is_code).take(4).collect();
    Some(codes.join(",")).filter(|codes| !codes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_not_there() {
        for query in ["columns=0", "columns=7", "columns=many", "banner=", "voices=HI,%22", "x=y", "%%%"] {
            assert_eq!(Asked::new(Some(query)), Asked::default(), "{query}");
        }
        assert_eq!(Asked::new(Some("columns=3")).columns, Some(3));
        assert_eq!(Asked::new(Some("voices=hi,%20en")).voices.as_deref(), Some("hi,en"));
    }

    #[test]
    fn a_banner_is_one_line_of_200_characters() {
        let long = format!("banner=%E0%A4%95{}%0Ax", "y".repeat(300));
        let banner = Asked::new(Some(&long)).banner.unwrap();
        assert_eq!(banner.chars().count(), 200);
        assert!(!banner.contains('\n'));
    }

    #[test]
    fn who_was_chosen_becomes_an_address() {
        let (a, b) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let query = format!("doctor={a}&doctor={b}&doctor=nobody&columns=2&banner=a+%26+b&lang=hi");
        let expected = format!("/board/{a},{b}?columns=2&lang=hi&banner=a+%26+b");
        assert_eq!(Asked::new(Some(&query)).chosen(), Some(expected));
        assert_eq!(Asked::new(Some("columns=2")).chosen(), None);
    }
}
