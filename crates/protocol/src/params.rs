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
    /// The messages of the last so many milliseconds.
    Span {
        /// At most [`REWIND_MS_MAX`].
        ms: u64,
        /// The newest of them at most, from `rewindLimit`.
        count_max: u32,
    },
}

/// The params of an attachment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChannelParams {
    /// Modes asked for by `modes=…`; they win over the flags of the frame.
    pub modes: Option<Flags>,
    /// `rewind=10`, `rewind=15s`, or `rewind=15s` with `rewindLimit=10`.
    pub rewind: Option<Rewind>,
    /// `echo=false`: the channel's subscriber doesn't want its own messages, whatever the connection wants.
    pub mute_echo: bool,
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
        let count_max = params.get("rewindLimit").map(|value| parse_count(value)).transpose()?;
        for (name, value) in params {
            match name.as_str() {
                "modes" => parsed.modes = Some(parse_modes(value)?),
                "rewind" => parsed.rewind = Some(parse_rewind(value, count_max.unwrap_or(u32::MAX))?),
                "rewindLimit" => {}
                "echo" => parsed.mute_echo = !parse_flag(name, value)?,
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

fn parse_flag(name: &str, value: &str) -> Result<bool, ErrorInfo> {
    let bad = |_| ErrorInfo::new(ErrorCode::BadRequest, format!("params.{name} must be true or false"));
    value.parse().map_err(bad)
}

fn parse_count(value: &str) -> Result<u32, ErrorInfo> {
    let bad =
        |_| ErrorInfo::new(ErrorCode::BadRequest, format!("invalid rewindLimit '{value}': give a count"));
    value.parse().map_err(bad)
}

fn parse_rewind(value: &str, count_max: u32) -> Result<Rewind, ErrorInfo> {
    let bad = || {
        let text = format!("invalid rewind '{value}': give a count such as 10 or a span such as 15s or 2m");
        ErrorInfo::new(ErrorCode::BadRequest, text)
    };
    let number = |digits: &str| digits.parse::<u32>().map_err(|_| bad());
    let span = |digits: &str, unit_ms: u64| {
        let ms = (u64::from(number(digits)?) * unit_ms).min(REWIND_MS_MAX);
        Ok(Rewind::Span { ms, count_max })
    };
    if let Some(seconds) = value.strip_suffix('s') {
        span(seconds, 1_000)
    } else if let Some(minutes) = value.strip_suffix('m') {
        span(minutes, 60_000)
    } else {
        Ok(Rewind::Count(number(value)?.min(REWIND_COUNT_MAX).min(count_max)))
    }
}
