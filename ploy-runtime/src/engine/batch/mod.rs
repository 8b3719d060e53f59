//! What a schedule in code has: a [`Batch`] (`batch`) runs stages, each a [`StageRun`]
//! (`stage_run`) until it is awaited and an [`Outcome`] (`outcome`) afterwards. A check between
//! groups gets a [`Group`] (`group`, `health_check`), and `step_prompt` asks before each stage
//! where that is wanted.

mod batch;
mod group;
pub(super) mod health_check;
mod outcome;
mod stage_run;
mod step_prompt;

pub use batch::Batch;
pub use group::Group;
pub(super) use group::GroupParts;
pub use health_check::HealthCheck;
pub use outcome::{JobError, Outcome, TaskOutcome};
pub use stage_run::StageRun;
pub(super) use step_prompt::StepPrompt;
