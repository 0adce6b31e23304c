//! Answers that are on their way out: each stays in memory until its client has taken it, at the pace of the client.
//! Large ones are counted, in all and by client, and what would be too much is not begun (MEM-1).

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::{Body, HttpBody, to_bytes},
    response::Response,
};
use bytes::Bytes;
use hashbrown::HashMap;
use loquat_protocol::{ErrorCode, ErrorInfo};
use parking_lot::Mutex;

/// Smaller answers are not counted: connections cost about as much without one.
const LARGE_BYTES: usize = 64 << 10;
/// Bytes of large answers on their way at once.
const BYTES_MAX: usize = 256 << 20;
/// Of them to one client, apart from a single answer that is larger: one that takes its time keeps nobody else waiting.
const BYTES_PER_CLIENT_MAX: usize = 64 << 20;

/// The large answers on their way.
#[derive(Default)]
pub struct Outgoing(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    bytes: usize,
    by_client: HashMap<IpAddr, usize>,
}

/// An answer's part, given back with its last byte.
struct Part {
    outgoing: Arc<Outgoing>,
    client: IpAddr,
    bytes: usize,
}

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

impl Outgoing {
    /// The response, counted until it is written. `client`: its network.
    ///
    /// # Errors
    /// 42910 (503) when too much is on its way to this client or to all.
    pub async fn count(self: &Arc<Self>, client: IpAddr, response: Response) -> Result<Response, ErrorInfo> {
        let size = response.body().size_hint().lower();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size < LARGE_BYTES {
            return Ok(response);
        }
        let part = self.take(client, size).ok_or_else(|| {
            let text = "too many large answers wait to be taken; read them, and try again";
            ErrorInfo::new(ErrorCode::RateLimited, text).with_status(503)
        })?;
        let (parts, body) = response.into_parts();
        // The routes' bodies are in memory already: there is nothing that could fail or grow.
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Ok(Response::from_parts(parts, Body::from(Bytes::from_owner(Held { bytes, _part: part }))))
    }

    fn take(self: &Arc<Self>, client: IpAddr, bytes: usize) -> Option<Part> {
        let mut counts = self.0.lock();
        let of_client = counts.by_client.get(&client).copied().unwrap_or(0);
        let fits_client = of_client == 0 || of_client.saturating_add(bytes) <= BYTES_PER_CLIENT_MAX;
        let fits = counts.bytes == 0 || counts.bytes.saturating_add(bytes) <= BYTES_MAX;
        if !(fits && fits_client) {
            return None;
        }
        counts.bytes += bytes;
        counts.by_client.insert(client, of_client + bytes);
        Some(Part { outgoing: Arc::clone(self), client, bytes })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let mut counts = self.outgoing.0.lock();
        counts.bytes -= self.bytes;
        if let Some(of_client) = counts.by_client.get_mut(&self.client) {
            *of_client -= self.bytes;
            if *of_client == 0 {
                counts.by_client.remove(&self.client);
            }
        }
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
        let outgoing = Arc::new(Outgoing::default());
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
        assert!(outgoing.0.lock().by_client.is_empty());
    }

    #[test]
    fn all_clients_together_have_a_bound_and_one_answer_always_fits() {
        let outgoing = Arc::new(Outgoing::default());
        let client = |last| IpAddr::from([192, 0, 2, last]);
        drop(outgoing.take(client(1), BYTES_MAX + 1).unwrap());
        let held: Vec<_> = (0..4).map(|last| outgoing.take(client(last), BYTES_MAX / 4).unwrap()).collect();
        assert!(outgoing.take(client(5), LARGE_BYTES).is_none());
        drop(held);
        assert!(outgoing.take(client(5), LARGE_BYTES).is_some());
    }
}
