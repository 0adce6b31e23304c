//! Whether the servers are new enough and write to disk before they acknowledge.

use std::time::Duration;

use futures_util::StreamExt;
use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::Instant,
};

use crate::{Access, OpenError, Options, SyncCheck, link::Link};

/// The first release that syncs once per replicated batch instead of once per message and replica.
const VERSION_MIN: (u32, u32) = (2, 15);
/// How long servers may take to say how they are set up.
const ANSWER_MAX: Duration = Duration::from_secs(3);
/// The longest answer of a monitoring port.
const MONITOR_BYTES_MAX: u64 = 1 << 20;

/// What a server says of its JetStream.
#[derive(Debug, Deserialize)]
struct Jsz {
    config: Option<JszConfig>,
    meta_cluster: Option<MetaCluster>,
}

#[derive(Debug, Deserialize)]
struct JszConfig {
    #[serde(default)]
    sync_always: bool,
}

#[derive(Debug, Deserialize)]
struct MetaCluster {
    #[serde(default)]
    cluster_size: usize,
}

/// A server's answer to the system account.
#[derive(Debug, Deserialize)]
struct Answer {
    server: Server,
    data: Option<Jsz>,
}

#[derive(Debug, Deserialize)]
struct Server {
    name: String,
    #[serde(default)]
    ver: String,
}

/// Refuses a server that is too old.
pub(super) fn check_version(server: &str, version: &str) -> Result<(), OpenError> {
    let mut numbers = version.trim_start_matches('v').split(['.', '-']).map(|part| part.parse::<u32>().ok());
    let found = (numbers.next().flatten().unwrap_or(0), numbers.next().flatten().unwrap_or(0));
    if found < VERSION_MIN {
        return Err(OpenError::Version { server: server.to_owned(), found: version.to_owned() });
    }
    Ok(())
}

/// Makes sure, in the way that the settings name, that every server that can be asked syncs before it acknowledges.
pub(super) async fn verify(options: &Options, deadline: Instant) -> Result<(), OpenError> {
    match &options.sync_check {
        SyncCheck::System(access) => verify_by_system(options, access, deadline).await,
        SyncCheck::Monitors(monitors) => verify_by_monitors(monitors).await,
        SyncCheck::Unverified => {
            tracing::warn!("not verified that the NATS servers sync before they acknowledge");
            Ok(())
        }
    }
}

async fn verify_by_system(options: &Options, access: &Access, deadline: Instant) -> Result<(), OpenError> {
    let unknown = |why: &str| OpenError::SyncUnknown(why.to_owned());
    let link = Link::connect(options, access, deadline).await?;
    let asked = link.request_many("$SYS.REQ.SERVER.PING.JSZ".to_owned(), "{}".into()).await;
    let mut answers = asked.map_err(|_| unknown("the connection of the system account was lost"))?;
    let (mut answered, mut expected) = (0, 1);
    let waiting = tokio::time::sleep(ANSWER_MAX);
    tokio::pin!(waiting);
    while answered < expected {
        let message = tokio::select! {
            message = answers.next() => message.ok_or_else(|| unknown("the connection was lost"))?,
            () = &mut waiting => break,
        };
        if message.status.is_some() {
            return Err(unknown("the access given is not one of the system account"));
        }
        let answer: Answer = serde_json::from_slice(&message.payload)
            .map_err(|error| OpenError::SyncUnknown(format!("a server's answer makes no sense: {error}")))?;
        check_version(&answer.server.name, &answer.server.ver)?;
        // A server without JetStream stores nothing, and does not count as one of the cluster.
        let Some(Jsz { config: Some(config), meta_cluster }) = answer.data else { continue };
        check_synced(&answer.server.name, &config)?;
        answered += 1;
        expected = expected.max(meta_cluster.map_or(1, |meta| meta.cluster_size));
    }
    enough(answered, expected)
}

async fn verify_by_monitors(monitors: &[String]) -> Result<(), OpenError> {
    let mut expected = monitors.len().max(1);
    let mut answered = 0;
    for monitor in monitors {
        let body = tokio::time::timeout(ANSWER_MAX, get(monitor, "/jsz?config=true")).await;
        let body = match body.map_err(|_| "no answer in time".to_owned()).and_then(|body| body) {
            Ok(body) => body,
            Err(why) => {
                tracing::warn!(monitor, why, "a NATS server's monitoring port does not answer");
                continue;
            }
        };
        let jsz: Jsz = serde_json::from_slice(&body)
            .map_err(|error| OpenError::SyncUnknown(format!("{monitor} is no monitoring port: {error}")))?;
        let Some(config) = jsz.config else { continue };
        check_synced(monitor, &config)?;
        answered += 1;
        expected = expected.max(jsz.meta_cluster.map_or(1, |meta| meta.cluster_size));
    }
    enough(answered, expected)
}

fn check_synced(server: &str, config: &JszConfig) -> Result<(), OpenError> {
    if config.sync_always { Ok(()) } else { Err(OpenError::NotSynced { server: server.to_owned() }) }
}

/// A node must be able to start while a server is down, so most servers are enough; a person hears of the others.
fn enough(answered: usize, expected: usize) -> Result<(), OpenError> {
    if answered * 2 <= expected {
        return Err(OpenError::SyncUnknown(format!("only {answered} of {expected} servers said so")));
    }
    if answered < expected {
        tracing::warn!(answered, expected, "some NATS servers did not say whether they sync; check them");
    }
    Ok(())
}

/// A GET over plain HTTP/1.0; gives the body.
async fn get(address: &str, path: &str) -> Result<Vec<u8>, String> {
    let host = address.strip_prefix("http://").ok_or("it must start with http://")?.trim_end_matches('/');
    let failed = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(host).await.map_err(failed)?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.map_err(failed)?;
    let mut answer = Vec::new();
    stream.take(MONITOR_BYTES_MAX).read_to_end(&mut answer).await.map_err(failed)?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or("the answer is no HTTP")?;
    if !answer.starts_with(b"HTTP/1.") || answer.get(8..13) != Some(b" 200 ") {
        return Err("it does not answer with 200".to_owned());
    }
    Ok(answer.split_off(end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_servers_are_refused() {
        for version in ["2.15.0", "2.15.1", "2.16.0-preview.1", "3.0.0"] {
            assert!(check_version("a", version).is_ok(), "{version}");
        }
        for version in ["2.14.9", "2.9.10", "1.0.0", "", "nonsense"] {
            assert!(check_version("a", version).is_err(), "{version}");
        }
    }

    #[test]
    fn most_servers_must_have_said_so() {
        assert!(enough(1, 1).is_ok() && enough(2, 3).is_ok() && enough(3, 5).is_ok());
        assert!(enough(0, 1).is_err() && enough(1, 3).is_err() && enough(2, 4).is_err());
    }
}
