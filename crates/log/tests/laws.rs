//! The laws over the oracle itself.

use std::sync::Arc;

use loquat_log::{
    Log,
    laws::{LogFixture, TestLog, WindowClock},
    log_laws,
    memory::{MemoryLog, MemoryOptions},
};

struct Memory;

const OPTIONS: MemoryOptions = MemoryOptions { partitions: 1, window_ms: 600_000, queue_bytes_max: 1 << 20 };

impl LogFixture for Memory {
    fn open(&self, partitions: u16) -> Box<dyn TestLog> {
        Box::new(Opened(Arc::new(MemoryLog::new(MemoryOptions { partitions, ..OPTIONS }))))
    }

    fn window(&self) -> WindowClock {
        WindowClock::Entries(OPTIONS.window_ms)
    }

    fn queue_bytes_max(&self) -> usize {
        OPTIONS.queue_bytes_max
    }
}

struct Opened(Arc<MemoryLog>);

impl TestLog for Opened {
    fn log(&self) -> Arc<dyn Log> {
        self.0.clone()
    }

    fn crash(&mut self) {
        self.0 = Arc::new(self.0.crash());
    }

    fn raise_epoch(&mut self) -> bool {
        self.0.raise_epoch();
        true
    }
}

log_laws!(Memory);
