//! How many connections one address may have, so that silent ones of one client do not keep all others out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::rate::Client;

/// The connections of each address.
#[derive(Debug)]
pub(super) struct Shares {
    most: usize,
    held: Mutex<HashMap<Client, usize>>,
}

/// A connection of an address, as long as it is open.
#[derive(Debug)]
pub(super) struct Share {
    shares: Arc<Shares>,
    of: Client,
}

impl Shares {
    /// Of this many connections an address may have half.
    pub(super) fn new(connections: usize) -> Self {
        Self { most: connections.div_ceil(2), held: Mutex::default() }
    }

    /// A share for one more connection of this address; `None` where it has as many as it may.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Share> {
        let of = Client::at(address);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(of).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share { shares: Arc::clone(self), of })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.shares.held.lock().unwrap_or_else(PoisonError::into_inner);
        let left = held.get(&self.of).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            held.remove(&self.of);
        } else {
            held.insert(self.of, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_half_and_gives_back_what_it_had() {
        let shares = Arc::new(Shares::new(5));
        let (one, two) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let mut held: Vec<Share> = (0..3).filter_map(|_| shares.take(one)).collect();
        assert_eq!((held.len(), shares.take(one).is_none(), shares.take(two).is_some()), (3, true, true));
        held.pop();
        assert!(shares.take(one).is_some());
        drop(held);
        assert!(shares.held.lock().unwrap().is_empty());
        assert!(Arc::new(Shares::new(1)).take(one).is_some());
    }
}
