//! Which of the offered extensions a new connection gets (RFC 6455 9.1), with the reference's order of callbacks.
//!
//! Offers are looked at in the client's order. The first that the vhost has, that can be served as offered, and
//! that the program does not refuse in CONFIRM_EXTENSION_OKAY is the connection's; there is one at most.

use crate::conn::dispatch::tell_text;
use crate::conn::extension::{Callback, Extension, Kind, Known, Lent, Takes};
use crate::conn::reason::Reason;
use crate::conn::role::ws::{self, pmd::Pmd, user_ext::UserExt};
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::proto::http::token::Token;
use crate::proto::ws::ext::negotiate::{
    Agreed, Element, Param, Policy, answer_offer, elements, options,
};
use crate::proto::ws::frame::Side;
use std::rc::Rc;

/// Most offers that are looked at in a request.
const MAX_OFFERS: usize = 32;

/// Chooses, and gives the value of the response's header: empty for none. The caller looks whether the connection is
/// still open.
pub fn choose(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> Vec<u8> {
    let mut answer = Vec::new();
    let Some(vhost) = wsi.vhost().filter(|v| !v.config.extensions.is_empty()) else {
        return answer;
    };
    let offers = offered(wsi);
    for offer in elements(&offers).take(MAX_OFFERS) {
        let known = vhost.config.extensions.iter();
        let Some(extension) = known.into_iter().find(|e| e.name.to_bytes() == offer.name) else {
            continue;
        };
        if take(thread, wsi, extension, offer, &mut answer) || !wsi.is_open() {
            break;
        }
    }
    answer
}

/// The request's header, several lines as one list.
fn offered(wsi: &Wsi) -> Vec<u8> {
    wsi.with_ws(|ws| {
        let table = ws.headers.as_ref()?;
        let lines: Vec<&[u8]> = table.fragments(Token::EXTENSIONS).collect();
        Some(lines.join(&b","[..]))
    })
    .flatten()
    .unwrap_or_default()
}

/// Makes the offered extension the connection's, if everybody agrees.
fn take(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    extension: &Extension,
    offer: Element<'_>,
    answer: &mut Vec<u8>,
) -> bool {
    match extension.kind {
        Kind::Deflate => {
            let Some(agreed) = answer_offer(offer, &Policy::default()) else {
                return false;
            };
            is_confirmed(thread, wsi, extension) && start_deflate(wsi, &agreed, answer)
        }
        Kind::User(callback) => {
            is_confirmed(thread, wsi, extension)
                && start_user(thread, wsi, (extension, callback), offer, answer)
        }
    }
}

fn is_confirmed(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, extension: &Extension) -> bool {
    let reason = Reason::CONFIRM_EXTENSION_OKAY;
    tell_text(thread, wsi, reason, &extension.name, 0) == 0 && wsi.is_open()
}

fn start_deflate(wsi: &Wsi, agreed: &Agreed, answer: &mut Vec<u8>) -> bool {
    let pmd = Pmd::new(agreed, Side::Server);
    if !pmd.compresses() {
        return false;
    }
    agreed.encode(answer);
    wsi.with_ws(|ws| ws.extension = Some(ws::Extension::Deflate(Box::new(pmd))));
    true
}

/// CONSTRUCT, then OPTION_SET for the offer's options that the extension knows.
///
/// quirk: only those without a value, as in the reference; those that it accepts are answered.
fn start_user(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    (extension, callback): (&Extension, Callback),
    offer: Element<'_>,
    answer: &mut Vec<u8>,
) -> bool {
    let who = (callback, extension.c_addr);
    let Some((ext, known)) = UserExt::construct(thread, wsi, who, Side::Server) else {
        return false;
    };
    wsi.with_ws(|ws| ws.extension = Some(ws::Extension::User(Box::new(ext))));
    answer.extend_from_slice(extension.name.to_bytes());
    for Param { name, .. } in options(offer.params).take(MAX_OFFERS) {
        let is_it = |k: &Known| k.takes == Takes::Nothing && k.name.to_bytes() == name;
        let Some(index) = known.iter().position(is_it) else {
            continue;
        };
        if !wsi.is_open() {
            break;
        }
        let set = Lent::OptionSet { index, value: b"" };
        if ext.call(thread, wsi, set) == 0 {
            answer.extend_from_slice(b"; ");
            answer.extend_from_slice(name);
        }
    }
    true
}
