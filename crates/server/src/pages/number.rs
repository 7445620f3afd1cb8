//! Numbers as people write them.

use super::texts::Texts;

impl Texts {
    /// With so many decimals, and the thousands apart: 12,345.6; in Hindi 1,23,456.7.
    pub(super) fn number(self, value: f64, decimals: usize) -> String {
        let pairs = self.say("format-grouping").to_string() == "2";
        let text = format!("{value:.decimals$}");
        let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
        format!("{sign}{}{rest}", grouped(digits, if pairs { 2 } else { 3 }))
    }

    /// 85 %
    pub(super) fn percent(self, share: f64) -> String {
        self.say("report-percent").with("number", self.number(share * 100.0, 0)).to_string()
    }
}

/// The last three digits together, and those before in groups of this size.
fn grouped(digits: &str, size: usize) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && left >= 3 && (left - 3).is_multiple_of(size) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart_as_the_language_has_them() {
        for (digits, english, hindi) in [
            ("7", "7", "7"),
            ("999", "999", "999"),
            ("1000", "1,000", "1,000"),
            ("123456", "123,456", "1,23,456"),
            ("12345678", "12,345,678", "1,23,45,678"),
        ] {
            assert_eq!((grouped(digits, 3), grouped(digits, 2)), (english.to_owned(), hindi.to_owned()));
        }
        let hindi = Texts::named("hi").expect("locales/hi.ftl is part of the program");
        assert_eq!(Texts::english().number(-1234.56, 1), "-1,234.6");
        assert_eq!(hindi.number(123_456.0, 0), "1,23,456");
    }
}
