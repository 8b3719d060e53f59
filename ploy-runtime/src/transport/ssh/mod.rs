//! Commands on other hosts, over shared ssh connections.
//!
//! `host_connections` has all connections to one destination and finds a session for each command;
//! `grow` and `growth` add connections when the first is crowded, `unmetered` starts what must not
//! wait for a session. `opener` opens a connection, by the masters of `master/`. `connection` is
//! one connection and starts commands on it: `command_guards` chooses what ends them when we are
//! gone, `begin_mark` finds where their output begins, `start_error` says why one was not started,
//! and `session_backoff` holds sessions back that the server refused.

mod begin_mark;
mod command_guards;
mod connection;
mod grow;
mod growth;
mod host_connections;
mod master;
mod opener;
mod session_backoff;
mod start_error;
mod unmetered;

pub(crate) use connection::Connection;
pub(crate) use host_connections::HostConnections;
pub use master::{Destination, KeptConnection, SocketDir, kept_connections};
pub(crate) use opener::ConnectionOpener;
