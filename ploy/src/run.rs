//! Running jobs: the [`Runner`] of a program of one's own, the [`Batch`] that a schedule in code
//! gets, and what stages come to.

pub use ploy_runtime::engine::{
    Batch, Canceller, Group, JobError, Outcome, Runner, ScheduleCode, SiteOutcome, StageRun,
    TaskOutcome,
};
