//! The wake-up descriptor as a connection, so that programs with their own poll() can watch it too.

use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;

/// Empties the descriptor; a cancellation is noted here and passed to the other threads.
pub fn on_ready(thread: &ServiceThread, wsi: &Wsi) {
    wsi.readable.set(false);
    let was_cancelled = thread.mailbox(|m| m.wake.drain()).unwrap_or(false);
    if !was_cancelled {
        return;
    }
    for (tsi, mailbox) in thread.context.mailboxes.iter().enumerate() {
        mailbox.note_cancelled();
        if tsi != usize::from(thread.tsi) {
            mailbox.nudge();
        }
    }
}
