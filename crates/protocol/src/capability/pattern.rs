//! Patterns of channel names.

use std::borrow::Cow;

/// Splits `[qualifier]rest`; a name without one has an empty qualifier.
fn split_qualifier(text: &str) -> (&str, &str) {
    match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((qualifier, rest)) => (qualifier, rest),
        None => ("", text),
    }
}

/// Whether a pattern is one for a channel.
pub(super) fn matches(pattern: &str, channel: &str) -> bool {
    let (pattern_qualifier, pattern) = split_qualifier(pattern);
    let (channel_qualifier, channel) = split_qualifier(channel);
    let qualifier_fits =
        pattern_qualifier == "*" || pattern_qualifier == channel_qualifier.split('?').next().unwrap_or("");
    qualifier_fits && matches_name(pattern, channel)
}

fn matches_name(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(prefix) if prefix.ends_with(':') => name.starts_with(prefix),
        _ => pattern == name,
    }
}

/// The pattern that matches what both match, if there is anything.
///
/// Names, and likewise qualifiers, either contain one another or have nothing in common, so each half has its
/// narrower side; the two need not come from the same pattern (`[*]a` and `[meta]*` meet in `[meta]a`).
pub(super) fn meet<'a>(a: &'a str, b: &'a str) -> Option<Cow<'a, str>> {
    let ((a_qualifier, a_name), (b_qualifier, b_name)) = (split_qualifier(a), split_qualifier(b));
    let qualifier = narrower(a_qualifier, b_qualifier, |outer, inner| outer == "*" || outer == inner)?;
    let name = narrower(a_name, b_name, |outer, inner| outer == inner || matches_name(outer, inner))?;
    let both = (qualifier, name);
    match (both == (a_qualifier, a_name), both == (b_qualifier, b_name)) {
        // Two spellings of one pattern: the choice must not depend on the order.
        (true, true) => Some(Cow::Borrowed(a.min(b))),
        (true, false) => Some(Cow::Borrowed(a)),
        (false, true) => Some(Cow::Borrowed(b)),
        (false, false) => Some(Cow::Owned(format!("[{qualifier}]{name}"))),
    }
}

fn narrower<'a>(a: &'a str, b: &'a str, covers: impl Fn(&str, &str) -> bool) -> Option<&'a str> {
    if covers(a, b) {
        Some(b)
    } else if covers(b, a) {
        Some(a)
    } else {
        None
    }
}
