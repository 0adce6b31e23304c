//! Answers that are on their way out: each stays in memory until its client has taken it, at the pace of the client.
//! Large ones are counted, in all and by client, and what would be too much is not begun (MEM-1).

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::{Body, HttpBody, to_bytes},
    response::Response,
};
use bytes::Bytes;
use loquat_protocol::{ErrorCode, ErrorInfo};

use super::pool::{Part, Pool};

/// Smaller answers are not counted: connections cost about as much without one.
const LARGE_BYTES: usize = 64 << 10;
/// Bytes of large answers on their way at once.
const BYTES_MAX: usize = 256 << 20;
/// Of them to one client, apart from a single answer that is larger.
const BYTES_PER_CLIENT_MAX: usize = 64 << 20;

/// The large answers on their way.
#[derive(Clone)]
pub struct Outgoing(Arc<Pool>);

/// A body with its part: the bytes go when the socket has taken them, and not before.
struct Held {
    bytes: Bytes,
    _part: Part,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Default for Outgoing {
    fn default() -> Self {
        Self(Pool::new(BYTES_MAX, BYTES_PER_CLIENT_MAX))
    }
}

impl Outgoing {
    /// The response, counted until it is written. `client`: its network.
    ///
    /// # Errors
    /// 42910 (503) when too much is on its way to this client or to all.
    pub async fn count(&self, client: IpAddr, response: Response) -> Result<Response, ErrorInfo> {
        let size = response.body().size_hint().lower();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size < LARGE_BYTES {
            return Ok(response);
        }
        let mut part = self.0.part(client);
        part.grow(size).map_err(|_| {
            let text = "too many large answers wait to be taken; read them, and try again";
            ErrorInfo::new(ErrorCode::RateLimited, text).with_status(503)
        })?;
        let (parts, body) = response.into_parts();
        // The routes' bodies are in memory already: there is nothing that could fail or grow.
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Ok(Response::from_parts(parts, Body::from(Bytes::from_owner(Held { bytes, _part: part }))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(size: usize) -> Response {
        Response::new(Body::from(vec![b'x'; size]))
    }

    #[tokio::test]
    async fn a_large_answer_counts_until_its_last_byte_is_gone() {
        let outgoing = Outgoing::default();
        let [one, other] = [1, 2].map(|last| IpAddr::from([192, 0, 2, last]));
        let counted = outgoing.count(one, response(BYTES_PER_CLIENT_MAX)).await.unwrap();
        // The body is over, but what it gave is not written yet.
        let bytes = to_bytes(counted.into_body(), usize::MAX).await.unwrap();
        assert_eq!(bytes.len(), BYTES_PER_CLIENT_MAX);
        let refused = outgoing.count(one, response(LARGE_BYTES)).await.unwrap_err();
        assert_eq!((refused.code, refused.status_code), (42910, 503));
        assert!(outgoing.count(one, response(LARGE_BYTES - 1)).await.is_ok());
        assert!(outgoing.count(other, response(LARGE_BYTES)).await.is_ok());
        drop(bytes);
        assert!(outgoing.count(one, response(LARGE_BYTES)).await.is_ok());
        assert!(outgoing.0.is_empty());
    }
}
