//! Making the connection.

use std::{sync::Arc, time::Duration};

use async_nats::{ConnectErrorKind, ConnectOptions, Event};
use tokio::{sync::watch, time::Instant};

use super::{Link, REQUEST_TIMEOUT};
use crate::{Access, OpenError, Options, random};

/// A frozen server is noticed after two pings without an answer.
const PING_INTERVAL: Duration = Duration::from_secs(1);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const CONNECT_PAUSE: Duration = Duration::from_millis(200);
const RECONNECT_DELAY_MAX: Duration = Duration::from_secs(1);
/// Messages that may wait for a follower; what comes beyond is dropped and fetched when there is room again.
const SUBSCRIPTION_MESSAGES_MAX: usize = 4096;

impl Link {
    /// Connects with some access: the engine's own, or the system account's. Tries until `deadline`, unless a server
    /// says no.
    pub(crate) async fn connect(
        options: &Options,
        access: &Access,
        deadline: Instant,
    ) -> Result<Self, OpenError> {
        let (raise, doubts) = watch::channel(0);
        let raise = Arc::new(raise);
        let unreachable =
            |reason: String| OpenError::Unreachable { servers: options.servers.join(", "), reason };
        loop {
            let connect = with_access(ConnectOptions::new(), access).await.map_err(unreachable)?;
            let connect = with_events(with_tls(connect, options), Arc::clone(&raise));
            let error = match connect.connect(&options.servers[..]).await {
                Ok(client) => return Ok(Self { client, doubts }),
                Err(error) => error,
            };
            let refused = matches!(
                error.kind(),
                ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation
            );
            if refused || Instant::now() >= deadline {
                return Err(unreachable(error.to_string()));
            }
            tokio::time::sleep(random::jittered(CONNECT_PAUSE)).await;
        }
    }
}

async fn with_access(connect: ConnectOptions, access: &Access) -> Result<ConnectOptions, String> {
    Ok(match access {
        Access::Anonymous => connect,
        Access::Password { user, password } => connect.user_and_password(user.clone(), password.clone()),
        Access::Token(token) => connect.token(token.clone()),
        Access::CredentialsFile(path) => connect
            .credentials_file(path)
            .await
            .map_err(|error| format!("credentials {}: {error}", path.display()))?,
    })
}

fn with_tls(mut connect: ConnectOptions, options: &Options) -> ConnectOptions {
    for authority in &options.tls.authorities {
        connect = connect.add_root_certificates(authority.clone());
    }
    if let Some((certificate, key)) = &options.tls.identity {
        connect = connect.add_client_certificate(certificate.clone(), key.clone());
    }
    if options.tls.required { connect.require_tls(true) } else { connect }
}

/// What does not depend on the settings; `doubts` is raised by every event.
fn with_events(connect: ConnectOptions, doubts: Arc<watch::Sender<u64>>) -> ConnectOptions {
    connect
        .name("loquat")
        .ping_interval(PING_INTERVAL)
        .connection_timeout(CONNECT_TIMEOUT)
        .request_timeout(Some(REQUEST_TIMEOUT))
        .subscription_capacity(SUBSCRIPTION_MESSAGES_MAX)
        .reconnect_delay_callback(|attempts| {
            let delay = Duration::from_millis(20).saturating_mul(1 << attempts.min(8));
            random::jittered(delay.min(RECONNECT_DELAY_MAX))
        })
        .event_callback(move |event| {
            report(&event);
            doubts.send_modify(|doubts| *doubts += 1);
            std::future::ready(())
        })
}

fn report(event: &Event) {
    match event {
        Event::Connected => tracing::info!("connected to the NATS cluster"),
        Event::Disconnected => tracing::warn!("lost the connection to the NATS cluster"),
        Event::SlowConsumer(_) => tracing::warn!("a follower fell behind the NATS cluster; it will fetch"),
        other => tracing::warn!(event = %other, "the NATS connection reports"),
    }
}
