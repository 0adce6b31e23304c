//! The engines, which outlive the nodes that run over them.

use std::{ops::Deref, sync::Arc};

use loquat_auth::{
    Authenticator, ConnectionKeySigner, Options, OsEntropy, PersonStandings, RootKey, ServerSecret,
};
use loquat_core::{
    Identity, Limits,
    feed::RingLimits,
    publish::{Publisher, prepare},
};
use loquat_log::{
    Log,
    memory::{MemoryLog, MemoryOptions},
};
use loquat_node::{Engines, Node, NodeOptions, clock::wall_ms};
use loquat_protocol::{AppId, ChannelId, ChannelName, ClientId, Data, Message, PartitionId, Serial};
use loquat_store::memory::MemoryStore;
use loquat_telemetry::{Metrics, PublishTraces};

/// A channel of the app.
pub fn channel(name: &str) -> ChannelId {
    ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted(name))
}

/// A log, a store, and how nodes over them are made.
pub struct House {
    pub log: Arc<MemoryLog>,
    pub store: Arc<MemoryStore>,
    pub options: NodeOptions,
}

impl House {
    pub fn new(partitions: u16) -> Self {
        let options = NodeOptions {
            limits: Limits::default(),
            shards: 2,
            ring: RingLimits { bytes_max: 64 << 20, age_ms_max: 120_000 },
            retention_ms: 3_600_000,
            rooms_retention_ms: None,
            upkeep_every_ms: 50,
            readers: 1,
            traces: PublishTraces::off(),
        };
        let log = MemoryLog::new(MemoryOptions { partitions, ..MemoryOptions::default() });
        Self { log: Arc::new(log), store: Arc::new(MemoryStore::new()), options }
    }

    /// Rings that hold nothing, so that what is old is in history only.
    pub fn without_rings(mut self) -> Self {
        self.options.ring = RingLimits { bytes_max: 0, age_ms_max: 0 };
        self
    }

    pub fn start(&self, people: Option<Arc<dyn PersonStandings>>) -> Running {
        let secret = ServerSecret::from_bytes([7; 32]);
        let options = Options { root_key: RootKey::parse("app.root:secret"), ..Options::default() };
        let directory = Arc::clone(&self.store) as _;
        let auth = Authenticator::new(directory, Arc::new(OsEntropy), &secret, options, wall_ms()).unwrap();
        people.into_iter().for_each(|people| auth.set_people(people));
        let engines = Engines {
            log: Arc::clone(&self.log) as _,
            projection: Arc::clone(&self.store) as _,
            history: Arc::clone(&self.store) as _,
        };
        let (keys, metrics) = (ConnectionKeySigner::new(&secret), Arc::new(Metrics::new("test")));
        let node = Node::start(self.options.clone(), engines, Arc::new(auth), keys, metrics).unwrap();
        Running { node, runtime: tokio::runtime::Builder::new_current_thread().build().unwrap() }
    }

    /// What is left of the log when the process is gone.
    pub fn reopen_log(&mut self) {
        self.log = Arc::new(self.log.crash());
    }

    /// The oldest entry that the log holds.
    pub fn first_seq(&self, partition: u16) -> u64 {
        self.log.head(PartitionId(partition)).unwrap().first_seq
    }
}

/// A node, stopped at the end.
pub struct Running {
    pub node: Arc<Node>,
    runtime: tokio::runtime::Runtime,
}

impl Running {
    /// Publishes a text and waits until it is durable.
    pub fn publish(&self, name: &str, text: &str) -> Serial {
        let channel = channel(name);
        let identity = Identity::Named(ClientId::from_trusted("server"));
        let publisher =
            Publisher { identity: &identity, connection_id: None, base_id: text, user_claim: None };
        let message = Message { data: Data::Text(text.to_owned()), ..Message::default() };
        let publish = prepare(&channel, publisher, vec![message], self.node.limits()).unwrap();
        let appended = self.runtime.block_on(self.node.publish(channel, publish)).unwrap();
        appended.expect("it is stored").serial
    }
}

impl Deref for Running {
    type Target = Arc<Node>;
    fn deref(&self) -> &Arc<Node> {
        &self.node
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.node.stop();
    }
}
