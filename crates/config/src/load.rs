//! From checked values to a typed configuration.

use std::collections::{BTreeMap, BTreeSet};

use crate::check;
use crate::section::{Section, Values};
use crate::sections::{Accounts, Chat, Limits, Log, Realtime, Retention, Server, Telemetry, Tls};
use crate::setting::Raw;
use crate::spec::OptionSpec;
use crate::{Layer, Mistake, Mistakes, RootKey};

/// The configuration of a node; immutable once it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The node itself: the keys at the top of the file.
    pub server: Server,
    /// `[tls]`
    pub tls: Tls,
    /// `[accounts]`
    pub accounts: Accounts,
    /// `[chat]`
    pub chat: Chat,
    /// `[realtime]`
    pub realtime: Realtime,
    /// `[limits]`
    pub limits: Limits,
    /// `[retention]`
    pub retention: Retention,
    /// `[log]`
    pub log: Log,
    /// `[telemetry]`
    pub telemetry: Telemetry,
}

/// A configuration and where each of its values came from.
#[derive(Clone, Debug)]
pub struct EffectiveConfig {
    /// The configuration.
    pub config: Config,
    origins: BTreeMap<&'static str, Layer>,
}

impl Config {
    /// The app whose channels are the rooms.
    pub fn chat_app(&self) -> &str {
        let root = self.server.root_key.as_ref().map(RootKey::app_id);
        self.chat.app.as_deref().or(root).unwrap_or("app")
    }
}

impl EffectiveConfig {
    /// The layer that an option's value came from.
    pub fn origin(&self, path: &str) -> Layer {
        self.origins.get(path).copied().unwrap_or(Layer::Default)
    }
}

/// What the layers have given so far.
#[derive(Default)]
pub(crate) struct Load {
    winners: BTreeMap<&'static str, (Layer, Raw)>,
    refused: BTreeSet<&'static str>,
    pub(crate) mistakes: Vec<Mistake>,
}

impl Load {
    /// Takes a value from a layer; checks it whether or not it wins.
    pub(crate) fn offer(&mut self, layer: Layer, place: String, spec: &'static OptionSpec, raw: Raw) {
        if let Err(problem) = (spec.check)(&raw, spec) {
            self.refused.insert(spec.path);
            self.mistakes.push(Mistake { place, path: spec.path.to_owned(), problem });
            return;
        }
        let wins = self.winners.get(spec.path).is_none_or(|(current, _)| *current <= layer);
        if wins {
            self.winners.insert(spec.path, (layer, raw));
        }
    }

    /// Builds the configuration, then holds its values against each other where all of them are sound.
    pub(crate) fn finish(mut self) -> Result<EffectiveConfig, Mistakes> {
        let origins = self.winners.iter().map(|(path, (layer, _))| (*path, *layer)).collect();
        let config = Config {
            server: Server::read(&mut self),
            tls: Tls::read(&mut self),
            accounts: Accounts::read(&mut self),
            chat: Chat::read(&mut self),
            realtime: Realtime::read(&mut self),
            limits: Limits::read(&mut self),
            retention: Retention::read(&mut self),
            log: Log::read(&mut self),
            telemetry: Telemetry::read(&mut self),
        };
        check::together(&config, &self.refused, &mut self.mistakes);
        if self.mistakes.is_empty() {
            Ok(EffectiveConfig { config, origins })
        } else {
            Err(Mistakes(self.mistakes))
        }
    }
}

impl Values for Load {
    fn winner(&mut self, spec: &'static OptionSpec) -> Option<Raw> {
        let given = self.winners.get(spec.path).map(|(_, raw)| raw.clone());
        given.or_else(|| spec.default.map(|text| Raw::Text(text.to_owned())))
    }
}
