//! The context: what all its service threads share.

use crate::conn::config::{ContextConfig, MountKind, VhostConfig};
use crate::conn::files::Opening;
use crate::conn::mailbox::{Mailbox, Message};
use crate::conn::peers::Peers;
use crate::conn::vhost::Vhost;
use crate::util::ids::{self, Handle, Kind, Place};
use parking_lot::Mutex;
use std::ffi::CStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};

/// The program's hooks into a context's life, given by the C surface.
pub trait Hooks: Send + Sync {
    /// The context exists: its handle is known.
    fn attach(&self, context: &Context);
    /// The first service pass: walks the system states; `initialise` brings the protocols up where no state does.
    fn start(&self, initialise: &mut dyn FnMut() -> bool);
    /// Runs the calls that other threads have left for a service thread.
    fn run_attached(&self, context: &Context, tsi: u8);
    /// Opens a file for http with the program's file operations, where they concern this path. Calls user code.
    fn open_file(&self, path: &CStr, takes_gzip: bool) -> Opening;
    /// Destruction begins.
    fn begin_destroy(&self);
    /// Everything has ended: the place where the program keeps the context is cleared here.
    fn end_destroy(&self);
    /// The hooks themselves, for the side that made them.
    fn as_any(&self) -> &dyn std::any::Any;
}

/// A context.
pub struct Context {
    /// What C holds.
    pub handle: Handle,
    /// Index in the registry.
    pub index: u16,
    /// What the program asked for.
    pub config: ContextConfig,
    /// One mailbox per service thread.
    pub mailboxes: Vec<Mailbox>,
    /// The program's hooks.
    pub hooks: Box<dyn Hooks>,
    vhosts: Mutex<Vec<Arc<Vhost>>>,
    /// The connections of each address, where they are limited.
    pub peers: Arc<Peers>,
    /// The first pass has walked the states.
    pub is_started: AtomicBool,
    /// Some OS thread is walking the states.
    pub is_starting: AtomicBool,
    /// lws_context_destroy was called; it happens when the last callback has unwound.
    pub is_destroying: AtomicBool,
    /// Destruction has been taken up.
    pub is_ending: AtomicBool,
    /// lws_context_deprecate was called: no listening any more.
    pub is_deprecated: AtomicBool,
    /// Some vhost has a proxy area: request targets are kept as they came.
    pub has_proxies: AtomicBool,
    next_vhost: AtomicU32,
    /// TLS sessions of all threads.
    pub tls_sessions: AtomicU32,
}

impl Context {
    /// Puts a context together; the registry has chosen its index and handle.
    pub fn new(
        handle: Handle,
        index: u16,
        config: ContextConfig,
        mailboxes: Vec<Mailbox>,
        hooks: Box<dyn Hooks>,
    ) -> Self {
        Self {
            peers: Peers::new(config.ip_limit_wsi, config.ip_limit_ah),
            handle,
            index,
            config,
            mailboxes,
            hooks,
            vhosts: Mutex::new(Vec::new()),
            is_started: AtomicBool::new(false),
            is_starting: AtomicBool::new(false),
            is_destroying: AtomicBool::new(false),
            is_ending: AtomicBool::new(false),
            is_deprecated: AtomicBool::new(false),
            has_proxies: AtomicBool::new(false),
            next_vhost: AtomicU32::new(0),
            tls_sessions: AtomicU32::new(0),
        }
    }

    /// Adds a vhost; `None` when handles ran out.
    pub fn add_vhost(&self, config: VhostConfig) -> Option<Arc<Vhost>> {
        let index = self.next_vhost.fetch_add(1, Ordering::Relaxed);
        let handle = ids::allocate(Place {
            kind: Kind::Vhost,
            context: self.index,
            tsi: 0,
            local: index,
        })?;
        if config.mounts.iter().any(|m| m.kind == MountKind::Proxy) {
            self.has_proxies.store(true, Ordering::Relaxed);
        }
        let vhost = Arc::new(Vhost {
            handle,
            index,
            listen_port: AtomicI32::new(config.port),
            proxies: Mutex::new(config.proxies.clone()),
            config,
            is_initialised: AtomicBool::new(false),
            initialised: AtomicU32::new(0),
            is_closing: AtomicBool::new(false),
            is_finalised: AtomicBool::new(false),
            connections: AtomicU32::new(0),
            tls: std::sync::OnceLock::new(),
        });
        self.vhosts.lock().push(vhost.clone());
        Some(vhost)
    }

    /// Takes a vhost off the list and ends its handle.
    pub fn remove_vhost(&self, vhost: &Vhost) {
        self.vhosts.lock().retain(|v| v.index != vhost.index);
        ids::release(vhost.handle);
    }

    /// All vhosts, in the order of creation.
    pub fn vhosts(&self) -> Vec<Arc<Vhost>> {
        self.vhosts.lock().clone()
    }

    /// A vhost by index.
    pub fn vhost(&self, index: u32) -> Option<Arc<Vhost>> {
        self.vhosts
            .lock()
            .iter()
            .find(|v| v.index == index)
            .cloned()
    }

    /// A vhost by name.
    pub fn vhost_by_name(&self, name: &CStr) -> Option<Arc<Vhost>> {
        self.vhosts
            .lock()
            .iter()
            .find(|v| v.config.name.as_c_str() == name)
            .cloned()
    }

    /// The first vhost: where callbacks go that concern none in particular.
    pub fn first_vhost(&self) -> Option<Arc<Vhost>> {
        self.vhosts.lock().first().cloned()
    }

    /// Notes EVENT_WAIT_CANCELLED on every thread and ends their waits. Any thread.
    pub fn cancel_service(&self) {
        for mailbox in &self.mailboxes {
            mailbox.note_cancelled();
            mailbox.wake.wake();
        }
    }

    /// Sends a message to one thread.
    pub fn post(&self, tsi: u8, message: Message) {
        if let Some(mailbox) = self.mailboxes.get(usize::from(tsi)) {
            mailbox.post(message);
        }
    }
}
