//! Names of people and rooms: what is shown is what is there.
//!
//! Two names that look alike may differ still (that is what handles are for), but no name hides a part of itself, turns
//! the text around it, or looks like nothing.

use loquat_protocol::ErrorCode;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeEmoji, UnicodeGeneralCategory};

use crate::ChatError;

/// Most characters of a name.
const NAME_CHARS_MAX: usize = 80;
/// Most characters of a topic.
const TOPIC_CHARS_MAX: usize = 500;
/// Most marks above and below one letter: more than any script needs, fewer than cover the lines around.
const MARKS_MAX: usize = 6;

const ZERO_WIDTH_JOINER: char = '\u{200d}';
const VARIATION_SELECTORS: std::ops::RangeInclusive<char> = '\u{fe00}'..='\u{fe0f}';
const SKIN_TONES: std::ops::RangeInclusive<char> = '\u{1f3fb}'..='\u{1f3ff}';
/// They spell out the flags of England, Scotland and Wales behind a black flag.
const TAGS: std::ops::RangeInclusive<char> = '\u{e0020}'..='\u{e007f}';

/// Whether a character shows nothing, or turns or hides what is around it. The joiner and tags aside, which have a
/// place in emoji.
pub(super) fn is_deceptive(c: char) -> bool {
    let is_blank_letter = matches!(
        c,
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{34f}' | '\u{17b4}' | '\u{17b5}'
    );
    let category = c.general_category();
    is_blank_letter
        || matches!(
            category,
            GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse
        )
}

fn is_pictograph(c: char) -> bool {
    !c.is_ascii() && c.is_emoji_char()
}

/// A name as it is kept: NFC, trimmed, runs of white space made one space.
///
/// # Errors
/// `NameRefused` on `field`, with the rule that it breaks.
pub(crate) fn name(field: &'static str, text: &str) -> Result<String, ChatError> {
    let refuse = |why: String| ChatError::field(ErrorCode::NameRefused, field, why);
    let name = normalised(text, NAME_CHARS_MAX)
        .ok_or_else(|| refuse(format!("a name has 1 to {NAME_CHARS_MAX} characters")))?;
    if name.is_empty() {
        return Err(refuse("a name needs a character that can be seen".into()));
    }
    check_characters(&name).map_err(|why| refuse(why.into()))?;
    if !name.chars().any(is_visible) {
        return Err(refuse("a name needs a character that can be seen".into()));
    }
    Ok(name)
}

/// A topic as it is kept; it may be empty.
///
/// # Errors
/// `NameRefused` on `topic`, with the rule that it breaks.
pub(crate) fn topic(text: &str) -> Result<String, ChatError> {
    let refuse = |why: String| ChatError::field(ErrorCode::NameRefused, "topic", why);
    let topic = normalised(text, TOPIC_CHARS_MAX)
        .ok_or_else(|| refuse(format!("a topic has at most {TOPIC_CHARS_MAX} characters")))?;
    check_characters(&topic).map_err(|why| refuse(why.into()))?;
    Ok(topic)
}

/// An IANA name of a time zone: its form; whether there is such a zone, the browser knows.
///
/// # Errors
/// `InvalidParameter` on `time_zone`.
pub(crate) fn time_zone(text: &str) -> Result<String, ChatError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-' | '/');
    let fits = (1..=64).contains(&text.len())
        && text.chars().all(is_plain)
        && text.starts_with(|c: char| c.is_ascii_alphabetic());
    if fits {
        return Ok(text.to_owned());
    }
    let why = "a time zone is given by its IANA name, such as Europe/Berlin";
    Err(ChatError::field(ErrorCode::InvalidParameter, "time_zone", why))
}

/// `None` when it is longer than `chars_max`; looked at before anything that takes time with the length.
fn normalised(text: &str, chars_max: usize) -> Option<String> {
    // A character of NFC comes from few characters, each of at most 4 bytes.
    if text.len() > chars_max * 16 {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.nfc());
    }
    let out = out.trim_matches(|c: char| matches!(c, '\t' | '\n' | '\r')).trim().to_owned();
    (out.chars().count() <= chars_max).then_some(out)
}

/// Line breaks and paragraph marks are no spaces: they are refused.
fn is_space(c: char) -> bool {
    c.general_category() == GeneralCategory::SpaceSeparator
}

fn check_characters(text: &str) -> Result<(), &'static str> {
    let mut marks = 0;
    let mut before = Vec::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_control() {
            return Err("control characters and line breaks can't be used here");
        }
        let in_emoji = match c {
            ZERO_WIDTH_JOINER => joins(&before, rest.peek().copied()),
            c if TAGS.contains(&c) => is_tagged(&before),
            _ => false,
        };
        if is_deceptive(c) && !in_emoji {
            return Err("characters that are invisible or change the direction of text can't be used here");
        }
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MARKS_MAX {
            return Err("too many marks on one letter");
        }
        before.push(c);
    }
    Ok(())
}

/// Whether a joiner stands between two pictographs.
fn joins(before: &[char], after: Option<char>) -> bool {
    let dressing = |c: &&char| VARIATION_SELECTORS.contains(*c) || SKIN_TONES.contains(*c);
    before.iter().rev().find(|c| !dressing(c)).is_some_and(|c| is_pictograph(*c))
        && after.is_some_and(is_pictograph)
}

fn is_tagged(before: &[char]) -> bool {
    before.iter().rev().find(|c| !TAGS.contains(c)) == Some(&'\u{1f3f4}')
}

fn is_visible(c: char) -> bool {
    let group = c.general_category_group();
    !matches!(
        group,
        GeneralCategoryGroup::Mark | GeneralCategoryGroup::Separator | GeneralCategoryGroup::Other
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_people_everywhere_are_kept() {
        for (text, kept) in [
            ("Ada Lovelace", "Ada Lovelace"),
            ("  Grace \u{a0} Hopper  ", "Grace Hopper"),
            ("José", "José"),
            ("Jose\u{301}", "José"),
            ("Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai"),
            ("محمد", "محمد"),
            ("שרה", "שרה"),
            ("山田太郎", "山田太郎"),
            ("O’Neill-Smith, Jr.", "O’Neill-Smith, Jr."),
            ("👩\u{200d}💻 dev", "👩\u{200d}💻 dev"),
            ("👩🏽\u{200d}🚀", "👩🏽\u{200d}🚀"),
            (
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            ),
            ("x", "x"),
        ] {
            assert_eq!(name("name", text).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn names_that_deceive_are_refused() {
        for text in [
            "",
            "   ",
            "\u{200b}",
            "Ad\u{200b}a",
            "Ad\u{200d}a",
            "👩\u{200d}",
            "a\u{200d}👩",
            "Ada\u{202e}gpj.exe",
            "\u{2066}Ada\u{2069}",
            "Ada\u{ad}",
            "\u{feff}Ada",
            "\u{3164}",
            "\u{2800}\u{2800}",
            "\u{301}",
            "Ada\u{e0041}",
            "A\nda",
            "A\u{0}da",
            "A\u{85}da",
            "A\u{2028}da",
            "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}algo",
        ] {
            let error = name("name", text).expect_err(text);
            assert_eq!((error.code, error.fields[0].field), (ErrorCode::NameRefused, "name"));
        }
    }

    #[test]
    fn length_counts_what_is_seen() {
        assert!(name("name", &"é".repeat(80)).is_ok());
        assert!(name("name", &"e\u{301}".repeat(80)).is_ok());
        assert!(name("name", &"é".repeat(81)).is_err());
        assert!(name("name", &"a".repeat(100_000)).is_err());
        assert!(name("name", &" ".repeat(100_000)).is_err());
        assert_eq!(topic("").as_deref(), Ok(""));
        assert!(topic(&"t".repeat(500)).is_ok());
        assert!(topic(&"t".repeat(501)).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_kept_keeps_the_rules(text in any_text()) {
            let Ok(kept) = name("name", &text) else { return Ok(()) };
            prop_assert!((1..=NAME_CHARS_MAX).contains(&kept.chars().count()));
            prop_assert_eq!(kept.trim(), &kept);
            prop_assert!(kept.chars().any(|c| !c.is_whitespace() && !is_deceptive(c)));
            let is_trick = |c: char| {
                c.is_control()
                    || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            };
            prop_assert!(!kept.chars().any(is_trick), "something hides");
            // A name that is read and written back stays the same, and is accepted.
            prop_assert_eq!(name("name", &kept), Ok(kept));
        }
    }

    /// Letters, emoji and what tricks are made of, close together.
    fn any_text() -> impl Strategy<Value = String> {
        let tricky = proptest::sample::select(vec![
            'a',
            ' ',
            '\u{301}',
            '\u{200d}',
            '\u{200b}',
            '\u{202e}',
            '\u{2067}',
            '\u{fe0f}',
            '👩',
            '💻',
            '🏽',
            '🏴',
            '\u{e0067}',
            '\u{e007f}',
            '\u{a0}',
            '\u{2028}',
            '\n',
            '\u{3164}',
            'é',
            '1',
            '\u{20e3}',
            '\u{1100}',
            '\u{1161}',
        ]);
        proptest::collection::vec(prop_oneof![3 => tricky, 1 => any::<char>()], 0..12)
            .prop_map(|chars| chars.into_iter().collect())
    }

    #[test]
    fn time_zones_have_a_form() {
        for text in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"] {
            assert_eq!(time_zone(text).as_deref(), Ok(text));
        }
        for text in ["", "Europe Berlin", "../../etc/passwd", "<b>", &"a".repeat(65)] {
            assert!(time_zone(text).is_err());
        }
    }
}
