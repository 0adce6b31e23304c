//! The layers a configuration is made of, and the places that mistakes are reported at.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::file::{self, FileEntry};
use crate::load::Load;
use crate::setting::Raw;
use crate::spec::{ENV_PREFIX, OptionSpec, options};
use crate::{Config, EffectiveConfig, Mistake, Mistakes};

/// Where a value came from; a later one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Built in.
    Default,
    /// `loquat.toml`.
    File,
    /// A `LOQUAT_…` variable.
    Environment,
    /// The command line.
    Flag,
}

impl Layer {
    /// The layer's name for `--print-config`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Flag => "flag",
        }
    }
}

/// Variables with our prefix that aren't options: the file's own path, and what the tests use. A node that a
/// test starts inherits them.
fn is_reserved(name: &str) -> bool {
    matches!(name, "LOQUAT_CONFIG" | "LOQUAT_BIN" | "LOQUAT_PYTHON2" | "LOQUAT_NATS_SERVER")
        || name.starts_with("LOQUAT_TEST_")
}

/// Collects the layers, then loads them.
///
/// ```
/// use loquat_config::Layers;
/// let loaded = Layers::new().flag("realtime-max-idle-interval", "20s").load()?;
/// assert_eq!(loaded.config.realtime.max_idle_interval.as_secs(), 20);
/// # Ok::<(), loquat_config::Mistakes>(())
/// ```
#[derive(Default)]
pub struct Layers {
    load: Load,
}

impl Layers {
    /// No layers yet: the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file that has to exist (`--config`, `LOQUAT_CONFIG`).
    pub fn file(self, path: &Path) -> Self {
        match std::fs::read_to_string(path) {
            Ok(text) => self.file_text(path, &text),
            Err(error) => self.mistake(path.display().to_string(), "", format!("can't be read: {error}")),
        }
    }

    /// Reads `loquat.toml` in the working directory where there is one, else nothing.
    pub fn file_if_present(self, path: &Path) -> Self {
        if path.exists() { self.file(path) } else { self }
    }

    /// The text of a file; `path` is for messages.
    pub fn file_text(mut self, path: &Path, text: &str) -> Self {
        match file::entries(text) {
            Ok(entries) => entries.into_iter().for_each(|entry| self.file_entry(path, entry)),
            Err(error) => {
                return self.mistake(format!("{}:{}", path.display(), error.line), "", error.problem);
            }
        }
        self
    }

    /// The process's environment, or a test's; variables without our prefix are passed over.
    pub fn environment(mut self, variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        for (name, value) in variables {
            let Some(name) = name.to_str().filter(|name| name.starts_with(ENV_PREFIX)) else { continue };
            if is_reserved(name) {
                continue;
            }
            match options().find(|spec| spec.env_name() == name) {
                Some(spec) => {
                    let value = value.to_string_lossy().into_owned();
                    self.load.offer(Layer::Environment, name.to_owned(), spec, Raw::Text(value));
                }
                None => {
                    let names: Vec<_> = options().map(OptionSpec::env_name).collect();
                    let problem = unknown("variable", name, names.iter().map(String::as_str));
                    self.load.mistake(name.to_owned(), "", problem);
                }
            }
        }
        self
    }

    /// One flag, by its name without dashes (see [`OptionSpec::flag_name`]).
    pub fn flag(mut self, name: impl AsRef<str>, value: impl Into<String>) -> Self {
        let name = name.as_ref();
        match options().find(|spec| spec.flag_name() == name) {
            Some(spec) => {
                self.load.offer(Layer::Flag, format!("--{name}"), spec, Raw::Text(value.into()));
                self
            }
            None => {
                let names: Vec<_> = options().map(|spec| format!("--{}", spec.flag_name())).collect();
                let name = format!("--{name}");
                let problem = unknown("flag", &name, names.iter().map(String::as_str));
                self.mistake(name, "", problem)
            }
        }
    }

    /// Checks everything and builds the configuration.
    ///
    /// # Errors
    /// Every mistake in every layer, and every pair of values that don't go together.
    pub fn load(self) -> Result<EffectiveConfig, Mistakes> {
        self.load.finish()
    }

    /// The layers of a process: the file that `--config` or `LOQUAT_CONFIG` names, else `loquat.toml`
    /// where the working directory has one; then the process's environment. Flags are added after.
    pub fn of_process(config_flag: Option<PathBuf>) -> Self {
        let named = config_flag.or_else(|| std::env::var_os("LOQUAT_CONFIG").map(PathBuf::from));
        let layers = match named {
            Some(path) => Self::new().file(&path),
            None => Self::new().file_if_present(Path::new("loquat.toml")),
        };
        layers.environment(std::env::vars_os())
    }

    fn file_entry(&mut self, path: &Path, entry: FileEntry) {
        let place = format!("{}:{}", path.display(), entry.line);
        match options().find(|spec| spec.path == entry.path) {
            Some(spec) => self.load.offer(Layer::File, place, spec, entry.raw),
            None => {
                let problem = unknown("option", &entry.path, options().map(|spec| spec.path));
                self.load.mistake(place, &entry.path, problem);
            }
        }
    }

    fn mistake(mut self, place: String, path: &str, problem: String) -> Self {
        self.load.mistake(place, path, problem);
        self
    }
}

/// Below this similarity a suggestion would be a guess.
const NEAR: f64 = 0.75;

/// "unknown option; the nearest is …", by the nearest spelling; a key given without its section is found too.
fn unknown<'a>(what: &str, given: &str, known: impl Iterator<Item = &'a str>) -> String {
    let last = |name: &'a str| name.rsplit('.').next().unwrap_or(name);
    let score = |name: &'a str| {
        let whole = strsim::jaro_winkler(given, name);
        let within = strsim::jaro_winkler(given.rsplit('.').next().unwrap_or(given), last(name));
        whole.max(within * 0.95)
    };
    let nearest = known.map(|name| (score(name), name)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((score, name)) if score >= NEAR => format!("unknown {what}; the nearest is {name}"),
        _ => format!("unknown {what}; `loquat check --print-config` lists them all"),
    }
}

impl Config {
    /// The configuration with nothing set.
    pub fn defaults() -> Self {
        Layers::new().load().expect("the defaults are valid; a test holds them to it").config
    }

    /// For tests: a free port and this data directory, everything else as built in.
    pub fn for_test(data_dir: &Path) -> Self {
        let mut config = Self::defaults();
        config.server.listen.set_port(0);
        config.server.data_dir = data_dir.to_owned();
        config
    }
}

impl Load {
    pub(crate) fn mistake(&mut self, place: String, path: &str, problem: String) {
        self.mistakes.push(Mistake { place, path: path.to_owned(), problem });
    }
}
