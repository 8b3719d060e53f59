//! How a script reaches a site: by a process on this machine, or over a shared ssh connection.

mod connection;
mod destination;
mod diagnose;
mod fingerprint;
mod guard;
mod keep;
mod kept;
mod launch;
mod line;
mod local;
mod mark;
mod master;
mod open;
mod open_files;
mod orders;
mod pool;
mod process;
mod reaper;
mod route;
mod starts;
mod watchdog;

pub(crate) use connection::Connection;
pub(crate) use destination::Destination;
pub(crate) use keep::Keep;
pub(crate) use kept::{Kept, kept};
pub(crate) use launch::{Feed, Input, Launch};
pub(crate) use local::Local;
pub(crate) use open_files::raise as raise_open_files;
pub(crate) use pool::{Pool, Transport};
pub(crate) use process::{Exit, Process, Signal};
