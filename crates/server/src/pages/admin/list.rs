//! A list of those who are here: its first lines, and a field to find the others by.

use form_urlencoded::byte_serialize;
use serde::Deserialize;

/// Lines that are shown at once.
const LINES: usize = 200;
/// With no more than that the eye finds everybody.
const GLANCE: usize = 20;

/// Part of a name.
#[derive(Debug, Deserialize)]
pub(crate) struct Find {
    #[serde(default)]
    q: String,
}

/// What is shown of a list.
#[derive(Debug)]
pub(super) struct Listed<T> {
    pub(super) lines: Vec<T>,
    /// So many more there are that fit.
    pub(super) more: usize,
    /// What is looked for.
    pub(super) q: String,
    /// It takes a field to find one.
    pub(super) is_long: bool,
    address: &'static str,
}

impl<T> Listed<T> {
    /// Those of `all` of whose names one contains what is looked for.
    pub(super) fn new(
        address: &'static str,
        mut all: Vec<T>,
        Find { q }: Find,
        names: impl for<'t> Fn(&'t T) -> [&'t str; 2],
    ) -> Self {
        let is_long = all.len() > GLANCE;
        let wanted = q.trim().to_lowercase();
        all.retain(|one| names(one).iter().any(|name| name.to_lowercase().contains(&wanted)));
        let more = all.len().saturating_sub(LINES);
        all.truncate(LINES);
        Self { lines: all, more, q, is_long, address }
    }

    /// Where the same is shown.
    pub(super) fn address(&self) -> String {
        let q: String = byte_serialize(self.q.as_bytes()).collect();
        if q.is_empty() { self.address.to_owned() } else { format!("{}?q={q}", self.address) }
    }

    /// Where all of it is shown.
    pub(super) fn whole(&self) -> &'static str {
        self.address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(count: usize, q: &str) -> Listed<String> {
        let all = (0..count).map(|number| format!("Dr {number}")).collect();
        Listed::new("/admin/doctor", all, Find { q: q.to_owned() }, |name| [name, ""])
    }

    #[test]
    fn a_long_list_says_how_many_more_there_are_and_finds_them() {
        let all = listed(501, "");
        assert_eq!((all.lines.len(), all.more, all.is_long), (200, 301, true));
        let one = listed(501, " dr 500 ");
        assert_eq!((&one.lines[..], one.more, one.is_long), (&["Dr 500".to_owned()][..], 0, true));
        assert_eq!(
            (all.address(), one.address()),
            ("/admin/doctor".into(), "/admin/doctor?q=+dr+500+".into())
        );
        assert!(!listed(20, "").is_long);
        assert!(listed(501, "Khan").lines.is_empty());
    }
}
