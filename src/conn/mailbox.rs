//! What other OS threads ask of a service thread.
//!
//! A thread that is not inside a service thread may not touch its connections. What it may ask becomes a message here,
//! and the wake-up descriptor ends the owner's wait. A flag says whether the owner waits at all, so that a
//! message to a busy thread costs no system call.

use crate::conn::peers::Seat;
use crate::sys::resolve::Answer;
use crate::sys::wakefd::WakeFd;
use crate::util::ids::Handle;
use parking_lot::Mutex;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// A request to a service thread.
pub enum Message {
    /// lws_callback_on_writable.
    Writable(Handle),
    /// lws_callback_on_writable_all_protocol on this thread.
    AllWritable {
        /// Index of the vhost.
        vhost: u32,
        /// Protocol in it.
        protocol: u16,
    },
    /// A connection accepted by another thread, for this one to serve.
    Accepted {
        /// The connection.
        fd: OwnedFd,
        /// Its place among those of its address.
        seat: Option<Seat>,
        /// Index of the vhost that listened.
        vhost: u32,
    },
    /// A name look-up has been answered.
    Resolved {
        /// The connection that asked.
        handle: Handle,
        /// Its incarnation then.
        turn: u32,
        /// Its addresses.
        answer: Answer,
    },
    /// Close all connections of a vhost.
    CloseVhost(u32),
}

/// The mailbox of one service thread.
pub struct Mailbox {
    queue: Mutex<Vec<Message>>,
    has_mail: AtomicBool,
    cancelled: AtomicBool,
    is_waiting: AtomicBool,
    /// Ends the owner's wait.
    pub wake: WakeFd,
    /// Connections of the owner, for the choice of the thread that gets the next one.
    pub connections: AtomicU32,
    /// Accepted ones that are on their way to the owner.
    pub coming: AtomicU32,
    /// Some OS thread has entered service here: only then connections are given to it.
    pub was_entered: AtomicBool,
}

impl Mailbox {
    /// An empty one.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            queue: Mutex::new(Vec::new()),
            has_mail: AtomicBool::new(false),
            cancelled: AtomicBool::new(false),
            is_waiting: AtomicBool::new(false),
            wake: WakeFd::new()?,
            connections: AtomicU32::new(0),
            coming: AtomicU32::new(0),
            was_entered: AtomicBool::new(false),
        })
    }

    /// Leaves a message and ends the owner's wait.
    pub fn post(&self, message: Message) {
        self.queue.lock().push(message);
        self.has_mail.store(true, Ordering::Release);
        self.wake.wake();
    }

    /// Takes all messages.
    pub fn collect(&self) -> Vec<Message> {
        if self.has_mail.swap(false, Ordering::AcqRel) {
            std::mem::take(&mut *self.queue.lock())
        } else {
            Vec::new()
        }
    }

    /// Notes that EVENT_WAIT_CANCELLED is due, without a system call.
    pub fn note_cancelled(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Takes the note.
    pub fn take_cancelled(&self) -> bool {
        self.cancelled.swap(false, Ordering::AcqRel)
    }

    /// True when something is noted or queued: the owner must not wait.
    pub fn has_work(&self) -> bool {
        self.has_mail.load(Ordering::Acquire) || self.cancelled.load(Ordering::Acquire)
    }

    /// The owner is about to wait, or is back.
    pub fn set_waiting(&self, waiting: bool) {
        self.is_waiting.store(waiting, Ordering::SeqCst);
    }

    /// Ends the owner's wait if it waits: for work that was put on its lists from outside.
    pub fn nudge(&self) {
        if self.is_waiting.load(Ordering::SeqCst) {
            self.wake.wake();
        }
    }
}
