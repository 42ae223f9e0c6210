//! A large pipe through which a file goes to a socket, in two system calls.
//!
//! sendfile does the same sixteen pages at a time, and each of them meets the peer's acknowledgements. With a stride of
//! the file gathered first, its packets leave in one burst: a sixth less of the sender's time on loopback. But what the
//! socket does not take has to be thrown away and gathered again, so this is for sockets that have room for a stride;
//! [`FilePump::suits`] knows. Nothing of one file may be left in the pipe when the next comes: a pump that could not be
//! emptied is gone. Called by the http role.

use crate::sys::sock::{self, Io};
use rustix::net::sockopt;
use rustix::pipe::{PipeFlags, SpliceFlags, fcntl_setpipe_size, pipe_with, splice};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Bytes that it holds: as many as an unprivileged process may have.
pub const CAPACITY: usize = 1024 * 1024;
/// Shorter pieces of a file are no more than a few packets.
const WORTH: usize = 128 * 1024;

/// Where a service thread keeps its pump.
#[derive(Default)]
pub enum Place {
    /// The next large file needs one.
    #[default]
    Empty,
    /// There it is.
    Ready(FilePump),
    /// There was none to be had: not asked for again with each file.
    Refused,
}

impl Place {
    /// Takes the pump, or a new one.
    pub fn take(&mut self) -> Option<FilePump> {
        match std::mem::take(self) {
            Self::Ready(pump) => return Some(pump),
            Self::Empty => {
                if let Some(pump) = FilePump::new() {
                    return Some(pump);
                }
            }
            Self::Refused => {}
        }
        *self = Self::Refused;
        None
    }

    /// Puts it back, if it is still there.
    pub fn put(&mut self, pump: Option<FilePump>) {
        *self = pump.map_or(Self::Empty, Self::Ready);
    }
}

/// An empty pipe.
pub struct FilePump {
    gathered: OwnedFd,
    entrance: OwnedFd,
}

impl FilePump {
    /// None where the process or the user has no more descriptors or no more memory for pipes.
    fn new() -> Option<Self> {
        let (gathered, entrance) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK).ok()?;
        fcntl_setpipe_size(&entrance, CAPACITY).ok()?;
        Some(Self { gathered, entrance })
    }

    /// Whether it would be quicker than sendfile for so many bytes: the socket's buffer, which the kernel lets grow with what
    /// the peer takes, has room for them and for what the kernel adds.
    pub fn suits(socket: BorrowedFd<'_>, count: usize) -> bool {
        count >= WORTH
            && sockopt::socket_send_buffer_size(socket).is_ok_and(|room| room / 5 * 4 >= count)
    }

    /// Moves up to `count` bytes of a file from `offset` (advanced) to the socket. The pump comes back when it is empty.
    pub fn send(
        self,
        socket: BorrowedFd<'_>,
        file: BorrowedFd<'_>,
        offset: &mut u64,
        count: usize,
    ) -> (Io, Option<Self>) {
        let mut end = *offset;
        let flags = SpliceFlags::MOVE | SpliceFlags::NONBLOCK;
        let filled = splice(file, Some(&mut end), &self.entrance, None, count, flags);
        let held = match filled {
            Ok(held @ 1..) => held,
            other => return (sock::outcome(other), Some(self)),
        };
        let io = sock::quietly(held, || {
            splice(self.gathered.as_fd(), None, socket, None, held, flags)
        });
        if let Io::Moved(n) = io {
            *offset = offset.saturating_add(n as u64);
        }
        (io, (io == Io::Moved(held)).then_some(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    fn file_of(len: usize) -> (std::fs::File, Vec<u8>) {
        let bytes: Vec<u8> = (0..len).map(|i| (i * 7 + i / 251) as u8).collect();
        let path = std::env::temp_dir().join(format!("lws-pump-{}-{len}", std::process::id()));
        let mut file = std::fs::File::options()
            .create(true)
            .truncate(true)
            .read(true)
            .write(true)
            .open(&path)
            .expect("a temporary file");
        std::fs::remove_file(path).expect("it is there");
        file.write_all(&bytes).expect("room on the disk");
        (file, bytes)
    }

    #[test]
    fn a_file_arrives_as_it_is_from_any_offset() {
        let (file, bytes) = file_of(70_001);
        let mut pump = FilePump::new().expect("a pipe");
        for from in [0, 1, 4095, 4096, 69_999] {
            let (ours, mut theirs) = UnixStream::pair().expect("a pair");
            let mut at = from;
            let (io, empty) = pump.send(ours.as_fd(), file.as_fd(), &mut at, 5000);
            let expected = &bytes[from as usize..bytes.len().min(from as usize + 5000)];
            assert_eq!(io, Io::Moved(expected.len()));
            assert_eq!(at, from + expected.len() as u64);
            drop(ours);
            let mut got = Vec::new();
            theirs.read_to_end(&mut got).expect("it was sent");
            assert_eq!(got, expected);
            pump = empty.expect("all of it was taken");
        }
    }

    #[test]
    fn at_the_end_of_the_file_nothing_moves() {
        let (file, _) = file_of(10);
        let (ours, _theirs) = UnixStream::pair().expect("a pair");
        let mut at = 10;
        let (io, empty) =
            FilePump::new()
                .expect("a pipe")
                .send(ours.as_fd(), file.as_fd(), &mut at, 100);
        assert_eq!((io, at, empty.is_some()), (Io::Moved(0), 10, true));
    }

    #[test]
    fn a_pump_with_something_left_is_gone() {
        let (file, bytes) = file_of(CAPACITY);
        let (ours, mut theirs) = UnixStream::pair().expect("a pair");
        ours.set_nonblocking(true).expect("a socket");
        let mut at = 0;
        let (io, left) =
            FilePump::new()
                .expect("a pipe")
                .send(ours.as_fd(), file.as_fd(), &mut at, CAPACITY);
        let Io::Moved(n) = io else {
            panic!("{io:?}");
        };
        assert!(n > 0 && n < CAPACITY && left.is_none());
        assert_eq!(at, n as u64);
        drop(ours);
        let mut got = Vec::new();
        theirs.read_to_end(&mut got).expect("it was sent");
        assert_eq!(got, bytes[..n]);
    }

    #[test]
    fn a_peer_that_left_is_an_error() {
        let (file, _) = file_of(5000);
        let (ours, theirs) = UnixStream::pair().expect("a pair");
        drop(theirs);
        let mut at = 0;
        let (io, left) =
            FilePump::new()
                .expect("a pipe")
                .send(ours.as_fd(), file.as_fd(), &mut at, 5000);
        assert_eq!(io, Io::Failed(libc::EPIPE));
        assert!(left.is_none() && at == 0);
    }

    #[test]
    fn a_place_gives_what_it_was_given_or_a_new_one() {
        let mut place = Place::default();
        let pump = place.take();
        assert!(pump.is_some() && matches!(place, Place::Empty));
        place.put(pump);
        assert!(matches!(place, Place::Ready(_)));
        place.put(None);
        assert!(place.take().is_some());
        let mut refused = Place::Refused;
        assert!(refused.take().is_none() && matches!(refused, Place::Refused));
    }

    #[test]
    fn it_suits_many_bytes_for_a_large_buffer() {
        let (ours, _theirs) = UnixStream::pair().expect("a pair");
        sockopt::set_socket_send_buffer_size(&ours, WORTH).expect("a socket");
        let room = sockopt::socket_send_buffer_size(&ours).expect("a socket");
        assert!(FilePump::suits(ours.as_fd(), WORTH));
        assert!(!FilePump::suits(ours.as_fd(), WORTH - 1));
        assert!(!FilePump::suits(ours.as_fd(), room));
    }
}
