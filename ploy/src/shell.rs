//! Shells, the scripts that run in them, and what comes out.

pub use ploy_runtime::shell::{
    Command, Detach, Detached, Input, Interpolate, IntoCommand, IntoInput, IntoScript, Output,
    OutputLine, OutputLines, PendingCommand, Script, Shell, Ssh,
};
