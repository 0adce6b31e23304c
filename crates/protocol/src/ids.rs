//! Identifiers, parsed at the border; inside the program a value of one of these types is valid.

use std::{fmt, sync::Arc};

use crate::{ErrorCode, ErrorInfo};

/// Longest channel name accepted, in bytes.
pub const CHANNEL_NAME_BYTES_MAX: usize = 2048;
/// Longest client id accepted, in bytes.
pub const CLIENT_ID_BYTES_MAX: usize = 512;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identifier as it stands on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes a text that this program made itself or has checked before.
            pub fn from_trusted(text: &str) -> Self {
                Self(Arc::from(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

text_id!(
    /// An application: the unit that owns keys and channels. Letters, digits, `-` and `_`, at most 64 bytes.
    AppId
);
text_id!(
    /// The public half of an API key, `appId.keyId`.
    KeyName
);
text_id!(
    /// A channel's name: 1 to 2,048 bytes of UTF-8 without control characters (a tab may be) and without line breaks, not
    /// starting with `:` or `[`. White space counts, also at its ends: clients compare names as they are.
    ChannelName
);
text_id!(
    /// Who a client says it is, and the server has accepted that it is. Never empty, never `*`.
    ClientId
);
text_id!(
    /// A realtime connection; outlives the sockets that carry it.
    ConnectionId
);

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// What a channel's name cannot hold: line breaks (those of Unicode too), and control characters but the tab.
fn is_no_name_char(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}') || (c.is_control() && c != '\t')
}

impl AppId {
    /// Parses an app id; `None` when it is empty, over 64 bytes or holds other characters.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= 64 && text.chars().all(is_token_char);
        fits.then(|| Self::from_trusted(text))
    }
}

impl KeyName {
    /// Parses `appId.keyId`.
    pub fn parse(text: &str) -> Option<Self> {
        let (app, key) = text.split_once('.')?;
        AppId::parse(app)?;
        let fits = !key.is_empty() && key.len() <= 64 && key.chars().all(is_token_char);
        fits.then(|| Self::from_trusted(text))
    }

    /// The app that the key belongs to.
    pub fn app(&self) -> AppId {
        let app = self.0.split_once('.').map_or(&*self.0, |(app, _)| app);
        AppId::from_trusted(app)
    }
}

impl ChannelName {
    /// Parses a channel name as a client gave it.
    ///
    /// # Errors
    /// 40010 when it is empty, too long, holds a line break or a control character, starts with `:`, or has a
    /// `[qualifier]`, none of which this server offers.
    pub fn parse(text: &str) -> Result<Self, ErrorInfo> {
        let bad = |why: &'static str| Err(ErrorInfo::new(ErrorCode::InvalidChannelName, why));
        if text.is_empty() {
            return bad("invalid channel name: it is empty");
        }
        if text.len() > CHANNEL_NAME_BYTES_MAX {
            return bad("invalid channel name: it is longer than 2048 bytes");
        }
        if text.starts_with(':') || text.chars().any(is_no_name_char) {
            return bad(
                "invalid channel name: it must not start with ':' or hold line breaks or control characters",
            );
        }
        if text.starts_with('[') {
            return bad(
                "invalid channel name: channel qualifiers ([meta], [filter=…], [?…]) are not available in this release",
            );
        }
        Ok(Self::from_trusted(text))
    }

    /// Whether a name, without its qualifier, is of those on which the server speaks to one signed-in person: `$me:…`.
    /// No API key has any operation on them.
    pub fn is_reserved(text: &str) -> bool {
        let name = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_, name)) => name,
            None => text,
        };
        name.starts_with("$me:")
    }
}

impl ClientId {
    /// Parses a client id that names one client (so not the wildcard `*`).
    ///
    /// # Errors
    /// 40012 when it is empty, `*` or longer than 512 bytes.
    pub fn parse(text: &str) -> Result<Self, ErrorInfo> {
        if text.is_empty() || text == "*" || text.len() > CLIENT_ID_BYTES_MAX {
            return Err(ErrorInfo::new(
                ErrorCode::InvalidClientId,
                "invalid clientId: it must be 1 to 512 bytes and not the wildcard '*'",
            ));
        }
        Ok(Self::from_trusted(text))
    }

    /// Parses a client id that an API key or a token of one may act as: any but those of signed-in persons, so that
    /// nobody speaks in a person's name but the person.
    ///
    /// # Errors
    /// 40012 when it is none or [`Self::is_reserved`].
    pub fn parse_unreserved(text: &str) -> Result<Self, ErrorInfo> {
        if Self::is_reserved(text) {
            return Err(ErrorInfo::new(
                ErrorCode::InvalidClientId,
                "invalid clientId: 'p_' and 16 of a-z and 2-7 name a signed-in person; only that person may act as it",
            ));
        }
        Self::parse(text)
    }

    /// Whether a client id has the form of a person's: `p_` and 16 of `a-z` and `2-7`.
    pub fn is_reserved(text: &str) -> bool {
        let random = text.strip_prefix("p_").map(str::as_bytes);
        random.is_some_and(|random| {
            random.len() == 16 && random.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
        })
    }
}

/// A channel of an app: what the node's tables are keyed by.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ChannelId {
    /// The app that owns the channel.
    pub app: AppId,
    /// The channel's name within the app.
    pub name: ChannelName,
}

impl ChannelId {
    /// A channel of an app.
    pub fn new(app: AppId, name: ChannelName) -> Self {
        Self { app, name }
    }
}
