//! How long certificates are still valid: told to every protocol when the context starts, and once a day.

use crate::conn::dispatch::{call_vhost, stand_in};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::sys::clock::{SEC, Usec};
use crate::util::log::log_notice;
use openssl::asn1::Asn1Time;
use std::rc::Rc;

/// Time between two rounds.
const DAY: Usec = 24 * 3600 * SEC;

/// Whole days that the vhost's certificate has left; `None` without one.
fn days_left(vhost: &Vhost) -> Option<i64> {
    let server = vhost.tls()?.server.as_ref()?;
    if server.misses_files() && server.certificate().is_none() {
        return Some(0);
    }
    let cert = server.certificate()?;
    let now = Asn1Time::days_from_now(0).ok()?;
    let left = now.diff(cert.not_after()).ok()?;
    let seconds = i64::from(left.days) * 86_400 + i64::from(left.secs);
    // quirk: the day that has begun and the one before it are not counted.
    Some((seconds - 86_400) / 86_400)
}

/// The first round, and when the next is due. Only thread 0 does this.
pub fn start(thread: &Rc<ServiceThread>) {
    let mut all = thread.context.vhosts().into_iter();
    if all.any(|v| v.tls().is_some_and(|t| t.server.is_some())) {
        round(thread);
    }
    thread.aging_at.set(thread.now().saturating_add(DAY));
}

/// A round, if it is due.
pub fn run_due(thread: &Rc<ServiceThread>) {
    let at = thread.aging_at.get();
    if at != 0 && thread.now() >= at {
        thread.aging_at.set(at.saturating_add(DAY));
        round(thread);
    }
}

fn round(thread: &Rc<ServiceThread>) {
    for vhost in thread.context.vhosts() {
        if let Some(days) = days_left(&vhost) {
            log_notice!(
                "vhost {}: certificate expires in {days} days",
                vhost.config.name.to_string_lossy()
            );
            tell(thread, &vhost, days);
        }
    }
}

/// Every protocol of every vhost hears of each certificate.
fn tell(thread: &Rc<ServiceThread>, vhost: &Vhost, days: i64) {
    let Some(stand_in) = stand_in(thread) else {
        return;
    };
    for hears in thread.context.vhosts() {
        for at in 0..hears.config.protocols.len() {
            if thread.is_ending() {
                return;
            }
            let payload = Payload::CertAging {
                vhost: vhost.handle.addr(),
                days,
            };
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            let reason = Reason::VHOST_CERT_AGING;
            call_vhost(thread, &stand_in, &hears, at, reason, payload);
        }
    }
}
