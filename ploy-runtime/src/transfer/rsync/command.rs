//! The options and operands of rsync.

use std::ffi::OsString;

use super::remote_start::{self, SudoCommand};
use super::{operand, ssh};
use crate::transfer::request::{Direction, TransferRequest};
use crate::transfer::{arguments, paths};
use crate::transport::Connection;

/// The options and operands of rsync, without those that ask for progress.
pub(super) struct RsyncCommand {
    pub(super) options: Vec<OsString>,
    /// The sources and the destination.
    pub(super) operands: Vec<OsString>,
}

impl RsyncCommand {
    pub(super) fn new(
        request: &TransferRequest,
        connection: Option<&Connection>,
        sudo: Option<&SudoCommand>,
    ) -> Self {
        let mut options = ssh::options(connection);
        if request.is_mirror {
            options.push("--delete".into());
            // Only at the end is it known whether all sources could be read.
            if !arguments::say_when_to_delete(&request.arguments) {
                options.push("--delete-after".into());
            }
        }
        options.extend(request.arguments.iter().cloned());
        if connection.is_some()
            && let Some(start) = remote_start::start(request, sudo)
        {
            options.push(format!("--rsync-path={start}").into());
        }
        let operands = operands(request, connection);
        RsyncCommand { options, operands }
    }
}

fn operands(request: &TransferRequest, connection: Option<&Connection>) -> Vec<OsString> {
    let Some(connection) = connection else {
        let (sources, destination) = paths::both_here(request);
        let operands = sources.into_iter().chain([destination]);
        return operands.map(OsString::from).collect();
    };
    let on_site = request.paths_on_site().iter();
    match request.direction {
        Direction::Upload => {
            let sources = request.sources.iter().map(|path| paths::here(path));
            let destination = on_site.map(|path| operand::remote(path, connection));
            sources.chain(destination).collect()
        }
        Direction::Download => {
            let sources = on_site.map(|path| operand::remote(&operand::literal(path), connection));
            sources.chain([paths::here(&request.destination)]).collect()
        }
    }
}
