//! Capabilities: which operations are permitted on which channels (specification TK2d, TD2d).

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    ops::{BitAnd, BitOr, BitOrAssign},
};

use crate::{ErrorCode, ErrorInfo, room::room_of};

/// A thing that can be permitted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names are the specification's")]
pub enum Operation {
    Subscribe,
    Publish,
    Presence,
    History,
    Stats,
    ChannelMetadata,
    PushSubscribe,
    PushAdmin,
    Privileged,
    MessageUpdateOwn,
    MessageUpdateAny,
    MessageDeleteOwn,
    MessageDeleteAny,
    AnnotationPublish,
    AnnotationSubscribe,
    ObjectSubscribe,
    ObjectPublish,
}

const NAMES: [(Operation, &str); 17] = [
    (Operation::Subscribe, "subscribe"),
    (Operation::Publish, "publish"),
    (Operation::Presence, "presence"),
    (Operation::History, "history"),
    (Operation::Stats, "stats"),
    (Operation::ChannelMetadata, "channel-metadata"),
    (Operation::PushSubscribe, "push-subscribe"),
    (Operation::PushAdmin, "push-admin"),
    (Operation::Privileged, "privileged-headers"),
    (Operation::MessageUpdateOwn, "message-update-own"),
    (Operation::MessageUpdateAny, "message-update-any"),
    (Operation::MessageDeleteOwn, "message-delete-own"),
    (Operation::MessageDeleteAny, "message-delete-any"),
    (Operation::AnnotationPublish, "annotation-publish"),
    (Operation::AnnotationSubscribe, "annotation-subscribe"),
    (Operation::ObjectSubscribe, "object-subscribe"),
    (Operation::ObjectPublish, "object-publish"),
];

impl Operation {
    /// The name in a capability.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }
}

/// A set of operations.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Operations(u32);

impl Operations {
    /// Every operation, `["*"]`.
    pub const ALL: Self = Self((1 << NAMES.len()) - 1);
    /// No operation.
    pub const NONE: Self = Self(0);

    /// The set with one operation.
    pub fn only(operation: Operation) -> Self {
        Self(1 << operation as u32)
    }

    /// Whether the operation is in the set.
    pub fn contains(self, operation: Operation) -> bool {
        self.0 & (1 << operation as u32) != 0
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn names(self) -> Vec<&'static str> {
        if self == Self::ALL {
            return vec!["*"];
        }
        let mut names: Vec<_> =
            NAMES.iter().filter(|(op, _)| self.contains(*op)).map(|(_, name)| *name).collect();
        names.sort_unstable();
        names
    }
}

impl BitOr for Operations {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Operations {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl BitAnd for Operations {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Channel patterns and the operations permitted on the channels that they match.
///
/// A pattern is a channel name, `*` for every channel, or `prefix:*` for every name that begins with `prefix:`.
/// A qualifier (`[meta]name`, `[*]name`) is matched as written: `[*]` admits every qualifier and none.
///
/// What is permitted on `name` is permitted on the channel of the chat room `name` too ([`room_of`]): chat clients are
/// given rights on rooms by their names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Capability(BTreeMap<String, Operations>);

impl Capability {
    /// Everything on every channel, `{"*":["*"]}` with every qualifier.
    pub fn everything() -> Self {
        Self(BTreeMap::from([("[*]*".to_owned(), Operations::ALL)]))
    }

    /// Parses the JSON text of a capability. An absent or empty text is the caller's to default.
    ///
    /// # Errors
    /// 40000 when it is no JSON object of arrays of operations, or when an operation is unknown.
    pub fn parse(text: &str) -> Result<Self, ErrorInfo> {
        let bad = |why: String| ErrorInfo::new(ErrorCode::BadRequest, format!("invalid capability: {why}"));
        let map: BTreeMap<String, Vec<String>> = serde_json::from_str(text).map_err(|_| {
            bad("it must be a JSON object of channel patterns and arrays of operations".into())
        })?;
        let mut parsed = BTreeMap::new();
        for (pattern, names) in map {
            let mut operations = Operations::NONE;
            if names.is_empty() {
                return Err(bad(format!("the pattern '{pattern}' has no operations")));
            }
            for name in names {
                operations |= match NAMES.iter().find(|(_, known)| *known == name) {
                    Some((operation, _)) => Operations::only(*operation),
                    None if name == "*" => Operations::ALL,
                    None => return Err(bad(format!("the operation '{name}' is unknown"))),
                };
            }
            parsed.insert(pattern, operations);
        }
        Ok(Self(parsed))
    }

    /// The operations permitted on a channel.
    pub fn operations(&self, channel: &str) -> Operations {
        room_of(channel).map_or(Operations::NONE, |room| self.matching(room)) | self.matching(channel)
    }

    fn matching(&self, channel: &str) -> Operations {
        let mut operations = Operations::NONE;
        for (pattern, permitted) in &self.0 {
            if matches(pattern, channel) {
                operations |= *permitted;
            }
        }
        operations
    }

    /// The operations permitted on at least one channel.
    pub fn anywhere(&self) -> Operations {
        self.0.values().fold(Operations::NONE, |all, operations| all | *operations)
    }

    /// Whether an operation is permitted on a channel.
    pub fn permits(&self, channel: &str, operation: Operation) -> bool {
        self.operations(channel).contains(operation)
    }

    /// Whether nothing is permitted.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|operations| operations.is_empty())
    }

    /// What both permit (specification RSA6, TK2d): of each two patterns, the one that matches what
    /// both match. Of a room's name and its channel's name, each in one of the two, nothing is left.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let mut both: BTreeMap<String, Operations> = BTreeMap::new();
        for (mine, my_operations) in &self.0 {
            for (theirs, their_operations) in &other.0 {
                let Some(narrower) = meet(mine, theirs) else { continue };
                let operations = *my_operations & *their_operations;
                if !operations.is_empty() {
                    *both.entry(narrower.into_owned()).or_default() |= operations;
                }
            }
        }
        Self(both)
    }
}

impl fmt::Display for Capability {
    /// The canonical JSON text: patterns and operations sorted, no spaces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let map: BTreeMap<_, _> =
            self.0.iter().map(|(pattern, operations)| (pattern, operations.names())).collect();
        f.write_str(&serde_json::to_string(&map).map_err(|_| fmt::Error)?)
    }
}

/// Splits `[qualifier]rest`; a name without one has an empty qualifier.
fn split_qualifier(text: &str) -> (&str, &str) {
    match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((qualifier, rest)) => (qualifier, rest),
        None => ("", text),
    }
}

fn matches(pattern: &str, channel: &str) -> bool {
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
fn meet<'a>(a: &'a str, b: &'a str) -> Option<Cow<'a, str>> {
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
