//! What rsync is given.

use std::ffi::OsString;
use std::path::Path;

use super::start::Sudo;
use super::transfer::Way;
use super::{Transfer, options, rsync};
use crate::transport::Connection;

/// All that rsync is given, but for what makes it tell what it does.
pub(super) struct Arguments {
    pub(super) options: Vec<OsString>,
    /// The sources and the destination.
    pub(super) operands: Vec<OsString>,
}

impl Transfer {
    pub(super) fn arguments(
        &self,
        connection: Option<&Connection>,
        sudo: Option<&Sudo>,
    ) -> Arguments {
        let mut options = rsync::arguments(connection);
        if self.mirror {
            options.push("--delete".into());
            // Only when all is moved is it known whether all could be read.
            if !options::say_when_to_delete(&self.arguments) {
                options.push("--delete-after".into());
            }
        }
        options.extend(self.arguments.iter().cloned());
        if connection.is_some()
            && let Some(start) = self.start_there(sudo)
        {
            options.push(format!("--rsync-path={start}").into());
        }
        let mut operands = Vec::with_capacity(self.sources.len() + 1);
        match self.way {
            Way::Up => {
                operands.extend(self.sources.iter().map(|path| rsync::local_operand(path)));
                let destination = self.site_path(&self.destination);
                operands.push(rsync::site_operand(&destination, connection));
            }
            Way::Down => {
                operands.extend(self.sources.iter().map(|source| {
                    let mut path = self.site_path(source);
                    if connection.is_some() {
                        path = rsync::literal(&path);
                    }
                    rsync::site_operand(&path, connection)
                }));
                operands.push(rsync::local_operand(&self.destination));
            }
        }
        Arguments { options, operands }
    }

    /// Whether all that is not in the source is deleted.
    pub(super) fn deletes(&self) -> bool {
        self.mirror || options::deletes(&self.arguments)
    }

    /// Whether nothing is to be changed.
    pub(super) fn is_dry_run(&self) -> bool {
        options::has(&self.arguments, b'n', "dry-run")
    }

    /// A path on the site, as it hangs there. They are all in UTF-8.
    pub(super) fn site_path(&self, path: &Path) -> String {
        self.shell.resolve(&path.to_string_lossy())
    }
}
