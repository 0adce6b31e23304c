//! Bodies of requests: each has a limit of its own and a time to arrive in, and is in memory until it is answered. They
//! are counted as they come, in all and by client, so that many together stay within a bound too (MEM-1).
//!
//! Strangers have a smaller part, so that those who are known go on while strangers fill theirs. Who somebody is costs a
//! look into the store, so it is asked only where it decides: when the strangers' part is full.

use std::{
    future::Future,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
};
use hyper::body::{Frame, SizeHint};
use loquat_protocol::{ErrorCode, ErrorInfo};
use parking_lot::Mutex;

use super::pool::{Part, Pool, Spent};

/// The beginning of a body is not counted: a connection costs about as much without one. So people sign in while somebody
/// fills the strangers' part.
const FREE_BYTES: usize = 4 << 10;
/// Bytes of bodies at once.
const BYTES_MAX: usize = 256 << 20;
/// Of them from one client.
const BYTES_PER_CLIENT_MAX: usize = 64 << 20;
/// Bytes of strangers' bodies at once.
const STRANGERS_BYTES_MAX: usize = 64 << 20;
/// Of them from one client.
const STRANGERS_BYTES_PER_CLIENT_MAX: usize = 8 << 20;

/// Whether it is somebody who is known that sent a request; asked once at most.
pub type Asking = Pin<Box<dyn Future<Output = bool> + Send>>;

/// The bodies that are in memory.
#[derive(Clone)]
pub struct Arriving {
    everybody: Arc<Pool>,
    strangers: Arc<Pool>,
}

impl Default for Arriving {
    fn default() -> Self {
        Self {
            everybody: Pool::new(BYTES_MAX, BYTES_PER_CLIENT_MAX),
            strangers: Pool::new(STRANGERS_BYTES_MAX, STRANGERS_BYTES_PER_CLIENT_MAX),
        }
    }
}

impl Arriving {
    /// The request with its body counted: as long as that is read and what comes of it is kept. `client`: its network.
    pub fn count(
        &self,
        client: IpAddr,
        request: Request,
        is_known: impl FnOnce(&Request) -> Asking,
    ) -> (Request, Option<Arc<Counted>>) {
        if request.body().size_hint().upper().is_some_and(|bytes| bytes <= FREE_BYTES as u64) {
            return (request, None);
        }
        let asking = Some(is_known(&request));
        let (everybody, stranger) = (self.everybody.part(client), Some(self.strangers.part(client)));
        let held = Held { free: FREE_BYTES, everybody, stranger };
        let counted = Arc::new(Counted(Mutex::new(Ok(held))));
        let watched = Arc::clone(&counted);
        let request =
            request.map(|body| Body::new(Watched { body, counted: watched, asking, waiting: None }));
        (request, Some(counted))
    }
}

/// What a body holds, or why it was refused.
pub struct Counted(Mutex<Result<Held, Spent>>);

struct Held {
    /// What is left of the part that is not counted.
    free: usize,
    everybody: Part,
    /// Until the sender is known.
    stranger: Option<Part>,
}

/// What to do with a piece of a body.
enum Verdict {
    Take,
    /// It is too much for a stranger.
    Ask,
    Refuse,
}

impl Counted {
    /// What a sender is told whose body was refused.
    pub fn refusal(&self) -> Option<ErrorInfo> {
        let spent = self.0.lock().as_ref().err().copied()?;
        let (status, text) = match spent {
            Spent::Client => {
                (429, "too many large requests at once from this address; send one after the other")
            }
            Spent::All => (503, "too many large requests at once; try again"),
        };
        Some(ErrorInfo::new(ErrorCode::RateLimited, text).with_status(status))
    }

    fn take(&self, bytes: usize, may_ask: bool) -> Verdict {
        let mut state = self.0.lock();
        let held = match &mut *state {
            Ok(held) => held,
            Err(_) => return Verdict::Refuse,
        };
        let free = held.free.min(bytes);
        let bytes = bytes - free;
        if bytes == 0 {
            held.free -= free;
            return Verdict::Take;
        }
        let as_stranger = held.stranger.as_mut().map_or(Ok(()), |part| part.grow(bytes));
        if as_stranger.is_err() && may_ask {
            return Verdict::Ask;
        }
        match as_stranger.and_then(|()| held.everybody.grow(bytes)) {
            Ok(()) => {
                held.free = 0;
                Verdict::Take
            }
            Err(spent) => {
                // What came of it goes with the body; the parts go now.
                *state = Err(spent);
                Verdict::Refuse
            }
        }
    }

    fn introduce(&self) {
        if let Ok(held) = &mut *self.0.lock() {
            held.stranger = None;
        }
    }
}

/// A body whose pieces are counted.
struct Watched {
    body: Body,
    counted: Arc<Counted>,
    /// Who sent it; `None` when that was asked.
    asking: Option<Asking>,
    /// The piece that waits for the answer.
    waiting: Option<Bytes>,
}

#[derive(Debug, thiserror::Error)]
#[error("too many bodies of requests at once")]
struct TooMuch;

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let piece = match self.waiting.take() {
            Some(piece) => piece,
            None => match ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose()? {
                Some(frame) => match frame.into_data() {
                    Ok(piece) => piece,
                    // Trailers: the connection bounds them, as it does heads.
                    Err(frame) => return Poll::Ready(Some(Ok(frame))),
                },
                None => return Poll::Ready(None),
            },
        };
        let mut verdict = self.counted.take(piece.len(), self.asking.is_some());
        while let (Verdict::Ask, Some(asking)) = (&verdict, &mut self.asking) {
            let Poll::Ready(is_known) = asking.as_mut().poll(cx) else {
                self.waiting = Some(piece);
                return Poll::Pending;
            };
            self.asking = None;
            if is_known {
                self.counted.introduce();
            }
            verdict = self.counted.take(piece.len(), false);
        }
        match verdict {
            Verdict::Take => Poll::Ready(Some(Ok(Frame::data(piece)))),
            Verdict::Ask | Verdict::Refuse => Poll::Ready(Some(Err(axum::Error::new(TooMuch)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.waiting.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use http_body_util::{BodyExt, Full};

    use super::*;

    fn client(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    /// A body of this size beside what is not counted that was read, and what it holds.
    async fn arrived(
        arriving: &Arriving,
        from: u8,
        size: usize,
        is_known: bool,
    ) -> (bool, Option<Arc<Counted>>) {
        // Its length is not told in advance.
        let body = Full::from(vec![b'x'; FREE_BYTES + size]).map_frame(|frame: Frame<Bytes>| frame);
        let request = Request::new(Body::new(body));
        let (request, counted) =
            arriving.count(client(from), request, |_| Box::pin(std::future::ready(is_known)));
        (to_bytes(request.into_body(), usize::MAX).await.is_ok(), counted)
    }

    #[tokio::test]
    async fn strangers_fill_their_part_and_those_who_are_known_go_on() {
        let arriving = Arriving::default();
        let size = STRANGERS_BYTES_PER_CLIENT_MAX;
        let mut held = Vec::new();
        for from in 0..8 {
            let (arrived, counted) = arrived(&arriving, from, size, false).await;
            assert!(arrived && counted.as_ref().unwrap().refusal().is_none());
            held.push(counted);
        }
        // One of them again, and somebody else.
        for (from, status) in [(0, 429), (9, 503)] {
            let (arrived, counted) = arrived(&arriving, from, 1, false).await;
            let refused = counted.unwrap().refusal().unwrap();
            assert_eq!((arrived, refused.code, refused.status_code), (false, 42910, status));
        }
        for from in [0, 9] {
            // As much as it takes to sign in.
            assert!(arrived(&arriving, from, 0, false).await.0);
            assert!(arrived(&arriving, from, size, true).await.0);
        }
        drop(held);
        assert!(arrived(&arriving, 9, size, false).await.0);
        assert!(arriving.everybody.is_empty() && arriving.strangers.is_empty());
    }

    #[tokio::test]
    async fn those_who_are_known_have_a_bound_too() {
        let arriving = Arriving::default();
        let mut held = Vec::new();
        for _ in 0..8 {
            held.push(arrived(&arriving, 1, BYTES_PER_CLIENT_MAX / 8, true).await.1);
        }
        let (arrived, counted) = arrived(&arriving, 1, 1, true).await;
        assert_eq!((arrived, counted.unwrap().refusal().unwrap().status_code), (false, 429));
    }

    #[tokio::test]
    async fn a_body_waits_until_it_is_known_who_sent_it() {
        let arriving = Arriving::default();
        let (_, _held) = arrived(&arriving, 1, STRANGERS_BYTES_PER_CLIENT_MAX, false).await;
        let (tell, told) = tokio::sync::oneshot::channel();
        let request = Request::new(Body::from(vec![b'x'; FREE_BYTES + 1]));
        let (request, _counted) =
            arriving.count(client(1), request, |_| Box::pin(async move { told.await.unwrap() }));
        let reading = tokio::spawn(to_bytes(request.into_body(), usize::MAX));
        tokio::task::yield_now().await;
        assert!(!reading.is_finished());
        tell.send(true).unwrap();
        assert_eq!(reading.await.unwrap().unwrap().len(), FREE_BYTES + 1);
    }
}
