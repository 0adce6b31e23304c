//! Opening: the version and the durability of the servers, the control bucket, the streams.

pub(crate) mod control;
mod durability;
mod streams;

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, TryStreamExt, stream};
use loquat_log::{LogError, LogErrorKind};
use loquat_protocol::PartitionId;
use tokio::time::Instant;

use self::control::{LAYOUT_VERSION, LogRecord};
pub(crate) use self::streams::partition_config;
use crate::{
    OpenError, Options, SyncCheck,
    link::{Failure, Link},
    partition::Partition,
    wire::refusal,
};

/// Streams that are made or checked at the same time.
const AT_ONCE: usize = 8;
const RETRY_PAUSE: Duration = Duration::from_millis(200);

/// An open cluster.
pub(crate) struct Opened {
    pub partitions: Vec<Arc<Partition>>,
    /// How many machines may lose power at once.
    pub power_losses_survived: u8,
}

/// Connects, verifies the servers, makes what is missing and checks what is there.
pub(crate) async fn open(options: Arc<Options>) -> Result<Opened, OpenError> {
    let settings = &*options;
    check(settings)?;
    let deadline = Instant::now() + options.open_deadline;
    let link = Arc::new(Link::connect(settings, &settings.access, deadline).await?);
    let (server, version) = link.server();
    durability::check_version(&server, &version)?;
    durability::verify(settings, deadline).await?;
    streams::ensure(&link, &streams::control_config(settings), deadline).await?;
    check_record(&link, settings, deadline).await?;
    let opening = |id| open_partition(Arc::clone(&link), Arc::clone(&options), PartitionId(id), deadline);
    let opening: Vec<_> = (0..options.partitions).map(opening).collect();
    let partitions = stream::iter(opening).buffered(AT_ONCE).try_collect().await?;
    // Synced before acknowledged on every server, so what was acknowledged is on most replicas' disks, and a loss of
    // power takes none of these.
    let verified = !matches!(options.sync_check, SyncCheck::Unverified);
    Ok(Opened { partitions, power_losses_survived: if verified { options.replicas } else { 0 } })
}

fn check(options: &Options) -> Result<(), OpenError> {
    let wrong = |why: &str| Err(OpenError::Options(why.to_owned()));
    if options.servers.is_empty() {
        return wrong("the NATS log engine needs the address of at least one server");
    }
    if !matches!(options.replicas, 1 | 3 | 5) {
        return wrong("a NATS stream has 1, 3 or 5 replicas; an even number survives no more than one less");
    }
    if !(1..=1000).contains(&options.partitions) {
        return wrong("a log on NATS has 1 to 1000 partitions");
    }
    Ok(())
}

async fn check_record(link: &Link, options: &Options, deadline: Instant) -> Result<(), OpenError> {
    let new = LogRecord { version: LAYOUT_VERSION, partitions: options.partitions };
    let found =
        retried("read the log's record", deadline, async || control::log_record(link, new).await).await?;
    if found.version > LAYOUT_VERSION {
        let reason = format!("the log has layout {}, which is newer than this program knows", found.version);
        return Err(OpenError::JetStream { doing: "open the log".to_owned(), reason });
    }
    if found.partitions != options.partitions {
        return Err(OpenError::Partitions { found: found.partitions, wanted: options.partitions });
    }
    Ok(())
}

async fn open_partition(
    link: Arc<Link>,
    options: Arc<Options>,
    id: PartitionId,
    deadline: Instant,
) -> Result<Arc<Partition>, OpenError> {
    loop {
        let opened = async {
            let partition = Partition::load(id, Arc::clone(&link)).await?;
            partition.finish_epoch(&options).await?;
            streams::ensure(&link, &partition_config(&options, id, partition.epoch()), deadline).await?;
            partition.last_seq().await?;
            Ok(Arc::new(partition))
        };
        match opened.await {
            // A stream that was just made may still elect its leader.
            Err(OpenError::Log(LogError { kind: LogErrorKind::Unavailable, .. }))
                if Instant::now() < deadline =>
            {
                tokio::time::sleep(RETRY_PAUSE).await;
            }
            done => return done,
        }
    }
}

/// Repeats a request while the cluster is electing leaders.
pub(crate) async fn retried<T>(
    doing: &str,
    deadline: Instant,
    mut request: impl AsyncFnMut() -> Result<T, Failure>,
) -> Result<T, OpenError> {
    loop {
        let failure = match request().await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        let electing = match &failure {
            Failure::Lost(_) => true,
            Failure::Refused(error) => error.code == 503 || error.err_code == refusal::NO_META_LEADER,
            Failure::Garbled(_) => false,
        };
        if !electing || Instant::now() >= deadline {
            return Err(OpenError::JetStream { doing: doing.to_owned(), reason: failure.to_string() });
        }
        tokio::time::sleep(RETRY_PAUSE).await;
    }
}
