//! `loquat serve` with the log in NATS JetStream, one server of it.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::support::{KEY, Server, run, text, wait_for};

/// A nats-server with its data in a folder; killed when dropped.
struct Nats {
    child: Child,
    url: String,
    monitor: String,
}

/// The server's program: `NATS_SERVER`, or where the scripts have installed it.
fn program() -> PathBuf {
    let told = ["LOQUAT_NATS_SERVER", "NATS_SERVER"].into_iter().filter_map(env::var_os).map(PathBuf::from);
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")));
    let tools = cache.and_then(|cache| fs::read_dir(cache.join("loquat/tools")).ok());
    let installed = tools.into_iter().flatten().flatten().map(|folder| folder.path().join("bin/nats-server"));
    let found = told.chain(installed).find(|path| path.exists());
    found.expect("a nats-server: run scripts/install-nats-server, or set NATS_SERVER")
}

impl Nats {
    fn start(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        // Both are held until both are found.
        let sockets = [0, 1].map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port"));
        let [port, monitor] = sockets.each_ref().map(|socket| socket.local_addr().unwrap().port());
        drop(sockets);
        let config = folder.join("nats.conf");
        let store = folder.join("jetstream");
        let words = format!(
            "server_name: one\nlisten: 127.0.0.1:{port}\nhttp: 127.0.0.1:{monitor}\n\
             jetstream {{ store_dir: \"{}\", sync_interval: always }}\n",
            store.display()
        );
        fs::write(&config, words).unwrap();
        let mut command = Command::new(program());
        command.arg("-c").arg(&config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("nats-server starts");
        wait_for("nats-server", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        Self {
            child,
            url: format!("nats://127.0.0.1:{port}"),
            monitor: format!("http://127.0.0.1:{monitor}"),
        }
    }

    fn flags(&self) -> Vec<&str> {
        let mut flags = vec!["--root-key", KEY, "--log-engine", "nats", "--log-nats-replicas", "1"];
        flags.extend([
            "--log-partitions",
            "4",
            "--log-nats-servers",
            &self.url,
            "--log-nats-monitors",
            &self.monitor,
        ]);
        flags
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        // It is gone afterwards, or was before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn one_node_serves_from_a_cluster_and_loses_nothing_when_killed() {
    let dir = tempfile::tempdir().unwrap();
    let nats = Nats::start(&dir.path().join("nats"));
    let data = dir.path().join("data");
    let server = Server::start_with(&data, &nats.flags());
    let mut client = server.realtime();
    client.attach("one", None);
    let mut http = server.http();
    let serials: Vec<_> = (0..20).map(|number| http.publish("one", &format!("message {number}"))).collect();
    assert!(serials.is_sorted(), "{serials:?}");
    let expected: Vec<_> = (0..20).map(|number| format!("message {number}")).collect();
    assert_eq!(client.messages(20), expected);
    server.kill();

    let server = Server::start_with(&data, &nats.flags());
    let history = server.http().history("one");
    assert_eq!(history.iter().map(|m| m["serial"].as_str().unwrap()).collect::<Vec<_>>(), serials);
    let point = serials[4].split(':').next().unwrap();
    let mut client = server.realtime();
    client.attach("one", Some(point));
    assert_eq!(client.messages(15), expected[5..]);
    let serial = server.http().publish("one", "after");
    assert!(serial > serials[19]);
    assert_eq!(server.stop().code, Some(0));
    assert!(!data.join("log.sqlite").exists());
}

#[test]
fn a_data_directory_stays_with_its_log() {
    let dir = tempfile::tempdir().unwrap();
    let nats = Nats::start(&dir.path().join("nats"));
    let (embedded, clustered) = (dir.path().join("embedded"), dir.path().join("clustered"));
    let server = Server::start(&embedded);
    server.http().publish("one", "message");
    assert_eq!(server.stop().code, Some(0));
    let serve = |data: &Path, flags: &[&str]| {
        run(&[&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(data)], flags].concat())
    };
    let refused = serve(&embedded, &nats.flags());
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("this data directory keeps its own log"), "{refused:?}");

    let server = Server::start_with(&clustered, &nats.flags());
    server.http().publish("one", "message");
    assert_eq!(server.stop().code, Some(0));
    let refused = serve(&clustered, &["--root-key", KEY]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("Store and log are not of one directory"), "{refused:?}");
}
