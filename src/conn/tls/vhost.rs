//! A vhost's TLS contexts: made when it comes up, with the program's part in it.
//!
//! The program may load certificates and set the contexts up in OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS and
//! OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS, and give the key in OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY.

use crate::conn::config::TlsConfig;
use crate::conn::destroy::NotUp;
use crate::conn::dispatch::{call_first, stand_in};
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::tls::ctx_client::{ClientBuilder, ClientConfig, ClientContext};
use crate::tls::ctx_server::{ServerBuilder, ServerConfig, ServerContext};
use crate::util::log::{log_err, log_info, log_warn};
use parking_lot::RwLock;
use std::rc::Rc;
use std::sync::Arc;

/// The contexts of a vhost.
pub struct VhostTls {
    /// For connections that it accepts.
    pub server: Option<ServerContext>,
    client: RwLock<Option<Arc<ClientContext>>>,
}

impl VhostTls {
    /// For connections that it makes.
    pub fn client(&self) -> Option<Arc<ClientContext>> {
        self.client.read().clone()
    }
}

/// A protocol index that no vhost has: the program sees a connection that is bound to none.
const UNBOUND: u16 = u16::MAX;

/// Makes the contexts that the vhost asks for. What fails has been logged.
pub fn bring_up(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>) -> Result<(), NotUp> {
    let TlsConfig { server, client } = &vhost.config.tls;
    let server = match server {
        Some(config) => Some(make_server(thread, vhost, config)?),
        None => None,
    };
    let client = match client {
        Some(config) => Some(Arc::new(make_client(thread, vhost, config)?)),
        None => None,
    };
    let client = RwLock::new(client);
    vhost.set_tls(VhostTls { server, client });
    Ok(())
}

/// Calls protocols[0] with a context in `user`.
fn show(
    thread: &ServiceThread,
    vhost: &Arc<Vhost>,
    reason: Reason,
    context: usize,
    value: usize,
) -> i32 {
    let Some(stand_in) = stand_in(thread) else {
        return 0;
    };
    stand_in.point_at(&thread.local_vhost(vhost), UNBOUND);
    let payload = Payload::WithUser {
        user: context,
        value,
        len: 0,
    };
    let result = call_first(thread, &stand_in, reason, payload);
    stand_in.forget_vhost();
    result
}

fn make_server(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    config: &ServerConfig,
) -> Result<ServerContext, NotUp> {
    let name = vhost.config.name.to_string_lossy();
    let builder = ServerBuilder::new(config, &name).map_err(|e| {
        log_err!("vhost {name}: no TLS: {e}");
        NotUp
    })?;
    let at = builder.address();
    let refused = builder.lacks_key
        && show(
            thread,
            vhost,
            Reason::OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY,
            at,
            0,
        ) != 0;
    let handle = vhost.handle.addr();
    let reason = Reason::OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS;
    if refused || show(thread, vhost, reason, at, handle) != 0 {
        log_err!("vhost {name}: the program refused its TLS context");
        return Err(NotUp);
    }
    let lacks_key = builder.lacks_key;
    let context = builder.build(config);
    if lacks_key && !context.has_key() {
        log_err!("vhost {name}: no TLS: there is a certificate and no private key");
        return Err(NotUp);
    }
    if context.certificate().is_none() && !context.misses_files() {
        log_warn!("vhost {name}: no certificate: TLS handshakes will fail");
    }
    log_info!("vhost {name}: TLS is in use");
    Ok(context)
}

fn make_client(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    config: &ClientConfig,
) -> Result<ClientContext, NotUp> {
    if let Some(context) = &config.provided {
        return Ok(ClientContext::provided(context.clone()));
    }
    let name = vhost.config.name.to_string_lossy();
    let builder = ClientBuilder::new(config, &name).map_err(|e| {
        log_err!("vhost {name}: no TLS for its client connections: {e}");
        NotUp
    })?;
    // quirk: what the program returns does not count here.
    let reason = Reason::OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS;
    show(thread, vhost, reason, builder.address(), 0);
    Ok(builder.build())
}

/// lws_init_vhost_client_ssl: a client context for a vhost that has none.
pub fn add_client(
    thread: &Rc<ServiceThread>,
    vhost: &Arc<Vhost>,
    config: &ClientConfig,
) -> Result<(), NotUp> {
    let tls = vhost.tls().ok_or(NotUp)?;
    if tls.client().is_some() {
        return Ok(());
    }
    let client = Arc::new(make_client(thread, vhost, config)?);
    tls.client.write().get_or_insert(client);
    Ok(())
}
