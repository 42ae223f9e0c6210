//! Zip archives: the directory, and members unpacked in pieces of two sizes.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::zip::{self, Directory, Found, LOCAL, Unpacker};

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

/// A member unpacked with pieces of `step` bytes, at most 64 KB of it.
fn unpacked(data: &[u8], mut unpacker: Unpacker, size: u64, step: usize) -> Option<Vec<u8>> {
    let (mut at, mut out) = (0, Vec::new());
    while (out.len() as u64) < size && out.len() < 65536 {
        let end = data.len().min(at + step);
        let mut room = vec![0; step];
        let piece = data.get(at..end).unwrap_or_default();
        let (used, made) = unpacker.unpack(piece, end == data.len(), &mut room).ok()?;
        if used == 0 && made == 0 {
            return None;
        }
        at += used;
        out.extend_from_slice(&room[..made]);
    }
    Some(out)
}

pub(crate) fn target(data: &[u8]) {
    let Ok(place) = zip::find_directory(data, data.len() as u64) else {
        return;
    };
    assert!(place.range.end <= data.len() as u64);
    let range = place.range.start as usize..place.range.end as usize;
    let Ok(directory) = Directory::read(data[range].to_vec(), &place) else {
        return;
    };
    for name in [&b"a"[..], b"a.txt", b"d", b"d/b.txt", b""] {
        let Found::Member(entry) = directory.find(name) else {
            continue;
        };
        let at = entry.header_at() as usize;
        let local = data.get(at..).unwrap_or_default();
        let local = local.get(..LOCAL).unwrap_or(local);
        let Ok(range) = directory.data(entry, local) else {
            continue;
        };
        assert!(range.end <= place.range.start);
        let packed = &data[range.start as usize..range.end as usize];
        let (Ok(one), Ok(two)) = (Unpacker::new(entry), Unpacker::new(entry)) else {
            continue;
        };
        let whole = unpacked(packed, one, entry.size(), 4096);
        let pieces = unpacked(packed, two, entry.size(), 61);
        if let (Some(whole), Some(pieces)) = (whole, pieces) {
            let len = whole.len().min(pieces.len());
            assert_eq!(whole[..len], pieces[..len]);
        }
    }
}
