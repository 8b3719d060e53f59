//! A script with options, to be run by a shell.

use std::fmt;
use std::time::Duration;

use super::input::Input;

use crate::event::Show;
use crate::secret::masked;
use crate::shell::command_secrets::CommandSecret;
use crate::shell::running::Sink;
use crate::shell::script::{IntoScript, Script};
use crate::shell::sudo::PrivilegeOptions;

/// How much of each stream is captured, unless told otherwise: 64 KiB.
const CAPTURE_LIMIT: usize = 64 * 1024;

/// A script with options, to be run by [`Shell::run`](crate::shell::Shell::run).
///
/// [`PendingCommand`](crate::shell::PendingCommand) has the same options, so this is for commands
/// that are made in one place and run in another.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ploy::Error> {
/// use ploy::shell::Command;
/// use ploy::{Script, Shell};
///
/// let count = Command::new(Script::raw("wc -l")).stdin("one\ntwo\n").cwd("/");
/// let output = Shell::local().run(count).await?;
/// assert_eq!(output.text().trim(), "2");
/// # Ok(())
/// # }
/// ```
#[must_use = "a command runs when a shell runs it"]
pub struct Command {
    pub(crate) script: Script,
    pub(crate) options: CommandOptions,
}

/// The options of a command.
pub(crate) struct CommandOptions {
    pub(crate) cwd: Option<String>,
    pub(crate) env: Vec<(String, Vec<u8>)>,
    pub(crate) input: Option<Input>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) capture_limit: usize,
    pub(crate) show: Show,
    pub(crate) is_unchecked: bool,
    pub(crate) stdout: Option<Sink>,
    pub(crate) stderr: Option<Sink>,
    pub(crate) log: Option<Sink>,
    /// Which user is to run it.
    pub(crate) privilege: PrivilegeOptions,
    pub(crate) secrets: Vec<CommandSecret>,
    /// What is shown instead of the script.
    pub(crate) shown: Option<String>,
}

impl Command {
    /// A command that runs this script.
    pub fn new(script: impl IntoScript) -> Self {
        Command {
            script: script.into_script(),
            options: CommandOptions {
                cwd: None,
                env: Vec::new(),
                input: None,
                timeout: None,
                capture_limit: CAPTURE_LIMIT,
                show: Show::All,
                is_unchecked: false,
                stdout: None,
                stderr: None,
                log: None,
                privilege: PrivilegeOptions::default(),
                secrets: Vec::new(),
                shown: None,
            },
        }
    }
}

/// Options: each has the name that it has at a [`PendingCommand`](crate::shell::PendingCommand).
impl Command {
    super::command_setters!(options);
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Command({:?})", masked(&self.script.to_string()))
    }
}

/// What [`Shell::run`](crate::shell::Shell::run) takes: a [`Script`], or a [`Command`], which has
/// options.
#[diagnostic::on_unimplemented(
    message = "a shell command must be a `Script`, not `{Self}`",
    label = "not a script",
    note = "write `cmd!(\"..{{value}}..\")`, which quotes its values",
    note = "text that is trusted as it stands can be wrapped in `Script::raw(..)`"
)]
pub trait IntoCommand {
    /// The command.
    fn into_command(self) -> Command;
}

impl IntoCommand for Command {
    fn into_command(self) -> Command {
        self
    }
}

impl IntoCommand for Script {
    fn into_command(self) -> Command {
        Command::new(self)
    }
}

impl IntoCommand for &Script {
    fn into_command(self) -> Command {
        Command::new(self)
    }
}
