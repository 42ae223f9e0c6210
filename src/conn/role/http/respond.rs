//! The library's own answers: status blocks, error pages, redirects.

use crate::conn::config::option;
use crate::conn::role::http::Http;
use crate::conn::thread::ServiceThread;
use crate::conn::tx::{self, Dead};
use crate::conn::vhost::Vhost;
use crate::conn::wsi::Wsi;
use crate::proto::http::response::{
    HeaderWriter, NoRoom, SECURITY_HEADERS, STRICT_TRANSPORT, Version,
};
use crate::proto::http::status::error_page;

/// Bytes for the headers of an answer of ours, beyond what the vhost adds.
const HEADERS: usize = 1024;

/// The status line and what a vhost adds to every answer.
pub fn status_block(
    writer: &mut HeaderWriter<'_>,
    wsi: &Wsi,
    version: Version,
    code: u16,
    with_server: bool,
) -> Result<(), NoRoom> {
    let vhost = wsi.vhost().ok_or(NoRoom)?;
    let config = &vhost.config;
    wsi.with_http(|h| h.note_status(code));
    writer.status(code, version)?;
    for (name, value) in &config.headers {
        writer.header(name.to_bytes(), value.to_bytes())?;
    }
    if config.options & option::SECURITY_HEADERS != 0 {
        for (name, value) in SECURITY_HEADERS {
            writer.header(name.as_bytes(), value.as_bytes())?;
        }
    }
    if let (Some(server), true) = (&config.server_string, with_server) {
        writer.header(b"server:", server.to_bytes())?;
    }
    if config.options & option::STS != 0 {
        let (name, value) = STRICT_TRANSPORT;
        writer.header(name.as_bytes(), value.as_bytes())?;
    }
    writer.end_of_status()
}

/// Room that [`status_block`] and a few headers of ours need on this vhost.
pub fn room_for(vhost: &Vhost) -> usize {
    let config = &vhost.config;
    let own: usize = config
        .headers
        .iter()
        .map(|(n, v)| n.to_bytes().len() + v.to_bytes().len() + 4)
        .sum();
    let server = config
        .server_string
        .as_ref()
        .map_or(0, |s| s.to_bytes().len() + 10);
    HEADERS + own + server
}

fn version_of(wsi: &Wsi) -> Version {
    wsi.with_http(|h| h.version()).unwrap_or(Version::Http10)
}

/// lws_return_http_status: a status with an html page around `body`, which is html.
pub fn status_page(thread: &ServiceThread, wsi: &Wsi, code: u16, body: &[u8]) -> Result<(), Dead> {
    let vhost = wsi.vhost().ok_or(Dead)?;
    let redirect = (code == 404)
        .then(|| vhost.config.error_document_404.clone())
        .flatten();
    if let Some(target) = redirect {
        return redirect_to(thread, wsi, 302, target.to_bytes());
    }
    let page = error_page(code, body);
    let mut head = vec![0; room_for(&vhost)];
    let mut writer = HeaderWriter::new(&mut head);
    status_block(&mut writer, wsi, version_of(wsi), code, true)
        .and_then(|()| writer.header(b"content-type:", b"text/html"))
        .and_then(|()| writer.content_length(page.len() as u64))
        .and_then(|()| writer.finish())
        .map_err(|NoRoom| Dead)?;
    let is_head = wsi.with_http(Http::begin_answer).unwrap_or(false);
    let page: &[u8] = if is_head { b"" } else { &page };
    wsi.with_http(|h| h.count_sent(page.len()));
    tx::send(thread, wsi, writer.written(), page)
}

/// A 401 that asks for a password.
pub fn password_wanted(thread: &ServiceThread, wsi: &Wsi) -> Result<(), Dead> {
    let vhost = wsi.vhost().ok_or(Dead)?;
    let mut head = vec![0; room_for(&vhost)];
    let mut writer = HeaderWriter::new(&mut head);
    status_block(&mut writer, wsi, version_of(wsi), 401, true)
        .and_then(|()| writer.header(b"www-authenticate:", b"Basic realm=\"lwsws\""))
        .and_then(|()| writer.content_length(0))
        .and_then(|()| writer.finish())
        .map_err(|NoRoom| Dead)?;
    wsi.with_http(Http::begin_answer);
    tx::send(thread, wsi, writer.written(), b"")
}

/// A redirect without a body.
pub fn redirect_to(
    thread: &ServiceThread,
    wsi: &Wsi,
    code: u16,
    location: &[u8],
) -> Result<(), Dead> {
    let vhost = wsi.vhost().ok_or(Dead)?;
    let mut head = vec![0; room_for(&vhost) + location.len()];
    let mut writer = HeaderWriter::new(&mut head);
    status_block(&mut writer, wsi, version_of(wsi), code, true)
        .and_then(|()| writer.header(b"location:", location))
        .and_then(|()| writer.header(b"content-type:", b"text/html"))
        .and_then(|()| writer.content_length(0))
        .and_then(|()| writer.finish())
        .map_err(|NoRoom| Dead)?;
    wsi.with_http(Http::begin_answer);
    tx::send(thread, wsi, writer.written(), b"")
}

/// The current response has no length: the connection ends with it.
pub fn close_delimited(wsi: &Wsi) {
    wsi.with_http(Http::end_keep_alive);
}
