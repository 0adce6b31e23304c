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

/// `*` stands for one part of a name between colons, as the last one for one or more.
fn matches_name(pattern: &str, name: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split(':').peekable(), name.split(':'));
    while let Some(part) = wanted.next() {
        let Some(one) = given.next() else { return false };
        match part {
            "*" if wanted.peek().is_none() => return true,
            "*" => {}
            part if part != one => return false,
            _ => {}
        }
    }
    given.next().is_none()
}

/// The pattern that matches what both match, if there is anything.
///
/// Qualifiers contain one another or have nothing in common; of names the parts do, so what two of them share need not
/// be one of the two (`[*]a` and `[meta]*` meet in `[meta]a`, `a:*` and `*:b` in `a:b`).
pub(super) fn meet<'a>(a: &'a str, b: &'a str) -> Option<Cow<'a, str>> {
    let ((a_qualifier, a_name), (b_qualifier, b_name)) = (split_qualifier(a), split_qualifier(b));
    let qualifier = match (a_qualifier, b_qualifier) {
        ("*", other) | (other, "*") => other,
        (one, other) if one == other => one,
        _ => return None,
    };
    let name = meet_names(a_name, b_name)?;
    let is = |its_qualifier, its_name: &str| (qualifier, name.as_str()) == (its_qualifier, its_name);
    match (is(a_qualifier, a_name), is(b_qualifier, b_name)) {
        // Two spellings of one pattern: the choice must not depend on the order.
        (true, true) => Some(Cow::Borrowed(a.min(b))),
        (true, false) => Some(Cow::Borrowed(a)),
        (false, true) => Some(Cow::Borrowed(b)),
        (false, false) if qualifier.is_empty() && !name.starts_with('[') => Some(Cow::Owned(name)),
        (false, false) => Some(Cow::Owned(format!("[{qualifier}]{name}"))),
    }
}

fn meet_names(a: &str, b: &str) -> Option<String> {
    let (a, b): (Vec<_>, Vec<_>) = (a.split(':').collect(), b.split(':').collect());
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let is_open = |parts: &[&str]| parts.last() == Some(&"*");
    if shorter.len() < longer.len() && !is_open(&shorter) {
        return None;
    }
    let mut parts = Vec::with_capacity(longer.len());
    for (at, theirs) in longer.iter().enumerate() {
        // What the last wildcard of the shorter one stands for goes to the end.
        let ours = shorter.get(at).filter(|_| at + 1 < shorter.len() || shorter.len() == longer.len());
        parts.push(match (ours.unwrap_or(&"*"), theirs) {
            (&"*", other) | (other, &"*") => *other,
            (one, other) if one == other => *one,
            _ => return None,
        });
    }
    Some(parts.join(":"))
}
