//! Commands on sites: the shell that runs them, the script, and the result.
//!
//! A `shell` is one site and the way to it (`ssh` describes a host by hand). `script/` is text that
//! is safe to run, `command/` a script with options and the ways to run it, `running/` a command
//! while it runs, `output` its result. `sudo_commands` runs commands as another user, by
//! `sudo/`; `command_secrets` gets secrets to a command. `cancel` ends what runs, `emitter`
//! receives events, `silence_monitor` reports when none come, and `characters` keeps characters
//! whole in a stream.

mod cancel;
mod characters;
mod command;
mod command_secrets;
mod emitter;
mod output;
mod running;
mod script;
mod shell;
mod silence_monitor;
mod ssh;
mod sudo;
mod sudo_commands;

pub(crate) use cancel::{Cancel, CancelLevel, CancelSender, cancel_channel};
pub(crate) use command::cancelled;
pub use command::{
    Command, Detach, Detached, Input, IntoCommand, IntoInput, OutputLine, OutputLines,
    PendingCommand,
};
pub(crate) use emitter::{Emitter, SilentEmitter};
pub use output::Output;
pub(crate) use running::RunningCommand;
pub use script::{
    Interpolate, IntoScript, Script, ScriptBuilder, ValuePosition, quoted, quoted_path,
};
pub use shell::Shell;
pub(crate) use silence_monitor::wait_with_notices;
pub use ssh::Ssh;
pub(crate) use sudo_commands::password_domain;
