//! Why a command failed, and with which exit code.

use loquat_config::Mistakes;

/// A command's failure.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The configuration is wrong: a line per mistake.
    #[error("{0}")]
    Configuration(#[from] Mistakes),
    /// Roles that this release cannot serve apart.
    #[error(
        "configuration: roles: this release serves gateway, api and worker in one process; give all three or leave roles out"
    )]
    Roles,
    /// Something else, in words that name the value and the remedy.
    #[error("loquat: {0}")]
    Failed(String),
}

impl CommandError {
    /// A failure in words.
    pub fn failed(words: impl std::fmt::Display) -> Self {
        Self::Failed(words.to_string())
    }

    /// A failure with what it was about in front.
    pub fn about<E: std::fmt::Display>(what: impl std::fmt::Display) -> impl FnOnce(E) -> Self {
        move |error| Self::Failed(format!("{what}: {error}"))
    }

    /// 2 for a wrong configuration, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Configuration(_) | Self::Roles => loquat_config::EXIT_CODE,
            Self::Failed(_) => 1,
        }
    }
}
