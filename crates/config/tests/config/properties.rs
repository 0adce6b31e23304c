//! Whatever comes in, the loader answers; it never panics.

use crate::support::{file, lines, variables};
use loquat_config::{Layers, options};
use proptest::prelude::*;

/// Text that often is TOML, and often of the right keys.
fn toml_like() -> impl Strategy<Value = String> {
    let paths: Vec<_> = options().map(|spec| spec.path.to_owned()).collect();
    let key = prop_oneof![proptest::sample::select(paths), "[a-z_.]{1,12}", "\"\\PC{0,6}\""];
    let value = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:?}")),
        "\"[0-9]{0,20}(ms|s|m|h|d|B|KiB|TiB)\"",
        "\"\\PC{0,80}\"",
        "\\[[0-9\", ]{0,12}\\]",
        Just("{ a = { b = 1979-05-27 } }".to_owned()),
        "0x[0-9a-f]{1,20}",
        Just("true".to_owned()),
    ];
    proptest::collection::vec((key, value), 0..6)
        .prop_map(|entries| entries.iter().map(|(key, value)| format!("{key} = {value}\n")).collect())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}|[a-z=\\[\\]\"'{}\n .0-9]{0,200}") {
        let _ = file(&text).load();
    }

    #[test]
    fn any_toml_is_read_or_refused_with_lines_that_hold_together(text in toml_like()) {
        if let Err(mistakes) = file(&text).load() {
            prop_assert!(!mistakes.0.is_empty());
            prop_assert_eq!(mistakes.to_string().lines().count(), mistakes.0.len(), "one line each: {}", mistakes);
        }
    }

    #[test]
    fn any_variable_and_flag_is_read_or_refused(name in "[A-Z_]{0,20}", flag in "[a-z-]{0,20}", value in "\\PC{0,80}") {
        let name = format!("LOQUAT_{name}");
        let _ = lines(Layers::new().environment(variables(&[(&name, &value)])).flag(flag, value.clone()).load());
    }

    #[test]
    fn every_option_takes_any_text_without_a_panic(index in 0_usize..200, value in "\\PC{0,40}|[0-9]{0,24}[a-zA-Z]{0,3}") {
        let spec = options().nth(index % options().count()).unwrap();
        let _ = Layers::new().flag(spec.flag_name(), value).load();
    }

    #[test]
    fn durations_and_sizes_survive_being_printed(ms in 1_000_u64..600_000, kib in 64_u64..1_048_576) {
        let loaded = Layers::new()
            .flag("realtime-max-idle-interval", format!("{ms}ms"))
            .flag("realtime-max-control-bytes", format!("{kib}KiB"))
            .load()
            .unwrap();
        prop_assert_eq!(u64::try_from(loaded.config.realtime.max_idle_interval.as_millis()).unwrap(), ms);
        prop_assert_eq!(loaded.config.realtime.max_control_bytes.bytes(), kib * 1024);
        prop_assert_eq!(file(&loaded.print()).load().unwrap().config, loaded.config);
    }
}
