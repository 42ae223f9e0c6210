//! From an http request to a ws connection (RFC 6455 4.2), with the reference's order of callbacks.

use crate::conn::adopt;
use crate::conn::close;
use crate::conn::config::option;
use crate::conn::dispatch::{call, call_html, tell_text};
use crate::conn::protocol::{HtmlRoom, Payload};
use crate::conn::reason::Reason;
use crate::conn::role::ws::{Ws, offers};
use crate::conn::role::{Role, http};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout;
use crate::conn::tx;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::http::token::Token;
use crate::proto::ws::handshake::{
    Request, Subprotocol, check_request, choose_subprotocol, encode_response,
};
use crate::util::log::{log_info, log_warn};
use std::ffi::CString;
use std::rc::Rc;

/// Bytes that ADD_HEADERS may fill.
const ADDED_HEADERS: usize = 2048;

/// Answers a request with `Upgrade: websocket`.
pub fn upgrade(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let name = wsi.with_http(|h| {
        h.begin_upgrade();
        h.table.first(Token::UPGRADE).map(<[u8]>::to_vec)
    });
    let name = name.flatten().and_then(|n| CString::new(n).ok());
    let name = name.unwrap_or_else(|| c"websocket".to_owned());
    let verdict = tell_text(thread, wsi, Reason::HTTP_CONFIRM_UPGRADE, &name, 0);
    if !wsi.is_open() {
        return;
    }
    match verdict {
        0 => {}
        // The program has answered by itself.
        1.. => return http::hang_up_softly(thread, wsi),
        _ => return close::close(thread, wsi, CloseCause::Lost),
    }
    let Some(key) = checked_key(wsi) else {
        return http::refuse(thread, wsi, 400);
    };
    match choose(wsi) {
        Subprotocol::Unknown => {
            log_info!("ws: the client asks for a subprotocol that the vhost does not have");
            close::close(thread, wsi, CloseCause::Lost);
        }
        Subprotocol::NoneOffered => {
            let index = wsi.on_vhost(|v| v.config.default_protocol).unwrap_or(0);
            establish(thread, wsi, index, &key, false);
        }
        Subprotocol::Chosen(index) => {
            let index = u16::try_from(index).unwrap_or(0);
            establish(thread, wsi, index, &key, true);
        }
    }
}

fn checked_key(wsi: &Wsi) -> Option<Vec<u8>> {
    wsi.with_http(|h| {
        let request = Request {
            connection: h.table.first(Token::CONNECTION),
            key: h.table.first(Token::KEY),
            version: h.table.first(Token::VERSION),
        };
        match check_request(&request) {
            Ok(key) => Some(key.to_vec()),
            Err(why) => {
                log_info!("ws: handshake refused: {why:?}");
                None
            }
        }
    })
    .flatten()
}

fn joined(wsi: &Wsi, token: Token) -> Option<Vec<u8>> {
    wsi.with_http(|h| {
        h.table.has(token).then(|| {
            let fragments: Vec<&[u8]> = h.table.fragments(token).collect();
            fragments.join(&b","[..])
        })
    })
    .flatten()
}

fn choose(wsi: &Wsi) -> Subprotocol {
    let offered = joined(wsi, Token::PROTOCOL);
    wsi.on_vhost(|v| {
        choose_subprotocol(offered.as_deref(), |name| {
            v.index_by_name(name).map(usize::from)
        })
    })
    .unwrap_or(Subprotocol::Unknown)
}

fn establish(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, index: u16, key: &[u8], named: bool) {
    // quirk: of several header lines the program sees the first.
    let offered = wsi
        .with_http(|h| h.table.first(Token::PROTOCOL).map(<[u8]>::to_vec))
        .flatten()
        .and_then(|p| CString::new(p).ok());
    http::drop_bound(thread, wsi, c"ws upg pcol");
    let check_utf8 = wsi.on_vhost(|v| v.config.options & option::VALIDATE_UTF8 != 0);
    let headers = wsi.with_http(|h| {
        h.note_status(101);
        h.take_table()
    });
    timeout::clear_all(wsi);
    let ws = Ws::new(check_utf8.unwrap_or(false), headers.map(Box::new));
    http::request_over(thread, wsi);
    wsi.set_role(Role::Ws(Box::new(ws)));
    // quirk: what the bind returns does not stop the upgrade; it only spares the drop.
    adopt::bind(thread, wsi, index, c"ws upg pcol");
    if !wsi.is_open() {
        return;
    }
    let reason = Reason::FILTER_PROTOCOL_CONNECTION;
    let denied = match name_to_show(named, offered) {
        Some(text) => tell_text(thread, wsi, reason, &text, 0),
        None => call(thread, wsi, reason, Payload::Empty),
    } != 0;
    if denied {
        log_warn!("User code denied connection");
        return close::close(thread, wsi, CloseCause::Asked);
    }
    if wsi.is_open() {
        respond(thread, wsi, key, named);
    }
}

/// The protocol list as FILTER_PROTOCOL_CONNECTION shows it.
fn name_to_show(named: bool, offered: Option<CString>) -> Option<CString> {
    if named { offered } else { None }
}

fn respond(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, key: &[u8], named: bool) {
    let extensions = offers::choose(thread, wsi);
    if !wsi.is_open() {
        return;
    }
    let mut html = HtmlRoom {
        room: vec![0; ADDED_HEADERS],
        used: 0,
    };
    if call_html(thread, wsi, Reason::ADD_HEADERS, &mut html) != 0 {
        return close::close(thread, wsi, CloseCause::Asked);
    }
    if !wsi.is_open() {
        return;
    }
    let name = wsi
        .on_vhost(|v| v.protocol(wsi.protocol()).map(|p| p.name.clone()))
        .flatten();
    let name = if named { name } else { None };
    let mut head = Vec::with_capacity(256);
    encode_response(
        key,
        name.as_ref().map(|n| n.to_bytes()),
        &extensions,
        &mut head,
    );
    head.extend_from_slice(html.room.get(..html.used).unwrap_or(&[]));
    head.extend_from_slice(b"\r\n");
    if tx::send(thread, wsi, &head, b"").is_err() {
        return close::close(thread, wsi, CloseCause::Lost);
    }
    wsi.with_ws(|ws| ws.established = true);
    timeout::validity_confirmed(thread, wsi);
    let ssl = Payload::Number {
        value: wsi.tls().map_or(0, |session| session.address()),
        len: 0,
    };
    if call(thread, wsi, Reason::ESTABLISHED, ssl) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
    // The header table goes back: the program had its chance to look at the request.
    drop(wsi.with_ws(|ws| ws.headers.take()));
}
