//! Keys for the frames that a client sends (RFC 6455 5.3) and for its handshake: unpredictable, each used once.
//!
//! Drawn from the kernel in batches, one batch a service thread, so that a frame costs no system call. Called by the ws
//! role for every frame of a client, and by the http client for every handshake.

use crate::sys::random;

/// Bytes drawn at a time.
const BATCH: usize = 1024;

/// The keys of one service thread.
#[derive(Default)]
pub struct Masks {
    left: Vec<u8>,
}

impl Masks {
    /// The next key.
    pub fn fresh(&mut self) -> [u8; 4] {
        if self.left.len() < 4 {
            self.left.resize(BATCH, 0);
            let had = random::fill(&mut self.left);
            self.left.truncate(had);
        }
        let mut key = [0; 4];
        for byte in &mut key {
            *byte = self.left.pop().unwrap_or(0);
        }
        key
    }

    /// What Sec-WebSocket-Key is made of, as hard to guess.
    pub fn nonce(&mut self) -> [u8; 16] {
        let mut nonce = [0; 16];
        for part in nonce.as_chunks_mut().0 {
            *part = self.fresh();
        }
        nonce
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_over_a_batch() {
        let mut masks = Masks::default();
        let mut keys: Vec<_> = (0..BATCH).map(|_| masks.fresh()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert!(keys.len() > BATCH - 4);
    }
}
