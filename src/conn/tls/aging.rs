//! How long certificates are still valid: told to every protocol when the context starts, when a
//! vhost with TLS comes later, and once a day.

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
    let cert = vhost.tls()?.server.as_ref()?.certificate()?;
    let now = Asn1Time::days_from_now(0).ok()?;
    let left = now.diff(cert.not_after()).ok()?;
    let seconds = i64::from(left.days) * 86_400 + i64::from(left.secs);
    // quirk: the day that has begun and the one before it are not counted.
    Some((seconds - 86_400) / 86_400)
}

/// Whether the vhost serves TLS.
pub fn has_certificates(vhost: &Vhost) -> bool {
    vhost.tls().is_some_and(|tls| tls.server.is_some())
}

/// A round now, and when the next is due. Only thread 0 does this.
pub fn start(thread: &Rc<ServiceThread>) {
    thread.aging_at.set(next(thread.now()));
    round(thread);
}

/// A round, if it is due.
pub fn run_due(thread: &Rc<ServiceThread>) {
    if is_due(thread.aging_at.get(), thread.now()) {
        thread.aging_at.set(next(thread.now()));
        round(thread);
    }
}

/// When the round after one at `now` is due; days that were slept through are not made up for.
fn next(now: Usec) -> Usec {
    now.saturating_add(DAY)
}

/// Whether a round that belongs at `at` is due; at 0 there is none.
fn is_due(at: Usec, now: Usec) -> bool {
    at != 0 && now >= at
}

fn round(thread: &Rc<ServiceThread>) {
    let all = thread.context.vhosts();
    if !all.iter().any(|v| has_certificates(v)) {
        return;
    }
    for vhost in all {
        let left = days_left(&vhost);
        if let Some(days) = left {
            log_notice!(
                "vhost {}: certificate expires in {days} days",
                vhost.config.name.to_string_lossy()
            );
        }
        // quirk: beside one with a certificate, vhosts without any are told of too.
        tell(thread, &vhost, left.unwrap_or(0));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_a_day_apart() {
        let start = 5 * SEC;
        let at = next(start);
        assert_eq!(at, start + 86_400 * SEC);
        assert!(!is_due(0, at), "never started");
        assert!(!is_due(at, start));
        assert!(!is_due(at, at - 1));
        assert!(is_due(at, at));
        let late = at + 3 * DAY;
        assert!(is_due(at, late) && !is_due(next(late), late + DAY - 1));
    }
}
