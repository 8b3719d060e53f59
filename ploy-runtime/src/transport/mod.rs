//! How a script reaches a site: by a process on this machine, or over a shared ssh connection.

mod connection;
mod destination;
mod diagnose;
mod launch;
mod local;
mod master;
mod pool;
mod process;
mod reaper;

pub(crate) use connection::Connection;
pub(crate) use destination::Destination;
pub(crate) use launch::{Feed, Input, Launch};
pub(crate) use local::Local;
pub(crate) use pool::{Pool, Transport};
pub(crate) use process::{Exit, Process, Signal};
