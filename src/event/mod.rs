//! The event loop: says which descriptor is ready, and when a thread was woken.
