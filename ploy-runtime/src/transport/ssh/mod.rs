mod begin_mark;
mod command_guards;
mod connection;
mod grow;
mod host_connections;
pub(crate) mod master;
mod opener;
mod session_backoff;
mod start_error;
mod unmetered;

pub(crate) use connection::Connection;
pub(crate) use host_connections::Route;
pub(crate) use opener::Opener;
