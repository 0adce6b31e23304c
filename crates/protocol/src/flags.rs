//! Flags of ATTACH and ATTACHED (specification TR3) and the channel modes among them.

use std::ops::{BitAnd, BitOr, BitOrAssign};

/// A set of flags, as the number on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Flags(pub u64);

#[allow(missing_docs, reason = "the names are the specification's")]
impl Flags {
    pub const HAS_PRESENCE: Self = Self(1);
    pub const HAS_BACKLOG: Self = Self(1 << 1);
    pub const RESUMED: Self = Self(1 << 2);
    pub const TRANSIENT: Self = Self(1 << 4);
    pub const ATTACH_RESUME: Self = Self(1 << 5);
    pub const HAS_OBJECTS: Self = Self(1 << 7);
    pub const PRESENCE: Self = Self(1 << 16);
    pub const PUBLISH: Self = Self(1 << 17);
    pub const SUBSCRIBE: Self = Self(1 << 18);
    pub const PRESENCE_SUBSCRIBE: Self = Self(1 << 19);
    pub const ANNOTATION_PUBLISH: Self = Self(1 << 21);
    pub const ANNOTATION_SUBSCRIBE: Self = Self(1 << 22);
    pub const OBJECT_SUBSCRIBE: Self = Self(1 << 24);
    pub const OBJECT_PUBLISH: Self = Self(1 << 25);

    /// All flags that are channel modes.
    pub const MODES: Self = Self(0b0011_0110_1111 << 16);
    /// What an ATTACH that names no modes asks for.
    pub const DEFAULT_MODES: Self = Self(0b0010_1111 << 16);

    /// Whether every flag of `other` is set.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether no flag is set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The flags that are channel modes.
    pub fn modes(self) -> Self {
        self & Self::MODES
    }

    /// The mode with this name as it stands in `params.modes`, for example `presence_subscribe`.
    pub fn mode_by_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "presence" => Self::PRESENCE,
            "publish" => Self::PUBLISH,
            "subscribe" => Self::SUBSCRIBE,
            "presence_subscribe" => Self::PRESENCE_SUBSCRIBE,
            "annotation_publish" => Self::ANNOTATION_PUBLISH,
            "annotation_subscribe" => Self::ANNOTATION_SUBSCRIBE,
            "object_subscribe" => Self::OBJECT_SUBSCRIBE,
            "object_publish" => Self::OBJECT_PUBLISH,
            _ => return None,
        })
    }
}

impl BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl BitAnd for Flags {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_modes_leave_out_annotation_subscribe_and_objects() {
        let expected = Flags::PRESENCE
            | Flags::PUBLISH
            | Flags::SUBSCRIBE
            | Flags::PRESENCE_SUBSCRIBE
            | Flags::ANNOTATION_PUBLISH;
        assert_eq!(Flags::DEFAULT_MODES, expected);
        let all = expected | Flags::ANNOTATION_SUBSCRIBE | Flags::OBJECT_SUBSCRIBE | Flags::OBJECT_PUBLISH;
        assert_eq!(Flags::MODES, all);
    }
}
