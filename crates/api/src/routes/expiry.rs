//! When something is to end: a time, or a span from now on.

use loquat_protocol::ErrorCode;

use crate::Problem;

/// Longest span: ten years, in milliseconds.
const SPAN_MS_MAX: u64 = 3_650 * 24 * 3_600_000;
/// Latest time: the largest whole number that every client can hold.
const TIME_MS_MAX: u64 = (1 << 53) - 1;

/// The end that a request names; `None` when it names none.
///
/// # Errors
/// 40003 when it names both or a span that is out of bounds.
pub fn of(at_ms: Option<u64>, in_ms: Option<u64>, now_ms: u64) -> Result<Option<u64>, Problem> {
    let refuse =
        |field, text: &'static str| Err(Problem::new(ErrorCode::InvalidParameter, text).at(field, text));
    match (at_ms, in_ms) {
        (None | Some(0..=TIME_MS_MAX), None) => Ok(at_ms),
        (Some(_), None) => refuse("expires_ms", "it is too far away"),
        (Some(_), Some(_)) => refuse("expires_in_ms", "give 'expires_ms' or 'expires_in_ms', not both"),
        (None, Some(1..=SPAN_MS_MAX)) => Ok(in_ms.map(|in_ms| now_ms + in_ms)),
        (None, Some(_)) => refuse("expires_in_ms", "it must be a span from 1 ms to ten years"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_named_once() {
        assert_eq!(of(None, None, 5).unwrap(), None);
        assert_eq!(of(Some(7), None, 5).unwrap(), Some(7));
        assert_eq!(of(None, Some(7), 5).unwrap(), Some(12));
        for (at_ms, in_ms) in
            [(Some(7), Some(7)), (None, Some(0)), (None, Some(SPAN_MS_MAX + 1)), (Some(1 << 53), None)]
        {
            assert_eq!(of(at_ms, in_ms, 5).unwrap_err().status(), 400);
        }
    }
}
