//! Shell text that is safe to run, and how values get into it.
//!
//! `script` is the text itself; `builder` makes one from the pieces of a `cmd!`, whose values are
//! `interpolate`d. `quoting` quotes for a POSIX shell, and `variable` sets variables of the
//! environment.

mod builder;
mod interpolate;
mod quoting;
mod script;
mod variable;

pub use builder::{ScriptBuilder, ValuePosition};
pub use interpolate::Interpolate;
pub use quoting::{quoted, quoted_path};
pub use script::{IntoScript, Script};
pub(crate) use variable::{VariableError, check_name, push_checked_export, push_export};
