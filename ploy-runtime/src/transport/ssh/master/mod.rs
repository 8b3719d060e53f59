//! ssh masters: the background processes that hold connections, also for the next run.
//!
//! `destination` is what tells one connection from another, and how ssh is told to get there.
//! `start` starts a master and `control` ends one; `connect_limit` limits how many are started at a
//! time, and `connect_error` reads from ssh's messages why one could not connect. Kept connections
//! are in `socket_dir`, each known by its destination and `config_fingerprint`; `kept_connection`
//! lists and closes them. `private_folder` is for a connection that is not kept. `socket` is one
//! master's socket.

mod config_fingerprint;
mod connect_error;
mod connect_limit;
mod control;
mod destination;
mod kept_connection;
mod private_folder;
mod socket;
mod socket_dir;
mod start;

pub(crate) use config_fingerprint::ConfigFingerprint;
pub(crate) use connect_error::{ConnectError, ConnectErrorKind};
pub(crate) use connect_limit::ConnectLimit;
pub(crate) use control::retire_master;
pub use destination::Destination;
pub use kept_connection::{KeptConnection, kept_connections};
pub(crate) use private_folder::private_folder;
pub(crate) use socket::MasterSocket;
pub use socket_dir::SocketDir;
pub(crate) use socket_dir::{SlotRecord, SocketSlot};
pub(crate) use start::{explain_jump_failure, start_master};
