//! `Sec-WebSocket-Extensions`: the list, and what permessage-deflate says in it (RFC 7692 7.1).
//!
//! `elements` splits any such header, for extensions of the program's own too. `answer_offers` is the server's part:
//! the first acceptable offer, and the answer with everything echoed that the RFC wants echoed. `chosen` and
//! `check_answer` are the client's: what the server's answer means for what was offered. An offer or answer with anything unknown, doubled or
//! out of range in it does not count (offer) or fails the handshake (answer).
//!
//! A window of 8 bits (256 bytes) is never agreed to for our own compressor, which zlib cannot run with it: as a
//! server we decline such an offer, as a client we agree and send uncompressed.

/// The extension's name.
pub const PERMESSAGE_DEFLATE: &[u8] = b"permessage-deflate";

/// zlib's smallest window for raw deflate.
pub const MIN_OWN_BITS: u8 = 9;
/// The biggest window, which is meant when none is named.
pub const MAX_BITS: u8 = 15;

const UNKNOWN: &str = "HS: EXT: unknown ext";
const TOO_MANY: &str = "HS: EXT: more than one ext";
const BAD_OPTIONS: &str = "HS: EXT: failed parsing options";
const BAD_ANSWER: &str = "HS: EXT: Rejects server options";

/// One extension in the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// Its name, as it stands there.
    pub name: &'a [u8],
    /// Everything after the first `;`.
    pub params: &'a [u8],
}

/// The extensions in a header value, in order. Empty elements are skipped.
pub fn elements(list: &[u8]) -> impl Iterator<Item = Element<'_>> {
    split_unquoted(list, b',').filter_map(|element| {
        let end = element
            .iter()
            .position(|byte| *byte == b';')
            .unwrap_or(element.len());
        let name = element.get(..end)?.trim_ascii();
        let params = element.get(end.saturating_add(1)..).unwrap_or_default();
        (!element.trim_ascii().is_empty()).then_some(Element { name, params })
    })
}

/// A parameter as it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param<'a> {
    /// Its name; empty where two `;` meet.
    pub name: &'a [u8],
    /// What follows the `=`, without quotes around it.
    pub value: Option<&'a [u8]>,
}

/// The parameters of an element, in order.
pub fn options(params: &[u8]) -> impl Iterator<Item = Param<'_>> {
    let params = params.trim_ascii();
    let all = (!params.is_empty()).then(|| split_unquoted(params, b';'));
    all.into_iter().flatten().map(|param| {
        let mut parts = param.splitn(2, |byte| *byte == b'=');
        let name = parts.next().unwrap_or_default().trim_ascii();
        let value = parts.next().map(<[u8]>::trim_ascii).map(unquoted);
        Param { name, value }
    })
}

fn unquoted(value: &[u8]) -> &[u8] {
    value
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""))
        .unwrap_or(value)
}

/// Splits at `separator` outside of quoted strings.
fn split_unquoted(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |byte| {
        if is_escaped {
            is_escaped = false;
        } else if *byte == b'"' {
            is_quoted = !is_quoted;
        } else if *byte == b'\\' {
            is_escaped = is_quoted;
        }
        *byte == separator && !is_quoted
    })
}

/// A parameter that takes a window size: left out, there without a value, or with one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Bits {
    #[default]
    Absent,
    Bare,
    Value(u8),
}

impl Bits {
    const fn value(self) -> Option<u8> {
        if let Self::Value(bits) = self {
            Some(bits)
        } else {
            None
        }
    }
}

/// The parameters of one permessage-deflate element, each at most once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Params {
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    server_max_window_bits: Bits,
    client_max_window_bits: Bits,
}

impl Params {
    /// `None` when anything is unknown, doubled or out of range.
    fn parse(text: &[u8]) -> Option<Self> {
        let mut params = Self::default();
        if text.trim_ascii().is_empty() {
            return Some(params);
        }
        for param in split_unquoted(text, b';') {
            let end = param
                .iter()
                .position(|byte| *byte == b'=')
                .unwrap_or(param.len());
            let value = param.get(end.saturating_add(1)..).map(<[u8]>::trim_ascii);
            match param.get(..end)?.trim_ascii() {
                b"server_no_context_takeover" => {
                    params.server_no_context_takeover.set_once(value)?
                }
                b"client_no_context_takeover" => {
                    params.client_no_context_takeover.set_once(value)?
                }
                b"server_max_window_bits" => params.server_max_window_bits.set_once(value)?,
                b"client_max_window_bits" => params.client_max_window_bits.set_once(value)?,
                _ => return None,
            }
        }
        Some(params)
    }
}

/// A parameter as it is met in the text; `None`: it must not be there, or not like that.
trait SetOnce {
    fn set_once(&mut self, value: Option<&[u8]>) -> Option<()>;
}

impl SetOnce for bool {
    fn set_once(&mut self, value: Option<&[u8]>) -> Option<()> {
        (!std::mem::replace(self, true) && value.is_none()).then_some(())
    }
}

impl SetOnce for Bits {
    fn set_once(&mut self, value: Option<&[u8]>) -> Option<()> {
        let bits = value.map_or(Some(Self::Bare), |value| {
            window_bits(value).map(Self::Value)
        })?;
        (std::mem::replace(self, bits) == Self::Absent).then_some(())
    }
}

/// 8 to 15 without leading zeros, bare or quoted.
fn window_bits(value: &[u8]) -> Option<u8> {
    match unquoted(value) {
        [digit @ b'8'..=b'9'] => Some(digit & 0x0f),
        [b'1', digit @ b'0'..=b'5'] => Some((digit & 0x0f).saturating_add(10)),
        _ => None,
    }
}

/// What a server wants beyond what clients ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The biggest window our compressor may use; taken as 9 to 15.
    pub server_max_window_bits: u8,
    /// The biggest window clients should use, where they let us choose; taken as 8 to 15.
    pub client_max_window_bits: u8,
    /// Our compressor forgets each message.
    pub server_no_context_takeover: bool,
    /// Clients should forget each message.
    pub client_no_context_takeover: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            server_max_window_bits: MAX_BITS,
            client_max_window_bits: MAX_BITS,
            server_no_context_takeover: false,
            client_no_context_takeover: false,
        }
    }
}

/// One direction of an agreed connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Direction {
    /// The sender's window: 8 to 15.
    pub window_bits: u8,
    /// The sender forgets each message.
    pub no_context_takeover: bool,
}

/// What both sides agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// What the server sends with.
    pub server: Direction,
    /// What the client sends with.
    pub client: Direction,
    names_server_bits: bool,
    names_client_bits: bool,
}

impl Agreed {
    /// Appends the element that answers the offer.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(PERMESSAGE_DEFLATE);
        if self.server.no_context_takeover {
            out.extend_from_slice(b"; server_no_context_takeover");
        }
        if self.client.no_context_takeover {
            out.extend_from_slice(b"; client_no_context_takeover");
        }
        if self.names_server_bits {
            out.extend_from_slice(
                format!("; server_max_window_bits={}", self.server.window_bits).as_bytes(),
            );
        }
        if self.names_client_bits {
            out.extend_from_slice(
                format!("; client_max_window_bits={}", self.client.window_bits).as_bytes(),
            );
        }
    }
}

/// The server's choice: the first permessage-deflate offer in the header that it can serve.
#[must_use]
pub fn answer_offers(list: &[u8], policy: &Policy) -> Option<Agreed> {
    elements(list)
        .filter(|element| element.name == PERMESSAGE_DEFLATE)
        .find_map(|element| answer_offer(element, policy))
}

/// What serving one offer means; `None`: it cannot be served.
#[must_use]
pub fn answer_offer(offer: Element<'_>, policy: &Policy) -> Option<Agreed> {
    let params = Params::parse(offer.params)?;
    let own_bits = policy.server_max_window_bits.clamp(MIN_OWN_BITS, MAX_BITS);
    let server_bits = match params.server_max_window_bits {
        Bits::Absent => own_bits,
        Bits::Value(bits @ MIN_OWN_BITS..) => bits.min(own_bits),
        Bits::Bare | Bits::Value(_) => return None,
    };
    let client_bits = match params.client_max_window_bits {
        Bits::Absent => MAX_BITS,
        Bits::Bare => policy.client_max_window_bits.clamp(8, MAX_BITS),
        Bits::Value(bits) => policy.client_max_window_bits.clamp(8, MAX_BITS).min(bits),
    };
    Some(Agreed {
        server: Direction {
            window_bits: server_bits,
            no_context_takeover: params.server_no_context_takeover
                || policy.server_no_context_takeover,
        },
        client: Direction {
            window_bits: client_bits,
            no_context_takeover: params.client_no_context_takeover
                || policy.client_no_context_takeover,
        },
        names_server_bits: params.server_max_window_bits != Bits::Absent || server_bits < MAX_BITS,
        names_client_bits: client_bits < MAX_BITS,
    })
}

/// The one extension that a server's answer names, if a client's `offer` (the header values) has it too.
///
/// # Errors
/// The text for the connection error.
pub fn chosen<'a>(answer: &'a [u8], offer: &[u8]) -> Result<Element<'a>, &'static str> {
    let mut found = elements(answer);
    let element = found.next().ok_or(UNKNOWN)?;
    if found.next().is_some() {
        return Err(TOO_MANY);
    }
    let is_offered = elements(offer).any(|offered| offered.name == element.name);
    is_offered.then_some(element).ok_or(UNKNOWN)
}

/// What a server's answer to a client's `offer` (the header's value) means for permessage-deflate.
///
/// # Errors
/// The text for the connection error: something was answered that was not offered, or out of range.
pub fn check_answer(answer: Element<'_>, offer: &[u8]) -> Result<Agreed, &'static str> {
    let answered = Params::parse(answer.params).ok_or(BAD_OPTIONS)?;
    let mut result = Err(UNKNOWN);
    for offered in elements(offer).filter(|offered| offered.name == PERMESSAGE_DEFLATE) {
        let offered = Params::parse(offered.params).unwrap_or_default();
        match agree(answered, offered) {
            Ok(agreed) => return Ok(agreed),
            Err(why) => result = Err(why),
        }
    }
    result
}

/// The answer, taken as one to this offer.
fn agree(answered: Params, offered: Params) -> Result<Agreed, &'static str> {
    let server_bits = match answered.server_max_window_bits {
        Bits::Bare => return Err(BAD_ANSWER),
        // A server that ignores the limit, as the reference does, is understood with the biggest window.
        Bits::Absent => MAX_BITS,
        Bits::Value(bits) if bits > offered.server_max_window_bits.value().unwrap_or(MAX_BITS) => {
            return Err(BAD_ANSWER);
        }
        Bits::Value(bits) => bits,
    };
    let client_bits = match answered.client_max_window_bits {
        Bits::Bare => return Err(BAD_ANSWER),
        Bits::Value(_) if offered.client_max_window_bits == Bits::Absent => {
            return Err(BAD_ANSWER);
        }
        bits => bits
            .value()
            .unwrap_or(MAX_BITS)
            .min(offered.client_max_window_bits.value().unwrap_or(MAX_BITS)),
    };
    Ok(Agreed {
        server: Direction {
            window_bits: server_bits,
            no_context_takeover: answered.server_no_context_takeover,
        },
        client: Direction {
            window_bits: client_bits,
            no_context_takeover: answered.client_no_context_takeover
                || offered.client_no_context_takeover,
        },
        names_server_bits: answered.server_max_window_bits != Bits::Absent,
        names_client_bits: answered.client_max_window_bits != Bits::Absent,
    })
}

#[cfg(test)]
mod tests;
