//! `loquat serve`.

use std::{process::ExitCode, sync::Arc, time::Duration};

use loquat_config::{Config, LogFormat, Role};
use loquat_gateway::{Certificates, Listener, State};
use loquat_node::{Node, clock::wall_ms};
use loquat_protocol::{AppId, Capability};
use loquat_telemetry::{Metrics, logging};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

use crate::{
    chat::{ChatProduct, set_up_link},
    data_dir::DataDir,
    error::CommandError,
    terminal::say,
    wire,
};

/// How often certificate files are looked at.
const CERTIFICATES_EVERY: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// What kept it from starting.
pub fn run(config: &Config, debug_echo: bool) -> Result<ExitCode, CommandError> {
    loquat_node::system::give_back_freed_memory();
    let format = match config.server.log_format {
        LogFormat::Text => logging::Format::Text,
        LogFormat::Json => logging::Format::Json,
    };
    check_roles(config)?;
    let _logs = logging::init(format, &config.server.log_filter).map_err(CommandError::failed)?;
    raise_file_limit();
    let mut data = DataDir::open(&config.server.data_dir, config.log.partitions as u16, true)?;
    let metrics = Arc::new(Metrics::new(env!("CARGO_PKG_VERSION")));
    let store = wire::open_store(&data)?;
    data.raise_version()?;
    let node = wire::start_node(config, &data, &store, metrics)?;
    let chat = ChatProduct::start(config, &node, Arc::clone(store.people()) as _)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(std::thread::available_parallelism().map_or(1, usize::from).min(4))
        .thread_name("gateway")
        .enable_all()
        .build()
        .map_err(CommandError::failed)?;
    let outcome = runtime.block_on(serve(config, &node, &chat, debug_echo));
    runtime.shutdown_timeout(Duration::from_secs(1));
    chat.stop();
    node.stop();
    node.traces().flush();
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(
    config: &Config,
    node: &Arc<Node>,
    chat: &ChatProduct,
    debug_echo: bool,
) -> Result<(), CommandError> {
    let mut signals = Signals::take()?;
    let certificates = match config.tls.files() {
        Some((cert, key)) => {
            Some(Arc::new(Certificates::load(cert, key).map_err(CommandError::about("tls"))?))
        }
        None => None,
    };
    let state = State::new(Arc::clone(node), config.server.sandbox);
    let options = wire::listener_options(config, debug_echo);
    let address = config.server.listen;
    let listener = Listener::bind(address, state, options, certificates.clone())
        .map_err(CommandError::about(format!("listen {address}: cannot be bound")))?
        .behind(wire::trusted_proxies(config))
        .with_site(chat.site());
    let bound = listener.address().map_err(CommandError::failed)?;
    let (stop, stopped) = watch::channel(false);
    let metrics_server = match config.server.metrics_listen {
        Some(address) => {
            Some(super::metrics::serve(address, Arc::clone(node.metrics()), stopped.clone()).await?)
        }
        None => None,
    };
    let reload = certificates.map(|certificates| tokio::spawn(reload(certificates, stopped.clone())));
    let grace =
        config.server.shutdown_timeout.saturating_sub(Duration::from_secs(2)).max(Duration::from_millis(100));
    let running = tokio::spawn(listener.run(stopped, grace));
    greet(config, node, chat, bound)?;
    tracing::info!(address = %bound, "ready");
    signals.wait().await;
    tracing::info!("stopping: clients are told to reconnect");
    node.drain();
    stop.send_replace(true);
    drop(tokio::time::timeout(config.server.shutdown_timeout, running).await);
    drop(tokio::time::timeout(Duration::from_secs(2), drained(node)).await);
    for task in [metrics_server, reload].into_iter().flatten() {
        task.abort();
    }
    Ok(())
}

/// Waits until no connection is open any more.
async fn drained(node: &Node) {
    while node.metrics().connections_open.get() > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What a person needs first. The first key of a new data directory is made here and shown once, to the terminal only.
fn greet(
    config: &Config,
    node: &Node,
    chat: &ChatProduct,
    bound: std::net::SocketAddr,
) -> Result<(), CommandError> {
    let scheme = if config.tls.files().is_some() { "https" } else { "http" };
    say(&format!("Loquat {} listens on {scheme}://{bound}", env!("CARGO_PKG_VERSION")));
    let authenticator = node.authenticator();
    let keys = authenticator.keys().map_err(CommandError::failed)?;
    if config.server.root_key.is_none() && keys.is_empty() {
        let app = AppId::from_trusted(config.chat_app());
        let key = authenticator.create_key(&app, &Capability::everything(), wall_ms());
        let key = key.map_err(CommandError::failed)?;
        let text = format!("{}:{}", key.name, key.secret);
        say(&format!("First API key, shown once: {text}"));
        say("Try it:");
        say(&format!(
            "  curl -u '{text}' {scheme}://{bound}/channels/hello/messages -H 'content-type: application/json' -d '{{\"name\":\"greeting\",\"data\":\"hello\"}}'"
        ));
    }
    if let Some(code) = chat.set_up_code()? {
        say("Nobody administers this server yet. Make the first account here:");
        say(&format!("  {}", set_up_link(config, bound, &code)));
    }
    Ok(())
}

async fn reload(certificates: Arc<Certificates>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(CERTIFICATES_EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
        match certificates.reload_if_changed() {
            Ok(true) => tracing::info!("the certificate was read again"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the new certificate cannot be used; the old one stays"),
        }
    }
}

/// The signals that end the node. Taken before anything listens: until then they would end the process unasked.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn take() -> Result<Self, CommandError> {
        Ok(Self {
            terminate: signal(SignalKind::terminate()).map_err(CommandError::failed)?,
            interrupt: signal(SignalKind::interrupt()).map_err(CommandError::failed)?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// A server needs a file per connection: the soft limit is raised to the hard one.
fn raise_file_limit() {
    match loquat_node::system::raise_file_limit() {
        Ok(files) if files < 4_096 => {
            tracing::warn!(files, "few files may be open: few connections are possible; raise ulimit -n")
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of open files cannot be raised"),
    }
}

/// The embedded engines are one process, so its roles cannot be spread.
fn check_roles(config: &Config) -> Result<(), CommandError> {
    let all = [Role::Gateway, Role::Api, Role::Worker];
    if all.iter().all(|role| config.server.roles.contains(role)) {
        return Ok(());
    }
    Err(CommandError::Roles)
}
