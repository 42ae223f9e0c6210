//! What a request gets: vhost, mount, protocol, and the order in which the program hears of it.

use crate::conn::adopt;
use crate::conn::close;
use crate::conn::config::{Mount, MountKind};
use crate::conn::dispatch::{call, call_html, tell, tell_text};
use crate::conn::listen;
use crate::conn::protocol::{HtmlRoom, Payload};
use crate::conn::reason::Reason;
use crate::conn::role::http::{body, file, mount, respond, transaction_completed};
use crate::conn::role::ws;
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::h1::request::{BodyLength, Method, RequestHead, UpgradeTo};
use crate::proto::http::token::Token;
use crate::util::log::log_info;
use std::ffi::{CStr, CString};
use std::rc::Rc;
use std::sync::Arc;

/// Serves a complete request head.
pub fn handle(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let Some((head, path)) = wsi
        .with_http(|h| {
            let head = h.head()?;
            h.is_head = head.method == Method::Head;
            let path = h.table.first(head.uri_token).unwrap_or(b"/").to_vec();
            Some((head, path))
        })
        .flatten()
    else {
        return;
    };
    timeout::set_internal(thread, wsi, pending::NONE, 0);
    choose_vhost(thread, wsi);
    if head.upgrade == Some(UpgradeTo::WebSocket) && head.method == Method::Get {
        return ws::upgrade::upgrade(thread, wsi);
    }
    let (Some(vhost), Ok(path)) = (wsi.vhost(), CString::new(path)) else {
        return close::close(thread, wsi, CloseCause::Asked);
    };
    adopt::ensure_session(wsi);
    let hit = mount::find(&vhost, path.to_bytes());
    if let Some(target) = hit.and_then(mount::redirect_target) {
        // quirk: a redirecting area is answered before FILTER_HTTP_CONNECTION.
        return redirect(thread, wsi, &target);
    }
    let len = path.to_bytes().len();
    if tell_text(thread, wsi, Reason::FILTER_HTTP_CONNECTION, &path, len) != 0 {
        return close::close(thread, wsi, CloseCause::Asked);
    }
    if !wsi.is_open() {
        return;
    }
    match hit.map(|m| (m, &m.kind)) {
        Some((m, MountKind::Callback(index))) => {
            callback_area(thread, wsi, &head, m, *index, &path);
        }
        Some((m, MountKind::File)) => file_area(thread, wsi, &head, &vhost, m, &path),
        Some((_, MountKind::Redirect { .. })) => {}
        None => {
            if bind(thread, wsi, 0, c"no mount hit") {
                ask_program(thread, wsi, &head, &path);
            }
        }
    }
}

/// The vhost that Host names, among those on the same port.
fn choose_vhost(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let host = wsi.with_http(|h| h.table.first(Token::HOST).map(<[u8]>::to_vec));
    let (Some(vhost), Some(Some(host))) = (wsi.vhost(), host) else {
        return;
    };
    let chosen = listen::vhost_for(&thread.context, &vhost, &host);
    if chosen.index != vhost.index {
        let name = chosen.config.name.to_string_lossy();
        log_info!("http: the request is for vhost {name}");
        adopt::change_vhost(thread, wsi, &chosen);
    }
}

fn redirect(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, target: &[u8]) {
    let sent = respond::redirect_to(thread, wsi, 301, target);
    if sent.is_err() || transaction_completed(thread, wsi) {
        close::close(thread, wsi, CloseCause::Asked);
    }
}

/// Binds; false when the connection is on its way out.
fn bind(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, protocol: u16, why: &CStr) -> bool {
    if !adopt::bind(thread, wsi, protocol, why) {
        close::close(thread, wsi, CloseCause::Asked);
    }
    wsi.is_open()
}

/// A request whose body the program will read.
fn announces_body(head: &RequestHead) -> bool {
    head.body != BodyLength::None
}

/// An area that belongs to a protocol's callback.
fn callback_area(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    head: &RequestHead,
    area: &Mount,
    index: u16,
    path: &CStr,
) {
    if !bind(thread, wsi, index, c"http action CALLBACK bind") || !has_access(thread, wsi) {
        return;
    }
    if area.per_mount_options != 0 {
        let payload = Payload::Number {
            value: area.per_mount_options,
            len: 0,
        };
        if call(thread, wsi, Reason::HTTP_PMO, payload) != 0 {
            return close::close(thread, wsi, CloseCause::Asked);
        }
    }
    if !wsi.is_open() {
        return;
    }
    // quirk: a request without a body is bound to the same protocol once more.
    if !announces_body(head) && !bind(thread, wsi, index, c"http_action HTTP") {
        return;
    }
    let rest = mount::rest(area, path.to_bytes());
    let Ok(rest) = CString::new(rest) else {
        return;
    };
    ask_program(thread, wsi, head, &rest);
}

/// CHECK_ACCESS_RIGHTS: nonzero is a 401 and the end.
fn has_access(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    let mut html = HtmlRoom {
        room: vec![0; 1024],
        used: 0,
    };
    let refused = call_html(thread, wsi, Reason::CHECK_ACCESS_RIGHTS, &mut html) != 0;
    if refused && wsi.is_open() {
        let _ = respond::status_page(thread, wsi, 401, b"");
        close::close(thread, wsi, CloseCause::Asked);
    }
    wsi.is_open()
}

/// An area of files.
fn file_area(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    head: &RequestHead,
    vhost: &Arc<Vhost>,
    area: &Mount,
    path: &CStr,
) {
    if let Some(index) = area.protocol
        && vhost.protocol(index).is_some()
        && !bind(thread, wsi, index, c"http action FILE bind")
    {
        return;
    }
    match file::serve_from(thread, wsi, area, mount::rest(area, path.to_bytes())) {
        file::Outcome::Missing => ask_program(thread, wsi, head, path),
        file::Outcome::Sending => discard_body(thread, wsi, head),
        file::Outcome::Failed => close::close(thread, wsi, CloseCause::Asked),
        file::Outcome::Done => {
            if transaction_completed(thread, wsi) {
                close::close(thread, wsi, CloseCause::Asked);
            }
        }
    }
}

/// quirk: a request with a body is answered like a GET on an area of files. The body is not read: the
/// connection ends with the answer.
fn discard_body(_thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, head: &RequestHead) {
    if announces_body(head) && head.body != BodyLength::Unspecified {
        wsi.with_http(super::Http::end_keep_alive);
    }
}

/// LWS_CALLBACK_HTTP, then the body if there is one.
fn ask_program(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, head: &RequestHead, path: &CStr) {
    let len = path.to_bytes().len();
    let reads_body = announces_body(head);
    if reads_body {
        super::hold_for_body(wsi, head);
    }
    if tell_text(thread, wsi, Reason::HTTP, path, len) != 0 {
        return close::close(thread, wsi, CloseCause::Asked);
    }
    if reads_body && wsi.is_open() {
        body::begin(thread, wsi, head);
    }
}

/// Tells that a request's file was sent; the program completes the transaction there.
pub fn file_completed(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if tell(thread, wsi, Reason::HTTP_FILE_COMPLETION) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
}
