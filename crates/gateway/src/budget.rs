//! Budgets of connections: in all, per address, and of new ones per second and address.

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    time::Instant,
};

use hashbrown::HashMap;
use loquat_telemetry::RefusedReason;
use parking_lot::Mutex;

/// Addresses remembered; past it, those without connections are forgotten first.
const ADDRESSES_MAX: usize = 65_536;

/// The budgets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BudgetLimits {
    /// Connections open at once.
    pub connections_max: usize,
    /// Connections open at once from one address.
    pub connections_per_address_max: usize,
    /// New connections a second from one address, with bursts of as many.
    pub handshakes_per_address_per_second: u32,
}

#[derive(Debug)]
struct Address {
    open: usize,
    allowance: f64,
    seen: Instant,
}

#[derive(Debug, Default)]
struct Counts {
    open: usize,
    addresses: HashMap<IpAddr, Address>,
}

/// Who has how many connections.
#[derive(Debug)]
pub struct Budget {
    limits: BudgetLimits,
    counts: Mutex<Counts>,
}

/// A connection's share of the budget; given back when dropped.
#[derive(Debug)]
pub struct Share {
    budget: Arc<Budget>,
    /// Whose it is; `None` while a proxy holds it, which brings many.
    address: Option<IpAddr>,
}

/// Addresses of one network count as one: an IPv6 subscriber has at least a /64.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

impl Budget {
    /// Nothing spent.
    pub fn new(limits: BudgetLimits) -> Arc<Self> {
        Arc::new(Self { limits, counts: Mutex::default() })
    }

    /// Takes a share for a new connection from a client's address.
    ///
    /// # Errors
    /// Which budget is spent.
    pub fn take(self: &Arc<Self>, address: IpAddr, now: Instant) -> Result<Share, RefusedReason> {
        let mut counts = self.counts.lock();
        if counts.open >= self.limits.connections_max {
            return Err(RefusedReason::Full);
        }
        let address = network(address);
        self.place(&mut counts, address, now)?;
        counts.open += 1;
        Ok(Share { budget: Arc::clone(self), address: Some(address) })
    }

    /// Takes a share for a connection of a proxy's, which is nobody's until [`Share::give`].
    ///
    /// # Errors
    /// `Full` when that budget is spent.
    pub fn take_for_proxy(self: &Arc<Self>) -> Result<Share, RefusedReason> {
        let mut counts = self.counts.lock();
        if counts.open >= self.limits.connections_max {
            return Err(RefusedReason::Full);
        }
        counts.open += 1;
        Ok(Share { budget: Arc::clone(self), address: None })
    }

    fn place(&self, counts: &mut Counts, address: IpAddr, now: Instant) -> Result<(), RefusedReason> {
        if counts.addresses.len() >= ADDRESSES_MAX && !counts.addresses.contains_key(&address) {
            counts.addresses.retain(|_, address| address.open > 0);
        }
        let rate = f64::from(self.limits.handshakes_per_address_per_second);
        let entry =
            counts.addresses.entry(address).or_insert(Address { open: 0, allowance: rate, seen: now });
        let since = now.saturating_duration_since(entry.seen).as_secs_f64();
        entry.allowance = (entry.allowance + since * rate).min(rate);
        entry.seen = now;
        if entry.open >= self.limits.connections_per_address_max {
            return Err(RefusedReason::AddressFull);
        }
        if entry.allowance < 1.0 {
            return Err(RefusedReason::AddressRate);
        }
        entry.allowance -= 1.0;
        entry.open += 1;
        Ok(())
    }
}

impl Share {
    /// Counts it against the client whose connection it has become, unless it is somebody's already.
    ///
    /// # Errors
    /// Which budget of that address is spent.
    pub fn give(mut self, address: IpAddr, now: Instant) -> Result<Self, RefusedReason> {
        if self.address.is_none() {
            let address = network(address);
            self.budget.place(&mut self.budget.counts.lock(), address, now)?;
            self.address = Some(address);
        }
        Ok(self)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut counts = self.budget.counts.lock();
        counts.open -= 1;
        let address = self.address.and_then(|address| counts.addresses.get_mut(&address));
        if let Some(address) = address {
            address.open -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn budget(connections: usize, per_address: usize, rate: u32) -> Arc<Budget> {
        Budget::new(BudgetLimits {
            connections_max: connections,
            connections_per_address_max: per_address,
            handshakes_per_address_per_second: rate,
        })
    }

    #[test]
    fn an_address_cannot_take_what_others_need() {
        let (budget, now) = (budget(10, 2, 100), Instant::now());
        let (one, two) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        let first = budget.take(one, now).unwrap();
        let _second = budget.take(one, now).unwrap();
        assert_eq!(budget.take(one, now).unwrap_err(), RefusedReason::AddressFull);
        assert!(budget.take(two, now).is_ok());
        drop(first);
        assert!(budget.take(one, now).is_ok());
    }

    #[test]
    fn new_connections_come_at_the_stated_rate() {
        let (budget, now) = (budget(10, 10, 2), Instant::now());
        let address = IpAddr::from([127, 0, 0, 1]);
        let shares: Vec<_> = (0..2).map(|_| budget.take(address, now).unwrap()).collect();
        assert_eq!(budget.take(address, now).unwrap_err(), RefusedReason::AddressRate);
        assert!(budget.take(address, now + Duration::from_millis(600)).is_ok());
        drop(shares);
    }

    #[test]
    fn what_a_proxy_brings_is_counted_where_it_comes_from() {
        let (budget, now) = (budget(3, 1, 100), Instant::now());
        let [one, two] = [1, 2].map(|last| IpAddr::from([192, 0, 2, last]));
        let bring = |address| budget.take_for_proxy().unwrap().give(address, now);
        let first = bring(one).unwrap();
        assert_eq!(bring(one).unwrap_err(), RefusedReason::AddressFull);
        let _second = bring(two).unwrap();
        // What was refused is free again, also in all.
        let held = budget.take_for_proxy().unwrap();
        assert_eq!(budget.take_for_proxy().unwrap_err(), RefusedReason::Full);
        assert_eq!(budget.take(one, now).unwrap_err(), RefusedReason::Full);
        drop((held, first));
        assert!(bring(one).is_ok());
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let (budget, now) = (budget(10, 1, 100), Instant::now());
        let _first = budget.take("2001:db8::1".parse().unwrap(), now).unwrap();
        assert_eq!(budget.take("2001:db8::2".parse().unwrap(), now).unwrap_err(), RefusedReason::AddressFull);
    }
}
