//! What HTTP/1 and HTTP/2 share: header tables, response headers, dates, cookies, ranges ...
//!
//! Everything here works on byte slices and knows neither connections nor clocks.

pub mod access;
pub mod auth;
pub mod conditional;
pub mod cookie;
pub mod date;
pub mod encoding;
pub mod etag;
pub mod form;
pub mod forward;
pub mod headers;
pub mod html;
pub mod location;
pub mod mime;
pub mod multipart;
pub mod params;
pub mod part;
pub mod range;
pub mod response;
pub mod status;
pub mod token;
pub mod urlarg;
pub mod urlencoded;
