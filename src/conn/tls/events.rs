//! Where OpenSSL calls back, inside a session's call: events, verification, the server's name.
//!
//! The number that a session carries is its connection's handle; it is looked up like one that C gives. User code runs in the
//! first two, and may do anything.

use crate::conn::client;
use crate::conn::dispatch::{call, call_first};
use crate::conn::listen;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::registry;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::tls::Hooks;
use crate::util::ids::{self, Handle};
use openssl::ssl::SslContextRef;
use std::rc::Rc;

/// The hooks of all sessions.
pub static HOOKS: &dyn Hooks = &FromOpenssl;

struct FromOpenssl;

/// The connection that a session belongs to; this OS thread is inside its service thread.
fn find(owner: usize) -> Option<(Rc<ServiceThread>, Rc<Wsi>)> {
    let handle = Handle::from_addr(owner);
    let place = ids::resolve(handle)?;
    let thread = registry::inside(place.context, place.tsi)?;
    let wsi = thread.find(handle)?;
    Some((thread, wsi))
}

impl Hooks for FromOpenssl {
    fn info(&self, owner: usize, place: i32, value: i32) {
        let Some((thread, wsi)) = find(owner) else {
            return;
        };
        let payload = Payload::TlsEvent { place, value };
        if call(&thread, &wsi, Reason::SSL_INFO, payload) != 0 && wsi.is_open() {
            wsi.close_wanted.set(Some(CloseCause::Lost));
            thread.queue(&wsi);
        }
    }

    fn verify(&self, owner: usize, accepted: bool, store: usize, ssl: usize) -> bool {
        let Some((thread, wsi)) = find(owner) else {
            return accepted;
        };
        let payload = Payload::WithUser {
            user: store,
            value: ssl,
            len: usize::from(accepted),
        };
        let reason = Reason::OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION;
        call_first(&thread, &wsi, reason, payload) == 0
    }

    fn verify_server(&self, owner: usize, accepted: bool, store: usize, ssl: usize) -> bool {
        let Some((thread, wsi)) = find(owner) else {
            return accepted;
        };
        // The program hears nothing of a proxied request's connection.
        if client::relay_parent(&wsi).is_some() {
            return true;
        }
        let payload = Payload::WithUser {
            user: store,
            value: ssl,
            len: usize::from(accepted),
        };
        let reason = Reason::OPENSSL_PERFORM_SERVER_CERT_VERIFICATION;
        call_first(&thread, &wsi, reason, payload) == 0
    }

    fn by_name(&self, owner: usize, name: &[u8], go_on_with: &mut dyn FnMut(&SslContextRef)) {
        let Some((thread, wsi)) = find(owner) else {
            return;
        };
        let Some(vhost) = wsi.vhost() else {
            return;
        };
        let chosen = listen::vhost_for(&thread.context, &vhost, name);
        if chosen.index != vhost.index
            && let Some(server) = chosen.tls().and_then(|t| t.server.as_ref())
        {
            server.with(|context| go_on_with(context));
        }
    }
}
