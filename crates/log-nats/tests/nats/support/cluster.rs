//! Some servers that belong together, in a folder that goes with them.

use std::time::Duration;

use loquat_log_nats::{Access, NatsLog, Options, SyncCheck};
use tempfile::TempDir;

use super::{
    monitor,
    server::{Server, Sync, free_ports},
    wait_until,
};

/// Accounts of a cluster; each is a world of its own, so that logs don't see each other.
const ACCOUNTS: usize = 64;

/// Servers on loopback, 1 or more.
pub struct Cluster {
    pub servers: Vec<Server>,
    _folder: TempDir,
}

impl Cluster {
    /// Starts so many servers.
    pub fn start(count: usize, sync: Sync) -> Self {
        let folder = tempfile::Builder::new().prefix("loquat-nats-").tempdir().expect("a folder");
        let ports = free_ports(count * 3);
        let (routes, ports) = ports.split_at(count);
        let accounts: String = (0..ACCOUNTS)
            .map(|at| format!("A{at} {{ jetstream: enabled, users: [{{ user: a{at}, password: p }}] }}\n"))
            .collect();
        let urls: Vec<_> = routes.iter().map(|port| format!("nats://127.0.0.1:{port}")).collect();
        let mut servers: Vec<Server> = (0..count)
            .map(|at| {
                let store = folder.path().join(format!("store-{at}"));
                let sync = if sync == Sync::Always { "sync_interval: always," } else { "" };
                let cluster = format!(
                    "cluster {{ name: test, pool_size: -1, listen: \"127.0.0.1:{}\", routes: [{}] }}",
                    routes[at],
                    urls.join(", ")
                );
                let rest = format!(
                    "jetstream {{ store_dir: {store:?}, {sync} max_mem: 64M, max_file: 1G }}\n{}\n\
                     accounts {{ {accounts} SYS {{ users: [{{ user: s, password: p }}] }} }}\nsystem_account: SYS",
                    if count > 1 { &cluster } else { "" }
                );
                Server::new(folder.path(), &format!("s{at}"), ports[at * 2], ports[at * 2 + 1], &rest)
            })
            .collect();
        // At the same time, or the first ones waste an election before the others are there.
        servers.iter_mut().for_each(Server::start);
        servers.iter_mut().for_each(Server::wait_until_up);
        let cluster = Self { servers, _folder: folder };
        cluster.wait_until_healthy(Duration::from_secs(40));
        cluster
    }

    /// Waits until every server has found the others and has what it should have.
    pub fn wait_until_healthy(&self, patience: Duration) {
        wait_until("the cluster is healthy", patience, || self.servers.iter().all(monitor::is_healthy));
    }

    /// Which server leads a stream.
    pub fn leader(&self, account: usize, stream: &str) -> usize {
        let mut leader = None;
        wait_until("a stream has a leader", Duration::from_secs(40), || {
            let names = self.servers.iter().filter_map(|server| monitor::leader(server, account, stream));
            let names: Vec<_> = names.collect();
            let agreed = names.iter().all(|name| *name == names[0]);
            leader =
                names.first().and_then(|name| self.servers.iter().position(|server| server.name == *name));
            leader.is_some() && agreed
        });
        leader.expect("it was found")
    }

    /// Settings for a log in one of the accounts.
    pub fn options(&self, account: usize, partitions: u16) -> Options {
        assert!(account < ACCOUNTS, "more accounts are used than there are");
        Options {
            servers: self.servers.iter().map(|server| format!("nats://127.0.0.1:{}", server.port)).collect(),
            access: password(&format!("a{account}")),
            sync_check: SyncCheck::System(password("s")),
            partitions,
            replicas: if self.servers.len() > 1 { 3 } else { 1 },
            open_deadline: Duration::from_secs(40),
            ..Options::default()
        }
    }

    /// Opens a log.
    pub fn open(&self, account: usize, partitions: u16) -> NatsLog {
        NatsLog::open(self.options(account, partitions)).expect("the log opens")
    }

    /// The addresses of the monitoring ports.
    pub fn monitors(&self) -> Vec<String> {
        self.servers.iter().map(|server| format!("http://127.0.0.1:{}", server.monitor_port)).collect()
    }
}

fn password(user: &str) -> Access {
    Access::Password { user: user.to_owned(), password: "p".to_owned() }
}
