//! Who is spoken to in a text: `@handle`, and `@all` or `@here` for everybody in the room. Not in code, which quotes.

use loquat_store::people::Handle;

/// Most people that one message mentions by their handles; more want `@all`.
const MENTIONS_MAX: usize = 50;

/// The mentions of a text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mentions {
    /// The handles, each once, in order.
    pub handles: Vec<Handle>,
    /// Whether everybody is meant.
    pub all: bool,
}

/// Finds the mentions of a text.
pub fn find(text: &str) -> Mentions {
    let mut mentions = Mentions::default();
    for (prose, _) in parts(text).filter(|(_, is_code)| !*is_code) {
        let mut before = None;
        let mut rest = prose;
        while let Some(at) = rest.find('@') {
            before = rest[..at].chars().next_back().or(before);
            rest = &rest[at + 1..];
            let length = rest.find(|c: char| !is_handle_char(c)).unwrap_or(rest.len());
            if !before.is_some_and(joins) {
                mentions.take(rest[..length].trim_end_matches(['.', '-', '_']));
            }
            before = Some(rest[..length].chars().next_back().unwrap_or('@'));
            rest = &rest[length..];
        }
    }
    mentions
}

impl Mentions {
    fn take(&mut self, word: &str) {
        if word.eq_ignore_ascii_case("all") || word.eq_ignore_ascii_case("here") {
            self.all = true;
        } else if let Ok(handle) = Handle::parse(word)
            && self.handles.len() < MENTIONS_MAX
            && !self.handles.contains(&handle)
        {
            self.handles.push(handle);
        }
    }
}

fn is_handle_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// Whether an `@` after this character is part of a word, as in an e-mail address.
fn joins(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '/' | '+')
}

/// The text cut at code: between runs of as many backticks. A run that is never closed quotes nothing, as in Markdown;
/// three or more that begin a line quote to the end.
fn parts(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    let mut code: Option<&str> = None;
    std::iter::from_fn(move || {
        if let Some(quoted) = code.take() {
            return Some((quoted, true));
        }
        if rest.is_empty() {
            return None;
        }
        let mut from = 0;
        while let Some(at) = rest[from..].find('`').map(|at| from + at) {
            let ticks = rest[at..].bytes().take_while(|byte| *byte == b'`').count();
            let inside = &rest[at + ticks..];
            let begins_line = rest[..at].rsplit('\n').next().is_none_or(|line| line.trim().is_empty());
            let end = closing(inside, ticks).or((ticks >= 3 && begins_line).then_some(inside.len()));
            let Some(end) = end else {
                from = at + ticks;
                continue;
            };
            let prose = &rest[..at];
            code = Some(&inside[..end]);
            rest = inside.get(end + ticks..).unwrap_or_default();
            return Some((prose, false));
        }
        Some((std::mem::take(&mut rest), false))
    })
}

/// Where the next run of exactly so many backticks begins.
fn closing(text: &str, ticks: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find('`').map(|at| from + at) {
        let run = text[at..].bytes().take_while(|byte| *byte == b'`').count();
        if run == ticks {
            return Some(at);
        }
        from = at + run;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, handles: &[&str], all: bool) {
        let found = find(text);
        let found_handles: Vec<_> = found.handles.iter().map(Handle::as_str).collect();
        assert_eq!((found_handles.as_slice(), found.all), (handles, all), "{text:?}");
    }

    #[test]
    fn handles_are_found_where_people_write_them() {
        check("@ada", &["ada"], false);
        check("hi @Ada, @grace.h!", &["ada", "grace.h"], false);
        check("(@ada) \"@bob\" @ada", &["ada", "bob"], false);
        check("ask @ada.", &["ada"], false);
        check("@j.r_r-t... and @x1-", &["j.r_r-t", "x1"], false);
        check("привет,@ada", &["ada"], false);
        check("@all @HERE", &[], true);
        check("@all.", &[], true);
    }

    #[test]
    fn what_only_looks_like_a_mention_is_none() {
        for text in [
            "ada@example.org",
            "@",
            "@@ada",
            "@ada@bob@",
            "@é",
            "@a",
            "@everyone",
            "@.ada",
            "https://x.org/@ada",
            "",
            "@allada-but-very-very-very-very-long-indeed",
        ] {
            let found = find(text);
            assert!(!found.all, "{text}");
            assert!(!found.handles.iter().any(|handle| handle.as_str() == "bob"), "{text}");
        }
        check("ada@example.org", &[], false);
        check("@@ada", &[], false);
        check("https://x.org/@ada", &[], false);
    }

    /// The web app marks as mentions what is one by the same table.
    #[test]
    fn the_table_that_the_web_app_shares_holds() {
        #[derive(serde::Deserialize)]
        struct Case {
            text: String,
            handles: Vec<String>,
            #[serde(default)]
            all: bool,
        }
        let table = include_str!("../../../../docs/reference/mentions.json");
        for Case { text, handles, all } in serde_json::from_str::<Vec<Case>>(table).unwrap() {
            let handles: Vec<_> = handles.iter().map(String::as_str).collect();
            check(&text, &handles, all);
        }
    }

    #[test]
    fn code_quotes() {
        check("`@ada` @bob", &["bob"], false);
        check("``@ada ` @ada`` @bob", &["bob"], false);
        check("```\n@ada @all\n```\n@bob", &["bob"], false);
        check("```\n@ada never closed", &[], false);
        check("see\n  ```\n@ada", &[], false);
        check("see ``` there, @ada", &["ada"], false);
        check("a ` tick, @ada", &["ada"], false);
        check("`x`@ada", &["ada"], false);
    }

    proptest! {
        #[test]
        fn every_mention_stands_in_the_text(text in "[@`a-c. \n\\-é]{0,40}") {
            let found = find(&text);
            for handle in &found.handles {
                let mention = format!("@{handle}");
                prop_assert!(text.contains(&mention));
            }
            // Without backticks there is no code, and words alone are decided by what stands around them.
            if !text.contains('`') {
                let alone = text.split([' ', '\n']).filter_map(|word| word.strip_prefix('@'));
                for word in alone.filter(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
                    let expected = Handle::parse(word).ok();
                    prop_assert!(expected.is_none_or(|handle| found.handles.contains(&handle)));
                }
            }
        }
    }

    #[test]
    fn a_hostile_text_is_done_with_quickly() {
        check(&"@".repeat(100_000), &[], false);
        // Every run of backticks looks for its end in vain.
        let runs: String = (1..400).map(|ticks| format!("{} ", "`".repeat(400 - ticks))).collect();
        check(&format!("see {runs}@ada"), &["ada"], false);
        let many: String = (0..1_000).map(|n| format!("@user{n} ")).collect();
        assert_eq!(find(&many).handles.len(), MENTIONS_MAX);
    }
}
