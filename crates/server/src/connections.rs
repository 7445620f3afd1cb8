//! So many connections at once for each client and no more, so that one can't take all that there are.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// How many connections each client holds.
pub(crate) struct Connections {
    most: usize,
    /// Never 0: who holds none is not in it.
    held: Mutex<HashMap<IpAddr, usize>>,
}

/// One of a client's connections; given back when it is dropped.
pub(crate) struct Held {
    connections: Arc<Connections>,
    client: IpAddr,
}

impl Connections {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, held: Mutex::default() })
    }

    /// One more for this client, unless it has as many as it may.
    pub(crate) fn take(self: &Arc<Self>, client: IpAddr) -> Option<Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.get(&client).copied().unwrap_or(0);
        if count >= self.most {
            return None;
        }
        held.insert(client, count + 1);
        Some(Held { connections: Arc::clone(self), client })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = self.connections.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = held.entry(self.client) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_holds_so_many_and_gets_another_when_one_is_given_back() {
        let connections = Connections::new(2);
        let (one, other) = ("198.51.100.1".parse().unwrap(), "198.51.100.2".parse().unwrap());
        let first = connections.take(one);
        let second = connections.take(one);
        assert!(first.is_some() && second.is_some() && connections.take(one).is_none());
        assert!(connections.take(other).is_some(), "the other's are its own");
        drop(first);
        assert!(connections.take(one).is_some());
        drop(second);
        assert!(connections.held.lock().unwrap().is_empty(), "nothing is kept of who is gone");
    }
}
