//! From the client to the origin: the head of a proxied request, its body, and what follows an upgrade.
//!
//! Called by the http client when the origin is there, and by the http role with input of a client whose request is with
//! its origin. What both directions share is in [`super`].

use super::*;

/// The origin is there: sends the head of the request, then its body may come.
pub fn send_request(thread: &Rc<ServiceThread>, child: &Rc<Wsi>) {
    let Some(parent) = parent_of(thread, child) else {
        return close::close(thread, child, CloseCause::Lost);
    };
    let peer = match addr::peer_of(parent.fd()) {
        Ok(Endpoint::Ip(peer)) => peer.ip().to_canonical().to_string(),
        _ => "unknown".to_owned(),
    };
    let Some(info) = child.with_client(|h| h.info.clone()) else {
        return;
    };
    let upgrades = with(&parent, |p| p.upgrades) == Some(true);
    let head = parent.with_http(|h| encode_request(h, &info, &peer, upgrades));
    if !push(thread, child, &head.unwrap_or_default(), b"") {
        return;
    }
    await_answer(thread, child, ANSWER_SECS);
    let waits = parent.with_http(|h| {
        let is_asked = h.head().is_some_and(|head| head.expect_continue);
        is_asked && h.has_unread_body() && !h.body_is_here
    });
    if waits == Some(true) && !push(thread, &parent, b"HTTP/1.1 100 Continue\r\n\r\n", b"") {
        return;
    }
    let has_body = parent.with_http(|h| h.has_unread_body()) == Some(true);
    if has_body {
        body::restart_timeout(thread, &parent);
    }
    if has_body && parent.rx_held.replace(false) {
        service::resume_rx(thread, &parent);
    }
}

fn encode_request(h: &Http, info: &ConnectInfo, peer: &str, upgrades: bool) -> Vec<u8> {
    let mut head = Vec::with_capacity(1024);
    let Way::Http(method) = &info.way else {
        return head;
    };
    let mut line = |name: &[u8], value: &[u8]| put_line(&mut head, name, value);
    if let Some(host) = &info.host {
        line(b"host", host);
    }
    for (name, value) in end_to_end(&h.table) {
        line(name, value);
    }
    line(b"x-forwarded-for", &forwarded_for(&h.table, peer));
    match &h.body {
        Some(BodyState::Length(n)) => line(b"content-length", n.to_string().as_bytes()),
        Some(BodyState::Chunked(_)) => line(b"transfer-encoding", b"chunked"),
        None if h.table.has(Token::HTTP_CONTENT_LENGTH) => line(b"content-length", b"0"),
        None => {}
    }
    if upgrades {
        line(b"upgrade", b"websocket");
        line(b"connection", b"upgrade");
    } else {
        line(b"connection", b"close");
    }
    head.extend_from_slice(b"\r\n");
    [method, &b" "[..], &info.path, b" HTTP/1.1\r\n", &head].concat()
}

/// Who asks: the client, behind those that it says it asks for.
fn forwarded_for(table: &HeaderTable, peer: &str) -> Vec<u8> {
    let mut all: Vec<&[u8]> = table
        .fragments(Token::X_FORWARDED_FOR)
        .map(<[u8]>::trim_ascii)
        .collect();
    all.push(peer.as_bytes());
    all.join(&b", "[..])
}

/// Input from the client: body of its request, or anything after an upgrade. Returns how much was taken.
pub fn relay_request(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let Some(child) = other(thread, wsi) else {
        return 0;
    };
    let is_tunnel = with(wsi, |p| p.is_tunnel) == Some(true);
    // The next request, or what follows an upgrade, waits for the answer; a body until the origin is there.
    let is_early = !is_tunnel && wsi.with_http(|h| h.has_unread_body()) != Some(true);
    if is_early || child.has_pending_tx() || client::is_connecting(&child) {
        wsi.rx_held.set(true);
        return 0;
    }
    let window: &[u8] = input.window(PIECE);
    if is_tunnel {
        if push(thread, &child, window, b"") {
            hold_if_slow(thread, wsi, &child);
        }
        return window.len();
    }
    relay_body(thread, wsi, &child, window)
}

fn relay_body(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>, child: &Rc<Wsi>, window: &[u8]) -> usize {
    let found = wsi.with_http(|h| match &mut h.body {
        Some(BodyState::Length(left)) => {
            let len = usize::try_from(*left)
                .unwrap_or(usize::MAX)
                .min(window.len());
            *left -= len as u64;
            if *left == 0 {
                h.body = None;
            }
            (len, Found::Plain(len))
        }
        Some(BodyState::Chunked(decoder)) => match decoder.feed(window) {
            Ok((used, ChunkEvent::Data(range))) => (used, Found::Chunk(range)),
            Ok((used, ChunkEvent::NeedMore)) => (used, Found::Nothing),
            Ok((used, ChunkEvent::End)) => {
                h.body = None;
                (used, Found::End)
            }
            Err(_) => (window.len(), Found::Bad),
        },
        None => (0, Found::Nothing),
    });
    let Some((used, found)) = found else {
        return 0;
    };
    if let Found::Bad = found {
        end_proxying(wsi);
        close::close(thread, child, CloseCause::Lost);
        http::refuse(thread, wsi, 400);
        return used;
    }
    if !push_piece(thread, child, window, found) {
        return used;
    }
    if wsi.with_http(|h| h.has_unread_body()) == Some(true) {
        body::restart_timeout(thread, wsi);
    } else {
        timeout::set_internal(thread, wsi, pending::NONE, 0);
    }
    await_answer_again(thread, child);
    hold_if_slow(thread, wsi, child);
    used
}

/// While the request's body goes out the origin is not late.
fn await_answer_again(thread: &ServiceThread, child: &Wsi) {
    if child.with_client(|h| h.stage() == ClientStage::Head) == Some(true) {
        await_answer(thread, child, ANSWER_SECS);
    }
}
