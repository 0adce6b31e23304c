//! The table of options itself, and what is generated from it.

use std::collections::BTreeSet;

use crate::support::file;
use loquat_config::{Config, Layers, example_file, options, reference_page};

#[test]
fn names_are_unique_in_every_layer() {
    let count = options().count();
    assert_eq!(options().map(|spec| spec.path).collect::<BTreeSet<_>>().len(), count);
    assert_eq!(options().map(|spec| spec.env_name()).collect::<BTreeSet<_>>().len(), count);
    assert_eq!(options().map(|spec| spec.flag_name()).collect::<BTreeSet<_>>().len(), count);
}

#[test]
fn every_default_and_bound_is_itself_accepted() {
    for spec in options() {
        let bounds = spec.bounds.map_or(vec![], |(lowest, highest)| vec![lowest, highest]);
        for text in spec.default.into_iter().chain(bounds) {
            let loaded = Layers::new().flag(spec.flag_name(), text).load();
            let own_line = crate::support::lines(loaded).into_iter().find(|line| line.starts_with("--"));
            assert_eq!(own_line, None, "{} = {text}", spec.path);
        }
        assert!(spec.default.is_none() || !spec.secret, "a secret has no default: {}", spec.path);
        assert!(!spec.help().is_empty());
    }
}

#[test]
fn what_is_printed_is_read_back_as_the_same() {
    let text = "shards = 5\nroles = ['api']\n[realtime]\npresence_grace = '1500ms'\n[telemetry]\ntrace_ratio = 0.5\n";
    let loaded = file(text).flag("data-dir", "/a \"quoted\" \\ place").load().unwrap();
    let printed = loaded.print();
    assert!(printed.contains("shards = 5  # file\n"), "{printed}");
    assert!(printed.contains("# metrics_listen is off\n"));
    assert!(printed.contains("\n[realtime]\n"));
    assert_eq!(file(&printed).load().unwrap().config, loaded.config);
}

#[test]
fn secrets_are_dots_wherever_they_are_printed() {
    let loaded = file("root_key = 'app.key:hunter2hunter2'").load().unwrap();
    let shown = format!("{} {:?} {:?}", loaded.print(), loaded, loaded.config.server.root_key);
    assert!(shown.contains("app.key:••••••••") && !shown.contains("hunter2"));
}

#[test]
fn the_example_file_is_all_comments_and_right_when_they_are_removed() {
    let example = example_file();
    assert_eq!(file(&example).load().unwrap().config, Config::defaults());
    for spec in options() {
        let key = spec.path.rsplit('.').next().unwrap();
        assert!(example.contains(&format!("# {key} = ")), "{}", spec.path);
    }
    let active: String = example
        .lines()
        .filter(|line| line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| is_key(key)))
        .map(|line| line.trim_start_matches("# ").to_owned() + "\n")
        .collect();
    assert_eq!(crate::support::lines(file(&active).load()), [] as [&str; 0]);
}

fn is_key(text: &str) -> bool {
    let key = text.trim_start_matches("# ");
    options().any(|spec| spec.path.rsplit('.').next() == Some(key))
}

#[test]
fn the_reference_page_names_every_option_in_every_layer() {
    let page = reference_page();
    for spec in options() {
        assert!(page.contains(&format!("### `{}`", spec.path)));
        assert!(page.contains(&format!("`--{}`", spec.flag_name())));
        assert!(page.contains(&format!("`{}`", spec.env_name())));
    }
}
