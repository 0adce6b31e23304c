//! From the configuration to running parts: the only place that names engines.

mod log;

use std::sync::Arc;

use loquat_auth::{Authenticator, ConnectionKeySigner, Options as AuthOptions, OsEntropy, RootKey};
use loquat_config::Config;
use loquat_core::{Limits, feed::RingLimits};
use loquat_gateway::{ListenerOptions, Network, TrustedProxies, budget::BudgetLimits};
use loquat_node::{Engines, Node, NodeOptions, clock::wall_ms};
use loquat_store_sqlite::SqliteStore;
use loquat_telemetry::{Metrics, PublishTraces, TraceOptions};

pub use self::log::{log_options, open_log};
use crate::{data_dir::DataDir, error::CommandError};

/// Opens the store of a data directory.
///
/// # Errors
/// In words that name the file and the remedy.
pub fn open_store(data: &DataDir) -> Result<Arc<SqliteStore>, CommandError> {
    if let Some(file) = data.databases().filter(|_| data.meta.version > 1).find(|file| !file.exists()) {
        return Err(CommandError::failed(format!("{}: is missing; restore a backup", file.display())));
    }
    let store = SqliteStore::open(data.path(), &loquat_store_sqlite::Options::default());
    store.map(Arc::new).map_err(CommandError::failed)
}

/// Apps and keys.
///
/// # Errors
/// When the directory cannot be read.
pub fn authenticator(
    config: &Config,
    data: &DataDir,
    store: Arc<SqliteStore>,
) -> Result<Arc<Authenticator>, CommandError> {
    let root_key = match &config.server.root_key {
        Some(key) => {
            let text = format!("{}:{}", key.name(), key.secret().reveal());
            Some(
                RootKey::parse(&text)
                    .ok_or_else(|| CommandError::failed("root_key: is not of the form app.key:secret"))?,
            )
        }
        None => None,
    };
    let options = AuthOptions { root_key, ..AuthOptions::default() };
    let authenticator =
        Authenticator::new(store, Arc::new(OsEntropy), &data.server_secret(), options, wall_ms());
    authenticator.map(Arc::new).map_err(CommandError::failed)
}

/// The bounds of connections and channels.
fn limits(config: &Config, data: &DataDir) -> Limits {
    let realtime = &config.realtime;
    let ms = |duration: std::time::Duration| duration.as_millis() as u64;
    Limits {
        message_bytes_max: realtime.max_message_bytes.as_usize(),
        frame_bytes_max: realtime.max_frame_bytes.as_usize(),
        messages_per_frame_max: realtime.max_messages_per_frame as usize,
        inbound_rate_max: realtime.max_inbound_rate_per_second,
        in_flight_max: realtime.max_in_flight_per_connection as usize,
        channels_max: realtime.max_channels_per_connection as usize,
        members_per_connection_max: realtime.max_presence_members_per_connection as usize,
        members_per_channel_max: realtime.max_presence_members_per_channel as usize,
        presence_bytes_per_channel_max: realtime.max_presence_bytes_per_channel.as_usize(),
        control_bytes_max: realtime.max_control_bytes.as_usize(),
        stalled_ms_max: ms(realtime.slow_reader_timeout),
        idle_interval_ms: ms(realtime.max_idle_interval),
        connection_state_ttl_ms: ms(realtime.connection_state_ttl),
        presence_grace_ms: ms(realtime.presence_grace),
        server_id: data.meta.instance.chars().take(8).collect(),
        dedupe_secret: data.dedupe_secret(),
        ..Limits::default()
    }
}

/// Starts the node over its engines.
///
/// # Errors
/// When an engine cannot be opened.
pub fn start_node(
    config: &Config,
    data: &DataDir,
    store: &Arc<SqliteStore>,
    metrics: Arc<Metrics>,
) -> Result<Arc<Node>, CommandError> {
    let log = open_log(config, data)?;
    log::check_agreement(&*log, store, data)?;
    let authenticator = authenticator(config, data, Arc::clone(store))?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let options = NodeOptions {
        limits: limits(config, data),
        shards: if config.server.shards == 0 { cores } else { config.server.shards as usize },
        ring: RingLimits {
            bytes_max: config.realtime.recent_bytes_per_partition.as_usize(),
            age_ms_max: config.realtime.recent_age.as_millis() as u64,
        },
        retention_ms: config.retention.messages.as_millis() as u64,
        rooms_retention_ms: config.retention.rooms.map(|kept| kept.as_millis() as u64),
        upkeep_every_ms: 30_000,
        readers: 2,
        traces: traces(config)?,
    };
    let engines = Engines { log, projection: Arc::clone(store) as _, history: Arc::clone(store) as _ };
    let keys = ConnectionKeySigner::new(&data.server_secret());
    Node::start(options, engines, authenticator, keys, metrics)
        .map_err(CommandError::about(data.log_file().display()))
}

/// Where traces of publishes go.
fn traces(config: &Config) -> Result<PublishTraces, CommandError> {
    let Some(endpoint) = config.telemetry.otlp_endpoint.clone() else { return Ok(PublishTraces::off()) };
    let ratio = config.telemetry.trace_ratio.0;
    let options = TraceOptions { endpoint, ratio, version: env!("CARGO_PKG_VERSION").to_owned() };
    PublishTraces::start(&options).map_err(CommandError::about("telemetry.otlp_endpoint"))
}

/// How the listener behaves.
pub fn listener_options(config: &Config, debug_echo: bool) -> ListenerOptions {
    let limits = &config.limits;
    ListenerOptions {
        budget: BudgetLimits {
            connections_max: limits.max_connections as usize,
            connections_per_address_max: limits.max_connections_per_address as usize,
            handshakes_per_address_per_second: limits.max_handshakes_per_address_per_second,
        },
        handshake_timeout: limits.handshake_timeout,
        stall_timeout: limits.http_stall_timeout,
        head_bytes_max: 64 * 1024,
        debug_echo,
    }
}

/// The proxies whose word about their clients is taken.
pub fn trusted_proxies(config: &Config) -> TrustedProxies {
    let networks = config.server.trusted_proxies.iter();
    TrustedProxies::new(
        networks.map(|network| Network::new(network.address(), network.prefix_bits())).collect(),
    )
}
