//! How a script reaches a site: as a process on this machine, or over a shared ssh connection.
//!
//! `connection_pool` gives each site its `transport`, which starts a `spawn_request` either by
//! `local` or by `ssh/`, and returns a running `process` with its `process_group`. `guard/` ends
//! processes when they are to end, and when we are gone: it gets its orders through a
//! `control_channel`. `askpass/` answers what a command asks for while it runs. `command_line`
//! quotes for login shells, `input` feeds a command, `held_bytes` helps streams that filter output,
//! and `open_file_limit` makes room for many commands.

mod askpass;
#[cfg(test)]
mod chunked_stream;
mod command_line;
mod connection_pool;
mod control_channel;
mod guard;
mod held_bytes;
mod input;
mod local;
mod open_file_limit;
mod process;
mod process_group;
mod spawn_request;
mod ssh;
mod transport;

pub(crate) use askpass::{
    AskpassKind, AskpassRequest, AskpassRequests, FETCH_SECRET, SUDO_ASKPASS,
};
pub use command_line::command_line;
pub(crate) use command_line::quote_word;
pub use connection_pool::ConnectionPool;
pub(crate) use guard::{NO_REAPER_STATUS, PrivilegedScript, Signal, has_no_reaper};
pub(crate) use held_bytes::hand_on;
pub(crate) use input::InputStream;
pub(crate) use local::LocalTransport;
pub use open_file_limit::raise_open_file_limit;
pub(crate) use process::{Exit, Process};
pub(crate) use process_group::ProcessGroup;
pub(crate) use spawn_request::SpawnRequest;
pub(crate) use ssh::Connection;
pub use ssh::{Destination, KeptConnection, SocketDir, kept_connections};
pub(crate) use transport::Transport;
