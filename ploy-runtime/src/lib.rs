//! The library under ploy: sites, jobs, plans, the engine that runs them, shells and connections.
//!
//! Users of the macros depend on the crate `ploy`, which re-exports what is here. This crate stands alone: a program
//! that needs no macros builds a [`Topology`] and a [`Catalogue`] and hands them to a [`Runner`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub use ploy_core::{catalogue, plan};
use ploy_core::{error, event, text, topology};

pub mod action;
pub mod engine;
pub mod import;
pub mod secret;
pub mod shell;
pub mod sync;
pub mod terminal;
pub mod transfer;
pub mod transport;

pub use action::{Action, Blocking, BoxFuture, Cx, JobOutput, Key, Space};
pub use catalogue::{
    Amount, Argument, Arguments, Choice, Condition, Given, Groups, IntoArgument, IntoJobs, Job,
    JobAction, JobRef, Jobs, Mode, Options, Param, ParamValue, RESERVED, Schedule, ScheduleBody,
    ScheduleEntry, Shape, Stage,
};
pub use engine::{
    Batch, Canceller, Catalogue, Group, HealthCheck, JobError, Outcome, Runner, ScheduleCode,
    SiteOutcome, StageRun, TaskOutcome,
};
pub use error::{
    CommandReport, Context, Error, Failure, FailureDetail, Kind, Problem, Result, Source,
};
pub use event::{
    ActionId, BatchId, CancelReason, CommandId, CommandKey, ErrorReport, Event, EventKind,
    EventTime, GroupIndex, JobIndex, JobOnSite, QualifiedActionId, QualifiedStageId, Reporter,
    Show, SilentSource, SiteIndex, SkipReason, SourceLocation, StageId, StageSkipReason, StageView,
    Stats, Stream, TaskId, TaskKey, TaskResult, WaitTarget,
};
#[cfg(feature = "template")]
pub use minijinja::context;
pub use secret::{Consent, Passwords, Secret};
pub use shell::{
    Command, Detach, Detached, Input, Interpolate, IntoCommand, IntoInput, IntoScript, Output,
    OutputLine, OutputLines, PendingCommand, Script, Shell, Ssh,
};
pub use sync::{Barrier, Latch, Lock, LockGuard, Passed, Queue};
pub use topology::{
    IntoRoles, IntoSelector, IntoSetting, Merge, Role, RoleTable, Selector, SelectorError,
    Settings, Site, Topology, Value,
};
#[cfg(feature = "template")]
pub use transfer::Template;
pub use transfer::{IntoSources, ReadFile, Transfer, TransferTotals, WriteFile, WrittenFile};

/// What macros declare in the crates that are linked into this program. A crate that is nowhere named is not linked:
/// see `main!`'s `uses`.
pub mod linked {
    pub use crate::engine::registration::{catalogue, topologies};
}

#[doc(hidden)]
pub mod __private;
mod register;
