//! The kinds of values an option may have: how each is read from text and TOML, and written back.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::units::{parse_duration, parse_size, show_duration, show_size};
use crate::{ByteSize, LogEngine, LogFormat, Network, Role, RootKey, SignUp};

/// A value as a layer gives it, before its option's kind is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Raw {
    /// From a flag or the environment, or a TOML string.
    Text(String),
    /// A TOML boolean.
    Bool(bool),
    /// A TOML integer.
    Int(i64),
    /// A TOML float.
    Float(f64),
    /// A TOML array.
    List(Vec<Raw>),
    /// A TOML date or table: no option has this form.
    Other,
}

/// A kind of value. `WANTED` completes the sentence "expected …".
pub(crate) trait Setting: Sized + PartialOrd {
    const KIND: &'static str;
    const WANTED: &'static str;
    /// Secrets are never echoed, not even in the error that refuses them.
    const SECRET: bool = false;

    /// Reads the value as a flag or a variable writes it.
    fn from_text(text: &str) -> Option<Self>;

    /// The value as a TOML literal; `None` where there is nothing to write. Secrets show as dots.
    fn show(&self) -> Option<String>;

    /// The value of an option that no layer sets and that has no default.
    fn absent() -> Option<Self> {
        None
    }

    /// Reads the value from any layer; kinds that TOML knows natively override this.
    fn from_raw(raw: &Raw) -> Option<Self> {
        match raw {
            Raw::Text(text) => Self::from_text(text),
            _ => None,
        }
    }
}

fn quoted(text: &str) -> Option<String> {
    Some(toml::Value::String(text.to_owned()).to_string())
}

impl Setting for bool {
    const KIND: &'static str = "boolean";
    const WANTED: &'static str = "true or false";
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
    fn from_raw(raw: &Raw) -> Option<Self> {
        match raw {
            Raw::Bool(value) => Some(*value),
            Raw::Text(text) => Self::from_text(text),
            _ => None,
        }
    }
    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Setting for u32 {
    const KIND: &'static str = "number";
    const WANTED: &'static str = "a whole number";
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
    fn from_raw(raw: &Raw) -> Option<Self> {
        match raw {
            Raw::Int(value) => Self::try_from(*value).ok(),
            Raw::Text(text) => Self::from_text(text),
            _ => None,
        }
    }
    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

/// A share between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Ratio(pub f64);

impl Setting for Ratio {
    const KIND: &'static str = "ratio";
    const WANTED: &'static str = "a share between 0 and 1";
    fn from_text(text: &str) -> Option<Self> {
        let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share))?;
        Some(Self(share))
    }
    fn from_raw(raw: &Raw) -> Option<Self> {
        match raw {
            Raw::Int(value) => Self::from_text(&value.to_string()),
            Raw::Float(value) => Self::from_text(&value.to_string()),
            Raw::Text(text) => Self::from_text(text),
            _ => None,
        }
    }
    fn show(&self) -> Option<String> {
        Some(format!("{:?}", self.0))
    }
}

impl Setting for ByteSize {
    const KIND: &'static str = "size";
    const WANTED: &'static str = "a size such as \"64KiB\" (units: B, KiB, MiB, GiB, TiB)";
    fn from_text(text: &str) -> Option<Self> {
        parse_size(text)
    }
    fn from_raw(raw: &Raw) -> Option<Self> {
        match raw {
            Raw::Int(value) => u64::try_from(*value).ok().map(ByteSize),
            Raw::Text(text) => Self::from_text(text),
            _ => None,
        }
    }
    fn show(&self) -> Option<String> {
        quoted(&show_size(*self))
    }
}

impl Setting for Duration {
    const KIND: &'static str = "duration";
    const WANTED: &'static str = "a duration with its unit such as \"15s\" (units: ms, s, m, h, d)";
    fn from_text(text: &str) -> Option<Self> {
        parse_duration(text)
    }
    fn show(&self) -> Option<String> {
        quoted(&show_duration(*self))
    }
}

impl Setting for SocketAddr {
    const KIND: &'static str = "address";
    const WANTED: &'static str = "an address and port such as \"127.0.0.1:8080\" or \"[::1]:8080\"";
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
    fn show(&self) -> Option<String> {
        quoted(&self.to_string())
    }
}

impl Setting for Network {
    const KIND: &'static str = "network";
    const WANTED: &'static str =
        "an address such as \"127.0.0.1\" or a network such as \"10.0.0.0/8\" (no bits behind the prefix)";
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
    fn show(&self) -> Option<String> {
        quoted(&Self::show(*self))
    }
}

impl Setting for PathBuf {
    const KIND: &'static str = "path";
    const WANTED: &'static str = "a path";
    fn from_text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| text.into())
    }
    fn show(&self) -> Option<String> {
        quoted(&self.to_string_lossy())
    }
}

impl Setting for String {
    const KIND: &'static str = "text";
    const WANTED: &'static str = "a text that is not empty";
    fn from_text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| text.to_owned())
    }
    fn show(&self) -> Option<String> {
        quoted(self)
    }
}

impl Setting for RootKey {
    const KIND: &'static str = "secret";
    const WANTED: &'static str =
        "app.key:secret (names of letters, digits, _ and -; a secret of 6 or more printable characters)";
    const SECRET: bool = true;
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
    fn show(&self) -> Option<String> {
        quoted(&Self::show(self))
    }
}

/// A list is an array in TOML and comma-separated elsewhere.
impl<T: Setting> Setting for Vec<T> {
    const KIND: &'static str = "list";
    const WANTED: &'static str = T::WANTED;
    const SECRET: bool = T::SECRET;
    fn from_text(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::new());
        }
        text.split(',').map(|part| T::from_text(part.trim())).collect()
    }
    fn from_raw(raw: &Raw) -> Option<Self> {
        match raw {
            Raw::List(items) => items.iter().map(T::from_raw).collect(),
            Raw::Text(text) => Self::from_text(text),
            _ => None,
        }
    }
    fn show(&self) -> Option<String> {
        let items: Option<Vec<_>> = self.iter().map(T::show).collect();
        Some(format!("[{}]", items?.join(", ")))
    }
}

impl<T: Setting> Setting for Option<T> {
    const KIND: &'static str = T::KIND;
    const WANTED: &'static str = T::WANTED;
    const SECRET: bool = T::SECRET;
    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(Some)
    }
    fn from_raw(raw: &Raw) -> Option<Self> {
        T::from_raw(raw).map(Some)
    }
    fn show(&self) -> Option<String> {
        self.as_ref().and_then(T::show)
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}

macro_rules! setting_from_choice {
    ($($name:ident: $wanted:literal),+) => {$(
        impl Setting for $name {
            const KIND: &'static str = "choice";
            const WANTED: &'static str = $wanted;
            fn from_text(text: &str) -> Option<Self> {
                Self::from_word(text)
            }
            fn show(&self) -> Option<String> {
                quoted(self.word())
            }
        }
    )+};
}

setting_from_choice!(
    LogFormat: "text or json",
    LogEngine: "sqlite or nats",
    Role: "gateway, api, worker, edge",
    SignUp: "open, invitation or closed"
);
