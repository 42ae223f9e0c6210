//! CGI (RFC 3875) without processes: what a script is told, and what it answers.
//!
//! [`environment`] makes the meta-variables of a request; [`script_head`] reads the header lines that a script writes
//! first; [`framing`] decides how the rest of its output becomes the body of a response. Bytes in, bytes out: spawning,
//! pipes and time belong to `conn::role::cgi`, which calls all three.

pub mod environment;
pub mod framing;
pub mod script_head;
