//! Handles: what the C side holds instead of addresses.
//!
//! A `struct lws *` (and context, vhost) is generation and slot number, shifted so that it looks like a 16-aligned
//! pointer below 2^47 that is never null. It is never dereferenced. The slot table is made of chunks that
//! are neither moved nor freed, every word of it is atomic: any thread, and a signal handler, may ask where a
//! handle lives. A stale, foreign or misaligned value resolves to nothing.
//!
//! Layout of a handle: generation (19 bits) | slot (24 bits) | 0000.

use parking_lot::Mutex;
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

const SLOT_BITS: u32 = 24;
const GENERATION_BITS: u32 = 19;
const CHUNK_BITS: u32 = 12;
const CHUNK_LEN: usize = 1 << CHUNK_BITS;
const CHUNKS: usize = 1 << (SLOT_BITS - CHUNK_BITS);
/// Freed slots rest until this many others were freed, so that a stale handle stays recognisable longer.
const RESTING: usize = 256;

/// What a handle names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A context.
    Context,
    /// A vhost.
    Vhost,
    /// A connection.
    Wsi,
}

/// Where the thing behind a handle lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// What it is.
    pub kind: Kind,
    /// Index of its context in the registry.
    pub context: u16,
    /// Service thread that owns it (0 for contexts and vhosts).
    pub tsi: u8,
    /// Index inside its owner.
    pub local: u32,
}

/// A checked handle value; its number is what C sees as the pointer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Handle(u64);

impl Handle {
    /// The pointer-sized number given to C.
    pub fn addr(self) -> usize {
        usize::try_from(self.0).unwrap_or(0)
    }

    /// Reads a number that came from C or from the event loop. Nothing is checked until [`resolve`].
    pub fn from_addr(addr: usize) -> Self {
        Self(addr as u64)
    }

    fn new(generation: u64, slot: u32) -> Self {
        Self(((generation << SLOT_BITS) | u64::from(slot)) << 4)
    }

    fn slot(self) -> u32 {
        u32::try_from((self.0 >> 4) & ((1 << SLOT_BITS) - 1)).unwrap_or(0)
    }

    fn generation(self) -> u64 {
        self.0 >> (4 + SLOT_BITS)
    }
}

/// A handle or none, in one word.
pub struct HandleCell(Cell<u64>);

impl HandleCell {
    /// None.
    pub const fn none() -> Self {
        Self(Cell::new(0))
    }

    /// The handle. The null pointer is none.
    #[inline]
    pub fn get(&self) -> Option<Handle> {
        Some(Handle(self.0.get())).filter(|handle| handle.0 != 0)
    }

    /// Puts one in, or none.
    #[inline]
    pub fn set(&self, handle: Option<Handle>) {
        self.0.set(handle.map_or(0, |handle| handle.0));
    }
}

#[derive(Default)]
struct Slot {
    /// generation << 32 | kind << 24 | tsi << 16 | context; kind 0 means free.
    word: AtomicU64,
    local: AtomicU32,
}

static TABLE: [OnceLock<Box<[Slot]>>; CHUNKS] = [const { OnceLock::new() }; CHUNKS];

struct Free {
    next_fresh: u32,
    resting: VecDeque<u32>,
}

static FREE: Mutex<Free> = Mutex::new(Free {
    next_fresh: 0,
    resting: VecDeque::new(),
});

fn slot_at(index: u32) -> Option<&'static Slot> {
    TABLE
        .get((index >> CHUNK_BITS) as usize)?
        .get()?
        .get(index as usize & (CHUNK_LEN - 1))
}

fn pack(generation: u64, place: Option<Place>) -> u64 {
    let rest = place.map_or(0, |p| {
        let kind = match p.kind {
            Kind::Context => 1u64,
            Kind::Vhost => 2,
            Kind::Wsi => 3,
        };
        (kind << 24) | (u64::from(p.tsi) << 16) | u64::from(p.context)
    });
    (generation << 32) | rest
}

/// Gives a new handle for something at `place`, or `None` when 2^24 are alive.
pub fn allocate(place: Place) -> Option<Handle> {
    let index = {
        let mut free = FREE.lock();
        if free.resting.len() > RESTING || free.next_fresh == 1 << SLOT_BITS {
            free.resting.pop_front()?
        } else {
            free.next_fresh += 1;
            free.next_fresh - 1
        }
    };
    let chunk = TABLE
        .get((index >> CHUNK_BITS) as usize)?
        .get_or_init(|| (0..CHUNK_LEN).map(|_| Slot::default()).collect());
    let slot = chunk.get(index as usize & (CHUNK_LEN - 1))?;
    let generation = (slot.word.load(Ordering::Relaxed) >> 32).max(1);
    slot.local.store(place.local, Ordering::Relaxed);
    slot.word
        .store(pack(generation, Some(place)), Ordering::Release);
    Some(Handle::new(generation, index))
}

/// Ends `handle`: it and every copy of it resolve to nothing from now on.
pub fn release(handle: Handle) {
    if resolve(handle).is_none() {
        return;
    }
    let Some(slot) = slot_at(handle.slot()) else {
        return;
    };
    let mut generation = (handle.generation() + 1) & ((1 << GENERATION_BITS) - 1);
    generation = generation.max(1);
    slot.word.store(pack(generation, None), Ordering::Release);
    FREE.lock().resting.push_back(handle.slot());
}

/// Says where `handle` lives, or `None` when it is stale or was never one.
pub fn resolve(handle: Handle) -> Option<Place> {
    if handle.0 & 15 != 0 {
        return None;
    }
    let slot = slot_at(handle.slot())?;
    let word = slot.word.load(Ordering::Acquire);
    if word >> 32 != handle.generation() {
        return None;
    }
    let kind = match (word >> 24) & 0xff {
        1 => Kind::Context,
        2 => Kind::Vhost,
        3 => Kind::Wsi,
        _ => return None,
    };
    Some(Place {
        kind,
        context: u16::try_from(word & 0xffff).ok()?,
        tsi: u8::try_from((word >> 16) & 0xff).ok()?,
        local: slot.local.load(Ordering::Relaxed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(local: u32) -> Place {
        Place {
            kind: Kind::Wsi,
            context: 3,
            tsi: 2,
            local,
        }
    }

    #[test]
    fn resolve_when_alive_gives_the_place() {
        let h = allocate(place(77)).unwrap();
        assert_eq!(h.addr() & 15, 0);
        assert!(h.addr() != 0 && (h.addr() as u64) < 1 << 47);
        assert_eq!(resolve(Handle::from_addr(h.addr())), Some(place(77)));
        release(h);
    }

    #[test]
    fn resolve_when_released_gives_nothing() {
        let h = allocate(place(1)).unwrap();
        release(h);
        assert_eq!(resolve(h), None);
        release(h);
        assert_eq!(resolve(h), None);
    }

    #[test]
    fn resolve_when_foreign_gives_nothing() {
        let x = 5u64;
        for addr in [0usize, 1, 8, 16, usize::MAX, &raw const x as usize] {
            assert_eq!(resolve(Handle::from_addr(addr)), None);
        }
    }

    #[test]
    fn allocate_when_reused_changes_the_generation() {
        let handles: Vec<_> = (0..2000).map(|n| allocate(place(n)).unwrap()).collect();
        for h in &handles {
            release(*h);
        }
        let again: Vec<_> = (0..2000).map(|n| allocate(place(n)).unwrap()).collect();
        assert!(handles.iter().all(|h| resolve(*h).is_none()));
        assert!(again.iter().all(|h| resolve(*h).is_some()));
        for h in again {
            release(h);
        }
    }
}
