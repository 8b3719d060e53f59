//! Commands: a script with options, what it reads, and the ways to run it.
//!
//! A `command` is a script with options (`option_setters`) and an `input`. A `pending_command` is
//! one about to run on a shell: `composed_command` puts together what runs on the site for it, and
//! `output_lines` reads it line by line. `detach` starts a service instead, which goes on by
//! itself.

mod command;
mod composed_command;
mod detach;
mod input;
mod option_setters;
mod output_lines;
mod pending_command;

pub use command::{Command, IntoCommand};
pub use detach::{Detach, Detached};
pub use input::{Input, IntoInput};
pub(crate) use option_setters::command_setters;
pub use output_lines::{OutputLine, OutputLines};
pub use pending_command::PendingCommand;
pub(crate) use pending_command::cancelled;
