//! Redirects: 301, 302, 303, 307 and 308 with a Location, told to the program and followed.
//!
//! The method stays, but for 303, which makes a GET of it. TLS may begin on the way but not end. A server on the way that is not
//! the first one gets no credentials (see [`super::request`]). What the answer says besides is nobody's.

use crate::conn::client::{self, ConnectInfo, Way, again};
use crate::conn::dispatch::tell_text;
use crate::conn::reason::Reason;
use crate::conn::role::client::is_client;
use crate::conn::thread::ServiceThread;
use crate::conn::wsi::Wsi;
use crate::proto::http::location::{self, Nowhere, Origin};
use crate::proto::http::token::Token;
use crate::util::log::log_info;
use std::ffi::CString;
use std::rc::Rc;

/// Redirects followed for one request.
pub const MAX_REDIRECTS: u8 = 3;
/// The status codes that lead somewhere.
const FOLLOWED: [u16; 5] = [301, 302, 303, 307, 308];

/// Deals with an answer that is a redirect; false for all others.
pub fn handle(thread: &Rc<ServiceThread>, wsi: &Rc<Wsi>) -> bool {
    let found = wsi.with_client(|h| {
        let status = h.head()?.status;
        let follows = !h.info.keeps_redirects && FOLLOWED.contains(&status);
        let location = h.table.first(Token::HTTP_LOCATION).map(<[u8]>::to_vec);
        follows.then_some((status, location))
    });
    let Some((status, location)) = found.flatten() else {
        return false;
    };
    let Some(location) = location else {
        client::fail(thread, wsi, "HS: Redirect code but no Location");
        return true;
    };
    let text = CString::new(location.as_slice()).unwrap_or_default();
    let reason = Reason::CLIENT_HTTP_REDIRECT;
    let refused = tell_text(thread, wsi, reason, &text, usize::from(status)) != 0;
    if !is_client(wsi) {
        return true;
    }
    if refused {
        client::fail(thread, wsi, "HS: user code rejected redirect");
        return true;
    }
    match again::info(wsi).map(|info| led_on(info, &location, status)) {
        Some(Ok(info)) => again::begin(thread, wsi, info),
        Some(Err(why)) => client::fail(thread, wsi, why),
        None => client::fail(thread, wsi, "HS: Redirect failed"),
    }
    true
}

/// The request as it is to be asked where the Location leads.
fn led_on(
    mut info: ConnectInfo,
    location: &[u8],
    status: u16,
) -> Result<ConnectInfo, &'static str> {
    let target = location::resolve(location, &info.path, info.tls.is_some());
    let target = target.map_err(|why| match why {
        Nowhere::Scheme => "HS: Redirect failed: to something but http and ws",
        Nowhere::Host => "HS: Redirect failed: to no host",
        Nowhere::Port => "HS: Redirect failed: to no port",
    })?;
    if let Some(next) = target.origin {
        if info.tls.is_some() && !next.is_secure {
            return Err("HS: Redirect attempted SSL downgrade");
        }
        let first = info.trail.first.take().unwrap_or_else(|| origin_of(&info));
        info.trail.is_elsewhere = !next.is_same(&first);
        info.trail.first = Some(first);
        info.host = Some(next.host_header().into_bytes());
        info.tls = next.is_secure.then(|| {
            let mut server = info.trust.renamed(&next.host);
            if info.trail.is_elsewhere {
                server.identity = None;
            }
            server
        });
        info.port = next.port;
        info.address = next.host;
    }
    if info.trail.followed >= MAX_REDIRECTS {
        return Err("HS: Redirect failed: too many of them");
    }
    info.trail.followed += 1;
    info.path = target.path;
    if status == 303 && matches!(info.way, Way::Http(_)) {
        info.way = Way::Http(b"GET".to_vec());
        info.form = None;
        info.trail.is_get = true;
    }
    log_info!("client: redirected to {}:{}", info.address, info.port);
    Ok(info)
}

/// The server that was asked.
fn origin_of(info: &ConnectInfo) -> Origin {
    let named = info.host.as_deref().and_then(location::host_of);
    Origin {
        is_secure: info.tls.is_some(),
        host: named.unwrap_or_else(|| info.address.clone()),
        port: info.port,
    }
}
