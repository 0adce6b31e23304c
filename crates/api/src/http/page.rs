//! Pages of a list: `limit` and `after` in, `items` and `next` out.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use loquat_protocol::ErrorCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Problem;

/// Items of a page when the request does not say.
pub const LIMIT_DEFAULT: u16 = 50;
/// Most items of a page.
pub const LIMIT_MAX: u16 = 200;
/// Longest cursor.
const CURSOR_CHARS_MAX: usize = 512;

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Most items of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// Where the page begins: `next` of the page before.
    #[param(max_length = 512, pattern = "^[A-Za-z0-9_-]+$")]
    pub after: Option<String>,
}

/// Which page of a list that can be searched.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchParams {
    /// Only what begins with this, whatever its case.
    #[param(max_length = 80)]
    pub prefix: Option<String>,
    /// Most items of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// Where the page begins: `next` of the page before.
    #[param(max_length = 512, pattern = "^[A-Za-z0-9_-]+$")]
    pub after: Option<String>,
}

impl SearchParams {
    /// The prefix, empty for everything.
    ///
    /// # Errors
    /// 40003 when it is longer than any name.
    pub fn prefix(&self) -> Result<&str, Problem> {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        if prefix.chars().count() > 80 {
            return Err(invalid("prefix", "it is longer than 80 characters"));
        }
        Ok(prefix)
    }

    /// The page.
    pub fn page(&self) -> PageParams {
        PageParams { limit: self.limit, after: self.after.clone() }
    }
}

impl PageParams {
    /// Items of the page at most.
    ///
    /// # Errors
    /// 40003.
    pub fn limit(&self) -> Result<usize, Problem> {
        match self.limit {
            None => Ok(LIMIT_DEFAULT.into()),
            Some(limit @ 1..=LIMIT_MAX) => Ok(limit.into()),
            Some(_) => Err(invalid("limit", "it must be a number from 1 to 200")),
        }
    }

    /// The item that the page comes after.
    ///
    /// # Errors
    /// 40003 when it is not a cursor of such a list.
    pub fn after<T: FromStr>(&self) -> Result<Option<T>, Problem> {
        self.after.as_deref().map(decode).transpose()
    }
}

/// The cursor of the page after an item. It holds the item's id, whose prefix tells one kind of list from another.
fn encode(id: &impl ToString) -> String {
    URL_SAFE_NO_PAD.encode(id.to_string())
}

fn decode<T: FromStr>(cursor: &str) -> Result<T, Problem> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        std::str::from_utf8(&bytes).ok()?.parse().ok()
    };
    let fits = cursor.len() <= CURSOR_CHARS_MAX;
    fits.then(read).flatten().ok_or_else(|| {
        invalid("after", "it is not a cursor of this list: take 'next' of the page before, as it is")
    })
}

fn invalid(field: &str, message: &str) -> Problem {
    Problem::new(ErrorCode::InvalidParameter, format!("'{field}': {message}")).at(field, message)
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// The cursor of the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of the rows read, of which there is one more than fits when there is a next page.
    pub fn of<R, I: ToString>(
        mut rows: Vec<R>,
        limit: usize,
        id: impl Fn(&R) -> I,
        item: impl FnMut(R) -> T,
    ) -> Self {
        let goes_on = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| goes_on).map(|last| encode(&id(last)));
        Self { items: rows.into_iter().map(item).collect(), next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(cursor: &str) -> Result<Option<u32>, Problem> {
        PageParams { limit: None, after: Some(cursor.to_owned()) }.after()
    }

    #[test]
    fn a_cursor_leads_back_to_its_item_in_lists_of_its_kind_only() {
        assert_eq!(after(&encode(&7)).unwrap(), Some(7));
        let cursors = [encode(&"x7"), "7".to_owned(), String::new(), "ä".to_owned(), "A".repeat(513)];
        for cursor in cursors {
            assert_eq!(after(&cursor).unwrap_err().status(), 400, "{cursor}");
        }
    }

    #[test]
    fn there_is_a_next_page_only_when_there_is_more() {
        let page = |rows: Vec<u32>| Page::of(rows, 2, |row| *row, |row| row);
        assert_eq!(page(vec![1, 2]).next, None);
        let full = page(vec![1, 2, 3]);
        assert_eq!((full.items, full.next), (vec![1, 2], Some(encode(&2))));
    }

    #[test]
    fn limits_out_of_bounds_are_refused() {
        let limit = |limit| PageParams { limit: Some(limit), after: None }.limit();
        assert_eq!((limit(1).unwrap(), limit(200).unwrap()), (1, 200));
        assert!(limit(0).is_err() && limit(201).is_err());
    }
}
