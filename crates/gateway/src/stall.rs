//! Readers of answers must take something now and then: an answer that nobody takes is memory that nobody gives back.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// A connection that ends when its peer takes nothing for too long while something waits for it. How long a peer may be
/// silent while nothing waits is not looked at here.
pub struct Stalling<T> {
    io: T,
    limit: Duration,
    /// Set while something waits; made with the first wait, which most connections never see.
    timer: Option<Pin<Box<Sleep>>>,
    waits: bool,
}

impl<T> Stalling<T> {
    /// `limit`: how long the peer may take nothing.
    pub fn new(io: T, limit: Duration) -> Self {
        Self { io, limit, timer: None, waits: false }
    }

    /// The connection itself, which nobody watches any more.
    pub fn into_inner(self) -> T {
        self.io
    }

    /// What was written or not, unless it has not been for too long.
    fn watch<R>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<R>>) -> Poll<io::Result<R>> {
        if written.is_ready() {
            self.waits = false;
            return written;
        }
        let limit = self.limit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(limit)));
        if !self.waits {
            self.waits = true;
            timer.as_mut().reset(Instant::now() + limit);
        }
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing of its answer")))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Stalling<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Stalling<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.watch(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.watch(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(cx);
        self.watch(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.io).poll_shutdown(cx);
        self.watch(cx, ended)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_takes_nothing_is_left_after_the_limit() {
        let (near, _far) = duplex(16);
        let mut near = Stalling::new(near, LIMIT);
        let began = Instant::now();
        let error = near.write_all(&[0; 64]).await.unwrap_err();
        assert_eq!((error.kind(), began.elapsed()), (io::ErrorKind::TimedOut, LIMIT));
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_takes_a_little_now_and_then_gets_everything() {
        let (near, mut far) = duplex(16);
        let mut near = Stalling::new(near, LIMIT);
        let writing = tokio::spawn(async move { near.write_all(&[7; 160]).await });
        let mut taken = Vec::new();
        while taken.len() < 160 {
            tokio::time::sleep(LIMIT - Duration::from_secs(1)).await;
            let mut some = [0; 4];
            far.read_exact(&mut some).await.unwrap();
            taken.extend_from_slice(&some);
        }
        writing.await.unwrap().unwrap();
        assert_eq!(taken, [7; 160]);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_no_stall_while_nothing_waits() {
        let (near, mut far) = duplex(16);
        let mut near = Stalling::new(near, LIMIT);
        near.write_all(b"early").await.unwrap();
        tokio::time::sleep(LIMIT * 3).await;
        near.write_all(b" late").await.unwrap();
        let mut text = [0; 10];
        far.read_exact(&mut text).await.unwrap();
        assert_eq!(&text, b"early late");
    }
}
