//! Capabilities: which operations are permitted on which channels (specification TK2d, TD2d).

mod operations;
mod pattern;

use std::{collections::BTreeMap, fmt};

pub use self::operations::{Operation, Operations};
use self::pattern::{matches, meet};
use crate::{ErrorCode, ErrorInfo, room::room_of};

/// Channel patterns and the operations permitted on the channels that they match.
///
/// A pattern is a channel name in which `*` may stand for a whole part between colons (`user:*:news`), as the last part for
/// all that follow too: `*` for every channel, `prefix:*` for every name that begins with `prefix:`.
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
    /// 40000 when it is no JSON object of arrays of operations, when an operation is unknown, or when `*` is among others.
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
            if names.len() > 1 && names.iter().any(|name| name == "*") {
                return Err(bad(format!("of '{pattern}', '*' stands for every operation, and alone")));
            }
            for name in names {
                operations |= Operations::named(&name)
                    .ok_or_else(|| bad(format!("the operation '{name}' is unknown")))?;
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
        let matching = self.0.iter().filter(|(pattern, _)| matches(pattern, channel));
        matching.fold(Operations::NONE, |all, (_, operations)| all | *operations)
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
