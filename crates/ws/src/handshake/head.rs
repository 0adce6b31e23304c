//! The head of an HTTP/1.1 message, for clients and test tools that speak to a socket themselves. The server's heads
//! are read by its HTTP library.

/// Longest head that [`Head::parse`] reads, in bytes.
pub const HEAD_BYTES_MAX: usize = 16 * 1024;

/// A message's first line and headers, borrowed from what was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head<'a> {
    /// The request line or status line.
    pub start_line: &'a str,
    /// Names as sent, values without the space around them.
    pub headers: Vec<(&'a str, &'a str)>,
    /// Length of the head in bytes, with the empty line that ends it.
    pub len: usize,
}

/// Why a head can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeadError {
    /// It isn't over after [`HEAD_BYTES_MAX`] bytes.
    #[error("head longer than {HEAD_BYTES_MAX} bytes")]
    TooLong,
    /// It isn't UTF-8, or a line is no header.
    #[error("malformed head")]
    Malformed,
}

impl<'a> Head<'a> {
    /// Reads the head at the start of `received`; `None` if it isn't complete yet.
    ///
    /// # Errors
    /// It is too long or malformed. Folded lines and names with space before the colon are refused, as RFC 9112
    /// section 5 asks.
    pub fn parse(received: &'a [u8]) -> Result<Option<Self>, HeadError> {
        let window = &received[..received.len().min(HEAD_BYTES_MAX)];
        let Some(end) = window.windows(4).position(|four| four == b"\r\n\r\n") else {
            return if received.len() >= HEAD_BYTES_MAX { Err(HeadError::TooLong) } else { Ok(None) };
        };
        let text = std::str::from_utf8(&received[..end]).map_err(|_| HeadError::Malformed)?;
        let mut lines = text.split("\r\n");
        let start_line = lines.next().unwrap_or_default();
        let headers = lines.map(header).collect::<Option<Vec<_>>>().ok_or(HeadError::Malformed)?;
        Ok(Some(Self { start_line, headers, len: end + 4 }))
    }
}

fn header(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
    is_name.then(|| (name, value.trim_matches([' ', '\t'])))
}
