//! Sessions that clients may take up again, so that the next connection to the same server is made with less work.
//!
//! A vhost keeps a bounded number of them, each for connections that ask the same of the same server in every respect. One of
//! TLS 1.3 is used once. What a resumed session says about the server's certificate is verified again
//! ([`ffi::resume::verify_again`]), with today's trust and date and with the program's callback: to programs a resumed
//! connection looks like any other. Called by [`crate::tls::session`] and, from inside OpenSSL, by [`ffi::resume`].

use crate::sys::clock;
use crate::tls::error::{self, Failure};
use crate::tls::ffi;
use crate::tls::verify::Server;
use openssl::ex_data::Index;
use openssl::ssl::{Ssl, SslRef, SslSession, SslSessionRef, SslVersion};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

/// Sessions that a vhost keeps.
pub const MAX_SESSIONS: usize = 32;
/// Sessions that it keeps for one server.
pub const MAX_OF_ONE_SERVER: usize = 4;

/// The sessions of a vhost, the oldest first.
#[derive(Default)]
pub struct Sessions(Mutex<VecDeque<(Arc<Server>, SslSession)>>);

/// Where the sessions of a connection go.
struct Place {
    sessions: Arc<Sessions>,
    server: Arc<Server>,
}

fn index() -> Option<Index<Ssl, Place>> {
    static INDEX: OnceLock<Option<Index<Ssl, Place>>> = OnceLock::new();
    *INDEX.get_or_init(|| Ssl::new_ex_index().ok())
}

fn place_of(ssl: &SslRef) -> Option<&Place> {
    ssl.ex_data(index()?)
}

fn is_for_one_use(session: &SslSessionRef) -> bool {
    session.protocol_version() == SslVersion::TLS1_3
}

fn is_fresh(session: &SslSessionRef, now: i64) -> bool {
    session.time().saturating_add(session.timeout()) > now
}

impl Sessions {
    /// Has a new connection resume a session, if there is one, and keep those that it is given.
    pub(super) fn use_for(self: &Arc<Self>, ssl: &mut Ssl, server: &Arc<Server>) {
        let Some(index) = index() else {
            return;
        };
        if let Some(session) = self.take(server)
            && let Err(e) = ffi::resume::offer(ssl, &session)
        {
            log_refused(&e);
        }
        let place = Place {
            sessions: self.clone(),
            server: server.clone(),
        };
        ssl.set_ex_data(index, place);
    }

    fn keep(&self, server: &Arc<Server>, session: SslSession) {
        let mut all = self.0.lock();
        let room = match is_for_one_use(&session) {
            true => MAX_OF_ONE_SERVER,
            false => 1,
        };
        let mut more = all.iter().filter(|(s, _)| s == server).count() + 1;
        all.retain(|(s, _)| {
            let goes = s == server && more > room;
            more -= usize::from(goes);
            !goes
        });
        if all.len() == MAX_SESSIONS {
            all.pop_front();
        }
        all.push_back((server.clone(), session));
    }

    fn take(&self, server: &Server) -> Option<SslSession> {
        let now = clock::wall_secs();
        let mut all = self.0.lock();
        all.retain(|(_, session)| is_fresh(session, now));
        let at = all.iter().rposition(|(s, _)| **s == *server)?;
        all.remove(at).map(|(_, session)| session)
    }
}

fn log_refused(why: &Failure) {
    crate::util::log::log_info!("tls: a session is not taken up again: {why}");
    error::forget();
}

/// OpenSSL has a session that may be resumed. `None`: it is kept; otherwise nobody wants it.
pub(super) fn take_in(ssl: &SslRef, session: SslSession) -> Option<SslSession> {
    match place_of(ssl) {
        Some(place) => {
            place.sessions.keep(&place.server, session);
            None
        }
        None => Some(session),
    }
}

/// A client's handshake is complete. False when it took up a session again and is not to be trusted: its server's certificate would
/// not be accepted today.
pub(super) fn may_go_on(ssl: &SslRef) -> bool {
    if !ssl.session_reused() || place_of(ssl).is_none() {
        return true;
    }
    if !ffi::resume::verify_again(ssl) {
        return false;
    }
    // It was taken out for this; a session of before TLS 1.3 serves again.
    if let Some(session) = ssl.session()
        && !is_for_one_use(session)
    {
        take_in(ssl, session.to_owned());
    }
    true
}
