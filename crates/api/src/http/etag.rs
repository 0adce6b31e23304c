//! Answers that need not be sent again, and writes that must not overwrite what the writer has not seen.

use http::{HeaderMap, HeaderValue, header};
use loquat_protocol::ErrorCode;
use sha2::{Digest, Sha256};

use crate::Problem;

/// The tag of a body: equal bodies have equal tags.
pub fn of_body(body: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(body);
    let hex: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The tag of a row, which changes with each change of it.
pub fn of_version(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"v{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether the client has the answer already (`If-None-Match`; compared weakly, as RFC 9110 has it).
pub fn is_fresh(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|candidate| {
        candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate).as_bytes() == tag.as_bytes()
    })
}

/// The version that a write is meant for (`If-Match`); `None` when it is meant for any.
///
/// # Errors
/// 41064 (412) for what is no tag of a version: it names no present state.
pub fn wanted_version(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let version =
        text.strip_prefix("\"v").and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    version.map(Some).ok_or_else(|| ErrorCode::VersionConflict.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(text))])
    }

    #[test]
    fn a_tag_in_the_list_is_fresh_weak_or_not() {
        let tag = of_version(7);
        for text in ["\"v7\"", "W/\"v7\"", "\"v6\", \"v7\"", "*"] {
            assert!(is_fresh(&with(header::IF_NONE_MATCH, text), &tag), "{text}");
        }
        for text in ["\"v6\"", "v7", ""] {
            assert!(!is_fresh(&with(header::IF_NONE_MATCH, text), &tag), "{text}");
        }
        assert_ne!(of_body(b"a"), of_body(b"b"));
    }

    #[test]
    fn a_write_names_one_version_or_none() {
        let wanted = |text| wanted_version(&with(header::IF_MATCH, text));
        assert_eq!(wanted_version(&HeaderMap::new()).unwrap(), None);
        assert_eq!(wanted("*").unwrap(), None);
        assert_eq!(wanted("\"v7\"").unwrap(), Some(7));
        for text in ["W/\"v7\"", "v7", "\"7\"", "\"v7\", \"v8\"", "", "\"v-1\""] {
            assert_eq!(wanted(text).unwrap_err().status(), 412, "{text}");
        }
    }
}
