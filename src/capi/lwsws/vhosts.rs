//! The list `vhosts` of the configuration: each element becomes a vhost.

use super::globals::int;
use super::mounts;
use super::store::{self, Store};
use super::{Refused, mounts::Mounts};
use crate::capi::abi;
use crate::capi::abi::lws_context_creation_info as Info;
use crate::capi::abi::lws_protocol_vhost_options as Pvo;
use crate::proto::config::{Node, is_yes, number};
use crate::util::log::{log_err, log_warn};
use std::ffi::{c_char, c_long};
use std::ptr;

/// Ciphers where the configuration names none: those with forward secrecy.
const CIPHERS: &str = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES256-GCM-SHA384:\
ECDHE-RSA-AES256-SHA384:HIGH:!aNULL:!eNULL:!EXPORT:!DES:!MD5:!PSK:!RC4:!HMAC_SHA1:!SHA1:!DHE-RSA-AES128-GCM-SHA256:\
!DHE-RSA-AES128-SHA256:!AES128-GCM-SHA256:!AES128-SHA256:!DHE-RSA-AES256-SHA256:!AES256-GCM-SHA384:!AES256-SHA256";
/// Seconds that a connection is kept between two requests, where neither program nor configuration says.
const KEEP_ALIVE_SECONDS: i32 = 5;

/// Settings that set or clear bits of `info.options`: name, bits for yes, bits for no.
const SWITCHES: [(&str, u64, u64); 15] = [
    (
        "enable-client-ssl",
        abi::LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        0,
    ),
    ("unix-socket", abi::LWS_SERVER_OPTION_UNIX_SOCK, 0),
    ("sts", abi::LWS_SERVER_OPTION_STS, 0),
    ("noipv6", abi::LWS_SERVER_OPTION_DISABLE_IPV6, 0),
    (
        "ipv6only",
        abi::LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY | abi::LWS_SERVER_OPTION_IPV6_V6ONLY_VALUE,
        abi::LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY,
    ),
    ("onlyraw", abi::LWS_SERVER_OPTION_ONLY_RAW, 0),
    (
        "client-cert-required",
        abi::LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT,
        0,
    ),
    (
        "ignore-missing-cert",
        abi::LWS_SERVER_OPTION_IGNORE_MISSING_CERT,
        0,
    ),
    (
        "strict-host-check",
        abi::LWS_SERVER_OPTION_VHOST_UPG_STRICT_HOST_CHECK,
        0,
    ),
    (
        "apply-listen-accept",
        abi::LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG,
        0,
    ),
    (
        "fallback-listen-accept",
        abi::LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG,
        0,
    ),
    (
        "allow-non-tls",
        abi::LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT,
        0,
    ),
    (
        "redirect-http",
        abi::LWS_SERVER_OPTION_REDIRECT_HTTP_TO_HTTPS,
        0,
    ),
    (
        "allow-http-on-https",
        abi::LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER,
        0,
    ),
    (
        "h2-half-closed-long-poll",
        abi::LWS_SERVER_OPTION_VH_H2_HALF_CLOSED_LONG_POLL,
        0,
    ),
];

/// Makes the vhosts of one file with `create`. Ends with the first that cannot be made.
pub fn make(
    tree: &Node,
    base: &Info,
    store: &mut Store,
    create: &mut dyn FnMut(&Info) -> bool,
) -> Result<(), Refused> {
    let lists = tree.members().iter().filter(|(name, _)| name == "vhosts");
    for vhost in lists.flat_map(|(_, list)| list.elements()) {
        let info = describe(vhost, base, store)?;
        if !create(&info) {
            log_err!("lwsws: cannot make the vhost {}", shown(vhost));
            return Err(Refused);
        }
    }
    Ok(())
}

fn shown(vhost: &Node) -> &str {
    let name = vhost.members().iter().find(|(name, _)| name == "name");
    name.and_then(|(_, value)| value.text())
        .unwrap_or("default")
}

fn describe(vhost: &Node, base: &Info, store: &mut Store) -> Result<Info, Refused> {
    let mut info = *base;
    let ciphers = store.text(CIPHERS)?;
    info.port = 0;
    info.iface = ptr::null();
    info.mounts = ptr::null();
    info.pvo = ptr::null();
    info.headers = ptr::null();
    info.ssl_cipher_list = ciphers;
    info.client_ssl_cipher_list = ciphers;
    if info.keepalive_timeout == 0 {
        info.keepalive_timeout = KEEP_ALIVE_SECONDS;
    }
    let mut mounts = Mounts::default();
    for (name, value) in vhost.members() {
        setting(name, value, &mut info, &mut mounts, store)?;
    }
    if info.port == 0 {
        log_err!(
            "lwsws: the vhost {} needs a port (such as 443)",
            shown(vhost)
        );
        return Err(Refused);
    }
    info.mounts = mounts.first();
    Ok(info)
}

fn setting(
    name: &str,
    value: &Node,
    info: &mut Info,
    mounts: &mut Mounts,
    store: &mut Store,
) -> Result<(), Refused> {
    let text = value.text().unwrap_or("");
    if let Some((_, yes, no)) = SWITCHES.iter().find(|(switch, ..)| *switch == name) {
        info.options |= if is_yes(text) { *yes } else { *no };
        return Ok(());
    }
    if let Some(member) = text_member(name, info) {
        *member = store.text(text)?;
        return Ok(());
    }
    if let Some(member) = bits_member(name, info) {
        *member |= c_long::from(number(text));
        return Ok(());
    }
    match name {
        "port" => info.port = int(number(text)),
        "keepalive_timeout" | "keepalive-timeout" => info.keepalive_timeout = int(number(text)),
        "headers" => {
            let more = store.options(value.groups(), ":")?;
            // SAFETY: both lists are of this vhost and in the store.
            info.headers = unsafe { store::join(more, info.headers) };
        }
        "ws-protocols" => {
            for (protocol, options) in value.groups() {
                info.pvo = protocol_options(store, info.pvo, protocol, options)?;
            }
        }
        "mounts" => {
            for mount in value.elements() {
                mounts.add(mounts::describe(mount, store)?, store)?;
            }
        }
        "disable-no-protocol-ws-upgrades" => {}
        _ => log_warn!("lwsws: nothing is known of {name} in a vhost"),
    }
    Ok(())
}

/// The options of one protocol, before those of others.
fn protocol_options(
    store: &mut Store,
    next: *const Pvo,
    name: &str,
    options: &Node,
) -> Result<*const Pvo, Refused> {
    let element = Pvo {
        next,
        options: store.options(options.groups(), "")?,
        name: store.text(name)?,
        value: store.text("")?,
    };
    Ok(store.keep(element)?)
}

fn text_member<'a>(name: &str, info: &'a mut Info) -> Option<&'a mut *const c_char> {
    Some(match name {
        "name" => &mut info.vhost_name,
        "interface" => &mut info.iface,
        "unix-socket-perms" => &mut info.unix_socket_perms,
        "access-log" => &mut info.log_filepath,
        "host-ssl-key" => &mut info.ssl_private_key_filepath,
        "host-ssl-cert" => &mut info.ssl_cert_filepath,
        "host-ssl-ca" => &mut info.ssl_ca_filepath,
        "ciphers" => &mut info.ssl_cipher_list,
        "tls13-ciphers" => &mut info.tls1_3_plus_cipher_list,
        "ecdh-curve" => &mut info.ecdh_curve,
        "alpn" => &mut info.alpn,
        "error-document-404" => &mut info.error_document_404,
        "listen-accept-role" => &mut info.listen_accept_role,
        "listen-accept-protocol" => &mut info.listen_accept_protocol,
        "client-ssl-key" => &mut info.client_ssl_private_key_filepath,
        "client-ssl-cert" => &mut info.client_ssl_cert_filepath,
        "client-ssl-ca" => &mut info.client_ssl_ca_filepath,
        "client-ssl-ciphers" => &mut info.client_ssl_cipher_list,
        "client-tls13-ciphers" => &mut info.client_tls_1_3_plus_cipher_list,
        _ => return None,
    })
}

fn bits_member<'a>(name: &str, info: &'a mut Info) -> Option<&'a mut c_long> {
    Some(match name {
        "ssl-option-set" => &mut info.ssl_options_set,
        "ssl-option-clear" => &mut info.ssl_options_clear,
        "ssl-client-option-set" => &mut info.ssl_client_options_set,
        "ssl-client-option-clear" => &mut info.ssl_client_options_clear,
        _ => return None,
    })
}
