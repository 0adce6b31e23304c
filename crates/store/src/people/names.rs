//! What people are found by.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::ids;

/// Fewest and most characters of a handle.
const HANDLE_CHARS: std::ops::RangeInclusive<usize> = 2..=32;
/// Most bytes of an e-mail address.
const EMAIL_BYTES_MAX: usize = 254;
/// Handles that mean something else where people are mentioned, or that could pass for the server's own voice.
const RESERVED: [&str; 9] = ["all", "here", "channel", "room", "everyone", "admin", "system", "loquat", "me"];

/// Why a text is no identifier, handle or e-mail address; the words are for the person who typed it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum InvalidName {
    /// Not of the form of an identifier.
    #[error("this is not an identifier")]
    Identifier,
    /// A handle that is too short or too long.
    #[error("a handle has 2 to 32 characters")]
    HandleLength,
    /// A handle with other characters.
    #[error("a handle consists of the letters a to z, digits, dots, hyphens and underscores")]
    HandleCharacters,
    /// A handle that begins or ends with a mark.
    #[error("a handle begins and ends with a letter or a digit")]
    HandleEnds,
    /// A handle that is a reserved word.
    #[error("this handle is reserved")]
    HandleReserved,
    /// A handle of the form of an identifier: it could pass for somebody's.
    #[error("a handle must not look like an identifier of this server")]
    HandleLooksLikeId,
    /// Not an e-mail address.
    #[error("this is not an e-mail address")]
    Email,
}

/// What a person is mentioned by: `@handle`. In lower case, so that two never differ in case alone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle(Arc<str>);

impl Handle {
    /// Parses a handle, in any case.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let text = text.to_ascii_lowercase();
        if !HANDLE_CHARS.contains(&text.chars().count()) {
            return Err(InvalidName::HandleLength);
        }
        let is_mark = |byte: u8| matches!(byte, b'.' | b'_' | b'-');
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if !text.bytes().all(|byte| is_plain(byte) || is_mark(byte)) {
            return Err(InvalidName::HandleCharacters);
        }
        if text.starts_with(['.', '_', '-']) || text.ends_with(['.', '_', '-']) {
            return Err(InvalidName::HandleEnds);
        }
        if RESERVED.contains(&text.as_str()) {
            return Err(InvalidName::HandleReserved);
        }
        if ids::is_of_any_kind(&text) {
            return Err(InvalidName::HandleLooksLikeId);
        }
        Ok(Self(Arc::from(text)))
    }

    /// Takes a handle that was checked before, perhaps by other rules: what somebody has stays theirs.
    pub fn from_trusted(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The handle, without the `@`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address, in lower case. Whether mail arrives there is not known.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(Arc<str>);

impl Email {
    /// Parses an address, in any case: one `@` with something on both sides, no spaces, no controls or invisible
    /// characters, at most 254 bytes.
    ///
    /// # Errors
    /// `Email` for any other text.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let text = text.to_lowercase();
        let mut parts = text.split('@');
        let sides = (parts.next(), parts.next(), parts.next());
        let has_sides =
            matches!(sides, (Some(local), Some(domain), None) if !local.is_empty() && !domain.is_empty());
        let is_hidden = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        let is_clean = !text.chars().any(|c| c.is_whitespace() || c.is_control() || is_hidden(c));
        if has_sides && is_clean && text.len() <= EMAIL_BYTES_MAX {
            Ok(Self(Arc::from(text)))
        } else {
            Err(InvalidName::Email)
        }
    }

    /// Takes an address that was checked before.
    pub fn from_trusted(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    };
}

as_text!(Handle);
as_text!(Email);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_folded() {
        for (text, handle) in
            [("Ada", "ada"), ("j.r_r-T9", "j.r_r-t9"), ("42", "42"), ("alle", "alle"), ("p_ada", "p_ada")]
        {
            assert_eq!(Handle::parse(text).unwrap().as_str(), handle);
        }
    }

    #[test]
    fn each_rule_of_handles_has_its_words() {
        for (text, why) in [
            ("a", InvalidName::HandleLength),
            (&"a".repeat(33), InvalidName::HandleLength),
            ("ad a", InvalidName::HandleCharacters),
            ("ädä", InvalidName::HandleCharacters),
            ("ad\u{200b}a", InvalidName::HandleCharacters),
            // The Kelvin sign, which some foldings take for a k.
            ("\u{212a}elvin", InvalidName::HandleCharacters),
            (".ada", InvalidName::HandleEnds),
            ("ada-", InvalidName::HandleEnds),
            ("ALL", InvalidName::HandleReserved),
            ("me", InvalidName::HandleReserved),
            ("p_aaaaaaaaaaaaaaaa", InvalidName::HandleLooksLikeId),
            ("R_AAAAAAAAAAAAAA77", InvalidName::HandleLooksLikeId),
        ] {
            assert_eq!(Handle::parse(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn addresses_are_folded_and_checked() {
        assert_eq!(Email::parse("Ada@Example.ORG").unwrap().as_str(), "ada@example.org");
        let long = format!("{}@example.org", "a".repeat(250));
        for text in ["", "ada", "@example.org", "ada@", "a@b@c", "a b@c", "a@b\n", "a\u{202e}@b", &long] {
            assert_eq!(Email::parse(text), Err(InvalidName::Email), "{text:?}");
        }
    }
}
