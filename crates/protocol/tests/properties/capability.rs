//! The laws of capabilities. Patterns and channels are drawn from few letters, so that they meet often.

use loquat_protocol::{Capability, Operation, Operations};
use proptest::{collection::vec, prelude::*};
use serde_json::{Map, json};

fn pattern() -> impl Strategy<Value = String> {
    let qualifier = prop_oneof![3 => "", 1 => "\\[(|meta|\\*|filter=x)\\]"];
    let name = prop_oneof![
        "\\*",
        "([ab]:){0,2}\\*",
        "[ab]{1,2}(:[ab]){0,2}",
        "[ab*](:[ab*]){0,2}",
        "[ab]\\*",
        "[\\[\\]:*a]{0,5}"
    ];
    (qualifier, name).prop_map(|(qualifier, name)| qualifier + &name)
}

fn channel() -> impl Strategy<Value = String> {
    prop_oneof![
        "(\\[(meta|filter=x|\\?rewind=1|meta\\?x=1)\\])?[ab]{1,2}(:[ab]){0,2}",
        "([ab]:){0,2}[*]?",
        "[\\[\\]:*a]{0,5}",
    ]
}

fn capability() -> impl Strategy<Value = Capability> {
    let some = vec(prop_oneof!["publish", "subscribe", "presence", "history"], 1..3);
    let names = prop_oneof![4 => some, 1 => Just(vec!["*".to_owned()])];
    vec((pattern(), names), 0..4).prop_map(|entries| {
        let map: Map<_, _> = entries.into_iter().map(|(pattern, names)| (pattern, json!(names))).collect();
        Capability::parse(&json!(map).to_string()).unwrap()
    })
}

proptest! {
    /// The one law that intersection is for; that it is never wider than either follows.
    #[test]
    fn the_intersection_permits_what_both_permit(a in capability(), b in capability(), channel in channel()) {
        let both = a.intersect(&b);
        prop_assert_eq!(both.operations(&channel), a.operations(&channel) & b.operations(&channel));
    }

    #[test]
    fn the_intersection_is_never_wider_in_a_room(a in capability(), b in capability(), room in channel()) {
        prop_assume!(!room.is_empty());
        let channel = format!("{room}::$chat");
        let (both, either) = (a.intersect(&b), a.operations(&channel) & b.operations(&channel));
        prop_assert_eq!(both.operations(&channel) & either, both.operations(&channel));
        prop_assert_eq!(a.operations(&room) & a.operations(&channel), a.operations(&room));
    }

    #[test]
    fn intersection_has_no_order(a in capability(), b in capability(), c in capability(), channel in channel()) {
        prop_assert_eq!(a.intersect(&b), b.intersect(&a));
        let (left, right) = (a.intersect(&b).intersect(&c), a.intersect(&b.intersect(&c)));
        prop_assert_eq!(left.operations(&channel), right.operations(&channel));
    }

    #[test]
    fn everything_and_itself_change_nothing(a in capability(), channel in channel()) {
        prop_assert_eq!(a.intersect(&Capability::everything()), a.clone());
        prop_assert_eq!(a.intersect(&a).operations(&channel), a.operations(&channel));
        prop_assert!(a.intersect(&Capability::default()).is_empty());
        prop_assert_eq!(Capability::everything().operations(&channel), Operations::ALL);
    }

    #[test]
    fn the_canonical_text_reads_back(a in capability(), b in capability()) {
        for capability in [&a, &b, &a.intersect(&b)] {
            let text = capability.to_string();
            prop_assert_eq!(&Capability::parse(&text).unwrap(), capability);
            prop_assert_eq!(Capability::parse(&text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn anywhere_is_the_union_of_all_channels(a in capability(), channel in channel()) {
        let here = a.operations(&channel);
        prop_assert_eq!(here & a.anywhere(), here);
        prop_assert_eq!(a.permits(&channel, Operation::Publish), here.contains(Operation::Publish));
    }
}

#[test]
fn patterns_match_as_documented() {
    let table = [
        ("*", "a", true),
        ("*", "a:b", true),
        ("*", "[?rewind=1]a", true),
        ("*", "[meta]a", false),
        ("[meta]*", "[meta]a", true),
        ("[meta]*", "a", false),
        ("[*]*", "[meta]a", true),
        ("[*]*", "a", true),
        ("[*]a", "[meta]a", true),
        ("a", "a", true),
        ("a", "a:b", false),
        ("a:*", "a:b", true),
        ("a:*", "a:b:c", true),
        ("a:*", "a", false),
        ("a:*", "ab", false),
        ("a*", "ab", false),
        ("a*", "a*", true),
        ("a:*:b", "a:x:b", true),
        ("a:*:b", "a:x:y:b", false),
        ("a:*:b", "a:b", false),
        ("a:*:b", "a:x:b:y", false),
        ("a:*:b:*", "a:x:b:y:z", true),
        ("*:b", "a:b", true),
        ("*:b", "b", false),
        ("a", "a::$chat", true),
        ("a::$chat", "a::$chat", true),
        ("a::$chat", "a", false),
        ("a", "a::$chat::$chat", false),
        ("a", "b::$chat", false),
        ("dms:*", "dms:a::$chat", true),
        ("*", "a::$chat", true),
        ("[meta]a", "[meta]a::$chat", true),
        ("[meta]a", "a::$chat", false),
    ];
    for (pattern, channel, expected) in table {
        let capability = Capability::parse(&json!({pattern: ["publish"]}).to_string()).unwrap();
        assert_eq!(capability.permits(channel, Operation::Publish), expected, "{pattern} {channel}");
    }
}

/// Of two patterns that cross, each narrower in one respect, what they share is kept.
#[test]
fn crossing_patterns_meet() {
    let of = |pattern: &str| Capability::parse(&json!({pattern: ["publish"]}).to_string()).unwrap();
    assert_eq!(of("[*]a").intersect(&of("[meta]*")), of("[meta]a"));
    assert_eq!(of("a:*").intersect(&of("*:b")), of("a:b"));
    assert_eq!(of("a:*:*").intersect(&of("*:b:c:*")), of("a:b:c:*"));
    assert_eq!(of("[meta]a:*").intersect(&of("[*]*:b")), of("[meta]a:b"));
    assert!(of("a:*:b").intersect(&of("a:*:c")).is_empty());
    assert_eq!(of("a:*").intersect(&of("*")), of("a:*"));
    assert!(of("a:*").intersect(&of("b:*")).is_empty());
}

#[test]
fn other_texts_are_refused() {
    for text in [
        "",
        "[]",
        "null",
        r#"{"a":[]}"#,
        r#"{"a":"publish"}"#,
        r#"{"a":["fly"]}"#,
        r#"{"a":["*","publish"]}"#,
        r#"{"a":[1]}"#,
        r#"{"a":null}"#,
    ] {
        assert_eq!(Capability::parse(text).unwrap_err().code, 40000, "{text}");
    }
    assert_eq!(
        Capability::parse(r#"{"a":["subscribe","publish","publish"]}"#).unwrap().to_string(),
        r#"{"a":["publish","subscribe"]}"#
    );
}
