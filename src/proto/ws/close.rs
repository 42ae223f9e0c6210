//! Close codes and the payload of close frames (RFC 6455 7.4).
//!
//! `check` judges what a peer sent; `Control::close` in `frame` uses `encode` to build ours. What to do with a
//! code (echo it, tell the program, shut the socket) is the ws role's business.

use super::utf8::Utf8;

/// The connection did what it was made for.
pub const NORMAL: u16 = 1000;
/// The peer broke the protocol.
pub const PROTOCOL_ERROR: u16 = 1002;
/// A message's content does not fit its type: text that is not UTF-8, data that does not inflate.
pub const BAD_CONTENT: u16 = 1007;
/// A frame or message is bigger than the receiver takes.
pub const TOO_BIG: u16 = 1009;

/// We cannot go on.
pub const INTERNAL: u16 = 1011;

/// What [`check`] says of a code that may not be sent.
pub const BAD_CLOSE_CODE: &str = "bad close code";

/// The most bytes of reason that fit beside the code.
pub const MAX_REASON: usize = 123;

/// Whether `code` may stand in a close frame: assigned for the wire, or in the ranges for libraries and programs.
#[must_use]
pub const fn is_wire_code(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Judges the payload of a received close frame: `Err` is the code and reason to fail the connection with.
///
/// # Errors
/// One byte of payload, a code that may not be sent, or a reason that is not UTF-8.
pub fn check(payload: &[u8]) -> Result<(), (u16, &'static str)> {
    let reason = match payload {
        [] => return Ok(()),
        [_] => return Err((PROTOCOL_ERROR, "close payload of 1 byte")),
        [high, low, reason @ ..] if is_wire_code(u16::from_be_bytes([*high, *low])) => reason,
        _ => return Err((PROTOCOL_ERROR, BAD_CLOSE_CODE)),
    };
    let mut utf8 = Utf8::new();
    if utf8.push(reason) && utf8.is_complete() {
        Ok(())
    } else {
        Err((BAD_CONTENT, "bad utf8 in close"))
    }
}

/// The code and reason in a close payload that `check` accepted; `None` when it is empty.
#[must_use]
pub const fn parts(payload: &[u8]) -> Option<(u16, &[u8])> {
    match payload {
        [high, low, reason @ ..] => Some((u16::from_be_bytes([*high, *low]), reason)),
        _ => None,
    }
}

/// Writes code and reason as a close payload and returns its length. A reason that does not fit is cut, at a
/// character's end if it is text.
pub fn encode(code: u16, reason: &[u8], out: &mut [u8; 125]) -> u8 {
    let [high, low, room @ ..] = out;
    [*high, *low] = code.to_be_bytes();
    let reason = fitting(reason);
    for (to, from) in room.iter_mut().zip(reason) {
        *to = *from;
    }
    u8::try_from(reason.len()).unwrap_or(0).saturating_add(2)
}

/// The part of `reason` that fits, not ending inside a character.
fn fitting(reason: &[u8]) -> &[u8] {
    let Some((cut, _)) = reason.split_at_checked(MAX_REASON) else {
        return reason;
    };
    match std::str::from_utf8(cut) {
        Err(error) if error.error_len().is_none() => cut.get(..error.valid_up_to()).unwrap_or(cut),
        _ => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_when_each_code_follows_the_registry() {
        for code in 0..=u16::MAX {
            let good = match code {
                1004..=1006 | 1015 => false,
                1000..=1014 | 3000..=4999 => true,
                _ => false,
            };
            assert_eq!(check(&code.to_be_bytes()).is_ok(), good, "{code}");
        }
    }

    #[test]
    fn check_when_payload_is_malformed_names_the_code() {
        assert_eq!(check(b""), Ok(()));
        assert_eq!(check(b"\x03").unwrap_err().0, PROTOCOL_ERROR);
        assert_eq!(check(b"\x03\xe8bye"), Ok(()));
        assert_eq!(check(b"\x03\xe8\xce").unwrap_err().0, BAD_CONTENT);
        assert_eq!(check(b"\x03\xe8\xff").unwrap_err().0, BAD_CONTENT);
    }

    #[test]
    fn encode_when_reason_is_too_long_cuts_at_a_character() {
        let mut out = [0; 125];
        assert_eq!(encode(1000, b"bye", &mut out), 5);
        assert_eq!(parts(&out[..5]), Some((1000, &b"bye"[..])));
        let long = "é".repeat(100);
        assert_eq!(encode(1001, long.as_bytes(), &mut out), 2 + 122);
        assert!(check(&out[..124]).is_ok());
        assert_eq!(encode(1001, &[b'x'; 300], &mut out), 125);
        assert_eq!(encode(1001, &[0xff; 300], &mut out), 125);
        assert_eq!(parts(b""), None);
    }
}
