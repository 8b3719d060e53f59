//! How a script reaches a site: by a process on this machine, or over a shared ssh connection.

mod ask;
mod beside;
#[cfg(test)]
mod chunks;
mod connection;
mod destination;
mod diagnose;
mod fingerprint;
mod guard;
mod keep;
mod kept;
mod launch;
mod left;
mod line;
mod local;
mod mark;
mod master;
mod not_started;
mod open;
mod open_files;
mod orders;
mod pool;
mod privileged;
mod process;
mod reaper;
mod rest;
mod route;
mod socket;
mod starts;
mod there;
mod watchdog;
mod widen;

pub(crate) use ask::{Ask, Asker, Asks, GET, SUDO, What};
pub(crate) use connection::Connection;
pub use destination::Destination;
pub use keep::Keep;
pub use kept::{Kept, kept};
pub(crate) use launch::{Feed, Input, Launch};
pub use line::command_line;
pub(crate) use line::word;
pub(crate) use local::Local;
pub use open_files::raise as raise_open_files;
pub use pool::Pool;
pub(crate) use pool::Transport;
pub(crate) use privileged::Privileged;
pub(crate) use process::{Exit, Group, Process, Signal};
