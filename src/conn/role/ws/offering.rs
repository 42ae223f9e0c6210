//! Extensions of a client (RFC 6455 9.1): what it offers, and what the server's answer makes of it, with the reference's
//! order of callbacks.
//!
//! Every extension of the vhost is offered as its `client_offer` says, unless the program refuses it in
//! CLIENT_CONFIRM_EXTENSION_SUPPORTED. The server may choose one of them; anything else in its answer fails the connection.
//! What was chosen waits in the client's role until the connection is a ws one. Called by `role::client`; the server's
//! side is `offers`.

use crate::conn::dispatch::{call, call_first};
use crate::conn::extension::{Callback, Extension, Kind, Lent};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::role::client::is_client;
use crate::conn::role::ws::{self, pmd::Pmd, user_ext::UserExt};
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::proto::ws::ext::negotiate::{Element, check_answer, chosen};
use crate::proto::ws::frame::Side;
use std::ffi::CStr;
use std::rc::Rc;

/// Bytes that WS_EXT_DEFAULTS may fill.
const DEFAULTS: usize = 128;

/// Asks the program, and gives the value of the request's header: empty for none. The caller looks whether the
/// connection is still open.
pub fn offer(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> Vec<u8> {
    let mut all = Vec::new();
    let Some(vhost) = wsi.vhost() else {
        return all;
    };
    for extension in &vhost.config.extensions {
        let text = Payload::Text {
            text: &extension.name,
            len: 0,
        };
        let reason = Reason::CLIENT_CONFIRM_EXTENSION_SUPPORTED;
        let is_refused = call_first(thread, wsi, reason, text) != 0;
        if !is_client(wsi) {
            break;
        }
        if let Some(offer) = extension.offer.as_ref().filter(|_| !is_refused) {
            if !all.is_empty() {
                all.push(b',');
            }
            all.extend_from_slice(offer.to_bytes());
        }
    }
    all
}

/// Makes the extension that `answer` names the connection's. The caller looks whether the connection is still open.
///
/// # Errors
/// The text for the connection error.
pub fn take(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    offer: &[u8],
    answer: &[u8],
) -> Result<(), &'static str> {
    let element = chosen(answer, offer)?;
    let Some(vhost) = wsi.vhost() else {
        return Ok(());
    };
    let mut known = vhost.config.extensions.iter();
    match known.find(|e| e.name.to_bytes() == element.name) {
        Some(extension) => match extension.kind {
            Kind::Deflate => start_deflate(thread, wsi, extension, element, offer),
            Kind::User(callback) => start_user(thread, wsi, (extension, callback), element),
        },
        // An offer may name what is in nobody's name.
        None => Err("HS: EXT: unknown ext"),
    }
}

/// WS_EXT_DEFAULTS: the options that the program wants set before the server's.
fn defaults(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    name: &CStr,
) -> Result<Vec<u8>, &'static str> {
    let mut room = [0; DEFAULTS];
    let payload = Payload::Room {
        name,
        room: &mut room,
    };
    if call(thread, wsi, Reason::WS_EXT_DEFAULTS, payload) != 0 {
        return Err("HS: EXT: failed setting defaults");
    }
    Ok(room.into_iter().take_while(|b| *b != 0).collect())
}

const BAD_DEFAULTS: &str = "HS: EXT: failed parsing defaults";
const BAD_OPTIONS: &str = "HS: EXT: failed parsing options";

fn start_deflate(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    extension: &Extension,
    element: Element<'_>,
    offer: &[u8],
) -> Result<(), &'static str> {
    let defaults = defaults(thread, wsi, &extension.name)?;
    let agreed = check_answer(element, offer)?;
    let mut pmd = Pmd::new(&agreed, Side::Client);
    if !pmd.set_all(&defaults) {
        return Err(BAD_DEFAULTS);
    }
    wsi.with_client(|h| h.extension = Some(ws::Extension::Deflate(Box::new(pmd))));
    Ok(())
}

/// CLIENT_CONSTRUCT, then OPTION_SET for the program's and the server's options, then OPTION_CONFIRM.
fn start_user(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    (extension, callback): (&Extension, Callback),
    element: Element<'_>,
) -> Result<(), &'static str> {
    let who = (callback, extension.c_addr);
    // quirk: one that does not want the connection is not on it, though the server thinks so.
    let Some((ext, known)) = UserExt::construct(thread, wsi, who, Side::Client) else {
        return Ok(());
    };
    let kept = ws::Extension::User(Box::new(ext));
    if wsi.with_client(|h| h.extension = Some(kept)).is_none() {
        ext.call(thread, wsi, Lent::Destroy);
        return Ok(());
    }
    let defaults = defaults(thread, wsi, &extension.name)?;
    for (text, why) in [
        (defaults.as_slice(), BAD_DEFAULTS),
        (element.params, BAD_OPTIONS),
    ] {
        if is_client(wsi) && !ext.set_options(thread, wsi, &known, text) {
            return Err(why);
        }
    }
    if is_client(wsi) && ext.call(thread, wsi, Lent::OptionsConfirm) != 0 {
        return Err("HS: EXT: Rejects server options");
    }
    Ok(())
}
