//! Output that the socket did not take yet, in order.
//!
//! One growing buffer with a read position: a connection that keeps up never allocates one, a connection that
//! lags appends to it and drains from the front. The buffer goes away when it runs empty, so an idle connection
//! pays for a null pointer only.

/// Bytes waiting to be sent.
#[derive(Default)]
pub struct BufQueue {
    data: Option<Box<Pending>>,
}

#[derive(Default)]
struct Pending {
    bytes: Vec<u8>,
    start: usize,
}

impl BufQueue {
    /// Bytes waiting.
    #[inline]
    pub fn len(&self) -> usize {
        self.data.as_ref().map_or(0, |p| p.bytes.len() - p.start)
    }

    /// True when nothing waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.data.is_none()
    }

    /// A queue of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let pending = (!bytes.is_empty()).then(|| {
            Box::new(Pending {
                bytes: bytes.to_vec(),
                start: 0,
            })
        });
        Self { data: pending }
    }

    /// Appends `bytes`; false when memory for them cannot be had.
    #[must_use]
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        if bytes.is_empty() {
            return true;
        }
        let pending = self.data.get_or_insert_default();
        if pending.start > 0 && pending.start >= pending.bytes.len() / 2 {
            pending.bytes.drain(..pending.start);
            pending.start = 0;
        }
        if pending.bytes.try_reserve(bytes.len()).is_err() {
            if pending.bytes.len() == pending.start {
                self.data = None;
            }
            return false;
        }
        pending.bytes.extend_from_slice(bytes);
        true
    }

    /// The bytes at the front.
    #[inline]
    pub fn front(&self) -> &[u8] {
        self.data
            .as_ref()
            .and_then(|p| p.bytes.get(p.start..))
            .unwrap_or(&[])
    }

    /// Drops `n` bytes from the front.
    pub fn consume(&mut self, n: usize) {
        if let Some(p) = self.data.as_mut() {
            p.start = p.start.saturating_add(n);
            if p.start >= p.bytes.len() {
                self.data = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn push_and_consume_keep_the_order() {
        let mut q = BufQueue::default();
        assert!(q.is_empty());
        let mut expect = Vec::new();
        let mut got = Vec::new();
        for round in 0..200usize {
            let piece = vec![u8::try_from(round).unwrap(); round % 17];
            expect.extend_from_slice(&piece);
            assert!(q.push(&piece));
            let n = (round % 11).min(q.len());
            got.extend_from_slice(&q.front()[..n]);
            q.consume(n);
        }
        got.extend_from_slice(q.front());
        q.consume(q.len());
        assert!(q.is_empty());
        assert_eq!(got, expect);
    }
}
