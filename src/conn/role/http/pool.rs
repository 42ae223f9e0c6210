//! Who may read a request: info.max_http_header_pool header tables a service thread, first come, first served.
//!
//! A connection holds a table from the first byte of a request until the transaction is over, it becomes something else,
//! or it closes. Without a free one it is not read from; its turn comes when another gives one back, and its time for a
//! complete head begins then. Without a limit, which is the default, nothing is counted.

use crate::conn::role::http;
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::util::log::log_info;
use std::rc::Rc;

/// Where a connection stands with the pool.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Share {
    /// Between requests, or without a limit.
    #[default]
    None,
    /// In the queue.
    Waits,
    /// Reading or answering a request.
    Holds,
}

/// Takes a table for a request that begins. False: none is free, the connection waits.
pub fn take(thread: &ServiceThread, wsi: &Wsi) -> bool {
    let limit = thread.context.config.header_pool;
    if limit == 0 || wsi.with_http(|h| h.share == Share::Holds) == Some(true) {
        return true;
    }
    let is_free = thread.tables.get() < limit;
    let share = if is_free { Share::Holds } else { Share::Waits };
    let before = wsi.with_http(|h| std::mem::replace(&mut h.share, share));
    if is_free {
        thread.tables.set(thread.tables.get() + 1);
    } else {
        wsi.rx_held.set(true);
        if before == Some(Share::None) {
            log_info!("all {limit} header tables are in use: a connection waits");
            thread.table_queue.with(|q| q.push_back(wsi.handle));
        }
    }
    is_free
}

/// Gives the table back, if the connection has one, or leaves the queue.
pub fn give_back(thread: &Rc<ServiceThread>, wsi: &Wsi) {
    if thread.context.config.header_pool == 0 {
        return;
    }
    match wsi.with_http(|h| std::mem::take(&mut h.share)) {
        Some(Share::Holds) => {
            thread.tables.set(thread.tables.get().saturating_sub(1));
            call_next(thread);
        }
        Some(Share::Waits) => {
            thread.table_queue.with(|q| q.retain(|w| *w != wsi.handle));
        }
        Some(Share::None) | None => {}
    }
}

fn call_next(thread: &Rc<ServiceThread>) {
    let next = thread.table_queue.with(|q| q.pop_front());
    let Some(next) = next.and_then(|handle| thread.find(handle)) else {
        return;
    };
    next.with_http(|h| h.share = Share::None);
    http::await_request(thread, &next);
    next.rx_held.set(false);
    service::resume_rx(thread, &next);
}
