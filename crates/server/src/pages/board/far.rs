//! From how far a board can be read, as a table: on which screen, in how many columns.

use askama::Template;

use super::super::texts::Texts;
use super::reads::{COLUMNS_MAX, SCREENS, columns_for, reads_at_metres};

#[derive(Template)]
#[template(path = "board_far.html")]
pub(in super::super) struct Far {
    pub(in super::super) t: Texts,
    pub(in super::super) tiles: usize,
}

impl Far {
    /// From how many metres a board of that many columns reads on a screen of so many inches.
    fn metres(&self, inches: &u8, columns: &usize) -> String {
        format!("{:.0}", reads_at_metres(f64::from(*inches), *columns, self.tiles).floor())
    }

    /// How many columns it has if nobody says otherwise.
    fn by_itself(&self) -> usize {
        columns_for(self.tiles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_which_columns_there_are_if_nobody_chooses() {
        let t = Texts::english();
        let page = Far { t, tiles: 6 }.render().expect("a table");
        let own = format!("3 columns <small>{}</small>", t.say("board-columns-by-itself"));
        assert_eq!((page.matches("<small>").count(), page.contains(&own)), (1, true), "{page}");
        let metres = reads_at_metres(43.0, 3, 6).floor();
        assert!(page.contains(&format!(">{metres} m<")), "{page}");
    }
}
