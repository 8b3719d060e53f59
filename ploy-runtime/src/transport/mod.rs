//! How a script reaches a site: by a process on this machine, or over a shared ssh connection.

mod askpass;
#[cfg(test)]
mod chunked_stream;
mod command_line;
mod connection_pool;
mod control_channel;
mod guard;
mod local;
mod open_file_limit;
mod process;
mod spawn_request;
mod ssh;

pub(crate) use askpass::{Ask, Asker, Asks, GET, SUDO, What};
#[cfg(feature = "cli")]
pub(crate) use command_line::command_line;
pub(crate) use command_line::word;
pub(crate) use connection_pool::{Pool, Transport};
pub(crate) use guard::Privileged;
pub(crate) use local::Local;
pub(crate) use open_file_limit::raise as raise_open_files;
pub(crate) use process::{Exit, Process, Signal};
pub(crate) use spawn_request::{Feed, Input, Launch};
pub(crate) use ssh::Connection;
pub(crate) use ssh::master::Destination;
pub(crate) use ssh::master::Keep;
pub(crate) use ssh::master::{Kept, kept};
