//! People's accounts: who may have one, and how long they stay signed in.

use std::time::Duration;

use crate::SignUp;

section! { "Accounts", "accounts.",
/// People's accounts. Administrators are made with the set-up link that the server prints while there is none,
/// or with `loquat users`.
Accounts {
    /// Who may make an account: `open` everybody who can connect, `invitation` whoever has an invitation link,
    /// `closed` nobody but with `loquat users`.
    sign_up: SignUp = "invitation";
    /// How long a session lasts after it was last used.
    session_ttl: Duration = "30d", in "5m"..="3650d";
    /// Shortest password, in bytes of UTF-8.
    password_bytes_min: u32 = "10", in "8"..="128";
}}
