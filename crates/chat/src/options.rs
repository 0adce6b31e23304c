//! What an operator may decide.

use loquat_auth::PasswordOptions;
use loquat_protocol::AppId;

use crate::limits::LimitOptions;

/// Who may make an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SignUp {
    /// Anybody.
    Open,
    /// Who has an invitation.
    #[default]
    Invitation,
    /// Nobody; accounts are made on the command line.
    Closed,
}

impl SignUp {
    /// The word for it, as the API and the configuration have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invitation => "invitation",
            Self::Closed => "closed",
        }
    }
}

/// The options of [`crate::Chat`].
#[derive(Clone, PartialEq, Debug)]
pub struct Options {
    /// The app whose channels are the rooms.
    pub app: AppId,
    /// Who may make an account.
    pub sign_up: SignUp,
    /// How long a session lasts after it was used last, in milliseconds.
    pub session_ttl_ms: u64,
    /// Shortest password, in bytes.
    pub password_bytes_min: usize,
    /// How dear a password's hash is.
    pub passwords: PasswordOptions,
    /// Most rooms that one person is in.
    pub rooms_per_person_max: usize,
    /// Largest text of a message, in bytes.
    pub message_bytes_max: usize,
    /// How often strangers may try.
    pub limits: LimitOptions,
}

impl Options {
    /// The defaults, for the rooms of an app.
    pub fn new(app: AppId) -> Self {
        Self {
            app,
            sign_up: SignUp::default(),
            session_ttl_ms: 30 * 24 * 60 * 60 * 1_000,
            password_bytes_min: 10,
            passwords: PasswordOptions::default(),
            rooms_per_person_max: 10_000,
            message_bytes_max: 64 * 1024,
            limits: LimitOptions::default(),
        }
    }

    /// For tests: hashes that cost nothing.
    pub fn for_test() -> Self {
        Self { passwords: PasswordOptions::for_test(), ..Self::new(AppId::from_trusted("chat")) }
    }
}
