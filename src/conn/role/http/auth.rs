//! Passwords for mounts: who gets in, and what the others are told.
//!
//! Credentials come from the Authorization header (Basic only) and are looked for in the mount's file, or shown to the
//! program by VERIFY_BASIC_AUTHORIZATION. The file is read with every request, so that changes count at once; what
//! comparing costs does not depend on where lines differ. Called by [`super::request`] before a mount is entered.

use crate::conn::close;
use crate::conn::config::{Mount, MountAuth};
use crate::conn::dispatch::tell_text;
use crate::conn::reason::Reason;
use crate::conn::role::http::{respond, transaction_completed};
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::http::auth::{AuthError, Credentials};
use crate::proto::http::token::Token;
use crate::sys::file::read_whole;
use crate::util::log::log_err;
use std::ffi::{CStr, CString};
use std::rc::Rc;

/// Longest file of passwords: it is read whole while everybody waits.
const LARGEST_FILE: usize = 256 * 1024;

enum Judgement {
    Welcome,
    /// Asks for a password.
    Unknown,
    /// There are credentials, but nobody can read them.
    Unreadable,
}

/// True when the request may go on. The others are answered.
pub fn admits(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, area: &Mount) -> bool {
    if area.auth == MountAuth::Open {
        return true;
    }
    let judgement = judge(thread, wsi, &area.auth);
    if !wsi.is_open() || wsi.with_http(|h| h.in_transaction()) != Some(true) {
        return false;
    }
    let sent = match judgement {
        Judgement::Welcome => return true,
        Judgement::Unknown => respond::password_wanted(thread, wsi),
        Judgement::Unreadable => respond::status_page(thread, wsi, 403, b""),
    };
    if sent.is_err() || transaction_completed(thread, wsi) {
        close::close(thread, wsi, CloseCause::Asked);
    }
    false
}

fn judge(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, auth: &MountAuth) -> Judgement {
    let read = wsi.with_http(|h| {
        h.table
            .first(Token::HTTP_AUTHORIZATION)
            .filter(|value| !value.is_empty())
            .map(Credentials::parse)
    });
    let credentials = match read {
        Some(Some(Ok(credentials))) => credentials,
        Some(Some(Err(AuthError::NotBasic | AuthError::Malformed))) => {
            return Judgement::Unreadable;
        }
        Some(None) | None => return Judgement::Unknown,
    };
    let is_known = match auth {
        MountAuth::Open => true,
        MountAuth::File(path) => is_listed(path, &credentials),
        MountAuth::Callback => {
            let Ok(pair) = CString::new(credentials.pair()) else {
                return Judgement::Unreadable;
            };
            let len = pair.to_bytes().len();
            tell_text(thread, wsi, Reason::VERIFY_BASIC_AUTHORIZATION, &pair, len) != 0
        }
    };
    if !is_known {
        return Judgement::Unknown;
    }
    // From here on the program finds only the name in the header.
    wsi.with_http(|h| {
        h.table
            .replace(Token::HTTP_AUTHORIZATION, credentials.user())
    });
    Judgement::Welcome
}

fn is_listed(path: &CStr, credentials: &Credentials) -> bool {
    match read_whole(path, LARGEST_FILE) {
        Ok(list) => credentials.are_listed(&list),
        Err(e) => {
            let path = path.to_string_lossy();
            log_err!("http: nobody gets in: cannot read the passwords in {path}: {e}");
            false
        }
    }
}
