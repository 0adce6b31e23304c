//! Passwords: long enough, and not the first that a guesser tries.

use loquat_auth::password::PASSWORD_BYTES_MAX;
use loquat_protocol::ErrorCode;
use loquat_store::people::{Email, Handle};
use unicode_normalization::UnicodeNormalization;

use crate::ChatError;

/// Fewest different characters.
const DIFFERENT_MIN: usize = 4;

/// What guessers try first among passwords of ten characters and more.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "12345678910",
    "123456789a",
    "qwertyuiop",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "password12",
    "password123",
    "password1234",
    "passwordpassword",
    "iloveyou123",
    "abcdefghij",
    "abc1234567",
    "abcd123456",
    "abcdef123456",
    "letmein123",
    "welcome123",
    "welcome1234",
    "admin12345",
    "administrator",
    "changeme123",
    "sunshine123",
    "football123",
    "princess123",
    "asdfghjkl1",
    "asdfghjkl;",
    "zxcvbnm123",
    "loquatloquat",
    "loquat1234",
    "correcthorsebatterystaple",
];

/// As it is hashed: the same whichever way a keyboard composes its letters. Text that is too long stays as it is, to be
/// refused for its length.
pub(crate) fn normalised(password: &str) -> String {
    if password.len() > PASSWORD_BYTES_MAX { password.to_owned() } else { password.nfc().collect() }
}

/// Refuses what would be guessed of a person.
///
/// # Errors
/// `PasswordRefused` on `field`, with the rule that it breaks.
pub(crate) fn check(
    field: &'static str,
    password: &str,
    bytes_min: usize,
    handle: &Handle,
    email: Option<&Email>,
) -> Result<(), ChatError> {
    check_alone(field, password, bytes_min)?;
    let lower = password.to_lowercase();
    let own = [Some(handle.as_str()), email.map(Email::as_str)];
    if own.into_iter().flatten().any(|own| lower == own || lower == own.repeat(2)) {
        let why = "the password must not be the handle or the e-mail address";
        return Err(ChatError::field(ErrorCode::PasswordRefused, field, why));
    }
    Ok(())
}

/// Refuses what would be guessed of anybody.
///
/// # Errors
/// `PasswordRefused` on `field`, with the rule that it breaks.
pub(crate) fn check_alone(field: &'static str, password: &str, bytes_min: usize) -> Result<(), ChatError> {
    let refuse = |why: String| Err(ChatError::field(ErrorCode::PasswordRefused, field, why));
    if password.len() < bytes_min {
        return refuse(format!("a password has at least {bytes_min} characters"));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return refuse(format!("a password has at most {PASSWORD_BYTES_MAX} bytes"));
    }
    let lower = password.to_lowercase();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT_MIN {
        return refuse("the password repeats too few characters".into());
    }
    if COMMON.contains(&lower.as_str()) {
        return refuse("this password is among the first that are guessed".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        let handle = Handle::parse("ada.lovelace").unwrap();
        let email = Email::parse("ada@example.org").unwrap();
        let check = |password: &str| check("password", password, 10, &handle, Some(&email));
        for password in [
            "",
            "short",
            "aaaaaaaaaaaa",
            "abababababab",
            "Password123",
            "1234567890",
            "Ada.Lovelace",
            "ada@example.org",
            &"long".repeat(300),
        ] {
            assert_eq!(check(password).unwrap_err().code, ErrorCode::PasswordRefused, "{password}");
        }
        for password in ["a plum tree in May", "Überraschung!", "кошка-на-крыше", "k7#Wq9$mZp"] {
            assert_eq!(check(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn both_ways_to_compose_are_one_password() {
        assert_eq!(normalised("Cafe\u{301} au lait"), normalised("Café au lait"));
    }
}
