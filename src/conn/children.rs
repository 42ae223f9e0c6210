//! Connections that belong to others: they go with their parent, and their parent hears when they go.
//!
//! The program says so when it connects or adopts. The channels of a script and the connections of the reverse proxy have parents
//! too; what their ends mean is told elsewhere (`role::cgi::pipe`, `role::http::proxy`).

use crate::conn::client;
use crate::conn::close;
use crate::conn::dispatch::call_parent;
use crate::conn::reason::Reason;
use crate::conn::role::RoleKind;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::util::ids::Handle;
use std::rc::Rc;

/// Makes a new connection one of `parent`'s, if that is of this thread.
pub fn join(thread: &ServiceThread, wsi: &Wsi, parent: Option<Handle>) {
    if let Some(found) = parent.and_then(|p| thread.find(p)) {
        wsi.parent.set(parent);
        found.has_children.set(true);
    }
}

/// A connection goes: those that belong to it go first.
pub fn close_all(thread: &Rc<ServiceThread>, wsi: &Wsi, cause: CloseCause) {
    if !wsi.has_children.replace(false) {
        return;
    }
    for child in thread.all().into_iter().rev() {
        if child.parent.get() == Some(wsi.handle) {
            let asked = cause != CloseCause::Destroyed && client::relay_parent(&child).is_some();
            let cause = if asked { CloseCause::Asked } else { cause };
            close::close(thread, &child, cause);
        }
    }
}

/// A connection's last callbacks come: what its parent hears.
pub fn tell_parent(thread: &ServiceThread, wsi: &Wsi) {
    if matches!(wsi.role_kind(), RoleKind::CgiPipe | RoleKind::Runner)
        || client::relay_parent(wsi).is_some()
    {
        return;
    }
    if let Some(parent) = wsi.parent.get().and_then(|p| thread.find(p)) {
        // quirk: what the program returns does not count.
        call_parent(thread, wsi, &parent, Reason::CHILD_CLOSING);
    }
}
