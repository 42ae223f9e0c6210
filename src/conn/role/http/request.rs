//! What a request gets: vhost, mount, protocol, and the order in which the program hears of it.

use crate::conn::adopt;
use crate::conn::close;
use crate::conn::config::{Mount, MountKind};
use crate::conn::dispatch::{call, call_html, tell, tell_text};
use crate::conn::listen;
use crate::conn::protocol::{HtmlRoom, Payload};
use crate::conn::reason::Reason;
use crate::conn::role::http::{
    Http, access, auth, body, file, mount, proxy, respond, transaction_completed,
};
use crate::conn::role::{cgi, ws};
use crate::conn::thread::ServiceThread;
use crate::conn::timeout::{self, pending};
use crate::conn::tls;
use crate::conn::vhost::Vhost;
use crate::conn::wsi::{CloseCause, Wsi};
use crate::proto::h1::request::{Method, RequestHead, UpgradeTo};
use crate::proto::http::token::Token;
use crate::util::log::log_info;
use memchr::memmem;
use std::ffi::{CStr, CString};
use std::rc::Rc;
use std::sync::Arc;

/// A request on its way through the areas.
struct Request<'a> {
    head: &'a RequestHead,
    vhost: &'a Arc<Vhost>,
    path: &'a CStr,
}

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
    access::note_begin(wsi, &head);
    if refused_agent(thread, wsi) {
        return;
    }
    if choose_vhost(thread, wsi) {
        access::note_begin(wsi, &head);
    }
    if !tls::may_serve(wsi) {
        log_info!(
            "http: this vhost wants a client certificate, which the handshake did not ask for"
        );
        return super::refuse(thread, wsi, 421);
    }
    let is_proxied = wsi.on_vhost(|v| {
        mount::find(v, head.method, &path).is_some_and(|m| m.kind == MountKind::Proxy)
    });
    let is_upgrade = head.upgrade == Some(UpgradeTo::WebSocket) && head.method == Method::Get;
    let is_ours = is_proxied != Some(true);
    if is_upgrade && is_ours && wsi.with_http(|h| h.goes_to_https) != Some(true) {
        return ws::upgrade::upgrade(thread, wsi);
    }
    let (Some(vhost), Ok(path)) = (wsi.vhost(), CString::new(path)) else {
        return close::close(thread, wsi, CloseCause::Asked);
    };
    let request = Request {
        head: &head,
        vhost: &vhost,
        path: &path,
    };
    route(thread, wsi, &request);
}

fn route(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, request: &Request<'_>) {
    let path = request.path.to_bytes();
    if request.head.method == Method::Connect {
        return super::refuse(thread, wsi, 501);
    }
    let hit = mount::find(request.vhost, request.head.method, path);
    let elsewhere = hit.and_then(|area| match mount::lacks_slash(area, path) {
        true => slash_added(wsi, path),
        false => mount::redirect_target(area),
    });
    adopt::ensure_session(wsi);
    if let Some(target) = elsewhere {
        // quirk: redirects are answered before FILTER_HTTP_CONNECTION.
        return redirect(thread, wsi, &target);
    }
    let refused = tell_text(
        thread,
        wsi,
        Reason::FILTER_HTTP_CONNECTION,
        request.path,
        path.len(),
    ) != 0;
    if refused {
        return close::close(thread, wsi, CloseCause::Asked);
    }
    // The program may have closed it, or completed the transaction.
    if !wsi.is_open() || wsi.with_http(|h| h.in_transaction()) != Some(true) {
        return;
    }
    // quirk: the whole answer must be there in this time, unless the program sets another one from here on.
    body::restart_timeout(thread, wsi);
    if wsi.with_http(|h| h.goes_to_https) == Some(true) {
        return redirect_to_https(thread, wsi);
    }
    match hit {
        Some(area) => {
            if auth::admits(thread, wsi, area) {
                serve_area(thread, wsi, request, area);
            }
        }
        None => {
            if bind(thread, wsi, 0, c"no mount hit") {
                ask_program(thread, wsi, request.head, request.path);
            }
        }
    }
}

/// Answers user agents that the program does not want to serve; true when it was one.
fn refused_agent(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    let unwanted = &thread.context.config.refused_agents;
    if unwanted.is_empty() {
        return false;
    }
    let agent = wsi.with_http(|h| h.table.first(Token::HTTP_USER_AGENT).map(<[u8]>::to_vec));
    let Some(Some(agent)) = agent else {
        return false;
    };
    let Some(entry) = unwanted
        .iter()
        .find(|u| memmem::find(&agent, u.keyword.to_bytes()).is_some())
    else {
        return false;
    };
    log_info!(
        "http: refusing a user agent with '{}'",
        entry.keyword.to_string_lossy()
    );
    super::refuse_with(thread, wsi, entry.code, &entry.text);
    true
}

/// Where an area of files is that was asked for without its last slash. `None` without a Host.
fn slash_added(wsi: &Wsi, path: &[u8]) -> Option<Vec<u8>> {
    let host = wsi.with_http(|h| h.table.first(Token::HOST).map(<[u8]>::to_vec));
    let host = host.flatten().filter(|h| !h.is_empty())?;
    Some([b"http://".as_slice(), &host, path, b"/"].concat())
}

/// Goes over to the vhost that Host names, among those on the same port. True when it is another one.
fn choose_vhost(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    let host = wsi.with_http(|h| h.table.first(Token::HOST).map(<[u8]>::to_vec));
    let (Some(vhost), Some(Some(host))) = (wsi.vhost(), host) else {
        return false;
    };
    let chosen = listen::vhost_for(&thread.context, &vhost, &host);
    if chosen.index != vhost.index {
        let name = chosen.config.name.to_string_lossy();
        log_info!("http: the request is for vhost {name}");
        adopt::change_vhost(thread, wsi, &chosen);
    }
    chosen.index != vhost.index
}

fn redirect(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, target: &[u8]) {
    let sent = respond::redirect_to(thread, wsi, 301, target);
    if sent.is_err() || transaction_completed(thread, wsi) {
        close::close(thread, wsi, CloseCause::Asked);
    }
}

/// The vhost wants TLS, and the client came without: it is sent to the same host with https, and the connection ends.
fn redirect_to_https(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    let host = wsi.with_http(|h| h.table.first(Token::HOST).map(<[u8]>::to_vec));
    if let Some(Some(host)) = host
        && bind(thread, wsi, 0, c"redirect to https")
    {
        // quirk: the path is not kept.
        let target = [b"https://".as_slice(), &host, b"/"].concat();
        wsi.with_http(Http::end_keep_alive);
        let _ = respond::redirect_to(thread, wsi, 301, &target);
    }
    close::close(thread, wsi, CloseCause::Asked);
}

/// Binds; false when the connection is on its way out.
pub fn bind(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, protocol: u16, why: &CStr) -> bool {
    if !adopt::bind(thread, wsi, protocol, why) {
        close::close(thread, wsi, CloseCause::Asked);
    }
    wsi.is_open()
}

/// An area of files, or of a protocol's callback.
fn serve_area(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, request: &Request<'_>, area: &Mount) {
    if area.kind == MountKind::Proxy {
        if !area.names_protocol || enter_area(thread, wsi, area) {
            proxy::begin(thread, wsi, request.head, area);
        }
        return;
    }
    let is_callback = area.kind == MountKind::Callback;
    let rest = mount::rest(area, request.path.to_bytes());
    let Ok(c_rest) = CString::new(rest) else {
        return;
    };
    if (is_callback || area.names_protocol) && !enter_area(thread, wsi, area) {
        return;
    }
    if area.kind == MountKind::Cgi {
        return run_script(thread, wsi, request.head, area, rest);
    }
    // quirk: a POST goes to the protocol of an area of files too, whether there is a file or not.
    if request.head.method == Method::Post && (is_callback || area.names_protocol) {
        return ask_program(thread, wsi, request.head, &c_rest);
    }
    if !is_callback && serve_file(thread, wsi, area, rest) {
        return;
    }
    if !area.names_protocol {
        // quirk: where the mount names no protocol, the program gets the whole path.
        return ask_program(thread, wsi, request.head, request.path);
    }
    // quirk: the protocol is bound a second time.
    if rebind(thread, wsi, area, c"http_action HTTP") {
        ask_program(thread, wsi, request.head, &c_rest);
    }
}

/// Binds the area's protocol and asks it for access. False when the connection is on its way out.
fn enter_area(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, area: &Mount) -> bool {
    if !rebind(thread, wsi, area, c"http action CALLBACK bind") || !has_access(thread, wsi) {
        return false;
    }
    if area.per_mount_options != 0 {
        let payload = Payload::Number {
            value: area.per_mount_options,
            len: 0,
        };
        if call(thread, wsi, Reason::HTTP_PMO, payload) != 0 {
            close::close(thread, wsi, CloseCause::Asked);
        }
    }
    wsi.is_open()
}

/// Binds the area's protocol; one that is not there ends the connection.
pub fn rebind(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, area: &Mount, why: &CStr) -> bool {
    match area.protocol {
        Some(index) => bind(thread, wsi, index, why),
        None => {
            close::close(thread, wsi, CloseCause::Asked);
            false
        }
    }
}

/// Answers with a file. False when there is none.
fn serve_file(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, area: &Mount, rest: &[u8]) -> bool {
    let outcome = file::serve_from(thread, wsi, area, rest);
    if outcome == file::Outcome::Missing {
        return false;
    }
    // quirk: a request with a body is answered like one without; nobody gets the body.
    wsi.with_http(|h| h.discards_body = true);
    let ends = match outcome {
        file::Outcome::Sending | file::Outcome::Missing => false,
        file::Outcome::Failed => true,
        file::Outcome::Done => transaction_completed(thread, wsi),
    };
    if ends {
        close::close(thread, wsi, CloseCause::Asked);
    }
    true
}

/// Answers by a script; where there is none, with an error page.
fn run_script(
    thread: &Rc<ServiceThread>,
    wsi: &Rc<Wsi>,
    head: &RequestHead,
    area: &Mount,
    rest: &[u8],
) {
    match cgi::start::for_mount(thread, wsi, area, rest) {
        Ok(()) if wsi.is_open() => body::begin(thread, wsi, head),
        Ok(()) => {}
        Err(why) => {
            let sent = respond::status_page(thread, wsi, why.status(), b"");
            if sent.is_err() || transaction_completed(thread, wsi) {
                close::close(thread, wsi, CloseCause::Asked);
            }
        }
    }
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

/// LWS_CALLBACK_HTTP, then the body if there is one.
fn ask_program(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, head: &RequestHead, path: &CStr) {
    let len = path.to_bytes().len();
    if tell_text(thread, wsi, Reason::HTTP, path, len) != 0 {
        return close::close(thread, wsi, CloseCause::Asked);
    }
    if wsi.is_open() {
        body::begin(thread, wsi, head);
    }
}

/// Tells that a request's file was sent; the program completes the transaction there.
pub fn file_completed(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) {
    if tell(thread, wsi, Reason::HTTP_FILE_COMPLETION) != 0 {
        close::close(thread, wsi, CloseCause::Asked);
    }
}
