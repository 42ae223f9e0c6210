//! Connections: contexts, vhosts, service threads, wsi and their roles.
//!
//! [`registry`] finds contexts and enters service threads; [`thread`] is the state of one service thread (lws: pt);
//! [`service`] is one pass of it; [`wsi`] a connection; [`role`] what a connection speaks; [`dispatch`] the only way
//! into user code; [`close`] the only way out of life; [`tx`] and [`rx`] move bytes.

pub mod accept;
pub mod adopt;
pub mod broadcast;
pub mod children;
pub mod client;
pub mod close;
pub mod config;
pub mod context;
pub mod destroy;
pub mod dispatch;
pub mod extension;
pub mod external;
pub mod files;
pub mod linger;
pub mod listen;
pub mod mailbox;
pub mod peers;
pub mod protocol;
pub mod reason;
pub mod registry;
pub mod role;
pub mod rx;
pub mod service;
pub mod session;
pub mod thread;
pub mod timeout;
pub mod tls;
pub mod tx;
pub mod vhost;
pub mod wsi;
