//! Http connections between requests: most of them, most of the time.
//!
//! What a request needs - parser, header table, stage - is there from its first byte to the end of its transaction, and
//! then goes to the service thread's spares for whoever comes next. So ten thousand idle connections cost what few
//! busy ones do, and a busy one allocates nothing. [`rest`] is called after a connection was served, [`wake`] when input
//! comes; whoever asks an idle connection for its request in between gets an empty one.

use crate::conn::role::Role;
use crate::conn::role::http::{Http, Stage, pool};
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::util::cell::StateCell;

/// Requests' worth of memory that a service thread keeps at most.
const SPARES: usize = 32;

/// What is known of a connection that has no request.
#[derive(Clone, Copy, Debug)]
pub struct Idle {
    /// Bytes of header data that its requests may have.
    header_data: u32,
    /// A request was seen on this connection before.
    served_before: bool,
}

/// Memory of requests that are over.
#[derive(Default)]
#[expect(
    clippy::vec_box,
    reason = "roles hold boxes: a spare moves as a pointer, not as its bytes"
)]
pub struct Spares(StateCell<Vec<Box<Http>>>);

impl Idle {
    /// A connection before its first request.
    pub fn new(header_data: usize) -> Self {
        Self {
            header_data: u32::try_from(header_data).unwrap_or(u32::MAX),
            served_before: false,
        }
    }

    /// Room for a request, made new.
    pub fn awake(self) -> Box<Http> {
        let mut http = Http::new(self.header_data as usize);
        http.served_before = self.served_before;
        http
    }
}

impl Http {
    /// Nothing has been read and nothing is owed.
    fn is_idle(&self) -> bool {
        matches!(self.stage, Stage::Head)
            && !self.parser.has_begun()
            && self.noted.is_none()
            && !self.is_upgrading
            && self.share == pool::Share::None
    }
}

/// Input has come: room for its request.
pub fn wake(thread: &ServiceThread, wsi: &Wsi) {
    wsi.role.with(|role| {
        if let Role::HttpIdle(idle) = *role
            && let Some(mut spare) = thread.spare_http.0.with(Vec::pop)
        {
            spare.served_before = idle.served_before;
            *role = Role::Http(spare);
        }
    });
}

/// The connection was served: if no request is under way, its room becomes a spare.
pub fn rest(thread: &ServiceThread, wsi: &Wsi) {
    let over = wsi.role.with(|role| match role {
        Role::Http(http) if http.is_idle() => {
            let mut idle = Idle::new(http.table.limit());
            idle.served_before = http.served_before;
            Some(std::mem::replace(role, Role::HttpIdle(idle)))
        }
        _ => None,
    });
    let Some(Role::Http(mut http)) = over else {
        return;
    };
    http.table.clear();
    http.table.shrink();
    thread.spare_http.0.with(|spares| {
        if spares.len() < SPARES {
            spares.push(http);
        }
    });
}
