//! Bytes that many hold together: a bound for all, and one for each client, so that one that takes its time keeps nobody
//! else waiting.

use std::{net::IpAddr, sync::Arc};

use hashbrown::HashMap;
use parking_lot::Mutex;

/// A bound of bytes, and who holds how many.
pub struct Pool {
    bytes_max: usize,
    bytes_per_client_max: usize,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    bytes: usize,
    by_client: HashMap<IpAddr, usize>,
}

/// Which bound is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spent {
    /// The client's own.
    Client,
    /// That of all together.
    All,
}

/// What somebody holds; given back when dropped.
pub struct Part {
    pool: Arc<Pool>,
    client: IpAddr,
    bytes: usize,
}

impl Pool {
    /// `bytes_max`: of all together. `bytes_per_client_max`: of one network.
    pub fn new(bytes_max: usize, bytes_per_client_max: usize) -> Arc<Self> {
        Arc::new(Self { bytes_max, bytes_per_client_max, counts: Mutex::default() })
    }

    /// A part of a client's that holds nothing yet.
    pub fn part(self: &Arc<Self>, client: IpAddr) -> Part {
        Part { pool: Arc::clone(self), client, bytes: 0 }
    }

    /// Whether nobody holds anything, and nobody is remembered.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        let counts = self.counts.lock();
        counts.bytes == 0 && counts.by_client.is_empty()
    }
}

impl Part {
    /// Takes more. What holds nothing beside it always fits, however large it is: its own limit is elsewhere.
    ///
    /// # Errors
    /// Which bound is reached; then it holds what it held.
    pub fn grow(&mut self, bytes: usize) -> Result<(), Spent> {
        let mut counts = self.pool.counts.lock();
        let of_client = counts.by_client.get(&self.client).copied().unwrap_or(0);
        let fits = |held: usize, max| held == self.bytes || held.saturating_add(bytes) <= max;
        if !fits(of_client, self.pool.bytes_per_client_max) {
            return Err(Spent::Client);
        }
        if !fits(counts.bytes, self.pool.bytes_max) {
            return Err(Spent::All);
        }
        counts.bytes += bytes;
        counts.by_client.insert(self.client, of_client + bytes);
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.bytes == 0 {
            return;
        }
        let mut counts = self.pool.counts.lock();
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

    fn client(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn a_client_cannot_take_what_others_need() {
        let pool = Pool::new(100, 25);
        let (mut first, mut second) = (pool.part(client(1)), pool.part(client(1)));
        first.grow(20).unwrap();
        assert_eq!(second.grow(6), Err(Spent::Client));
        second.grow(5).unwrap();
        pool.part(client(2)).grow(25).unwrap();
        drop(first);
        second.grow(20).unwrap();
        drop(second);
        assert!(pool.is_empty());
    }

    #[test]
    fn all_clients_together_have_a_bound_and_one_alone_always_fits() {
        let pool = Pool::new(100, 25);
        let mut alone = pool.part(client(1));
        alone.grow(101).unwrap();
        assert_eq!(pool.part(client(2)).grow(1), Err(Spent::All));
        // It goes on as long as it is alone.
        alone.grow(1).unwrap();
        drop(alone);
        let mut held: Vec<_> = (0..4).map(|last| pool.part(client(last))).collect();
        held.iter_mut().for_each(|part| part.grow(25).unwrap());
        assert_eq!(pool.part(client(5)).grow(1), Err(Spent::All));
        drop(held);
        assert!(pool.is_empty());
    }
}
