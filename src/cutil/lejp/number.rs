//! Numbers of the JSON parser: collected as text, judged on the way.
//!
//! The text goes into the context's buffer as it is; the program converts it. A number ends at the first byte that
//! cannot belong to it. Called by `machine`.

use super::halt::{Flow, Halt, Then, reject};
use super::machine::state;
use super::{Context, Reject, TEXT, event};

const MINUS: u8 = 1;
const POINT: u8 = 2;
const AFTER_POINT: u8 = 4;
const EXPONENT: u8 = 8;

/// Digits that are taken before the next one is an error.
const MAX_DIGITS: u8 = 20;

/// A byte in a number, and the digits after it.
pub(super) fn byte(c: &mut Context, byte: u8, input: &[u8], at: &mut usize) -> Flow {
    match byte {
        b'-' if c.npos == 0 => {
            c.f |= MINUS;
            append(c, byte)
        }
        b'0'..=b'9' if c.dcount < MAX_DIGITS => {
            if c.f & POINT != 0 {
                c.f |= AFTER_POINT;
            }
            c.dcount += 1;
            match append(c, byte) {
                Flow::Next => digits(c, input, at),
                full => full,
            }
        }
        b'.' => {
            if c.dcount == 0 || c.f & POINT != 0 {
                return reject(Reject::NumberFormat);
            }
            c.f |= POINT;
            append(c, byte)
        }
        _ if c.f & (POINT | AFTER_POINT) == POINT => reject(Reject::NumberNoFraction),
        b'e' | b'E' => {
            if c.f & EXPONENT != 0 {
                return reject(Reject::NumberFormat);
            }
            c.f |= EXPONENT;
            c.set_state(state::EXPONENT);
            append(c, byte)
        }
        _ => complete(c),
    }
}

/// Takes the digits that come next, as far as there is room.
fn digits(c: &mut Context, input: &[u8], at: &mut usize) -> Flow {
    let left = usize::from(MAX_DIGITS.saturating_sub(c.dcount));
    let start = usize::from(c.npos).min(TEXT - 1);
    let Some(room) = c.buf.get_mut(start..TEXT - 1) else {
        return Flow::Next;
    };
    let next = input.get(*at..).unwrap_or(&[]);
    let mut taken = 0;
    for (to, digit) in room.iter_mut().zip(next).take(left) {
        if !digit.is_ascii_digit() {
            break;
        }
        *to = *digit;
        taken += 1;
    }
    *at += usize::from(taken);
    c.npos += taken;
    c.dcount += taken;
    Flow::Next
}

fn complete(c: &mut Context) -> Flow {
    if c.dcount == 0 {
        return reject(Reject::NumberFormat);
    }
    let end = usize::from(c.npos).min(TEXT - 1);
    c.buf[end] = 0;
    let event = if c.f & POINT == 0 {
        event::VAL_NUM_INT
    } else {
        event::VAL_NUM_FLOAT
    };
    Flow::HaltAgain(Halt::Tell(event, Then::ValueDone))
}

/// The byte after `e`.
pub(super) fn exponent(c: &mut Context, byte: u8) -> Flow {
    c.set_state(state::NUMBER);
    match byte {
        b'0'..=b'9' => Flow::Again,
        b'+' | b'-' => append(c, byte),
        _ => reject(Reject::NumberBadExponent),
    }
}

fn append(c: &mut Context, byte: u8) -> Flow {
    let at = usize::from(c.npos);
    if at >= TEXT - 1 {
        return reject(Reject::NumberTooLong);
    }
    c.buf[at] = byte;
    c.npos += 1;
    Flow::Next
}
