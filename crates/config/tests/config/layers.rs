//! Precedence, and what each layer reads.

use std::time::Duration;

use crate::support::{file, variables};
use loquat_config::{ByteSize, Layer, Layers, LogEngine, LogFormat, Role};

#[test]
fn nothing_set_is_a_complete_configuration() {
    let config = Layers::new().load().unwrap().config;
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.roles, [Role::Gateway, Role::Api, Role::Worker]);
    assert_eq!(config.server.log_format, LogFormat::Text);
    assert!(!config.server.sandbox);
    assert!(config.server.root_key.is_none() && config.server.metrics_listen.is_none());
    assert_eq!(config.realtime.max_message_bytes, ByteSize(65_536));
    assert_eq!(config.realtime.max_frame_bytes, ByteSize(524_288));
    assert_eq!(config.realtime.connection_state_ttl, Duration::from_secs(120));
    assert_eq!(config.retention.messages, Duration::from_secs(72 * 3600));
    assert_eq!(config.log.engine, LogEngine::Sqlite);
    assert_eq!(config.log.partitions, 16);
    assert_eq!(config.log.idempotency_window, Duration::from_secs(600));
    assert!(config.tls.files().is_none());
}

#[test]
fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
    let text = "listen = '127.0.0.1:1'";
    let environment = || variables(&[("LOQUAT_LISTEN", "127.0.0.1:2")]);
    let port = |layers: Layers| {
        let loaded = layers.load().unwrap();
        (loaded.config.server.listen.port(), loaded.origin("listen"))
    };
    assert_eq!(port(Layers::new()), (8080, Layer::Default));
    assert_eq!(port(file(text)), (1, Layer::File));
    assert_eq!(port(file(text).environment(environment())), (2, Layer::Environment));
    let all = || file(text).environment(environment()).flag("listen", "127.0.0.1:3");
    assert_eq!(port(all()), (3, Layer::Flag));
    let flag_first = Layers::new().flag("listen", "127.0.0.1:3").environment(environment());
    assert_eq!(port(flag_first), (3, Layer::Flag), "the order of the calls doesn't matter");
}

#[test]
fn a_file_sets_every_kind_of_value() {
    let config = file(
        r#"
        listen = "[::1]:9000"
        metrics_listen = "127.0.0.1:9001"
        roles = ["gateway"]
        root_key = "app.key:s3cret-s3cret"
        sandbox = true
        shards = 3
        log_format = "json"

        [tls]
        cert_file = "c.pem"
        key_file = "k.pem"

        [realtime]
        max_message_bytes = "1MiB"
        max_frame_bytes = 2097152
        connection_state_ttl = "1m30s"

        [log]
        engine = "nats"
        nats_servers = ["nats://127.0.0.1:4222", "nats://127.0.0.1:4223"]

        [telemetry]
        otlp_endpoint = "http://127.0.0.1:4318"
        trace_ratio = 1
        "#,
    )
    .load()
    .unwrap()
    .config;
    let root_key = config.server.root_key.as_ref().unwrap();
    assert_eq!((root_key.app_id(), root_key.key_id()), ("app", "key"));
    assert_eq!(root_key.secret().reveal(), "s3cret-s3cret");
    assert!(config.server.sandbox);
    assert_eq!(config.server.shards, 3);
    assert_eq!(config.server.roles, [Role::Gateway]);
    assert_eq!(config.realtime.max_frame_bytes, ByteSize(2 << 20));
    assert_eq!(config.realtime.connection_state_ttl, Duration::from_secs(90));
    assert_eq!(config.log.nats_servers.len(), 2);
    assert_eq!(config.telemetry.trace_ratio.0, 1.0);
    assert!(config.tls.files().is_some());
}

#[test]
fn lists_are_comma_separated_outside_of_files() {
    let environment = variables(&[
        ("LOQUAT_ROLES", "gateway, worker"),
        ("PATH", "/bin"),
        ("LOQUAT_CONFIG", "x"),
        ("LOQUAT_TEST_SEED", "1"),
    ]);
    let config = Layers::new().environment(environment).load().unwrap().config;
    assert_eq!(config.server.roles, [Role::Gateway, Role::Worker]);
}

#[test]
fn a_file_that_is_named_has_to_exist() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("loquat.toml");
    assert!(Layers::new().file_if_present(&path).load().is_ok());
    let lines = crate::support::lines(Layers::new().file(&path).load());
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("can't be read"), "{lines:?}");
    std::fs::write(&path, "shards = 2").unwrap();
    assert_eq!(Layers::new().file(&path).load().unwrap().config.server.shards, 2);
}

#[test]
fn rooms_are_in_the_app_that_is_named_else_in_that_of_the_root_key() {
    let app = |text: &str| file(text).load().unwrap().config.chat_app().to_owned();
    assert_eq!(app(""), "app");
    assert_eq!(app("root_key = 'shop.key:hunter2hunter2'"), "shop");
    assert_eq!(app("root_key = 'shop.key:hunter2hunter2'\n[chat]\napp = 'talk'"), "talk");
}
