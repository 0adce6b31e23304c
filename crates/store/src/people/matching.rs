//! How a few typed letters find a name; every engine matches with this code.

/// What was typed, ready to be compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prefix(String);

/// A name in the form in which names are compared and put in order: lower case, single spaces.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

impl Prefix {
    /// Of what was typed, in any case; of nothing, it matches everything.
    pub fn new(typed: &str) -> Self {
        Self(fold(typed))
    }

    /// Whether any word of a folded name begins with it.
    pub fn begins_a_word(&self, folded: &str) -> bool {
        folded.match_indices(&self.0).any(|(at, _)| at == 0 || folded.as_bytes()[at - 1] == b' ')
    }

    /// Whether a text in lower case begins with it.
    pub fn begins(&self, text: &str) -> bool {
        text.starts_with(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_finds_words_in_any_case() {
        let name = fold("  Ada \t Augusta King-Noel ");
        assert_eq!(name, "ada augusta king-noel");
        for typed in ["", "a", "ADA", "aug", "ada  A", "king"] {
            assert!(Prefix::new(typed).begins_a_word(&name), "{typed:?}");
        }
        for typed in ["da", "noel", "adaa", "gusta"] {
            assert!(!Prefix::new(typed).begins_a_word(&name), "{typed:?}");
        }
        assert!(Prefix::new("ÖZ").begins_a_word(&fold("Anna Özil")));
    }
}
