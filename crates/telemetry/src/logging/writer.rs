//! A writer that never blocks its callers and never grows without bound.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// Lines that may wait; at some 200 bytes a line this is below 2 MiB.
const LINES_WAITING_MAX: usize = 8_192;

/// How long the writer may still write after the guard was dropped; a reader that has stopped reading
/// must not keep the process from ending.
pub(super) const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

enum Item {
    Line(Vec<u8>),
    Flush(SyncSender<()>),
    End(SyncSender<()>),
}

/// The callers' end: takes whole lines.
#[derive(Clone)]
pub struct LineWriter {
    queue: SyncSender<Item>,
    dropped: Arc<AtomicU64>,
}

/// Writes the lines that wait when it is dropped. Held by `main`.
#[must_use = "dropping the guard ends logging"]
pub struct WriterGuard {
    queue: SyncSender<Item>,
    thread: Option<JoinHandle<()>>,
}

impl LineWriter {
    /// Starts the thread that writes to `output`.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(output: impl Write + Send + 'static) -> io::Result<(Self, WriterGuard)> {
        let (queue, lines) = sync_channel(LINES_WAITING_MAX);
        let dropped = Arc::new(AtomicU64::new(0));
        let thread = std::thread::Builder::new().name("log-lines".to_owned()).spawn({
            let dropped = Arc::clone(&dropped);
            move || write_lines(&lines, output, &dropped)
        })?;
        Ok((Self { queue: queue.clone(), dropped }, WriterGuard { queue, thread: Some(thread) }))
    }
}

impl LineWriter {
    /// Waits until what was given so far is written, or the time is up because nobody reads it.
    pub fn flush_within(&self, timeout: Duration) {
        let (done, written) = sync_channel(1);
        if offer(&self.queue, Item::Flush(done), timeout) {
            let _ = written.recv_timeout(timeout);
        }
    }
}

impl Write for LineWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Err(TrySendError::Full(_)) = self.queue.try_send(Item::Line(line.to_vec())) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LineWriter {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Drop for WriterGuard {
    fn drop(&mut self) {
        let (done, ended) = sync_channel(1);
        if !offer(&self.queue, Item::End(done), FLUSH_TIMEOUT) {
            return;
        }
        let in_time = !matches!(ended.recv_timeout(FLUSH_TIMEOUT), Err(RecvTimeoutError::Timeout));
        if let Some(thread) = self.thread.take().filter(|_| in_time) {
            let _ = thread.join();
        }
    }
}

/// Puts an item behind the lines that wait. The queue may be full of lines that nobody reads: gives up when
/// the time is up.
fn offer(queue: &SyncSender<Item>, mut item: Item, timeout: Duration) -> bool {
    let deadline = Instant::now() + timeout;
    while let Err(TrySendError::Full(back)) = queue.try_send(item) {
        if Instant::now() >= deadline {
            return false;
        }
        item = back;
        std::thread::park_timeout(Duration::from_millis(5));
    }
    true
}

/// The thread: a failing output loses lines, nothing else; there is nowhere left to complain.
fn write_lines(lines: &Receiver<Item>, mut output: impl Write, dropped: &AtomicU64) {
    while let Ok(item) = lines.recv() {
        match item {
            Item::Line(line) => {
                let lost = dropped.swap(0, Ordering::Relaxed);
                if lost > 0 {
                    let _ = writeln!(
                        output,
                        "{lost} log lines were dropped: they came faster than they are read"
                    );
                }
                let _ = output.write_all(&line);
            }
            Item::Flush(done) => {
                let _ = output.flush();
                let _ = done.try_send(());
            }
            Item::End(done) => {
                let _ = output.flush();
                let _ = done.try_send(());
                return;
            }
        }
    }
}
