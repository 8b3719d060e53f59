//! What sees to it that a command, and all its children, end when they are to end, also when we are
//! gone.
//!
//! A `reaper` is one process that guards many commands of a host; a `watchdog` is a second process
//! in the group of one command. `registration` is our hold on a command that one of them guards.
//! `leftovers` ends and reports what a command over ssh leaves in the background; `remote_state` is
//! what its shell has told of it. `privileged_script` guards a script that another user runs by
//! sudo.

mod leftovers;
mod privileged_script;
mod reaper;
mod reaper_script;
mod registration;
mod remote_state;
mod watchdog;

pub(crate) use leftovers::{WithoutLeftoverNotice, exit_trap};
pub(crate) use privileged_script::PrivilegedScript;
pub(crate) use reaper::{
    AskpassClient, Reaper, ReaperError, ReaperPipe, ReaperProcess, Registered,
};
pub(crate) use reaper_script::{NO_REAPER_STATUS, has_no_reaper};
pub(crate) use registration::{Registration, Signal};
pub(crate) use remote_state::RemoteState;
pub(crate) use watchdog::watchdog;
