//! Wrong configuration: one line per mistake, exit code 2. A taken port: exit code 1.

use std::fs;

use loquat_testkit::Setup;

#[test]
fn every_mistake_of_a_file_has_a_line() {
    let mut setup = Setup::new();
    let file = setup.file("wrong.toml");
    fs::write(&file, "sandboxx = true\nshards = 'many'\n[realtime]\nmax_message_bytes = '64KB'\n")
        .expect("the file");
    setup.flags = vec!["--config".to_owned(), file.to_str().expect("UTF-8").to_owned()];
    let (code, said) = setup.refused();
    assert_eq!(code, 2, "{said}");
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    for (line, word) in lines.iter().zip(["sandbox", "shards", "realtime.max_message_bytes"]) {
        assert!(line.contains(word), "{line}");
    }
    assert!(!setup.data_dir.exists(), "nothing was made");
}

#[test]
fn a_wrong_flag_is_named_without_its_secret() {
    let setup = Setup::new().with("--listen", "nowhere");
    let (code, said) = setup.refused();
    assert_eq!(code, 2, "{said}");
    assert!(!said.contains("secretsecret"), "{said}");
}

#[test]
fn a_taken_address_is_named() {
    let setup = Setup::new();
    let server = setup.start();
    let mut second = Setup::new();
    second.address = setup.address;
    let (code, said) = second.refused();
    assert_eq!(code, 1, "{said}");
    assert!(said.contains(&setup.address.to_string()), "{said}");
    drop(server);
}
