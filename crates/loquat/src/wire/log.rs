//! The log's engines, and that a log and a store belong together.

use std::{path::PathBuf, sync::Arc};

use loquat_config::{Config, LogEngine};
use loquat_log::{Head, Log};
use loquat_log_nats::{Access, NatsLog, SyncCheck, Tls};
use loquat_log_sqlite::{Span, SqliteLog};
use loquat_protocol::PartitionId;
use loquat_store_sqlite::SqliteStore;

use crate::{data_dir::DataDir, error::CommandError, hold::HoldableLog, inspect};

/// Opens the log that the configuration names.
///
/// # Errors
/// In words that name the file and the remedy.
pub fn open_log(config: &Config, data: &DataDir) -> Result<Arc<dyn Log>, CommandError> {
    match config.log.engine {
        LogEngine::Sqlite => {
            let options = log_options(config, data.log_file(), data.meta.partitions);
            let log = SqliteLog::open(options).map_err(CommandError::failed)?;
            Ok(Arc::new(HoldableLog::new(log, data.path())?))
        }
        LogEngine::Nats => {
            let file = data.log_file();
            if file.exists() {
                return Err(CommandError::failed(format!(
                    "{}: this data directory keeps its own log, and log.engine is nats; give --data-dir another one",
                    file.display()
                )));
            }
            Ok(Arc::new(NatsLog::open(nats_options(config, data)).map_err(CommandError::failed)?))
        }
    }
}

/// How the embedded log is opened.
pub fn log_options(config: &Config, file: PathBuf, partitions: u16) -> loquat_log_sqlite::Options {
    let mut options = loquat_log_sqlite::Options::new(file);
    options.partitions = partitions;
    options.window.span_ms = config.log.idempotency_window.as_millis() as u64;
    options.window.ids_max = config.log.max_idempotency_ids as usize;
    options.gather_max = config.log.max_commit_wait;
    options.queue_bytes_max = config.log.max_queue_bytes.as_usize();
    options.on_fatal = Arc::new(|reason| {
        tracing::error!(reason, "{}", loquat_log_sqlite::FATAL);
        loquat_telemetry::logging::abort()
    });
    options
}

/// How the cluster's log is opened.
fn nats_options(config: &Config, data: &DataDir) -> loquat_log_nats::Options {
    let log = &config.log;
    let identity = log.nats_cert_file.clone().zip(log.nats_key_file.clone());
    loquat_log_nats::Options {
        servers: log.nats_servers.clone(),
        access: log.nats_credentials_file.clone().map_or(Access::Anonymous, Access::CredentialsFile),
        tls: Tls {
            authorities: log.nats_ca_file.iter().cloned().collect(),
            identity,
            required: log.nats_tls_required,
        },
        sync_check: match log.nats_monitors.is_empty() {
            true => SyncCheck::Unverified,
            false => SyncCheck::Monitors(log.nats_monitors.clone()),
        },
        partitions: data.meta.partitions,
        replicas: log.nats_replicas as u8,
        idempotency_window: log.idempotency_window,
        queue_bytes_max: log.max_queue_bytes.as_usize(),
        ..loquat_log_nats::Options::default()
    }
}

/// That the store is a projection of this log: not ahead of it, and not behind what it still holds.
///
/// # Errors
/// In words that say what to do.
pub fn check_agreement(log: &dyn Log, store: &SqliteStore, data: &DataDir) -> Result<(), CommandError> {
    let heads = (0..log.partitions()).map(|partition| log.head(PartitionId(partition)));
    let heads: Vec<Head> = heads.collect::<Result<_, _>>().map_err(CommandError::failed)?;
    let span = |head: &Head| Span {
        first_seq: head.first_seq,
        head_seq: head.serial.seq,
        epoch: head.epochs.last().map_or(1, |start| start.epoch),
    };
    let cursors = inspect::cursors(store, log.partitions())?;
    match inspect::disagreements(&cursors, &heads.iter().map(span).collect::<Vec<_>>()).first() {
        None => Ok(()),
        Some(problem) => Err(CommandError::failed(format!(
            "{}: {problem}. Store and log are not of one directory or one moment: restore a backup",
            data.path().display()
        ))),
    }
}
