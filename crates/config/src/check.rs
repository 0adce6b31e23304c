//! Values that are sound on their own and wrong together.

use std::collections::BTreeSet;

use crate::{Config, LogEngine, Mistake, Role};

/// A rule over some options; `broken` says what is wrong, or nothing.
struct Rule {
    /// The options concerned; the first is the one that the mistake is reported under.
    paths: &'static [&'static str],
    broken: fn(&Config) -> Option<String>,
}

const RULES: &[Rule] = &[
    Rule { paths: &["roles"], broken: roles },
    Rule { paths: &["trusted_proxies"], broken: proxies },
    Rule { paths: &["metrics_listen", "listen"], broken: metrics_apart },
    Rule { paths: &["tls.key_file", "tls.cert_file"], broken: tls_pair },
    Rule { paths: &["realtime.max_frame_bytes", "realtime.max_message_bytes"], broken: frame_holds_message },
    Rule {
        paths: &["log.idempotency_window", "realtime.connection_state_ttl"],
        broken: window_outlives_state,
    },
    Rule { paths: &["retention.messages", "log.idempotency_window"], broken: retention_outlives_window },
    Rule { paths: &["retention.rooms", "log.idempotency_window"], broken: rooms_outlive_window },
    Rule { paths: &["chat.app"], broken: chat_app },
    Rule { paths: &["chat.public_url"], broken: public_url },
    Rule { paths: &["log.nats_servers", "log.engine"], broken: nats_servers },
    Rule { paths: &["log.nats_replicas"], broken: nats_replicas },
    Rule { paths: &["log.nats_key_file", "log.nats_cert_file"], broken: nats_pair },
    Rule { paths: &["limits.max_connections_per_address", "limits.max_connections"], broken: per_address },
    Rule { paths: &["telemetry.otlp_endpoint"], broken: otlp_endpoint },
];

/// Applies every rule whose options were all readable; a refused one has its own line already.
pub(crate) fn together(config: &Config, refused: &BTreeSet<&'static str>, mistakes: &mut Vec<Mistake>) {
    for rule in RULES.iter().filter(|rule| rule.paths.iter().all(|path| !refused.contains(path))) {
        if let Some(problem) = (rule.broken)(config) {
            let path = rule.paths[0].to_owned();
            mistakes.push(Mistake { place: "configuration".to_owned(), path, problem });
        }
    }
}

fn roles(config: &Config) -> Option<String> {
    let roles = &config.server.roles;
    if roles.is_empty() {
        return Some("a node needs at least one role: gateway, api, worker".to_owned());
    }
    roles.contains(&Role::Edge).then(|| "edge is not available in this release".to_owned())
}

/// Whoever is believed may take any address, and with it any limit that is counted by address.
fn proxies(config: &Config) -> Option<String> {
    let everything = config.server.trusted_proxies.iter().any(|network| network.is_everything());
    everything.then(|| "would believe whoever connects; give the addresses of the proxies alone".to_owned())
}

fn metrics_apart(config: &Config) -> Option<String> {
    let metrics = config.server.metrics_listen?;
    let same = metrics == config.server.listen && metrics.port() != 0;
    same.then(|| format!("{metrics} is the address of listen; metrics need their own"))
}

fn tls_pair(config: &Config) -> Option<String> {
    let both_or_none = config.tls.cert_file.is_some() == config.tls.key_file.is_some();
    (!both_or_none).then(|| "tls.cert_file and tls.key_file go together: give both or neither".to_owned())
}

fn frame_holds_message(config: &Config) -> Option<String> {
    let realtime = &config.realtime;
    (realtime.max_frame_bytes < realtime.max_message_bytes).then(|| {
        "is below realtime.max_message_bytes, so that the largest message could not be sent".to_owned()
    })
}

/// DUP-1: a client resends after a resume, which may come as late as the state's end.
fn window_outlives_state(config: &Config) -> Option<String> {
    (config.log.idempotency_window < config.realtime.connection_state_ttl).then(|| {
        "is below realtime.connection_state_ttl; a resend after a late resume would be stored twice"
            .to_owned()
    })
}

fn retention_outlives_window(config: &Config) -> Option<String> {
    (config.retention.messages < config.log.idempotency_window).then(|| {
        "is below log.idempotency_window; an id would be remembered longer than its message".to_owned()
    })
}

fn rooms_outlive_window(config: &Config) -> Option<String> {
    let rooms = config.retention.rooms?;
    (rooms < config.log.idempotency_window).then(|| {
        "is below log.idempotency_window; an id would be remembered longer than its message".to_owned()
    })
}

fn chat_app(config: &Config) -> Option<String> {
    let app = config.chat.app.as_deref()?;
    let sound = app.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    (!sound).then(|| format!("{app:?} is no app: use letters, digits, '-' and '_'"))
}

/// Links are this and a path, and browsers compare its origin with theirs.
fn public_url(config: &Config) -> Option<String> {
    let url = config.chat.public_url.as_deref()?;
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = host.map(|host| host.strip_suffix('/').unwrap_or(host));
    let wrong = |c: char| c.is_whitespace() || c.is_control() || "/?#@\\".contains(c);
    let sound = host.is_some_and(|host| !host.is_empty() && !host.contains(wrong));
    (!sound)
        .then(|| format!("{url:?} is not of the form https://chat.example.org: scheme, host and port alone"))
}

fn nats_servers(config: &Config) -> Option<String> {
    match config.log.engine {
        LogEngine::Nats if config.log.nats_servers.is_empty() => {
            Some("the engine nats needs at least one server, such as nats://127.0.0.1:4222".to_owned())
        }
        LogEngine::Sqlite if !config.log.nats_servers.is_empty() => Some(
            "servers are given, but log.engine is sqlite; set log.engine to nats or leave them out"
                .to_owned(),
        ),
        _ => None,
    }
}

fn nats_replicas(config: &Config) -> Option<String> {
    let even = config.log.nats_replicas.is_multiple_of(2);
    even.then(|| {
        "an even number of copies outvotes no more failures than one less: give 1, 3 or 5".to_owned()
    })
}

fn nats_pair(config: &Config) -> Option<String> {
    let both_or_none = config.log.nats_cert_file.is_some() == config.log.nats_key_file.is_some();
    (!both_or_none)
        .then(|| "log.nats_cert_file and log.nats_key_file go together: give both or neither".to_owned())
}

fn per_address(config: &Config) -> Option<String> {
    (config.limits.max_connections_per_address > config.limits.max_connections)
        .then(|| "is above limits.max_connections, so that it could never apply".to_owned())
}

fn otlp_endpoint(config: &Config) -> Option<String> {
    let endpoint = config.telemetry.otlp_endpoint.as_deref()?;
    let host = endpoint.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let sound = host.is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace));
    (!sound).then(|| {
        format!(
            "{endpoint:?} is not an http:// address; run a collector beside the node for other transports"
        )
    })
}
