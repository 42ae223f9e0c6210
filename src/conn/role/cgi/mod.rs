//! Scripts that answer requests (CGI): a process with three pipes, each of which is a connection of its own.
//!
//! [`start`] spawns it for a mount or for lws_cgi, [`pipe`] is what the three connections do, [`stdin`] brings the
//! request's body to it, [`output`] makes a response of what it writes, [`end`] completes, kills and reaps. The program
//! hears of everything on the protocol of the connection that owns the script (CGI, CGI_STDIN_DATA, ...);
//! lws_callback_http_dummy does what most programs want, through the same calls that a program may make itself.
//!
//! Both directions are held, not buffered: output is read when the client has room, and the body when the script has. A
//! script that runs is found through its owner's handle in [`Scripts`], which limits their number.

use crate::conn::role::Role;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::proto::cgi::framing::Framing;
use crate::proto::cgi::script_head::HeadReader;
use crate::sys::clock::{SEC, Usec};
use crate::sys::process::Process;
use crate::util::cell::StateCell;
use crate::util::ids::Handle;
use std::cell::Cell;
use std::rc::Rc;

pub mod end;
pub mod output;
pub mod pipe;
pub mod start;
pub mod stdin;

/// Scripts that a service thread may have at a time, those that have answered and still run included.
pub const SCRIPTS_AT_ONCE: usize = 128;
/// Seconds that a script may run where its mount does not say.
pub const DEFAULT_SECS: u32 = 5;
/// Time between asking a process group to end and ending it.
pub const GRACE: Usec = 2 * SEC;

/// A channel of the script, with lws's number for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    /// The request's body.
    Stdin = 0,
    /// The response.
    Stdout = 1,
    /// For the log.
    Stderr = 2,
}

impl Channel {
    /// By number.
    pub fn from_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::Stdin),
            1 => Some(Self::Stdout),
            2 => Some(Self::Stderr),
            _ => None,
        }
    }
}

/// What the output is made into.
pub enum Output {
    /// Reading the head.
    Head(HeadReader),
    /// The head is out.
    Body(Framing),
    /// Nothing goes to the client any more.
    Closed,
}

/// A script with a connection that owns it.
pub struct Cgi {
    /// The connection.
    pub owner: Handle,
    /// Its file, for the log.
    name: String,
    /// Number of its process.
    pub pid: i32,
    process: StateCell<Option<Process>>,
    /// When it is ended.
    deadline: Cell<Usec>,
    /// Seconds it was given.
    secs: u32,
    /// The connections of its channels as C sees them, 0 for those that are closed. C holds the address.
    pub pipes: [Cell<usize>; 3],
    /// Bytes of the body that the script has not taken yet.
    held: StateCell<Vec<u8>>,
    /// All of the body is here.
    body_is_over: Cell<bool>,
    /// The output, as far as the library makes the response.
    output: StateCell<Output>,
    /// For output on its way; empty while somebody uses it.
    buffer: StateCell<Vec<u8>>,
    /// stdout has something, and the client's room is waited for.
    pub wants_room: Cell<bool>,
    /// The last line on stderr, as far as it has come.
    complaint: StateCell<Vec<u8>>,
    /// The answer ends here, whatever else the script writes.
    is_cut: Cell<bool>,
    /// The end has begun.
    is_over: Cell<bool>,
}

/// The scripts of a service thread.
#[derive(Default)]
pub struct Scripts {
    running: StateCell<Vec<Rc<Cgi>>>,
    leaving: StateCell<Vec<end::Leaving>>,
    /// When something is to be done next; 0 for never.
    next: Cell<Usec>,
}

impl Scripts {
    /// When to call [`end::run_due`].
    pub fn next_deadline(&self) -> Option<Usec> {
        Some(self.next.get()).filter(|at| *at > 0)
    }

    fn look_at(&self, when: Usec) {
        let next = self.next.get();
        if next == 0 || when < next {
            self.next.set(when);
        }
    }

    fn is_full(&self) -> bool {
        let running = self.running.with(|r| r.len());
        running + self.leaving.with(|l| l.len()) >= SCRIPTS_AT_ONCE
    }
}

/// The script that a connection owns.
pub fn of(thread: &ServiceThread, owner: &Wsi) -> Option<Rc<Cgi>> {
    if !owner.has_script.get() {
        return None;
    }
    let all = &thread.scripts.running;
    all.with(|r| r.iter().find(|c| c.owner == owner.handle).cloned())
}

impl Cgi {
    /// The connection of a channel, while it is open.
    pub fn pipe(&self, thread: &ServiceThread, channel: Channel) -> Option<Rc<Wsi>> {
        let addr = self.pipes.get(channel as usize).map_or(0, Cell::get);
        if addr == 0 {
            return None;
        }
        thread.find(Handle::from_addr(addr))
    }
}

/// One end of a pipe to a script.
pub struct Pipe {
    cgi: Rc<Cgi>,
    channel: Channel,
}

impl Wsi {
    /// The script and channel that this connection belongs to, if it is one of a script's.
    fn script_channel(&self) -> Option<(Rc<Cgi>, Channel)> {
        self.role.with(|role| match role {
            Role::CgiPipe(pipe) => Some((pipe.cgi.clone(), pipe.channel)),
            _ => None,
        })
    }
}
