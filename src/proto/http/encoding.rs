//! Compressed answers: which coding a client takes, and the coding itself.
//!
//! What a program writes is compressed piece by piece and flushed after each, so that nothing a program has sent waits
//! in here. The length is not known before, so pieces leave as chunks (or bare in HTTP/1.0, where the connection ends the
//! answer). zlib's state, some 256 KB, lives as long as the answer. Used by `lws_http_compression_apply` and the http role.

use super::headers::HeaderTable;
use super::token::Token;
use flate2::{Compress, Compression, FlushCompress, Status};

/// Window of zlib's compressor.
const WINDOW_BITS: u8 = 15;
/// Room that output grows by.
const STEP: usize = 16 * 1024;

/// How an answer may be coded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Coding {
    /// gzip.
    Gzip,
    /// deflate: zlib's format.
    Deflate,
}

impl Coding {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }

    fn matches(self, name: &[u8]) -> bool {
        name.eq_ignore_ascii_case(self.name().as_bytes())
    }
}

/// The coding for a client with these request headers: `wanted`, or with `None` the best of those it takes.
pub fn choose(table: &HeaderTable, wanted: Option<&[u8]>) -> Option<Coding> {
    [Coding::Gzip, Coding::Deflate]
        .into_iter()
        .filter(|coding| wanted.is_none_or(|name| coding.matches(name)))
        .find(|coding| is_accepted(table, *coding))
}

/// What Accept-Encoding says of a coding: by its name, else by `*`.
fn is_accepted(table: &HeaderTable, coding: Coding) -> bool {
    let says = |is_it: &dyn Fn(&[u8]) -> bool| {
        let lines = table.fragments(Token::HTTP_ACCEPT_ENCODING);
        let mut entries = lines.flat_map(|line| line.split(|b| *b == b','));
        entries.find_map(|entry| {
            let mut parts = entry.split(|b| *b == b';').map(<[u8]>::trim_ascii);
            let name = parts.next().filter(|name| is_it(name))?;
            let _ = name;
            Some(!parts.any(is_zero_weight))
        })
    };
    says(&|name| coding.matches(name)).unwrap_or_else(|| says(&|name| name == b"*") == Some(true))
}

/// `q=0`, `q=0.000`.
fn is_zero_weight(parameter: &[u8]) -> bool {
    let Some((b'q' | b'Q', rest)) = parameter.split_first() else {
        return false;
    };
    let Some((b'=', weight)) = rest.trim_ascii_start().split_first() else {
        return false;
    };
    let weight = weight.trim_ascii();
    !weight.is_empty() && weight.iter().all(|b| matches!(b, b'0' | b'.'))
}

/// An answer's compressor.
pub struct Encoder {
    zlib: Compress,
    is_chunked: bool,
    is_ended: bool,
}

/// The compressor has failed: zlib has no memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Broken;

impl Encoder {
    /// A compressor; `is_chunked`: what it gives has the form of chunks.
    pub fn new(coding: Coding, is_chunked: bool) -> Self {
        let level = Compression::default();
        let zlib = match coding {
            Coding::Gzip => Compress::new_gzip(level, WINDOW_BITS),
            Coding::Deflate => Compress::new(level, true),
        };
        Self {
            zlib,
            is_chunked,
            is_ended: false,
        }
    }

    /// Compresses a piece to what is to be sent; with `ends` the answer ends. After the end there is nothing more.
    pub fn encode(&mut self, piece: &[u8], ends: bool) -> Result<Vec<u8>, Broken> {
        if self.is_ended || piece.is_empty() && !ends {
            return Ok(Vec::new());
        }
        self.is_ended = ends;
        let data = self.compress(piece, ends)?;
        if !self.is_chunked {
            return Ok(data);
        }
        let mut framed = format!("{:x}\r\n", data.len()).into_bytes();
        if data.is_empty() {
            framed.clear();
        } else {
            framed.extend_from_slice(&data);
            framed.extend_from_slice(b"\r\n");
        }
        if ends {
            framed.extend_from_slice(b"0\r\n\r\n");
        }
        Ok(framed)
    }

    fn compress(&mut self, mut piece: &[u8], ends: bool) -> Result<Vec<u8>, Broken> {
        let flush = if ends {
            FlushCompress::Finish
        } else {
            FlushCompress::Sync
        };
        let mut out = Vec::new();
        loop {
            out.try_reserve(STEP).map_err(|_| Broken)?;
            let (before, had) = (self.zlib.total_in(), out.len());
            let status = self
                .zlib
                .compress_vec(piece, &mut out, flush)
                .map_err(|_| Broken)?;
            let used = usize::try_from(self.zlib.total_in().saturating_sub(before)).unwrap_or(0);
            piece = piece.get(used..).unwrap_or_default();
            let is_full = out.len() == out.capacity();
            match status {
                Status::StreamEnd => return Ok(out),
                // Room is left over: all that was flushed is there.
                Status::Ok | Status::BufError if piece.is_empty() && !is_full && !ends => {
                    return Ok(out);
                }
                Status::BufError if used == 0 && out.len() == had && !is_full => {
                    return Err(Broken);
                }
                Status::Ok | Status::BufError => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn chosen(accept: &str, wanted: Option<&str>) -> Option<Coding> {
        let mut table = HeaderTable::new(4096);
        table
            .append(Token::HTTP_ACCEPT_ENCODING, accept.as_bytes())
            .unwrap();
        choose(&table, wanted.map(str::as_bytes))
    }

    #[test]
    fn a_coding_is_chosen_that_the_client_takes() {
        assert_eq!(chosen("gzip, deflate, br", None), Some(Coding::Gzip));
        assert_eq!(chosen("deflate", None), Some(Coding::Deflate));
        assert_eq!(chosen("GZIP;q=0.5", None), Some(Coding::Gzip));
        assert_eq!(chosen("*", None), Some(Coding::Gzip));
        assert_eq!(
            chosen("gzip, deflate", Some("deflate")),
            Some(Coding::Deflate)
        );
        for (accept, wanted) in [
            ("", None),
            ("br, identity", None),
            ("gzip;q=0", None),
            ("gzip; Q=0.00, *;q=0", None),
            ("gzipped", None),
            ("gzip", Some("deflate")),
            ("gzip", Some("br")),
            ("*;q=0.0", None),
        ] {
            assert_eq!(chosen(accept, wanted), None, "{accept:?} {wanted:?}");
        }
        // What is said by name counts more than the asterisk.
        assert_eq!(chosen("*, gzip;q=0", None), Some(Coding::Deflate));
    }

    fn text(len: usize) -> Vec<u8> {
        (0..len).map(|n| (n * n % 251) as u8).collect()
    }

    #[test]
    fn pieces_come_out_whole_and_at_once() {
        for coding in [Coding::Gzip, Coding::Deflate] {
            let all = text(300_000);
            let mut encoder = Encoder::new(coding, false);
            let mut sent = Vec::new();
            for piece in all.chunks(7_001) {
                let out = encoder.encode(piece, false).unwrap();
                assert!(!out.is_empty());
                sent.extend(out);
            }
            sent.extend(encoder.encode(b"", true).unwrap());
            assert!(encoder.encode(b"more", true).unwrap().is_empty());
            let mut back = Vec::new();
            match coding {
                Coding::Gzip => flate2::read::GzDecoder::new(&*sent).read_to_end(&mut back),
                Coding::Deflate => flate2::read::ZlibDecoder::new(&*sent).read_to_end(&mut back),
            }
            .unwrap();
            assert!(back == all);
        }
    }

    #[test]
    fn chunks_have_their_frame_and_an_end() {
        let mut encoder = Encoder::new(Coding::Gzip, true);
        assert!(encoder.encode(b"", false).unwrap().is_empty());
        let out = encoder.encode(b"hello", true).unwrap();
        assert!(out.ends_with(b"\r\n0\r\n\r\n"));
        let at = out.iter().position(|b| *b == b'\r').unwrap();
        let len = usize::from_str_radix(std::str::from_utf8(&out[..at]).unwrap(), 16).unwrap();
        assert_eq!(out.len(), at + 2 + len + 7);
    }
}
