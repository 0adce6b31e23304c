//! Closed lists: roles and kinds.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$case_doc])* $case),*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$case),*];

            /// The word for it, as JSON and the command line have it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$case => $word),*
                }
            }

            /// Finds it by its word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|case| case.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(
    /// What a person is to the server.
    PersonRole {
        /// Looks after people, rooms and keys.
        Administrator = "administrator",
        /// Everybody else.
        Member = "member",
    }
);
words!(
    /// Who finds a room and how one gets in.
    RoomKind {
        /// Everybody finds it and may join.
        Public = "public",
        /// By invitation.
        Private = "private",
        /// A fixed set of people; found again by that set.
        Direct = "direct",
    }
);
words!(
    /// What a person is to a room.
    RoomRole {
        /// Decides about the room.
        Owner = "owner",
        /// Looks after its members.
        Moderator = "moderator",
        /// Reads and writes.
        Member = "member",
        /// Reads.
        ReadOnly = "read_only",
    }
);

impl RoomRole {
    /// Whether it takes something away that every member may do: whoever has it must not get rid of it by going and
    /// coming back.
    pub fn restricts(self) -> bool {
        self == Self::ReadOnly
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_json_has() {
        for role in RoomRole::ALL {
            assert_eq!(serde_json::to_string(role).unwrap(), format!("\"{role}\""));
            assert_eq!(RoomRole::parse(role.as_str()), Some(*role));
        }
        assert_eq!(RoomRole::parse("Owner"), None);
        assert_eq!(serde_json::to_string(&PersonRole::Administrator).unwrap(), "\"administrator\"");
    }
}
