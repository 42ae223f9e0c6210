//! WebSocket extensions: the header they are negotiated with, and permessage-deflate (RFC 7692) itself.
//!
//! `negotiate` reads offers and answers, `deflate` turns messages into compressed payload and back. The ws role
//! decides which messages are compressed and keeps the limits.

pub mod deflate;
pub mod negotiate;
