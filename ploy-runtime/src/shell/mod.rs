//! Scripts and where they run.

mod cancel;
mod capture;
mod emit;
mod interpolate;
mod output;
mod run;
mod script;
mod shell;
mod stream;
mod watch;

pub(crate) use cancel::{Cancel, CancelLevel, CancelSender, cancel_channel};
pub(crate) use emit::{Emitter, Silent};
pub use interpolate::Interpolate;
pub use output::Output;
pub use run::Run;
pub(crate) use run::cancelled;
pub(crate) use script::quoted;
pub use script::{IntoScript, Place, Script, ScriptBuilder};
pub use shell::Shell;
pub(crate) use shell::quoted_path;
pub(crate) use watch::Watched;
