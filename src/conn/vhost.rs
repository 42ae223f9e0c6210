//! Vhosts: the shared part, immutable after creation, and each service thread's own lists.

use crate::conn::client::tunnel::Proxies;
use crate::conn::config::VhostConfig;
use crate::conn::protocol::Protocol;
use crate::conn::tls::vhost::VhostTls;
use crate::conn::wsi::Wsi;
use crate::util::cell::StateCell;
use crate::util::ids::Handle;
use parking_lot::Mutex;
use std::ffi::CStr;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32};
use std::sync::{Arc, OnceLock};

/// A vhost, shared by all service threads.
pub struct Vhost {
    /// What C holds.
    pub handle: Handle,
    /// Index in the context's table.
    pub index: u32,
    /// What the program asked for.
    pub config: VhostConfig,
    /// The port it listens on, once it does.
    pub listen_port: AtomicI32,
    /// PROTOCOL_INIT has run, or runs.
    pub is_initialised: AtomicBool,
    /// Protocols that came up with it, from the first on.
    pub initialised: AtomicU32,
    /// lws_vhost_destroy was called.
    pub is_closing: AtomicBool,
    /// PROTOCOL_DESTROY and finalize have run.
    pub is_finalised: AtomicBool,
    /// Connections that point at it, over all threads.
    pub connections: AtomicU32,
    /// Proxies of its outgoing connections.
    pub proxies: Mutex<Proxies>,
    /// Its TLS contexts, once they are made.
    pub tls: OnceLock<VhostTls>,
}

impl Vhost {
    /// Its TLS contexts, once they are made.
    pub fn tls(&self) -> Option<&VhostTls> {
        self.tls.get()
    }

    /// Gives it its contexts, once.
    pub fn set_tls(&self, tls: VhostTls) {
        drop(self.tls.set(tls));
    }

    /// A protocol by index.
    pub fn protocol(&self, index: u16) -> Option<&Protocol> {
        self.config.protocols.get(usize::from(index))
    }

    /// Index of the protocol that has this function and name.
    pub fn index_of(&self, callback_addr: usize, name: &CStr) -> Option<u16> {
        let at = self
            .config
            .protocols
            .iter()
            .position(|p| p.is_same(callback_addr, name))?;
        u16::try_from(at).ok()
    }

    /// Index of the protocol whose C copy is at this address.
    pub fn index_by_address(&self, address: usize) -> Option<u16> {
        let mut all = self.config.protocols.iter();
        let at = all.position(|p| p.c_addr == address)?;
        u16::try_from(at).ok()
    }

    /// Index of the protocol with this name.
    pub fn index_by_name(&self, name: &[u8]) -> Option<u16> {
        let at = self
            .config
            .protocols
            .iter()
            .position(|p| p.name.as_bytes() == name)?;
        u16::try_from(at).ok()
    }
}

/// One thread's view of a vhost: the connections it serves there, by protocol, in the order of binding.
pub struct LocalVhost {
    /// The shared part.
    pub shared: Arc<Vhost>,
    lists: Vec<StateCell<Vec<Rc<Wsi>>>>,
}

impl LocalVhost {
    /// A view without connections.
    pub fn new(shared: Arc<Vhost>) -> Self {
        let lists = shared
            .config
            .protocols
            .iter()
            .map(|_| StateCell::default())
            .collect();
        Self { shared, lists }
    }

    /// Lists a connection under its protocol.
    pub fn list(&self, wsi: &Rc<Wsi>) {
        if wsi.listed_at.get().is_some() {
            return;
        }
        if let Some(list) = self.lists.get(usize::from(wsi.protocol())) {
            list.with(|l| {
                wsi.listed_at.set(l.len());
                l.push(wsi.clone());
            });
        }
    }

    /// Takes it off again.
    pub fn unlist(&self, wsi: &Wsi) {
        let Some(at) = wsi.listed_at.take() else {
            return;
        };
        if let Some(list) = self.lists.get(usize::from(wsi.protocol())) {
            let gone = list.with(|l| {
                let gone = (at < l.len()).then(|| l.swap_remove(at));
                if let Some(moved) = l.get(at) {
                    moved.listed_at.set(at);
                }
                gone
            });
            drop(gone);
        }
    }

    /// The connections on a protocol now.
    pub fn on_protocol(&self, protocol: u16) -> Vec<Rc<Wsi>> {
        self.lists
            .get(usize::from(protocol))
            .map(|l| l.with(|l| l.clone()))
            .unwrap_or_default()
    }
}
