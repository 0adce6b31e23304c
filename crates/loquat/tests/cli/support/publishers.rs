//! Publishers that never pause, and what was acknowledged to them.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

use super::{Server, wait_for};

/// A publish that was acknowledged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Acked {
    /// The serial that the server gave it; first, so that the order is the channel's.
    pub serial: String,
    /// What was published.
    pub data: String,
}

/// Threads that publish, each to a channel of its own: `load-0`, `load-1`, …
pub struct Publishers {
    stop: Arc<AtomicBool>,
    acked: Vec<Arc<Mutex<Vec<Acked>>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Publishers {
    /// Starts `count` publishers.
    pub fn start(server: &Server, count: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let acked: Vec<_> = (0..count).map(|_| Arc::<Mutex<Vec<Acked>>>::default()).collect();
        let thread = |(number, acked): (usize, &Arc<Mutex<Vec<Acked>>>)| {
            let (stop, acked, mut http) = (Arc::clone(&stop), Arc::clone(acked), server.http());
            std::thread::spawn(move || {
                let channel = channel(number);
                for turn in 0.. {
                    if stop.load(Ordering::Acquire) {
                        break;
                    }
                    let data = format!("{channel} {turn} {}", "x".repeat(200));
                    let serial = http.publish(&channel, &data);
                    acked.lock().unwrap().push(Acked { serial, data });
                }
            })
        };
        let threads = acked.iter().enumerate().map(thread).collect();
        Self { stop, acked, threads }
    }

    /// Waits until each of them has so many more acknowledged; gives what was acknowledged by then, by channel.
    pub fn wait_for_more(&self, more: usize) -> Vec<Vec<Acked>> {
        let counts: Vec<usize> = self.acked.iter().map(|acked| acked.lock().unwrap().len()).collect();
        wait_for("publishes", || {
            let done = |(acked, count): (&Arc<Mutex<Vec<Acked>>>, &usize)| {
                acked.lock().unwrap().len() >= count + more
            };
            self.acked.iter().zip(&counts).all(done).then_some(())
        });
        self.so_far()
    }

    /// What was acknowledged so far, by channel.
    pub fn so_far(&self) -> Vec<Vec<Acked>> {
        self.acked.iter().map(|acked| acked.lock().unwrap().clone()).collect()
    }

    /// Ends them after their current publish; gives all that was acknowledged, by channel.
    pub fn stop(self) -> Vec<Vec<Acked>> {
        self.stop.store(true, Ordering::Release);
        for thread in self.threads {
            thread.join().expect("every publish is acknowledged");
        }
        self.acked.iter().map(|acked| acked.lock().unwrap().clone()).collect()
    }
}

/// The channel of a publisher.
pub fn channel(number: usize) -> String {
    format!("load-{number}")
}
