//! Who may read a request: info.max_http_header_pool header tables a service thread, info.ip_limit_ah of them for one
//! address; first come, first served.
//!
//! A connection holds a table from the first byte of a request until the transaction is over, it becomes something else,
//! or it closes. Without a free one it is not read from; its turn comes when another gives one back, and its time for a
//! complete head begins then. Without limits, which is the default, nothing is counted.

use crate::conn::role::http;
use crate::conn::service;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::util::cell::StateCell;
use crate::util::log::log_info;
use std::cell::Cell;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::rc::Rc;

use crate::util::ids::Handle;

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

/// The tables of one service thread.
#[derive(Default)]
pub struct Tables {
    /// How many are in use.
    used: Cell<u32>,
    /// How many each address uses, where that is limited.
    by_address: StateCell<HashMap<IpAddr, u32>>,
    /// Connections that wait for one.
    queue: StateCell<VecDeque<Handle>>,
}

fn is_limited(thread: &ServiceThread) -> bool {
    thread.context.config.header_pool > 0 || thread.context.config.ip_limit_ah > 0
}

fn address(wsi: &Wsi) -> Option<IpAddr> {
    let seat = wsi.seat.take();
    let ip = seat.as_ref().map(|seat| seat.ip);
    wsi.seat.set(seat);
    ip
}

fn has_room(thread: &ServiceThread, wsi: &Wsi) -> bool {
    let config = &thread.context.config;
    if config.header_pool > 0 && thread.tables.used.get() >= config.header_pool {
        return false;
    }
    let Some(ip) = address(wsi).filter(|_| config.ip_limit_ah > 0) else {
        return true;
    };
    let used = thread.tables.by_address.with(|all| all.get(&ip).copied());
    used.unwrap_or(0) < config.ip_limit_ah
}

/// Takes a table for a request that begins. False: none is free, the connection waits.
pub fn take(thread: &ServiceThread, wsi: &Wsi) -> bool {
    if !is_limited(thread) || wsi.with_http(|h| h.share == Share::Holds) == Some(true) {
        return true;
    }
    let is_free = has_room(thread, wsi);
    let share = if is_free { Share::Holds } else { Share::Waits };
    let before = wsi.with_http(|h| std::mem::replace(&mut h.share, share));
    if is_free {
        count(thread, wsi, 1);
    } else {
        wsi.rx_held.set(true);
        if before == Some(Share::None) {
            log_info!("no header table is free: a connection waits");
            thread.tables.queue.with(|q| q.push_back(wsi.handle));
        }
    }
    is_free
}

/// Counts a table that is taken (1) or given back (-1).
fn count(thread: &ServiceThread, wsi: &Wsi, by: i32) {
    let used = &thread.tables.used;
    used.set(used.get().saturating_add_signed(by));
    let Some(ip) = address(wsi) else {
        return;
    };
    thread.tables.by_address.with(|all| {
        let of_this = all.entry(ip).or_default();
        *of_this = of_this.saturating_add_signed(by);
        if *of_this == 0 {
            all.remove(&ip);
        }
    });
}

/// Gives the table back, if the connection has one, or leaves the queue.
pub fn give_back(thread: &Rc<ServiceThread>, wsi: &Wsi) {
    if !is_limited(thread) {
        return;
    }
    match wsi.with_http(|h| std::mem::take(&mut h.share)) {
        Some(Share::Holds) => {
            count(thread, wsi, -1);
            call_next(thread);
        }
        Some(Share::Waits) => {
            thread.tables.queue.with(|q| q.retain(|w| *w != wsi.handle));
        }
        Some(Share::None) | None => {}
    }
}

/// The first in line that may have a table.
fn call_next(thread: &Rc<ServiceThread>) {
    let next = thread.tables.queue.with(|q| {
        let mut waiting = q.iter().filter_map(|handle| thread.find(*handle));
        waiting.find(|wsi| has_room(thread, wsi))
    });
    let Some(next) = next else {
        return;
    };
    thread
        .tables
        .queue
        .with(|q| q.retain(|w| *w != next.handle));
    next.with_http(|h| h.share = Share::None);
    http::await_request(thread, &next);
    next.rx_held.set(false);
    service::resume_rx(thread, &next);
}
