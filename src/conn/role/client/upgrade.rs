//! From an http client connection to a ws one (RFC 6455 4.1), with the reference's order of callbacks.

use crate::conn::client::{self, Progress};
use crate::conn::config::option;
use crate::conn::dispatch::tell;
use crate::conn::reason::Reason;
use crate::conn::role::Role;
use crate::conn::role::client::is_client;
use crate::conn::role::ws::{Ws, offering};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout;
use crate::conn::wsi::Wsi;
use crate::proto::http::headers::HeaderTable;
use crate::proto::http::token::Token;
use crate::proto::ws::handshake::{Response, check_response};
use crate::util::log::log_warn;
use std::rc::Rc;

/// The head of the server's answer is there.
pub fn on_answer(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    // quirk: the http reason comes first, whatever the status.
    if tell(thread, wsi, Reason::ESTABLISHED_CLIENT_HTTP) != 0 {
        return client::fail(thread, wsi, "HS: disallowed by client filter");
    }
    if !is_client(wsi) {
        return;
    }
    let judged = judge(wsi);
    if let Some(Err(why)) = judged {
        log_warn!("ws client: {why}");
        return client::fail(thread, wsi, why);
    }
    let taken = take_extension(thread, wsi);
    if !is_client(wsi) {
        return;
    }
    if let Err(why) = taken {
        log_warn!("ws client: {why}");
        return client::fail(thread, wsi, why);
    }
    client::need_session(wsi);
    if tell(thread, wsi, Reason::CLIENT_FILTER_PRE_ESTABLISH) != 0 {
        return client::fail(thread, wsi, "HS: Rejected by filter cb");
    }
    if !is_client(wsi) {
        return;
    }
    establish(thread, wsi);
}

fn judge(wsi: &Wsi) -> Option<Result<(), &'static str>> {
    wsi.with_client(|h| {
        let first = |token| h.table.first(token);
        check_response(&Response {
            status: h.head().map_or(0, |head| head.status),
            upgrade: first(Token::UPGRADE),
            connection: first(Token::CONNECTION),
            accept: first(Token::ACCEPT),
            protocol: first(Token::PROTOCOL),
            offered: &h.info.subprotocols,
            key: &h.key,
        })
    })
}

/// The extension that the answer names becomes the connection's.
fn take_extension(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> Result<(), &'static str> {
    let texts = wsi.with_client(|h| {
        let lines: Vec<&[u8]> = h.table.fragments(Token::EXTENSIONS).collect();
        (h.offer.clone(), lines.join(&b","[..]))
    });
    match texts {
        Some((offer, answer)) if !answer.trim_ascii().is_empty() => {
            offering::take(thread, wsi, &offer, &answer)
        }
        _ => Ok(()),
    }
}

fn establish(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let check_utf8 = wsi.on_vhost(|v| v.config.options & option::VALIDATE_UTF8 != 0);
    let Some((table, extension)) = wsi.with_client(|h| {
        let table = std::mem::replace(&mut h.table, HeaderTable::new(0));
        (table, h.extension.take())
    }) else {
        return;
    };
    let ws = Ws::client(check_utf8.unwrap_or(false), Box::new(table), extension);
    wsi.set_role(Role::Ws(Box::new(ws)));
    timeout::validity_confirmed(thread, wsi);
    if tell(thread, wsi, Reason::CLIENT_ESTABLISHED) != 0 {
        return client::fail(thread, wsi, "HS: Rejected at CLIENT_ESTABLISHED");
    }
    if wsi.progress.get() == Progress::Asked {
        wsi.progress.set(Progress::Up);
    }
    // The header table goes back: the program had its chance to look at the answer.
    drop(wsi.with_ws(|ws| ws.headers.take()));
}
