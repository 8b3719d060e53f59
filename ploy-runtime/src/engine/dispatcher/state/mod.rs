//! What the dispatcher keeps: each stage that runs (`running_stage`) with the slots of its sites
//! (`fanout_slots`), each action (`running_action`) with why it is late (`lateness`), the moments
//! to come (`timers`) and how far the run is (`phase`). What a stage comes to is in `verdict`,
//! `settled` and `site_outcome`.

mod fanout_slots;
mod lateness;
mod phase;
mod running_action;
mod running_stage;
mod settled;
mod site_outcome;
mod stage_started;
mod timers;
mod verdict;

pub(super) use fanout_slots::ReturningTask;
pub(in crate::engine) use lateness::abandoned;
pub(super) use lateness::{Late, blame};
pub(super) use phase::Phase;
pub(super) use running_action::{Actions, Role, RunningAction};
pub(super) use running_stage::{RunningStage, StageStep};
pub(in crate::engine) use settled::{ActionError, Settled, TaskEnd};
pub use site_outcome::SiteOutcome;
pub(super) use site_outcome::SiteOutcomeSender;
pub(super) use timers::{Timer, Timers};
pub(super) use verdict::result;
