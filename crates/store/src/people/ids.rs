//! Identifiers of people and what is theirs: a letter for the kind, then 80 random bits.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::InvalidName;

/// Base32 of RFC 4648, in lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Characters after the prefix: 80 bits, 5 each.
const CHARS: usize = 16;

fn write(prefix: &str, bits: [u8; 10]) -> Arc<str> {
    let number = bits.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let digits = (0..CHARS).rev().map(|place| ALPHABET[(number >> (5 * place)) as usize & 31] as char);
    Arc::from(prefix.chars().chain(digits).collect::<String>())
}

fn is_valid(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        rest.len() == CHARS && rest.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
    })
}

macro_rules! person_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// What the identifier begins with.
            pub const PREFIX: &'static str = $prefix;

            /// Parses an identifier.
            ///
            /// # Errors
            /// `Identifier` for any other text.
            pub fn parse(text: &str) -> Result<Self, InvalidName> {
                if is_valid(Self::PREFIX, text) { Ok(Self(Arc::from(text))) } else { Err(InvalidName::Identifier) }
            }

            /// The identifier of 80 random bits.
            pub fn from_bits(bits: [u8; 10]) -> Self {
                Self(write(Self::PREFIX, bits))
            }

            /// Takes a text that was checked before.
            pub fn from_trusted(text: &str) -> Self {
                Self(Arc::from(text))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

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

        impl std::str::FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                Self::parse(text)
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

person_id!(
    /// A person, for ever: an account is deactivated, never removed or given to another.
    PersonId, "p_"
);
person_id!(
    /// A room.
    RoomId, "r_"
);
person_id!(
    /// A signed-in browser or app.
    SessionId, "s_"
);
person_id!(
    /// An API token of a person.
    TokenId, "t_"
);
person_id!(
    /// An invitation, to the server or to a room.
    InvitationId, "i_"
);

/// Whether a text has the form of an identifier, whatever it would identify.
pub(super) fn is_of_any_kind(text: &str) -> bool {
    let kinds = [PersonId::PREFIX, RoomId::PREFIX, SessionId::PREFIX, TokenId::PREFIX, InvitationId::PREFIX];
    kinds.iter().any(|prefix| is_valid(prefix, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_become_text_that_parses() {
        for (bits, text) in [
            ([0; 10], "p_aaaaaaaaaaaaaaaa"),
            ([0xff; 10], "p_7777777777777777"),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "p_aaaaaaaaaaaaaaab"),
            ([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0], "p_qaaaaaaaaaaaaaaa"),
        ] {
            assert_eq!(PersonId::from_bits(bits).as_str(), text);
            assert_eq!(PersonId::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn other_text_is_refused() {
        let long = format!("p_{}", "a".repeat(17));
        for text in [
            "",
            "p_",
            "p_aaaaaaaaaaaaaaa",
            &long,
            "r_aaaaaaaaaaaaaaaa",
            "p_aaaaaaaaaaaaaaa1",
            "p_AAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(PersonId::parse(text), Err(InvalidName::Identifier), "{text:?}");
        }
    }

    #[test]
    fn json_is_the_text_and_is_checked() {
        let id = RoomId::from_bits([7; 10]);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<RoomId>(&json).unwrap(), id);
        assert!(serde_json::from_str::<PersonId>(&json).is_err());
    }
}
