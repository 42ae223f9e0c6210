//! From the origin to the client: the head of the answer, its body, and what follows an upgrade.
//!
//! Called by the http client with what it has read. The body is written in the framing that the client understands. What
//! both directions share is in [`super`].

use super::*;

/// The head of the origin's answer is there.
pub fn relay_head(thread: &Rc<ServiceThread>, child: &Rc<Wsi>) {
    let Some(parent) = parent_of(thread, child) else {
        return close::close(thread, child, CloseCause::Lost);
    };
    let Some(head) = child.with_client(|h| h.head()).flatten() else {
        return;
    };
    let upgrades = with(&parent, |p| p.upgrades) == Some(true);
    if head.status == 101 && !upgrades {
        return client::fail(thread, child, "an upgrade that nobody asked for");
    }
    let request = parent.with_http(|h| h.head()).flatten();
    let version = request.map_or(Version::Http11, |r| r.version);
    let framing = frame_for(&head, child, version);
    if framing.is_none() || head.status == 101 {
        parent.with_http(Http::end_keep_alive);
    }
    let keeps = parent.with_http(|h| h.head().is_some_and(|r| r.keep_alive)) == Some(true);
    let text = child.with_client(|h| encode_answer(&h.table, &head, framing, version, keeps));
    parent.with_http(|h| {
        h.begin_answer();
        h.status = head.status;
    });
    child.progress.set(Progress::Up);
    with(&parent, |p| {
        p.framing = framing.unwrap_or(Framing::Plain);
        p.is_tunnel = head.status == 101;
    });
    if !push(thread, &parent, &text.unwrap_or_default(), b"") {
        return;
    }
    if head.status == 101 {
        log_info!("proxy: the origin has taken the upgrade");
        child.with_client(|h| h.left = Left::UntilClose);
        if parent.rx_held.replace(false) {
            service::resume_rx(thread, &parent);
        }
        return;
    }
    if child.with_client(|h| matches!(h.left, Left::Length(0))) == Some(true) {
        finish(thread, child, &parent);
    } else {
        restart_answer_timeout(thread, child);
    }
}

/// How the answer's body is written; `None`: it ends with the connection.
fn frame_for(head: &ResponseHead, child: &Wsi, version: Version) -> Option<Framing> {
    let has_length = child.with_client(|h| matches!(h.left, Left::Length(_))) == Some(true);
    if has_length || head.status == 101 {
        return Some(Framing::Plain);
    }
    (version == Version::Http11).then_some(Framing::Chunked)
}

fn encode_answer(
    table: &HeaderTable,
    head: &ResponseHead,
    framing: Option<Framing>,
    version: Version,
    keeps: bool,
) -> Vec<u8> {
    let mut text = Vec::with_capacity(1024);
    let name: &[u8] = match version {
        Version::Http10 => b"HTTP/1.0 ",
        Version::Http11 => b"HTTP/1.1 ",
    };
    let reason = table.first(Token::HTTP).or(table.first(Token::HTTP1_0));
    text.extend_from_slice(name);
    text.extend_from_slice(reason.unwrap_or(b"200 "));
    text.extend_from_slice(b"\r\n");
    for (name, value) in end_to_end(table) {
        put_line(&mut text, name, value);
    }
    if head.status == 101 {
        put_line(&mut text, b"upgrade", b"websocket");
        put_line(&mut text, b"connection", b"upgrade");
    } else {
        if let Some(length) = table.first(Token::HTTP_CONTENT_LENGTH)
            && head.status != 204
        {
            put_line(&mut text, b"content-length", length.trim_ascii());
        }
        if framing == Some(Framing::Chunked) {
            put_line(&mut text, b"transfer-encoding", b"chunked");
        }
        match (keeps, version) {
            (false, _) => put_line(&mut text, b"connection", b"close"),
            (true, Version::Http10) => put_line(&mut text, b"connection", b"keep-alive"),
            (true, Version::Http11) => {}
        }
    }
    text.extend_from_slice(b"\r\n");
    text
}

fn restart_answer_timeout(thread: &ServiceThread, child: &Wsi) {
    let us = i64::from(ANSWER_SECS) * crate::sys::clock::SEC;
    timeout::set_internal(thread, child, pending::AWAITING_SERVER_RESPONSE, us);
}

/// Input from the origin: body of its answer, or anything after an upgrade. Returns how much was taken.
pub fn relay_answer(thread: &Rc<ServiceThread>, child: &Rc<Wsi>, input: &mut Input<'_>) -> usize {
    let Some(parent) = parent_of(thread, child) else {
        close::close(thread, child, CloseCause::Lost);
        return input.end - input.start;
    };
    if parent.has_pending_tx() {
        hold_if_slow(thread, child, &parent);
        return 0;
    }
    let window: &[u8] = input.window(PIECE);
    let Some((used, found, is_last)) = next_piece(child, window) else {
        return 0;
    };
    if let Found::Bad = found {
        truncated(thread, &parent, "its chunks cannot be read");
        return used;
    }
    if !pass_on(thread, &parent, window, found) {
        return used;
    }
    if is_last {
        finish(thread, child, &parent);
        return used;
    }
    if with(&parent, |p| p.is_tunnel) != Some(true) {
        restart_answer_timeout(thread, child);
    }
    hold_if_slow(thread, child, &parent);
    used
}

/// What the origin's bytes hold next: how many it takes, the piece, whether it is the last.
fn next_piece(child: &Wsi, window: &[u8]) -> Option<(usize, Found, bool)> {
    child.with_client(|h| match &mut h.left {
        Left::Length(left) => {
            let len = usize::try_from(*left)
                .unwrap_or(usize::MAX)
                .min(window.len());
            *left -= len as u64;
            (len, Found::Plain(len), *left == 0)
        }
        Left::UntilClose => (window.len(), Found::Plain(window.len()), false),
        Left::Chunked(decoder) => match decoder.feed(window) {
            Ok((used, ChunkEvent::Data(range))) => (used, Found::Chunk(range), false),
            Ok((used, ChunkEvent::NeedMore)) => (used, Found::Nothing, false),
            Ok((used, ChunkEvent::End)) => (used, Found::Nothing, true),
            Err(_) => (window.len(), Found::Bad, false),
        },
    })
}

/// Writes a piece in the client's framing. False when the client is gone.
fn pass_on(thread: &Rc<ServiceThread>, parent: &Rc<Wsi>, window: &[u8], found: Found) -> bool {
    let len = match &found {
        Found::Plain(len) => *len,
        Found::Chunk(range) => range.len(),
        Found::Nothing | Found::End | Found::Bad => 0,
    };
    parent.with_http(|h| h.count_sent(len));
    let framing = with(parent, |p| p.framing).unwrap_or(Framing::Plain);
    match (framing, found) {
        (Framing::Plain, Found::Chunk(range)) => {
            push(thread, parent, window.get(range).unwrap_or(&[]), b"")
        }
        (Framing::Chunked, Found::Plain(len)) if len > 0 => {
            push_piece(thread, parent, window, Found::Chunk(0..len))
        }
        (_, found) => push_piece(thread, parent, window, found),
    }
}

/// The origin has ended its stream inside the body of its answer.
pub fn answer_ended(thread: &Rc<ServiceThread>, child: &Rc<Wsi>) {
    let Some(parent) = parent_of(thread, child) else {
        return;
    };
    let is_tunnel = with(&parent, |p| p.is_tunnel) == Some(true);
    if !is_tunnel && child.with_client(|h| matches!(h.left, Left::UntilClose)) == Some(true) {
        return finish(thread, child, &parent);
    }
    truncated(thread, &parent, "the origin closed");
}
