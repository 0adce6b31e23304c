//! What is generated from the table of options: the reference page and the example file.

use crate::Config;
use crate::print::split;
use crate::sections::ALL_SPECS;
use crate::spec::OptionSpec;

const PAGE_INTRODUCTION: &str = "\
# Configuration

<!-- Generated from crates/config by `make generate`; change the sections there, not this page. -->

Everything can be set in four places; the first that speaks wins:

1. a flag: `loquat serve --realtime-max-idle-interval 20s`
2. the environment: `LOQUAT_REALTIME_MAX_IDLE_INTERVAL=20s`
3. the file: `loquat.toml` in the working directory, or the one that `--config` or `LOQUAT_CONFIG` names
4. the default

A node starts with nothing set. An unknown key, variable with the prefix `LOQUAT_` or flag is refused with
the nearest right name; every mistake gets one line, and the process exits with code 2. `loquat check`
tells the same without starting, and `loquat check --print-config` shows every value and where it came from.
Durations and sizes carry their unit: `15s`, `72h`, `1h30m`; `64KiB`, `16MiB`. Lists are arrays in the file
and comma-separated elsewhere. Secrets are never printed.
";

/// The page `docs/reference/configuration.md`.
pub fn reference_page() -> String {
    let mut out = PAGE_INTRODUCTION.to_owned();
    for (title, specs) in ALL_SPECS {
        out.push_str(&format!("\n## {title}\n"));
        for spec in *specs {
            out.push_str(&entry(spec));
        }
    }
    out
}

fn entry(spec: &OptionSpec) -> String {
    let default = match spec.default {
        None => "off unless given".to_owned(),
        Some("") => "empty by default".to_owned(),
        Some(text) => format!("default `{text}`"),
    };
    let bounds = spec.bounds.map_or(String::new(), |(low, high)| format!(", from `{low}` to `{high}`"));
    format!(
        "\n### `{}`\n{}\n\n{} · {default}{bounds} · `--{}` · `{}`\n",
        spec.path,
        spec.doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n"),
        spec.kind,
        spec.flag_name(),
        spec.env_name(),
    )
}

/// The file `docs/reference/loquat.example.toml`: every option with its default, as comments.
pub fn example_file() -> String {
    let mut out = "# Every option with its default. Remove the # in front of those you change.\n\
                   # Generated from crates/config by `make generate`.\n"
        .to_owned();
    let literals = Config::defaults().literals();
    let mut section = "";
    for ((_, specs), spec) in ALL_SPECS.iter().flat_map(|entry| entry.1.iter().map(move |spec| (entry, spec)))
    {
        let (prefix, key) = split(spec);
        if prefix != section && std::ptr::eq(spec, &raw const specs[0]) {
            section = prefix;
            out.push_str(&format!("\n[{prefix}]\n"));
        }
        let literal =
            literals.iter().find(|(path, _)| *path == spec.path).and_then(|(_, value)| value.clone());
        out.push('\n');
        for line in spec.doc {
            out.push_str(&format!("# {}\n", line.trim()));
        }
        out.push_str(&format!("# {key} = {}\n", literal.unwrap_or_else(|| off_example(spec).to_owned())));
    }
    out
}

/// What to write for an option that is off unless given.
fn off_example(spec: &OptionSpec) -> &'static str {
    match spec.path {
        "metrics_listen" => "\"127.0.0.1:9090\"",
        "root_key" => "\"app.key:secret\"",
        "tls.cert_file" => "\"/etc/loquat/cert.pem\"",
        "tls.key_file" => "\"/etc/loquat/key.pem\"",
        "web_dir" => "\"./web/dist\"",
        "chat.app" => "\"app\"",
        "chat.public_url" => "\"https://chat.example.org\"",
        "retention.rooms" => "\"730d\"",
        "log.nats_credentials_file" => "\"/etc/loquat/nats.creds\"",
        "log.nats_ca_file" => "\"/etc/loquat/nats-ca.pem\"",
        "log.nats_cert_file" => "\"/etc/loquat/nats-cert.pem\"",
        "log.nats_key_file" => "\"/etc/loquat/nats-key.pem\"",
        "telemetry.otlp_endpoint" => "\"http://127.0.0.1:4318\"",
        _ => "\"\"",
    }
}
