//! Operations, one and many.

use std::ops::{BitAnd, BitOr, BitOrAssign};

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

    /// What a name in a capability stands for: one operation, or all of them.
    pub(super) fn named(name: &str) -> Option<Self> {
        if name == "*" {
            return Some(Self::ALL);
        }
        NAMES.iter().find(|(_, known)| *known == name).map(|(operation, _)| Self::only(*operation))
    }

    /// The names in a capability, sorted.
    pub(super) fn names(self) -> Vec<&'static str> {
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
