//! What people may type: rules for names, topics and passwords, in words that help to fix it.

mod names;
mod passwords;

pub(crate) use names::{name, time_zone, topic};
pub(crate) use passwords::{
    check as check_password, check_alone as check_password_alone, normalised as normalised_password,
};

/// Longest label of a session, in characters: what browsers call themselves.
const LABEL_CHARS_MAX: usize = 200;

/// A text of a stranger, fit to be shown: without controls and what hides or turns other text, cut to its first part.
pub(crate) fn label(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !names::is_deceptive(*c)).take(LABEL_CHARS_MAX).collect()
}
