//! Looking headers up, whoever parsed them.

use http::HeaderMap;

/// Headers by name. A header may occur more than once, which means the same as one with the values joined by commas.
pub trait Headers {
    /// The values of all headers called `name`, which is given in lower case and compared without case.
    fn values<'h>(&'h self, name: &'static str) -> impl Iterator<Item = &'h [u8]>;

    /// The value of the header if it occurs exactly once and is visible ASCII, without the space around it.
    fn single(&self, name: &'static str) -> Option<&str> {
        let mut values = self.values(name);
        let value = std::str::from_utf8(values.next()?).ok()?.trim_matches([' ', '\t']);
        (values.next().is_none() && value.bytes().all(|b| b.is_ascii_graphic() || b == b' ')).then_some(value)
    }

    /// Whether the comma-separated list in the header contains `token`, compared without case.
    fn has_token(&self, name: &'static str, token: &str) -> bool {
        self.values(name)
            .flat_map(|value| value.split(|&b| b == b','))
            .any(|item| item.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    }
}

impl Headers for HeaderMap {
    fn values<'h>(&'h self, name: &'static str) -> impl Iterator<Item = &'h [u8]> {
        self.get_all(name).iter().map(|value| value.as_bytes())
    }
}

impl Headers for [(&str, &str)] {
    fn values<'h>(&'h self, name: &'static str) -> impl Iterator<Item = &'h [u8]> {
        self.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_bytes())
    }
}
