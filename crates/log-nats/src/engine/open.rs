//! How the log opens: a runtime of its own, the servers, and a task per partition that appends.

use std::sync::{Arc, atomic::AtomicBool};

use parking_lot::Mutex;
use tokio::runtime::Builder;

use super::NatsLog;
use crate::{
    OpenError, Options,
    append::{Appender, Queue},
    follow::Followers,
    partition::Partition,
    setup,
};

impl NatsLog {
    /// Connects, verifies the servers, makes the log if there is none and checks it if there is. Blocks.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(options: Options) -> Result<Self, OpenError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(4)
            .thread_name("loquat-nats")
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        let options = Arc::new(options);
        // On a thread of its own, as the caller's may be part of a runtime, which must not wait for another.
        let opened = std::thread::scope(|scope| {
            scope.spawn(|| runtime.block_on(setup::open(Arc::clone(&options)))).join()
        });
        let opened = match opened.unwrap_or_else(|panic| std::panic::resume_unwind(panic)) {
            Ok(opened) => opened,
            Err(error) => {
                runtime.shutdown_background();
                return Err(error);
            }
        };
        let queues: Vec<Arc<Queue>> = opened.partitions.iter().map(|_| Arc::default()).collect();
        let appender = |(partition, queue): (&Arc<Partition>, &Arc<Queue>)| {
            let (partition, queue) = (Arc::clone(partition), Arc::clone(queue));
            handle.spawn(Appender { partition, options: Arc::clone(&options), queue }.run())
        };
        let appenders = Mutex::new(opened.partitions.iter().zip(&queues).map(appender).collect());
        Ok(Self {
            followers: Followers::new(opened.partitions.len()),
            partitions: opened.partitions,
            power_losses_survived: opened.power_losses_survived,
            queues,
            queued_bytes: Arc::default(),
            appenders,
            closed: AtomicBool::new(false),
            handle,
            runtime: Some(runtime),
            options,
        })
    }
}
