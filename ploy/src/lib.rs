//! ploy
pub use ploy_runtime::*;
pub use ploy_macros::{action, cmd, job, jobs, main, schedule, sites};
/// All of it.
pub mod prelude {
    pub use crate::{Batch, Cx, Outcome, Result, Role, Schedule, Script, Shell, action, cmd, job, jobs, schedule};
}
