//! In which form a file goes out.

use http::{HeaderMap, header};

/// A form of a file. The order is the order of preference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Encoding {
    /// Smallest.
    Brotli,
    /// For whoever does not know it.
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// All of them, best first.
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// What the build puts behind a file's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// Its name on the wire; identity has none.
    pub fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// Whether a file's name is that of a compressed form.
    pub fn is_compressed(name: &str) -> bool {
        name.ends_with(".br") || name.ends_with(".gz")
    }

    /// The forms that a client takes, best first. Identity is always among them: a file is better than a refusal.
    pub fn accepted(headers: &HeaderMap) -> impl Iterator<Item = Self> {
        let values = headers.get_all(header::ACCEPT_ENCODING).into_iter();
        let text: Vec<String> =
            values.filter_map(|value| value.to_str().ok()).map(str::to_ascii_lowercase).collect();
        Self::ALL.into_iter().filter(move |encoding| {
            encoding
                .token()
                .is_none_or(|token| weight(&text, token).or_else(|| weight(&text, "*")).unwrap_or(false))
        })
    }
}

/// Whether a coding is wanted: `None` when it is not named.
fn weight(values: &[String], token: &str) -> Option<bool> {
    let mut parts = values.iter().flat_map(|value| value.split(','));
    parts.find_map(|part| {
        let mut fields = part.split(';').map(str::trim);
        (fields.next() == Some(token)).then(|| {
            let quality = fields.find_map(|field| field.strip_prefix("q=")).map(str::parse::<f32>);
            quality.is_none_or(|quality| quality.is_ok_and(|quality| quality > 0.0))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_form_that_is_taken_comes_first() {
        for (text, expected) in [
            ("gzip, deflate, br, zstd", vec![Encoding::Brotli, Encoding::Gzip, Encoding::Identity]),
            ("gzip", vec![Encoding::Gzip, Encoding::Identity]),
            ("br;q=0, GZIP;q=0.5", vec![Encoding::Gzip, Encoding::Identity]),
            ("*", vec![Encoding::Brotli, Encoding::Gzip, Encoding::Identity]),
            ("*;q=0, gzip", vec![Encoding::Gzip, Encoding::Identity]),
            ("brotli", vec![Encoding::Identity]),
            ("br;q=x", vec![Encoding::Identity]),
            ("", vec![Encoding::Identity]),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, text.parse().unwrap());
            assert_eq!(Encoding::accepted(&headers).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
