pub(crate) mod leftovers;
mod privileged_script;
pub(crate) mod reaper;
mod remote_state;
mod watchdog;

pub(crate) use leftovers::WithoutLeft;
pub(crate) use privileged_script::Privileged;
pub(crate) use reaper::{Reaper, Registration, Started};
pub(crate) use remote_state::There;
pub(crate) use watchdog::watchdog;
