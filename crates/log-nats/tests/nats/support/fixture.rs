//! Logs for the laws.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use loquat_log::{
    Log,
    laws::{LogFixture, TestLog, WindowClock},
};
use loquat_log_nats::{NatsLog, Options};

use super::{Cluster, Sync};

const QUEUE_BYTES_MAX: usize = 1 << 20;
const WINDOW: Duration = Duration::from_secs(600);

/// Makes logs on servers of its own.
pub struct NatsFixture {
    cluster: Arc<Cluster>,
    accounts: AtomicUsize,
    histories: u32,
}

impl NatsFixture {
    /// Starts so many servers.
    pub fn start(servers: usize, histories: u32) -> Self {
        let cluster = Arc::new(Cluster::start(servers, Sync::Always));
        Self { cluster, accounts: AtomicUsize::new(0), histories }
    }
}

impl LogFixture for NatsFixture {
    fn open(&self, partitions: u16) -> Box<dyn TestLog> {
        let options = Options {
            queue_bytes_max: QUEUE_BYTES_MAX,
            idempotency_window: WINDOW,
            ..self.cluster.options(self.accounts.fetch_add(1, Relaxed), partitions)
        };
        let log = NatsLog::open(options.clone()).expect("the log opens");
        // The log may outlive the fixture, the servers may not end before the log.
        Box::new(Opened { log: Some(Arc::new(log)), options, _cluster: Arc::clone(&self.cluster) })
    }

    fn window(&self) -> WindowClock {
        WindowClock::Entries(u64::try_from(WINDOW.as_millis()).expect("a short window"))
    }

    fn queue_bytes_max(&self) -> usize {
        QUEUE_BYTES_MAX
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(40)
    }

    fn histories(&self) -> u32 {
        self.histories
    }
}

struct Opened {
    /// Taken only to be replaced.
    log: Option<Arc<NatsLog>>,
    options: Options,
    _cluster: Arc<Cluster>,
}

impl Opened {
    fn nats(&self) -> &Arc<NatsLog> {
        self.log.as_ref().expect("it is open")
    }
}

impl TestLog for Opened {
    fn log(&self) -> Arc<dyn Log> {
        self.nats().clone()
    }

    fn crash(&mut self) {
        self.log = None;
        self.log = Some(Arc::new(NatsLog::open(self.options.clone()).expect("the log opens again")));
    }

    fn raise_epoch(&mut self) -> bool {
        self.nats().raise_epoch().expect("a new epoch");
        true
    }
}
