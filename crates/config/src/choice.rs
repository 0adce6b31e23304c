//! Options that are one of a few words.

/// Declares an enum of words, with the words beside the variants and nowhere else.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// All words, in the order of the documentation.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word that stands for this value in files, variables and flags.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub(crate) fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

choice! {
    /// How log lines are written.
    LogFormat {
        /// For people.
        Text = "text",
        /// One JSON object per line, for machines.
        Json = "json",
    }
}

choice! {
    /// What a node does; roles scale and fail on their own.
    Role {
        /// Realtime connections: WebSocket, and the transports to come.
        Gateway = "gateway",
        /// The REST API.
        Api = "api",
        /// Background work: projection, retention.
        Worker = "worker",
        /// Load balancing in front of other nodes; not available in this release.
        Edge = "edge",
    }
}

choice! {
    /// Who may make an account.
    SignUp {
        /// Everybody who can connect.
        Open = "open",
        /// Whoever has an invitation link.
        Invitation = "invitation",
        /// Nobody; the operator makes accounts.
        Closed = "closed",
    }
}

choice! {
    /// The engine that keeps the log.
    LogEngine {
        /// Embedded, in the data directory.
        Sqlite = "sqlite",
        /// NATS JetStream, 2.15 or newer.
        Nats = "nats",
    }
}
