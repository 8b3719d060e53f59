//! Scripts and where they run.

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
pub use command::Run;
pub(crate) use command::cancelled;
pub use command::{Command, IntoCommand};
pub use command::{Detach, Detached};
pub use command::{Input, IntoInput};
pub use command::{Line, Lines};
pub(crate) use emitter::{Emitter, Silent};
pub use output::Output;
pub(crate) use running::Watched;
pub use script::Interpolate;
pub(crate) use script::quoted;
pub use script::{IntoScript, Place, Script, ScriptBuilder};
pub use shell::Shell;
pub(crate) use shell::quoted_path;
pub(crate) use silence_monitor::patiently;
pub use ssh::Ssh;
pub(crate) use sudo_commands::password_domain;
