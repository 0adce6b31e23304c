//! Configuration: mistakes, precedence, exit codes.

use std::fs;

use crate::support::{ended, loquat, run, succeed, text};

#[test]
fn the_version_is_printed() {
    assert_eq!(succeed(&["version"]), format!("loquat {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(succeed(&["--version"]), format!("loquat {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_configuration_is_a_line_per_mistake_and_exit_code_2() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("loquat.toml");
    fs::write(&file, "lisen = \"127.0.0.1:1\"\n[realtime]\nmax_message_bytes = \"many\"\n").unwrap();
    for command in ["serve", "check"] {
        let mut wrong = loquat(&[command, "--config", text(&file), "--shards", "many"]);
        wrong.env("LOQUAT_RETENTION_MESSAGES", "soon").env("LOQUAT_LISTE", "x");
        let wrong = ended(wrong.output().unwrap());
        assert_eq!((wrong.code, wrong.out.as_str()), (Some(2), ""), "{wrong:?}");
        let lines: Vec<_> = wrong.err.lines().collect();
        assert_eq!(lines.len(), 5, "{wrong:?}");
        for part in [
            "lisen",
            "listen",
            "loquat.toml:3",
            "many",
            "LOQUAT_RETENTION_MESSAGES",
            "LOQUAT_LISTE",
            "shards",
        ] {
            assert!(wrong.err.contains(part), "{part}: {wrong:?}");
        }
    }
}

#[test]
fn what_cannot_be_served_is_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for (flag, value, said) in [
        ("--roles", "edge", "edge is not available in this release"),
        ("--roles", "", "at least one role"),
        ("--log-filter", "loud=everything", "log_filter"),
        ("--root-key", "nonsense", "root_key"),
    ] {
        let refused = run(&["serve", "--data-dir", text(&data), "--listen", "127.0.0.1:0", flag, value]);
        assert_eq!(refused.code, Some(2), "{flag} {value}: {refused:?}");
        assert!(
            refused.err.contains(said) && refused.err.lines().count() == 1,
            "{flag} {value}: {refused:?}"
        );
        assert!(!data.exists());
    }
}

#[test]
fn the_configuration_in_force_is_printed_with_its_origins_and_without_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let (file, data) = (dir.path().join("loquat.toml"), dir.path().join("data"));
    fs::write(&file, "listen = \"127.0.0.1:1111\"\nshards = 3\nlog_format = \"json\"\n").unwrap();
    let mut check = loquat(&["check", "--print-config", "--config", text(&file), "--shards", "5"]);
    check.args(["--data-dir", text(&data)]);
    check
        .env("LOQUAT_SHARDS", "4")
        .env("LOQUAT_LOG_FORMAT", "text")
        .env("LOQUAT_ROOT_KEY", "app.k:hush-hush-hush");
    let printed = ended(check.output().unwrap());
    assert_eq!(printed.code, Some(0), "{printed:?}");
    for line in [
        "listen = \"127.0.0.1:1111\"  # file",
        "shards = 5  # flag",
        "log_format = \"text\"  # environment",
        "sandbox = false  # default",
    ] {
        assert!(printed.out.lines().any(|printed| printed == line), "{line}: {printed:?}");
    }
    assert!(!printed.out.contains("hush") && !printed.err.contains("hush"), "{printed:?}");
    // What was printed is a configuration file again.
    let again = dir.path().join("again.toml");
    let lines = printed.out.lines().filter(|line| !line.starts_with("root_key"));
    fs::write(&again, lines.collect::<Vec<_>>().join("\n")).unwrap();
    succeed(&["check", "--config", text(&again)]);
}

#[test]
fn tls_files_that_do_not_fit_are_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let (cert, key, data) = (dir.path().join("cert"), dir.path().join("key"), dir.path().join("data"));
    fs::write(&cert, "no certificate").unwrap();
    fs::write(&key, "no key").unwrap();
    let flags = ["--tls-cert-file", text(&cert), "--tls-key-file", text(&key), "--data-dir", text(&data)];
    let ended = run(&[&["check"], &flags[..]].concat());
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("tls"), "{ended:?}");
}

#[test]
fn a_second_server_on_the_same_directory_or_port_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (data, other) = (dir.path().join("data"), dir.path().join("other"));
    let server = crate::support::Server::start(&data);
    let second = run(&["serve", "--data-dir", text(&data), "--listen", "127.0.0.1:0"]);
    assert_eq!(second.code, Some(1), "{second:?}");
    assert!(second.err.contains("another loquat is running on this data directory"), "{second:?}");
    let same_port = run(&["serve", "--data-dir", text(&other), "--listen", &server.address]);
    assert_eq!(same_port.code, Some(1), "{same_port:?}");
    assert!(same_port.err.contains("cannot be bound"), "{same_port:?}");
}

#[test]
fn a_cluster_that_is_away_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let flags = ["--log-engine", "nats", "--log-nats-servers", "nats://127.0.0.1:1"];
    let refused =
        run(&[&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(&data)], &flags[..]].concat());
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("nats://127.0.0.1:1"), "{refused:?}");
}
