//! One connection (lws: `struct lws`).
//!
//! Only shared references to a Wsi exist: the program's callback re-enters with the same handle. Everything is a
//! `Cell` or a [`StateCell`]. A Wsi belongs to one service thread for life; whoever holds the `Rc` has entered it.

use crate::conn::client::Progress;
use crate::conn::config::Policy;
use crate::conn::peers::Seat;
use crate::conn::protocol::Callback;
use crate::conn::role::{Role, RoleKind};
use crate::conn::session::SessionData;
use crate::conn::tls::Stage;
use crate::conn::vhost::{LocalVhost, Vhost};
use crate::event::timers::KINDS;
use crate::sys::clock::Usec;
use crate::tls::session::Session;
use crate::util::bufq::BufQueue;
use crate::util::cell::{Place, StateCell};
use crate::util::ids::{Handle, HandleCell};
use std::cell::Cell;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::rc::Rc;
use std::sync::Arc;

/// How far a connection is on its way out (lws: LRS_ states). Moves forward only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    /// In use.
    Open,
    /// The program is done with it; output still waits to be sent.
    Flushing,
    /// Our close frame is out (or queued); the peer's is awaited.
    CloseSent,
    /// Sending is shut down; the peer's end of stream is awaited.
    Shutdown,
    /// The last callbacks have run.
    Dead,
}

/// Why the close began: decides what the peer still gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CloseCause {
    /// The program or the protocol ended it: the peer gets what was written.
    Asked,
    /// The socket ended or failed: nothing can be sent.
    Lost,
    /// The context goes away: no waiting for anybody.
    Destroyed,
}

/// Facts about the message or piece that the program is looking at (lws_is_final_fragment and friends).
#[derive(Clone, Copy, Default, Debug)]
pub struct RxFacts {
    /// First piece of the message.
    pub first: bool,
    /// Last piece of the message.
    pub last: bool,
    /// Binary message.
    pub binary: bool,
    /// Reserved bits of the frame.
    pub rsv: u8,
    /// Bytes of the frame still to come.
    pub remaining: u64,
}

/// A connection.
pub struct Wsi {
    /// What C holds.
    pub handle: Handle,
    /// Owning service thread.
    pub tsi: u8,
    /// Index in the owner's table.
    pub local: u32,
    /// What it speaks; changed through [`Self::set_role`].
    pub role: StateCell<Role>,
    kind: Cell<RoleKind>,
    /// The handle has ended.
    pub is_released: Cell<bool>,
    /// On the way out.
    pub phase: Cell<Phase>,
    vhost: StateCell<Option<Rc<LocalVhost>>>,
    protocol: Cell<u16>,
    callback: Cell<Option<Callback>>,
    /// rx_buffer_size of the protocol; 0 for none.
    rx_len: Cell<u32>,
    /// True between a successful *_BIND_PROTOCOL and its DROP (lws: protocol_bind_balance).
    pub is_bound: Cell<bool>,
    /// Position in the vhost's list of connections on this protocol.
    pub listed_at: Place,
    /// Position in the thread's list of all connections.
    pub order: Place,
    /// What callbacks get as `user`.
    pub user: Cell<usize>,
    /// The library's allocation behind `user`, if it is ours.
    pub session: Cell<Option<SessionData>>,
    fd: StateCell<Option<OwnedFd>>,
    raw_fd: Cell<RawFd>,
    /// recv/send may be used, not only read/write.
    pub is_socket: Cell<bool>,
    /// A read may give something.
    pub readable: Cell<bool>,
    /// A write may be taken.
    pub writable: Cell<bool>,
    /// The peer is gone in both directions.
    pub is_hung_up: Cell<bool>,
    /// The loop has reported the end of the peer's stream: no further edge will.
    pub end_reported: Cell<bool>,
    /// The program asked for WRITEABLE.
    pub wants_writable: Cell<bool>,
    /// Its place among the connections of its address, where those are limited.
    pub seat: Cell<Option<Box<Seat>>>,
    /// Being served, somewhere up the stack.
    pub is_served: Cell<bool>,
    /// On the thread's ready list.
    pub is_queued: Cell<bool>,
    /// lws_rx_flow_control.
    pub rx_enabled: Cell<bool>,
    /// The protocol itself does not want input now (a response is being made).
    pub rx_held: Cell<bool>,
    /// Received, not yet consumed.
    pub rx_saved: StateCell<BufQueue>,
    /// The peer has ended its stream behind what is in `rx_saved`.
    pub rx_ended: Cell<bool>,
    /// Output the socket did not take; changed through [`Self::with_tx`].
    tx: StateCell<BufQueue>,
    tx_waits: Cell<bool>,
    /// Poll events last announced to a program with a poll() of its own.
    pub announced: Cell<i16>,
    /// Deadlines by TimerKind; 0 is none.
    pub deadlines: [Cell<Usec>; KINDS],
    /// Earliest heap entry by TimerKind; 0 is none.
    pub armed: [Cell<Usec>; KINDS],
    /// pending_timeout reason of the Timeout deadline.
    pub timeout_reason: Cell<u32>,
    policy: Cell<Option<Box<Policy>>>,
    /// Validity: true when the next deadline closes instead of pinging.
    pub validity_pinged: Cell<bool>,
    /// Its TLS session; changed through [`Self::set_tls`].
    tls: Cell<Option<Rc<Session>>>,
    tls_stage: Cell<Stage>,
    /// The first bytes of its handshake have been looked at.
    pub tls_begun: Cell<bool>,
    /// About the piece being delivered.
    pub rx_facts: Cell<RxFacts>,
    /// lws_set_opaque_user_data.
    pub opaque_user: Cell<usize>,
    /// lws_set_opaque_parent_data.
    pub opaque_parent: Cell<usize>,
    /// A script answers for it (see [`crate::conn::role::cgi`]).
    pub has_script: Cell<bool>,
    /// Parent connection.
    pub parent: HandleCell,
    /// Some connection has this one as parent.
    pub has_children: Cell<bool>,
    /// How far an outgoing connection is.
    pub progress: Cell<Progress>,
    /// It shares its connection (see [`crate::conn::client::carrier`]).
    pub shares: Cell<bool>,
    /// How often it has begun anew with another socket.
    pub incarnation: Cell<u32>,
    /// The close path has begun; a second begin is a no-op.
    pub is_closing: Cell<bool>,
    /// LWS_TO_KILL_ASYNC: it closes in the next pass and hears nothing until then.
    pub is_doomed: Cell<bool>,
    /// Close as soon as the current callback has returned.
    pub close_wanted: Cell<Option<CloseCause>>,
}

// With its two counts a malloc chunk of 352 bytes on 64 bits: every open connection pays for it.
const _: () = assert!(size_of::<usize>() != 8 || size_of::<Wsi>() <= 328);

impl Wsi {
    /// A connection without descriptor and role.
    pub fn new(handle: Handle, tsi: u8, local: u32) -> Self {
        Self {
            handle,
            tsi,
            local,
            role: StateCell::new(Role::None),
            kind: Cell::new(RoleKind::None),
            is_released: Cell::new(false),
            phase: Cell::new(Phase::Open),
            vhost: StateCell::new(None),
            protocol: Cell::new(0),
            callback: Cell::new(None),
            rx_len: Cell::new(0),
            is_bound: Cell::new(false),
            listed_at: Place::nowhere(),
            order: Place::nowhere(),
            user: Cell::new(0),
            session: Cell::new(None),
            fd: StateCell::new(None),
            raw_fd: Cell::new(-1),
            is_socket: Cell::new(true),
            readable: Cell::new(false),
            writable: Cell::new(true),
            is_hung_up: Cell::new(false),
            end_reported: Cell::new(false),
            wants_writable: Cell::new(false),
            seat: Cell::new(None),
            is_served: Cell::new(false),
            is_queued: Cell::new(false),
            rx_enabled: Cell::new(true),
            rx_held: Cell::new(false),
            rx_saved: StateCell::new(BufQueue::default()),
            rx_ended: Cell::new(false),
            tx: StateCell::new(BufQueue::default()),
            tx_waits: Cell::new(false),
            announced: Cell::new(0),
            deadlines: [const { Cell::new(0) }; KINDS],
            armed: [const { Cell::new(0) }; KINDS],
            timeout_reason: Cell::new(0),
            policy: Cell::new(None),
            validity_pinged: Cell::new(false),
            tls: Cell::new(None),
            tls_stage: Cell::new(Stage::None),
            tls_begun: Cell::new(false),
            rx_facts: Cell::new(RxFacts::default()),
            opaque_user: Cell::new(0),
            opaque_parent: Cell::new(0),
            has_script: Cell::new(false),
            parent: HandleCell::none(),
            has_children: Cell::new(false),
            progress: Cell::new(Progress::Incoming),
            shares: Cell::new(false),
            incarnation: Cell::new(0),
            is_closing: Cell::new(false),
            is_doomed: Cell::new(false),
            close_wanted: Cell::new(None),
        }
    }

    /// Gives it a role; the one before goes.
    pub fn set_role(&self, role: Role) {
        self.kind.set(role.kind());
        drop(self.role.replace(role));
    }

    /// Which role it has.
    pub fn role_kind(&self) -> RoleKind {
        self.kind.get()
    }

    /// Gives it a descriptor.
    pub fn attach(&self, fd: OwnedFd) {
        use std::os::fd::AsRawFd;
        self.raw_fd.set(fd.as_raw_fd());
        self.fd.replace(Some(fd));
    }

    /// Gives it a descriptor that somebody else owns.
    pub fn lend(&self, fd: RawFd) {
        self.raw_fd.set(fd);
    }

    /// Takes the descriptor out; dropping it closes it.
    pub fn detach(&self) -> Option<OwnedFd> {
        self.raw_fd.set(-1);
        self.fd.take()
    }

    /// The descriptor's number, -1 for none.
    pub fn fd(&self) -> RawFd {
        self.raw_fd.get()
    }

    /// Runs a system call on the descriptor; `None` when there is none.
    pub fn with_fd<R>(&self, f: impl FnOnce(BorrowedFd<'_>) -> R) -> Option<R> {
        self.fd.with(|fd| fd.as_ref().map(|fd| f(fd.as_fd())))
    }

    /// Its vhost on this thread. A connection has one from creation to the end.
    pub fn local_vhost(&self) -> Option<Rc<LocalVhost>> {
        self.vhost.with(|v| v.clone())
    }

    /// Its vhost.
    pub fn vhost(&self) -> Option<Arc<Vhost>> {
        self.vhost.with(|v| v.as_ref().map(|v| v.shared.clone()))
    }

    /// Looks at the vhost without keeping it.
    pub fn on_vhost<R>(&self, f: impl FnOnce(&Vhost) -> R) -> Option<R> {
        self.vhost.with(|v| v.as_ref().map(|v| f(&v.shared)))
    }

    /// Points it at a vhost and one of its protocols, without telling anybody.
    pub fn point_at(&self, vhost: &Rc<LocalVhost>, protocol: u16) {
        self.protocol.set(protocol);
        let known = vhost.shared.protocol(protocol);
        self.callback.set(known.map(|protocol| protocol.callback));
        let rx_len = known.map_or(0, |protocol| protocol.rx_len);
        self.rx_len.set(u32::try_from(rx_len).unwrap_or(u32::MAX));
        self.vhost.replace(Some(vhost.clone()));
    }

    /// Lets go of the vhost: the end.
    pub fn forget_vhost(&self) {
        self.vhost.replace(None);
    }

    /// Index of the bound (or initial) protocol.
    pub fn protocol(&self) -> u16 {
        self.protocol.get()
    }

    /// The bound protocol's callback.
    pub fn callback(&self) -> Option<Callback> {
        self.callback.get()
    }

    /// The bound protocol's rx_buffer_size; 0 for none.
    pub fn rx_len(&self) -> usize {
        self.rx_len.get() as usize
    }

    /// Its own retry and idle policy.
    pub fn policy(&self) -> Option<Policy> {
        let own = self.policy.take();
        let policy = own.as_deref().copied();
        self.policy.set(own);
        policy
    }

    /// Gives it one.
    pub fn set_policy(&self, policy: Option<Policy>) {
        self.policy.set(policy.map(Box::new));
    }

    /// True until the close path has begun.
    pub fn is_open(&self) -> bool {
        !self.is_closing.get() && self.phase.get() == Phase::Open
    }

    /// True when some closure is inside one of the cells: no dispatch may happen then.
    pub fn is_borrowed(&self) -> bool {
        self.role.is_borrowed()
            || self.vhost.is_borrowed()
            || self.fd.is_borrowed()
            || self.tx.is_borrowed()
            || self.rx_saved.is_borrowed()
    }

    /// True when output waits.
    #[inline]
    pub fn has_pending_tx(&self) -> bool {
        self.has_queued_tx()
            || self.has_tls() && self.tls().is_some_and(|session| session.has_waiting())
    }

    /// True when bytes wait for the socket.
    #[inline]
    pub fn has_queued_tx(&self) -> bool {
        self.tx_waits.get()
    }

    /// Looks at the bytes that wait for the socket.
    pub fn with_tx<R>(&self, f: impl FnOnce(&mut BufQueue) -> R) -> R {
        self.tx.with(|queue| {
            let result = f(queue);
            self.tx_waits.set(!queue.is_empty());
            result
        })
    }

    /// True when there is input to deliver, or to ask the socket for.
    #[inline]
    pub fn may_have_rx(&self) -> bool {
        self.readable.get() || self.has_saved_rx()
    }

    /// True when something was received and is not delivered.
    #[inline]
    pub fn has_saved_rx(&self) -> bool {
        self.rx_saved.with(|saved| !saved.is_empty())
            || self.has_tls() && self.tls().is_some_and(|session| session.has_left())
    }

    /// Its TLS session.
    pub fn tls(&self) -> Option<Rc<Session>> {
        let session = self.tls.take();
        self.tls.set(session.clone());
        session
    }

    /// True when it is encrypted, or is to be.
    #[inline]
    pub fn has_tls(&self) -> bool {
        self.tls_stage.get() != Stage::None
    }

    /// Where it is with TLS.
    pub fn tls_stage(&self) -> Stage {
        self.tls_stage.get()
    }

    /// Gives it a session, whose handshake is to come, or takes it; the one before comes back.
    pub fn set_tls(&self, session: Option<Rc<Session>>) -> Option<Rc<Session>> {
        self.tls_stage.set(match session {
            Some(_) => Stage::Handshake,
            None => Stage::None,
        });
        self.tls.replace(session)
    }

    /// The handshake is complete.
    pub fn set_tls_ready(&self) {
        self.tls_stage.set(Stage::Ready);
    }

    /// True when input may be delivered now.
    pub fn takes_rx(&self) -> bool {
        self.rx_enabled.get() && !self.rx_held.get() && !self.is_doomed.get()
    }
}
