//! What the binary says of the work of others that it contains.

use crate::support::succeed;

#[test]
fn every_package_is_named_with_its_licence_and_every_text_is_there_once() {
    let notices = succeed(&["licences"]);
    assert_eq!(notices, succeed(&["licenses"]));
    let (list, texts) = notices.split_once("\n-----").expect("a list, then texts");
    let packages: Vec<(&str, &str)> = list.lines().filter_map(|line| line.split_once(": ")).collect();
    assert!(packages.len() > 100, "{list}");
    for name in ["axum", "hyper", "rusqlite", "rustls", "tokio"] {
        assert!(packages.iter().any(|(package, _)| package.split(' ').next() == Some(name)), "{name}");
    }
    for (package, licence) in &packages {
        assert!(!licence.is_empty() && !package.starts_with("loquat"), "{package}: {licence}");
        assert!(texts.contains(package), "{package}: {licence} has no text");
    }
    let apache = texts.matches("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION").count();
    assert!(apache > 0 && apache * 20 < packages.len(), "{apache} copies of one licence");
    // Where it was built is nobody's business.
    assert!(!notices.contains(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")));
}
