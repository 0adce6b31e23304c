//! Wrong configurations: one line per mistake, all of them, with the place and what to do.

use crate::support::{file, lines, variables};
use loquat_config::Layers;

/// Holds the lines for a file's text against the expected ones.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(lines(file(text).load()), expected);
}

#[test]
fn unknown_keys_are_refused_with_their_path_and_the_nearest_name() {
    check(
        "lisen = 'x'\n\n[realtime]\nmax_mesage_bytes = 1\n[log]\nmax_frame_bytes = 1\n[cache]\n",
        &[
            "loquat.toml:1: lisen: unknown option; the nearest is listen",
            "loquat.toml:4: realtime.max_mesage_bytes: unknown option; the nearest is realtime.max_message_bytes",
            "loquat.toml:6: log.max_frame_bytes: unknown option; the nearest is realtime.max_frame_bytes",
            "loquat.toml:7: cache: unknown option; `loquat check --print-config` lists them all",
        ],
    );
}

#[test]
fn unknown_variables_and_flags_are_refused_likewise() {
    let environment = variables(&[("LOQUAT_ROOT_KEI", "x"), ("LOQUAT_TLS_CERT", "x")]);
    assert_eq!(
        lines(Layers::new().environment(environment).flag("listen-on", "x").load()),
        [
            "LOQUAT_ROOT_KEI: unknown variable; the nearest is LOQUAT_ROOT_KEY",
            "LOQUAT_TLS_CERT: unknown variable; the nearest is LOQUAT_TLS_CERT_FILE",
            "--listen-on: unknown flag; the nearest is --listen",
        ]
    );
}

#[test]
fn values_are_refused_with_what_was_expected() {
    check(
        "listen = 'localhost'\nshards = 1.5\nsandbox = 'maybe'\nlog_format = 'xml'\nroles = ['gateway', 'cook']\n\
         [realtime]\nmax_message_bytes = '64KB'\npresence_grace = 15\nmax_idle_interval = '100ms'\n",
        &[
            "loquat.toml:1: listen: \"localhost\" is not an address and port such as \"127.0.0.1:8080\" or \"[::1]:8080\"",
            "loquat.toml:2: shards: 1.5 is not a whole number",
            "loquat.toml:3: sandbox: \"maybe\" is not true or false",
            "loquat.toml:4: log_format: \"xml\" is not text or json",
            "loquat.toml:5: roles: [\"gateway\", \"cook\"] is not gateway, api, worker, edge",
            "loquat.toml:7: realtime.max_message_bytes: \"64KB\" is not a size such as \"64KiB\" (units: B, KiB, MiB, GiB, TiB)",
            "loquat.toml:8: realtime.presence_grace: 15 is not a duration with its unit such as \"15s\" (units: ms, s, m, h, d)",
            "loquat.toml:9: realtime.max_idle_interval: \"100ms\" is out of range: expected 1s to 10m",
        ],
    );
}

#[test]
fn values_that_a_higher_layer_overrides_are_checked_too() {
    let loaded = file("shards = 'many'").flag("shards", "2").load();
    assert_eq!(lines(loaded), ["loquat.toml:1: shards: \"many\" is not a whole number"]);
}

#[test]
fn values_that_do_not_go_together_are_refused() {
    check(
        "metrics_listen = '127.0.0.1:8080'\nroles = ['edge']\n[tls]\ncert_file = 'c.pem'\n\
         [realtime]\nmax_frame_bytes = '8KiB'\nconnection_state_ttl = '11m'\n[log]\nengine = 'nats'\nnats_replicas = 2\nnats_cert_file = 'c'\n\
         [telemetry]\notlp_endpoint = 'https://collector'\n",
        &[
            "configuration: roles: edge is not available in this release",
            "configuration: metrics_listen: 127.0.0.1:8080 is the address of listen; metrics need their own",
            "configuration: tls.key_file: tls.cert_file and tls.key_file go together: give both or neither",
            "configuration: realtime.max_frame_bytes: is below realtime.max_message_bytes, so that the largest message could not be sent",
            "configuration: log.idempotency_window: is below realtime.connection_state_ttl; a resend after a late resume would be stored twice",
            "configuration: log.nats_servers: the engine nats needs at least one server, such as nats://127.0.0.1:4222",
            "configuration: log.nats_replicas: an even number of copies outvotes no more failures than one less: give 1, 3 or 5",
            "configuration: log.nats_key_file: log.nats_cert_file and log.nats_key_file go together: give both or neither",
            "configuration: telemetry.otlp_endpoint: \"https://collector\" is not an http:// address; run a collector beside the node for other transports",
        ],
    );
    check("roles = []", &["configuration: roles: a node needs at least one role: gateway, api, worker"]);
}

#[test]
fn accounts_and_rooms_are_checked_like_the_rest() {
    check(
        "[accounts]\nsign_up = 'everybody'\npassword_bytes_min = 4\nsession_ttl = '1s'\n\
         [chat]\napp = 'my app'\npublic_url = 'https://chat.example.org/chat'\n[retention]\nrooms = '5m'\n",
        &[
            "loquat.toml:2: accounts.sign_up: \"everybody\" is not open, invitation or closed",
            "loquat.toml:3: accounts.password_bytes_min: 4 is out of range: expected 8 to 128",
            "loquat.toml:4: accounts.session_ttl: \"1s\" is out of range: expected 5m to 3650d",
            "configuration: retention.rooms: is below log.idempotency_window; an id would be remembered longer than its message",
            "configuration: chat.app: \"my app\" is no app: use letters, digits, '-' and '_'",
            "configuration: chat.public_url: \"https://chat.example.org/chat\" is not of the form https://chat.example.org: scheme, host and port alone",
        ],
    );
    for url in ["chat.example.org", "ftp://chat", "http://", "https://a@b", "https:// ", "https://x?y"] {
        let loaded = Layers::new().flag("chat-public-url", url).load();
        assert_eq!(lines(loaded).len(), 1, "{url}");
    }
    for url in
        ["http://localhost:8080", "https://chat.example.org", "https://chat.example.org/", "http://[::1]:80"]
    {
        assert!(Layers::new().flag("chat-public-url", url).load().is_ok(), "{url}");
    }
}

#[test]
fn proxies_are_named_by_address_or_network() {
    let wanted = "is not an address such as \"127.0.0.1\" or a network such as \"10.0.0.0/8\" (no bits behind the prefix)";
    check(
        "trusted_proxies = ['127.0.0.1', '10.0.0.1/8']",
        &[&format!("loquat.toml:1: trusted_proxies: [\"127.0.0.1\", \"10.0.0.1/8\"] {wanted}")],
    );
    check("trusted_proxies = 'proxy'", &[&format!("loquat.toml:1: trusted_proxies: \"proxy\" {wanted}")]);
    for everything in ["0.0.0.0/0", "::/0", "127.0.0.1,::ffff:0:0/96"] {
        let loaded = Layers::new().flag("trusted-proxies", everything).load();
        let problem = "would believe whoever connects; give the addresses of the proxies alone";
        assert_eq!(lines(loaded), [format!("configuration: trusted_proxies: {problem}")], "{everything}");
    }
    let loaded = Layers::new().flag("trusted-proxies", "127.0.0.1, fd00::/8").load().unwrap();
    assert!(loaded.print().contains("trusted_proxies = [\"127.0.0.1\", \"fd00::/8\"]  # flag\n"));
}

#[test]
fn a_rule_waits_until_its_own_values_are_sound() {
    check(
        "[realtime]\nconnection_state_ttl = 'long'\n[log]\nidempotency_window = '1s'\n",
        &[
            "loquat.toml:2: realtime.connection_state_ttl: \"long\" is not a duration with its unit such as \"15s\" (units: ms, s, m, h, d)",
        ],
    );
}

/// A quoted key may hold anything; what is said of it stays a line, and moves no cursor.
#[test]
fn a_key_with_control_characters_is_named_in_one_line() {
    let lines = lines(file("[\"log\\n\\u009b31m\"]\nengine = 'sqlite'\n").load());
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with(r"loquat.toml:2: log\n\u{9b}31m.engine: unknown option"), "{lines:?}");
}

#[test]
fn what_is_no_toml_is_one_line() {
    let lines = lines(file("a = 1\nb = = 2\n").load());
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("loquat.toml:2: "), "{lines:?}");
}

#[test]
fn a_wrong_secret_is_not_echoed() {
    for layers in [
        file("root_key = 'app.key-without-a-colon-hunter2'"),
        Layers::new().flag("root-key", "hunter2"),
        Layers::new().environment(variables(&[("LOQUAT_ROOT_KEY", "app:hunter2hunter2")])),
        file("root_key = ['hunter2']"),
    ] {
        let lines = lines(layers.load());
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains("expected app.key:secret") && !lines[0].contains("hunter2"), "{lines:?}");
    }
}
