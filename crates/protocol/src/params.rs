//! Channel params of ATTACH (specification RTL4k): those this server knows, parsed.

use std::collections::BTreeMap;

use crate::{ErrorCode, ErrorInfo, Flags};

/// Most messages that `rewind=N` may ask for.
pub const REWIND_COUNT_MAX: u32 = 100;
/// Longest span that `rewind=2m` may ask for, in milliseconds.
pub const REWIND_MS_MAX: u64 = 2 * 60 * 1000;

/// How far back before the live stream a new attachment starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rewind {
    /// The last so many messages, at most [`REWIND_COUNT_MAX`].
    Count(u32),
    /// The messages of the last so many milliseconds, at most [`REWIND_MS_MAX`].
    Ms(u64),
}

/// The params of an attachment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChannelParams {
    /// Modes asked for by `modes=…`; they win over the flags of the frame.
    pub modes: Option<Flags>,
    /// `rewind=10` or `rewind=15s`.
    pub rewind: Option<Rewind>,
    /// What ATTACHED echoes: the params that were recognised.
    pub recognised: BTreeMap<String, String>,
}

impl ChannelParams {
    /// Parses the params of an ATTACH. Unknown ones are left out (and so not echoed).
    ///
    /// # Errors
    /// 40000 for a value that its param cannot have; 50100 for `occupancy`: whoever asks for those events would wait for
    /// them, and chat clients do not look at what is echoed.
    pub fn parse(params: &BTreeMap<String, String>) -> Result<Self, ErrorInfo> {
        if params.contains_key("occupancy") {
            let text =
                "occupancy events are not available in this release: attach without the param 'occupancy'";
            return Err(ErrorInfo::new(ErrorCode::NotImplemented, text));
        }
        let mut parsed = Self::default();
        for (name, value) in params {
            match name.as_str() {
                "modes" => parsed.modes = Some(parse_modes(value)?),
                "rewind" => parsed.rewind = Some(parse_rewind(value)?),
                _ => continue,
            }
            parsed.recognised.insert(name.clone(), value.clone());
        }
        Ok(parsed)
    }
}

fn parse_modes(value: &str) -> Result<Flags, ErrorInfo> {
    let mut modes = Flags::default();
    for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        modes |= Flags::mode_by_name(name).ok_or_else(|| {
            ErrorInfo::new(ErrorCode::BadRequest, format!("unknown channel mode '{name}' in params.modes"))
        })?;
    }
    Ok(modes)
}

fn parse_rewind(value: &str) -> Result<Rewind, ErrorInfo> {
    let bad = || {
        let text = format!("invalid rewind '{value}': give a count such as 10 or a span such as 15s or 2m");
        ErrorInfo::new(ErrorCode::BadRequest, text)
    };
    let number = |digits: &str| digits.parse::<u32>().map_err(|_| bad());
    if let Some(seconds) = value.strip_suffix('s') {
        Ok(Rewind::Ms((u64::from(number(seconds)?) * 1000).min(REWIND_MS_MAX)))
    } else if let Some(minutes) = value.strip_suffix('m') {
        Ok(Rewind::Ms((u64::from(number(minutes)?) * 60_000).min(REWIND_MS_MAX)))
    } else {
        Ok(Rewind::Count(number(value)?.min(REWIND_COUNT_MAX)))
    }
}
