//! Limits for one address: how many connections it may have (ip_limit_wsi) and how many requests it may have under way
//! (ip_limit_ah).
//!
//! The first is counted over the whole context, from the accept to the end of the connection, and more are dropped. The
//! second is counted by each service thread, and more wait in the line of [`crate::conn::role::http::pool`]. An IPv4 address
//! inside IPv6 counts as IPv4. Unix sockets have no address and no limit.

use crate::sys::sock::Peer;
use crate::util::log::log_warn;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

/// The connections of all addresses.
pub struct Peers {
    /// Connections that one address may have; 0: no limit.
    limit: u32,
    /// Addresses are needed to count something else.
    keeps_address: bool,
    counts: Mutex<HashMap<IpAddr, Count>>,
}

#[derive(Default)]
struct Count {
    connections: u32,
    was_refused: bool,
}

/// The address has as many connections as it may.
pub struct Full;

/// A connection's place among those of its address.
pub struct Seat {
    peers: Arc<Peers>,
    /// The address.
    pub ip: IpAddr,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self.peers.counts.lock();
        if let Some(count) = counts.get_mut(&self.ip) {
            count.connections = count.connections.saturating_sub(1);
            if count.connections == 0 {
                counts.remove(&self.ip);
            }
        }
    }
}

impl Peers {
    /// Nobody yet.
    pub fn new(ip_limit_wsi: u32, ip_limit_ah: u32) -> Arc<Self> {
        Arc::new(Self {
            limit: ip_limit_wsi,
            keeps_address: ip_limit_ah > 0,
            counts: Mutex::default(),
        })
    }

    /// Counts a new connection. `None`: nothing is limited for it.
    pub fn admit(self: &Arc<Self>, peer: Peer) -> Result<Option<Seat>, Full> {
        let Peer::Inet(address) = peer else {
            return Ok(None);
        };
        if self.limit == 0 && !self.keeps_address {
            return Ok(None);
        }
        let ip = address.ip().to_canonical();
        let mut counts = self.counts.lock();
        let count = counts.entry(ip).or_default();
        if self.limit > 0 && count.connections >= self.limit {
            // Once an address, so that it cannot fill the log as well.
            if !std::mem::replace(&mut count.was_refused, true) {
                log_warn!(
                    "{ip} has {} connections: more are dropped",
                    count.connections
                );
            }
            return Err(Full);
        }
        count.connections += 1;
        drop(counts);
        Ok(Some(Seat {
            peers: self.clone(),
            ip,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> Peer {
        Peer::Inet((text.parse::<IpAddr>().unwrap(), 1234).into())
    }

    #[test]
    fn an_address_has_its_limit_and_gets_seats_back() {
        let peers = Peers::new(2, 0);
        let one = peers.admit(from("1.2.3.4")).ok().flatten().unwrap();
        let two = peers.admit(from("::ffff:1.2.3.4")).ok().flatten().unwrap();
        assert!(peers.admit(from("1.2.3.4")).is_err());
        assert!(peers.admit(from("::1")).is_ok());
        assert!(peers.admit(Peer::Local).ok().unwrap().is_none());
        drop(one);
        assert!(peers.admit(from("1.2.3.4")).is_ok());
        drop(two);
        assert!(peers.counts.lock().is_empty());
    }

    #[test]
    fn without_limits_nothing_is_kept() {
        let peers = Peers::new(0, 0);
        assert!(peers.admit(from("1.2.3.4")).ok().unwrap().is_none());
        assert!(peers.counts.lock().is_empty());
    }
}
