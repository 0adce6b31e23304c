//! The effective configuration as text, for `loquat check --print-config`.

use crate::section::Section;
use crate::spec::{OptionSpec, options};
use crate::{Config, EffectiveConfig};

impl EffectiveConfig {
    /// Every option with its value and the layer it came from, as a valid `loquat.toml`; secrets are
    /// dots, options that are off are comments.
    pub fn print(&self) -> String {
        let values = self.config.literals();
        let mut out = String::new();
        let mut section = "";
        for (spec, (path, literal)) in options().zip(values) {
            debug_assert_eq!(spec.path, path);
            let (prefix, key) = split(spec);
            if prefix != section {
                section = prefix;
                out.push_str(&format!("\n[{prefix}]\n"));
            }
            match literal {
                Some(literal) => {
                    out.push_str(&format!("{key} = {literal}  # {}\n", self.origin(path).name()));
                }
                None => out.push_str(&format!("# {key} is off\n")),
            }
        }
        out
    }
}

impl Config {
    /// Path and TOML literal of every option, in the order of [`options`].
    pub(crate) fn literals(&self) -> Vec<(&'static str, Option<String>)> {
        let mut out = Vec::new();
        self.server.show(&mut out);
        self.tls.show(&mut out);
        self.accounts.show(&mut out);
        self.chat.show(&mut out);
        self.realtime.show(&mut out);
        self.limits.show(&mut out);
        self.retention.show(&mut out);
        self.log.show(&mut out);
        self.telemetry.show(&mut out);
        out
    }
}

/// An option's section (empty at the top of the file) and its key within it.
pub(crate) fn split(spec: &OptionSpec) -> (&'static str, &'static str) {
    spec.path.rsplit_once('.').unwrap_or(("", spec.path))
}
