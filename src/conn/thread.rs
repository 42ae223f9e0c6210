//! The state of one service thread (lws: per-thread, pt).
//!
//! Whoever holds a reference has entered the thread (see [`crate::conn::registry`]).

use crate::conn::accept::Starving;
use crate::conn::client::carrier::Lines;
use crate::conn::context::Context;
use crate::conn::role::cgi::Scripts;
use crate::conn::role::http::idle::Spares;
use crate::conn::role::http::pool::Tables;
use crate::conn::role::ws::masks::Masks;
use crate::conn::tls::WireBuffers;
use crate::conn::tx::Cork;
use crate::conn::vhost::{LocalVhost, Vhost};
use crate::conn::wsi::Wsi;
use crate::cutil::sul::SulOwners;
use crate::event::Readiness;
use crate::event::poller::{Poller, Registrar};
use crate::event::timers::Timers;
use crate::sys::clock::{self, Usec};
use crate::sys::file_pump;
use crate::util::cell::StateCell;
use crate::util::ids::{self, Handle, Kind, Place};
use std::cell::Cell;
use std::collections::VecDeque;
use std::io;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Room before the received bytes, so that a program may answer from the buffer it was given (LWS_PRE).
pub const RX_PRE: usize = 16;
/// Bytes that one receive may bring.
pub const RX_LEN: usize = 256 * 1024;

/// Who waits for readiness.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waiter {
    /// Not known yet: neither was used.
    Unknown,
    /// lws_service.
    Library,
    /// The program, with a poll() of its own and lws_service_fd.
    Program,
}

/// One service thread.
pub struct ServiceThread {
    /// What all threads share.
    pub context: Arc<Context>,
    /// Its number.
    pub tsi: u8,
    /// The waiting half of the loop, away while somebody waits.
    pub poller: StateCell<Option<Poller>>,
    /// The registering half.
    pub registrar: Registrar,
    /// Who waits.
    pub waiter: Cell<Waiter>,
    /// Pending deadlines.
    pub timers: StateCell<Timers>,
    /// The program's timers.
    pub suls: SulOwners,
    /// Output of the connection being served.
    pub cork: Cork,
    /// Connections with something to do that no descriptor will report.
    pub ready: StateCell<VecDeque<Rc<Wsi>>>,
    /// The receive buffer, away while somebody uses it.
    pub rx_buffer: StateCell<Option<Vec<u8>>>,
    /// Room for pieces of files; kept for its memory.
    pub file_piece: StateCell<Vec<u8>>,
    /// What large files go through; made for the first of them.
    pub file_pump: StateCell<file_pump::Place>,
    /// Directories of zip archives that were served from.
    pub archives: StateCell<Vec<crate::conn::role::http::archive::Known>>,
    /// The buffers of encrypted connections.
    pub wire: WireBuffers,
    /// When certificates' ages are told next; 0 for not at all.
    pub aging_at: Cell<Usec>,
    /// What the ws connections share.
    pub ws_rooms: crate::conn::role::ws::Rooms,
    /// Callbacks in progress, nested.
    pub depth: Cell<u32>,
    /// The connection being served.
    pub serving: Cell<Option<Handle>>,
    /// What the last wait found; kept for its memory.
    pub found: StateCell<Vec<(Handle, Readiness)>>,
    /// Time of this pass; 0 when it is to be read.
    now: Cell<Usec>,
    table: StateCell<Table>,
    vhosts: StateCell<Vec<Rc<LocalVhost>>>,
    /// The stand-in connection for callbacks that concern a vhost.
    pub fake: StateCell<Option<Rc<Wsi>>>,
    /// The connection that carries the wake-up descriptor.
    pub wake: StateCell<Option<Rc<Wsi>>>,
    /// Listeners that could not accept for want of descriptors.
    pub starving: Starving,
    /// Memory of http requests that are over.
    pub spare_http: Spares,
    /// Header tables in use, where their number is limited.
    pub tables: Tables,
    /// Vhosts whose listener could not be opened yet, and when to try again.
    pub deferred: StateCell<Vec<(Usec, Arc<Vhost>)>>,
    /// Requests that share connections.
    pub lines: Lines,
    /// Keys for frames of clients.
    pub masks: StateCell<Masks>,
    /// The scripts that its connections own.
    pub scripts: Scripts,
    /// Destruction has emptied it.
    pub is_over: Cell<bool>,
}

#[derive(Default)]
struct Table {
    slots: Vec<Option<Rc<Wsi>>>,
    free: Vec<u32>,
    /// All connections, in the order of their coming (a gap is filled by the last).
    order: Vec<Rc<Wsi>>,
    by_fd: Vec<u32>,
}

impl Table {
    fn forget_fd(&mut self, wsi: &Wsi) {
        if let Ok(fd) = usize::try_from(wsi.fd())
            && let Some(place) = self.by_fd.get_mut(fd)
            && *place == wsi.local + 1
        {
            *place = 0;
        }
    }
}

impl ServiceThread {
    /// A thread without connections.
    pub fn new(context: Arc<Context>, tsi: u8) -> io::Result<Self> {
        let (poller, registrar) = Poller::new()?;
        Ok(Self {
            context,
            tsi,
            poller: StateCell::new(Some(poller)),
            registrar,
            waiter: Cell::new(Waiter::Unknown),
            timers: StateCell::default(),
            suls: SulOwners::new(),
            cork: Cork::default(),
            ready: StateCell::default(),
            rx_buffer: StateCell::new(None),
            file_piece: StateCell::default(),
            file_pump: StateCell::default(),
            archives: StateCell::default(),
            wire: WireBuffers::default(),
            aging_at: Cell::new(0),
            ws_rooms: Default::default(),
            depth: Cell::new(0),
            serving: Cell::new(None),
            found: StateCell::default(),
            now: Cell::new(0),
            table: StateCell::default(),
            vhosts: StateCell::default(),
            fake: StateCell::new(None),
            wake: StateCell::new(None),
            starving: Starving::default(),
            spare_http: Spares::default(),
            tables: Tables::default(),
            deferred: StateCell::default(),
            lines: Lines::default(),
            masks: StateCell::default(),
            scripts: Scripts::default(),
            is_over: Cell::new(false),
        })
    }

    /// Time of this pass: read once, until [`Self::forget_now`] or [`Self::refresh_now`].
    pub fn now(&self) -> Usec {
        match self.now.get() {
            0 => self.refresh_now(),
            now => now,
        }
    }

    /// Time has passed: the next one who asks reads the clock.
    pub fn forget_now(&self) {
        self.now.set(0);
    }

    /// Reads the clock.
    pub fn refresh_now(&self) -> Usec {
        self.now.set(clock::now());
        self.now.get()
    }

    /// True when the context is on its way out: no callback but the last ones may run.
    pub fn is_ending(&self) -> bool {
        self.is_over.get() || self.context.is_destroying.load(Ordering::Relaxed)
    }

    /// True when a pass has something to do without waiting.
    pub fn has_work(&self) -> bool {
        self.ready.with(|r| !r.is_empty())
    }

    /// Creates a connection with a handle, in the table; `None` when handles ran out.
    pub fn create(&self) -> Option<Rc<Wsi>> {
        let local = self.table.with(|t| {
            t.free.pop().unwrap_or_else(|| {
                t.slots.push(None);
                u32::try_from(t.slots.len() - 1).unwrap_or(u32::MAX)
            })
        });
        let handle = ids::allocate(Place {
            kind: Kind::Wsi,
            context: self.context.index,
            tsi: self.tsi,
            local,
        });
        let Some(handle) = handle else {
            self.table.with(|t| t.free.push(local));
            return None;
        };
        let wsi = Rc::new(Wsi::new(handle, self.tsi, local));
        self.table.with(|t| {
            if let Some(slot) = t.slots.get_mut(local as usize) {
                *slot = Some(wsi.clone());
            }
        });
        Some(wsi)
    }

    /// Counts it among the connections, once it has a descriptor.
    pub fn enlist(&self, wsi: &Rc<Wsi>) {
        self.table.with(|t| {
            wsi.order.set(t.order.len());
            t.order.push(wsi.clone());
        });
        self.enlist_fd(wsi);
        self.mailbox(|m| m.connections.fetch_add(1, Ordering::Relaxed));
    }

    /// Makes it findable by descriptor.
    pub fn enlist_fd(&self, wsi: &Wsi) {
        let Ok(fd) = usize::try_from(wsi.fd()) else {
            return;
        };
        self.table.with(|t| {
            if t.by_fd.len() <= fd {
                t.by_fd.resize(fd + 1, 0);
            }
            if let Some(place) = t.by_fd.get_mut(fd) {
                *place = wsi.local + 1;
            }
        });
    }

    /// Its descriptor goes; the connection stays.
    pub fn delist_fd(&self, wsi: &Wsi) {
        self.table.with(|t| t.forget_fd(wsi));
    }

    /// Takes its descriptor and its count away; the handle stays until [`Self::discard`].
    pub fn delist(&self, wsi: &Wsi) {
        let Some(at) = wsi.order.take() else {
            return;
        };
        let gone = self.table.with(|t| {
            let gone = (at < t.order.len()).then(|| t.order.swap_remove(at));
            if let Some(moved) = t.order.get(at) {
                moved.order.set(at);
            }
            t.forget_fd(wsi);
            gone
        });
        drop(gone);
        self.mailbox(|m| m.connections.fetch_sub(1, Ordering::Relaxed));
    }

    /// Ends the handle. The memory goes with the last `Rc`.
    pub fn discard(&self, wsi: &Wsi) {
        ids::release(wsi.handle);
        let gone = self.table.with(|t| {
            let gone = t.slots.get_mut(wsi.local as usize).and_then(Option::take);
            if gone.is_some() {
                t.free.push(wsi.local);
            }
            gone
        });
        drop(gone);
    }

    /// Finds a connection by handle.
    pub fn find(&self, handle: Handle) -> Option<Rc<Wsi>> {
        let place = ids::resolve(handle)?;
        if place.context != self.context.index || place.tsi != self.tsi {
            return None;
        }
        self.at(place.local)
    }

    /// Finds a connection by table index.
    pub fn at(&self, local: u32) -> Option<Rc<Wsi>> {
        self.table
            .with(|t| t.slots.get(local as usize).and_then(Clone::clone))
    }

    /// Finds a connection by descriptor.
    pub fn by_fd(&self, fd: RawFd) -> Option<Rc<Wsi>> {
        let at = usize::try_from(fd).ok()?;
        let local = self.table.with(|t| t.by_fd.get(at).copied())?;
        self.at(local.checked_sub(1)?)
    }

    /// All connections, in the order of their coming.
    pub fn all(&self) -> Vec<Rc<Wsi>> {
        self.table.with(|t| t.order.clone())
    }

    /// Number of connections.
    pub fn count(&self) -> usize {
        self.table.with(|t| t.order.len())
    }

    /// This thread's view of a vhost.
    pub fn local_vhost(&self, vhost: &Arc<Vhost>) -> Rc<LocalVhost> {
        self.vhosts.with(|all| {
            if let Some(known) = all.iter().find(|v| v.shared.index == vhost.index) {
                return known.clone();
            }
            let fresh = Rc::new(LocalVhost::new(vhost.clone()));
            all.push(fresh.clone());
            fresh
        })
    }

    /// Drops the view of a vhost that has ended.
    pub fn forget_vhost(&self, index: u32) {
        let gone = self.vhosts.with(|all| {
            let at = all.iter().position(|v| v.shared.index == index)?;
            Some(all.swap_remove(at))
        });
        drop(gone);
    }

    /// Puts a connection on the ready list.
    pub fn queue(&self, wsi: &Rc<Wsi>) {
        if !wsi.is_queued.replace(true) {
            self.ready.with(|r| r.push_back(wsi.clone()));
        }
    }

    /// Looks at the own mailbox.
    pub fn mailbox<R>(&self, f: impl FnOnce(&crate::conn::mailbox::Mailbox) -> R) -> Option<R> {
        self.context.mailboxes.get(usize::from(self.tsi)).map(f)
    }
}
