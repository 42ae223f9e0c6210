//! Archives made here byte by byte, whole and damaged.

use super::*;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

/// An archive in the making.
pub(crate) struct Made {
    bytes: Vec<u8>,
    members: Vec<u8>,
    count: u16,
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn crc(data: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(data);
    crc.sum()
}

impl Made {
    pub(crate) fn new() -> Self {
        Self {
            bytes: Vec::new(),
            members: Vec::new(),
            count: 0,
        }
    }

    pub(crate) fn add(mut self, name: &str, method: u16, data: &[u8]) -> Self {
        let packed = if method == 8 {
            deflated(data)
        } else {
            data.to_vec()
        };
        let at = self.bytes.len() as u32;
        let mut common = Vec::new();
        for n in [20, 0, method, 0, 0] {
            common.extend_from_slice(&u16::to_le_bytes(n));
        }
        for n in [crc(data), packed.len() as u32, data.len() as u32] {
            common.extend_from_slice(&n.to_le_bytes());
        }
        common.extend_from_slice(&(name.len() as u16).to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        self.bytes.extend_from_slice(b"PK\x03\x04");
        self.bytes.extend_from_slice(&common);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(&packed);
        self.members.extend_from_slice(b"PK\x01\x02\x14\x00");
        self.members.extend_from_slice(&common);
        self.members.extend_from_slice(&[0; 10]);
        self.members.extend_from_slice(&at.to_le_bytes());
        self.members.extend_from_slice(name.as_bytes());
        self.count += 1;
        self
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        let at = self.bytes.len() as u32;
        self.bytes.extend_from_slice(&self.members);
        self.bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend_from_slice(&self.count.to_le_bytes());
        self.bytes.extend_from_slice(&self.count.to_le_bytes());
        self.bytes
            .extend_from_slice(&(self.members.len() as u32).to_le_bytes());
        self.bytes.extend_from_slice(&at.to_le_bytes());
        self.bytes.extend_from_slice(&[0, 0]);
        self.bytes
    }
}

pub(crate) fn directory(archive: &[u8]) -> Result<Directory, Refused> {
    let place = find_directory(archive, archive.len() as u64)?;
    let range = place.range.start as usize..place.range.end as usize;
    Directory::read(archive[range].to_vec(), &place)
}

fn unpacked(archive: &[u8], name: &str, step: usize) -> Result<Vec<u8>, Refused> {
    let directory = directory(archive)?;
    let Found::Member(entry) = directory.find(name.as_bytes()) else {
        return Err(Refused::NotAnArchive);
    };
    let mut unpacker = Unpacker::new(entry)?;
    let local = archive
        .get(entry.header_at() as usize..)
        .and_then(|b| b.get(..LOCAL))
        .ok_or(Refused::Corrupt)?;
    let range = directory.data(entry, local)?;
    let data = &archive[range.start as usize..range.end as usize];
    let (mut at, mut out) = (0, Vec::new());
    while (out.len() as u64) < entry.size() {
        let end = data.len().min(at + step);
        let mut room = vec![0; step];
        let (used, made) = unpacker
            .unpack(&data[at..end], end == data.len(), &mut room)
            .map_err(|Damaged| Refused::Corrupt)?;
        at += used;
        out.extend_from_slice(&room[..made]);
    }
    Ok(out)
}

fn text() -> Vec<u8> {
    (0..5000u32)
        .flat_map(|n| n.to_string().into_bytes())
        .collect()
}

fn archive() -> Vec<u8> {
    Made::new()
        .add("b.txt", 8, &text())
        .add("a.txt", 0, b"stored")
        .add("dir/", 0, b"")
        .add("dir/c.txt", 8, b"inside")
        .add("other/deep/d.txt", 0, b"deep")
        .add("empty", 0, b"")
        .finish()
}

#[test]
fn members_come_out_whatever_the_pieces() {
    let archive = archive();
    for step in [1, 7, 4096, 1 << 20] {
        assert_eq!(unpacked(&archive, "b.txt", step), Ok(text()), "{step}");
        assert_eq!(unpacked(&archive, "a.txt", step), Ok(b"stored".to_vec()));
        assert_eq!(
            unpacked(&archive, "dir/c.txt", step),
            Ok(b"inside".to_vec())
        );
        assert_eq!(unpacked(&archive, "empty", step), Ok(Vec::new()));
    }
}

#[test]
fn folders_are_known_with_and_without_an_entry() {
    let directory = directory(&archive()).unwrap();
    for folder in ["", "dir", "other", "other/deep"] {
        assert_eq!(directory.find(folder.as_bytes()), Found::Folder, "{folder}");
    }
    for nothing in ["di", "other/dee", "b.txt/", "x", "b.txt/x", "../b.txt"] {
        assert_eq!(
            directory.find(nothing.as_bytes()),
            Found::Nothing,
            "{nothing}"
        );
    }
}

#[test]
fn a_member_is_a_gzip_stream_with_head_and_tail() {
    let archive = archive();
    let directory = directory(&archive).unwrap();
    let Found::Member(entry) = directory.find(b"b.txt") else {
        panic!("not there");
    };
    let local = &archive[entry.header_at() as usize..][..LOCAL];
    let range = directory.data(entry, local).unwrap();
    let data = &archive[range.start as usize..range.end as usize];
    let stream = [&GZIP_HEAD, data, &entry.gzip_tail()].concat();
    let mut out = Vec::new();
    let mut decoder = flate2::write::GzDecoder::new(&mut out);
    decoder.write_all(&stream).unwrap();
    decoder.finish().unwrap();
    assert_eq!(out, text());
}

#[test]
fn every_cut_and_every_flipped_byte_is_survived() {
    let archive = Made::new()
        .add("a", 8, b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        .add("b", 0, b"stored")
        .finish();
    for len in 0..archive.len() {
        assert!(unpacked(&archive[..len], "a", 64).is_err(), "{len}");
    }
    for at in 0..archive.len() {
        for mask in [1, 0x80, 0xff] {
            let mut bad = archive.clone();
            bad[at] ^= mask;
            for (name, data) in [
                ("a", &b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"[..]),
                ("b", b"stored"),
            ] {
                if let Ok(out) = unpacked(&bad, name, 64) {
                    assert_eq!(out, data, "{at}");
                }
            }
        }
    }
}

#[test]
fn what_is_not_served_is_refused() {
    assert_eq!(directory(b"").err(), Some(Refused::NotAnArchive));
    assert_eq!(directory(&[0; 100]).err(), Some(Refused::NotAnArchive));
    let twice = Made::new().add("a", 0, b"1").add("a", 0, b"2").finish();
    assert_eq!(directory(&twice).err(), Some(Refused::Corrupt));
    let odd = Made::new().add("a", 12, b"1").finish();
    assert_eq!(unpacked(&odd, "a", 9), Err(Refused::Method));
    let mut secret = Made::new().add("a", 0, b"1").finish();
    let central = secret.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    secret[central + 8] = 1;
    assert_eq!(unpacked(&secret, "a", 9), Err(Refused::Encrypted));
    let mut big = Made::new().add("a", 0, b"1").finish();
    let end = big.len() - END;
    big[end + 8..end + 12].fill(0xff);
    assert_eq!(directory(&big).err(), Some(Refused::Zip64));
    let mut behind = archive();
    behind.splice(0..0, *b"MZ");
    assert_eq!(directory(&behind).err(), Some(Refused::Corrupt));
}
