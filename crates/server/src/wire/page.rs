//! Lists come in pages; a cursor says where the next one begins.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{self, Problem};

const PAGE_DEFAULT: u32 = 50;
const PAGE_MAX: u32 = 500;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The items.
    pub(crate) items: Vec<T>,
    /// Give this as `after` to get the next page; none on the last one.
    pub(crate) next: Option<String>,
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParams {
    /// Behind this: the `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many items: 1 to 500, 50 if not given.
    #[param(minimum = 1, maximum = 500)]
    pub(crate) limit: Option<u32>,
}

/// A checked page.
pub(crate) struct Cursor {
    pub(crate) after: Option<String>,
    pub(crate) limit: u32,
}

impl PageParams {
    pub(crate) fn cursor(self) -> Result<Cursor, Problem> {
        let limit = self.limit.unwrap_or(PAGE_DEFAULT);
        if !(1..=PAGE_MAX).contains(&limit) {
            let detail = format!("limit takes 1 to {PAGE_MAX}");
            return Err(Problem::new(problem::FIELD_WRONG, detail).field("limit"));
        }
        Ok(Cursor { after: self.after.filter(|after| !after.is_empty()), limit })
    }
}

impl Cursor {
    /// The cursor as an id.
    pub(crate) fn after<T: std::str::FromStr>(&self) -> Result<Option<T>, Problem> {
        let wrong =
            |_| Problem::new(problem::FIELD_WRONG, "after takes the next of the page before").field("after");
        self.after.as_deref().map(|after| after.parse().map_err(|_| ())).transpose().map_err(wrong)
    }

    /// The page of these items; `name` gives the cursor of the last one.
    pub(crate) fn page<R, T: From<R>>(&self, rows: Vec<R>, name: impl Fn(&R) -> String) -> Page<T> {
        let full = rows.len() >= self.limit as usize;
        let next = rows.last().filter(|_| full).map(name);
        Page { items: rows.into_iter().map(T::from).collect(), next }
    }
}

/// A body without fields; it may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NothingBody {}
