//! Connections: contexts, vhosts, service threads, wsi and their roles.
