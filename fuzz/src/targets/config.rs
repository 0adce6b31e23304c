//! The configuration file.

use std::path::Path;

use loquat_config::Layers;

use super::Target;

pub(super) const FILE: Target = Target {
    name: "config-file",
    run: file,
    seeds: &[
        b"listen = \"127.0.0.1:8080\"\nroles = [\"gateway\"]\n[realtime]\nmax_message_bytes = \"64KiB\"\n",
        b"[log]\nengine = \"nats\"\nnats_servers = [\"nats://a:1\"]\nidempotency_window = \"1h30m\"\n",
        b"[telemetry]\ntrace_ratio = 0.5\n",
    ],
    words: &[b"= 1979-05-27", b"[[a]]", b"\"\"\"", b"0x", b"inf", b"18446744073709551616", b"TiB", b"36500d"],
};

/// A file is read, or refused with one line per mistake; what is read prints as a file that reads the same.
fn file(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let load = |text: &str| Layers::new().file_text(Path::new("f"), text).load();
    match load(text) {
        Ok(loaded) => {
            let printed = loaded.print();
            let again = load(&printed).unwrap_or_else(|mistakes| panic!("{printed}\n{mistakes}"));
            let secret = loaded.config.server.root_key.is_some();
            assert!(secret || again.config == loaded.config, "{printed}");
        }
        Err(mistakes) => assert_eq!(mistakes.to_string().lines().count(), mistakes.0.len(), "{mistakes}"),
    }
}
