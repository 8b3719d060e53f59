mod config_fingerprint;
mod connect_error;
mod connect_limit;
mod destination;
mod kept_connection;
pub(crate) mod process;
mod socket;
mod socket_dir;

pub(crate) use config_fingerprint::fingerprint;
pub(crate) use connect_error::{Diagnosis, Trouble};
pub(crate) use connect_limit::Starts;
pub(crate) use destination::Destination;
pub(crate) use kept_connection::Kept;
pub(crate) use kept_connection::kept;
pub(crate) use socket::Socket;
pub(crate) use socket_dir::Keep;
pub(crate) use socket_dir::{Note, Place};
