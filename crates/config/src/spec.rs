//! The table of options: what every other part of this crate is driven by.

use crate::sections::ALL_SPECS;
use crate::setting::{Raw, Setting};

/// One option, as its declaration in a section describes it.
#[derive(Debug)]
pub struct OptionSpec {
    /// Key in `loquat.toml`, dotted, such as `realtime.max_idle_interval`.
    pub path: &'static str,
    /// Kind of value: `duration`, `size`, `address`…
    pub kind: &'static str,
    /// What a value looks like; completes "expected …".
    pub wanted: &'static str,
    /// The default as a flag would write it; `None`: off unless given.
    pub default: Option<&'static str>,
    /// Smallest and largest value, as a flag would write them.
    pub bounds: Option<(&'static str, &'static str)>,
    /// Whether the value must never be printed.
    pub secret: bool,
    pub(crate) doc: &'static [&'static str],
    pub(crate) check: fn(&Raw, &OptionSpec) -> Result<(), String>,
}

impl OptionSpec {
    /// The environment variable, such as `LOQUAT_REALTIME_MAX_IDLE_INTERVAL`.
    pub fn env_name(&self) -> String {
        format!("{ENV_PREFIX}{}", self.path.replace('.', "_").to_ascii_uppercase())
    }

    /// The flag without its dashes, such as `realtime-max-idle-interval`.
    pub fn flag_name(&self) -> String {
        self.path.replace(['.', '_'], "-")
    }

    /// The documentation, one paragraph, ready for `--help`.
    pub fn help(&self) -> String {
        let lines: Vec<_> = self.doc.iter().map(|line| line.trim()).collect();
        lines.join(" ")
    }

    /// Whether the flag may stand alone, meaning `true`.
    pub fn is_switch(&self) -> bool {
        self.kind == bool::KIND
    }
}

/// Every variable with this prefix belongs to Loquat and must be known.
pub(crate) const ENV_PREFIX: &str = "LOQUAT_";

/// Every option there is, in the order of the documentation.
pub fn options() -> impl Iterator<Item = &'static OptionSpec> {
    ALL_SPECS.iter().flat_map(|(_, specs)| specs.iter())
}

/// Reads a value of kind `T` and holds it against the option's bounds.
pub(crate) fn read<T: Setting>(raw: &Raw, spec: &OptionSpec) -> Result<T, String> {
    let value = T::from_raw(raw).ok_or_else(|| refused::<T>(raw))?;
    if let Some((lowest, highest)) = spec.bounds {
        let below = T::from_text(lowest).is_some_and(|lowest| value < lowest);
        let above = T::from_text(highest).is_some_and(|highest| value > highest);
        if below || above {
            return Err(format!("{} is out of range: expected {lowest} to {highest}", show_raw(raw)));
        }
    }
    Ok(value)
}

fn refused<T: Setting>(raw: &Raw) -> String {
    if T::SECRET {
        format!("expected {}", T::WANTED)
    } else {
        format!("{} is not {}", show_raw(raw), T::WANTED)
    }
}

/// A value for an error line: shortened, and on one line whatever it holds.
fn show_raw(raw: &Raw) -> String {
    const SHOWN_CHARS_MAX: usize = 60;
    match raw {
        Raw::Text(text) if text.chars().count() > SHOWN_CHARS_MAX => {
            format!("{:?}…", text.chars().take(SHOWN_CHARS_MAX).collect::<String>())
        }
        Raw::Text(text) => format!("{text:?}"),
        Raw::Bool(value) => value.to_string(),
        Raw::Int(value) => value.to_string(),
        Raw::Float(value) => value.to_string(),
        Raw::List(items) => {
            let shown: Vec<_> = items.iter().take(4).map(show_raw).collect();
            format!("[{}{}]", shown.join(", "), if items.len() > 4 { ", …" } else { "" })
        }
        Raw::Other => "this value".to_owned(),
    }
}
