//! What can happen in a run.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    ActionId, BatchId, CancelReason, CommandId, ErrorReport, GroupIndex, JobIndex, Show,
    SilentSource, SiteIndex, SkipReason, StageId, StageSkipReason, StageView, Stats, TaskId,
    TaskResult, WaitTarget,
};
use crate::catalogue::Mode;

/// What happened. Names are sent once, with the stage; other events have numbers of its lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EventKind {
    /// A run began.
    RunStarted {
        /// The version of the schema of events: [`SCHEMA_VERSION`](EventKind::SCHEMA_VERSION).
        schema_version: u32,
        /// The version of ploy.
        ploy_version: String,
        /// Its id.
        batch: BatchId,
    },
    /// A stage began.
    StageStarted {
        /// Its number.
        stage: StageId,
        /// Its name, if it has one.
        name: Option<String>,
        /// Its description, if it has one.
        desc: Option<String>,
        /// Its mode.
        mode: Mode,
        /// The names of its jobs, which tasks refer to by number.
        jobs: Vec<String>,
        /// What each of its jobs is given for its parameters, by name: the values as they are
        /// written on a command line; none where nothing is given, and `***` for a secret.
        arguments: Vec<BTreeMap<String, Vec<String>>>,
        /// The names of its sites, which tasks refer to by number.
        sites: Vec<String>,
        /// How many tasks it has.
        task_count: u32,
        /// How many sites each of its groups has, in the order of `sites`; empty unless it is
        /// rolling.
        group_sizes: Vec<u32>,
        /// What of it is to be shown.
        view: StageView,
    },
    /// A stage does not begin, because of how others ended or because somebody did not want it.
    StageSkipped {
        /// Its number.
        stage: StageId,
        /// Its name, if it has one.
        name: Option<String>,
        /// Why not.
        #[serde(flatten)]
        reason: StageSkipReason,
    },
    /// A stage could not begin.
    StageRefused {
        /// Its number.
        stage: StageId,
        /// Why.
        error: ErrorReport,
    },
    /// A task began.
    TaskStarted {
        /// Its stage.
        stage: StageId,
        /// Its number.
        task: TaskId,
        /// The number of its job.
        job: JobIndex,
        /// The number of its site.
        site: SiteIndex,
    },
    /// An action began.
    ActionStarted {
        /// Its stage.
        stage: StageId,
        /// Its task.
        task: TaskId,
        /// Its number.
        action: ActionId,
        /// The name of its function.
        name: String,
        /// It is the `fragment`-th of its task's actions, from 1.
        fragment: u32,
        /// How many actions its task has.
        fragment_count: u32,
        /// Which try it is, from 1. A further one begins and ends anew, under the same number.
        attempt: u32,
    },
    /// Work in the background began: it outlives its task. It is an action of its own, with
    /// commands and reports.
    BackgroundStarted {
        /// Its number, from the same row as those of actions.
        action: ActionId,
        /// The action that asked for it.
        parent: ActionId,
        /// That action's stage.
        stage: StageId,
        /// The number of its job there.
        job: JobIndex,
        /// The number of its site there.
        site: SiteIndex,
        /// The name that it was given.
        name: String,
    },
    /// A group of a rolling stage has ended, and what is between it and the next began.
    GateStarted {
        /// Its stage.
        stage: StageId,
        /// The group that ended, from 0.
        group: GroupIndex,
        /// Its number, from the same row as those of actions: the check may run commands.
        action: ActionId,
        /// How long the stage pauses.
        #[serde(rename = "pause_ms", with = "crate::milliseconds")]
        pause: Duration,
        /// The name of the check that follows, if there is one.
        check: Option<String>,
    },
    /// What is between two groups ended.
    GateFinished {
        /// Its stage.
        stage: StageId,
        /// The group before it, from 0.
        group: GroupIndex,
        /// Its number.
        action: ActionId,
        /// Why the stage does not go on to the next group; empty if it does.
        errors: Vec<ErrorReport>,
        /// How long it took.
        #[serde(rename = "duration_ms", with = "crate::milliseconds")]
        duration: Duration,
    },
    /// An action waits for others, and gives its place to another site meanwhile.
    WaitStarted {
        /// The action.
        action: ActionId,
        /// For what.
        #[serde(flatten)]
        target: WaitTarget,
        /// The action that has it, if it is a lock.
        holder: Option<ActionId>,
    },
    /// An action waits no longer, and goes on.
    WaitFinished {
        /// The action.
        action: ActionId,
    },
    /// An action, or its task, has run longer than it may: it is told to end.
    TimedOut {
        /// The action.
        action: ActionId,
        /// How long it might have run.
        #[serde(rename = "limit_ms", with = "crate::milliseconds")]
        limit: Duration,
    },
    /// All that runs has waited for each other until now: none of these actions can go on, and all
    /// are told so.
    Deadlocked {
        /// The actions.
        actions: Vec<ActionId>,
    },
    /// A command began.
    CommandStarted {
        /// Its action.
        action: ActionId,
        /// Its number.
        command: CommandId,
        /// Its script, or what is done, in words.
        script: String,
        /// Whether it runs on this machine, though the action's site may be another.
        local: bool,
        /// What of it is to be shown.
        show: Show,
    },
    /// A command is silent, or a site is not reached yet: somebody who looks on may wonder.
    StillWaiting {
        /// The action.
        action: ActionId,
        /// From what nothing comes.
        #[serde(flatten)]
        source: SilentSource,
        /// How long nothing has come from it.
        #[serde(rename = "silent_ms", with = "crate::milliseconds")]
        silent: Duration,
    },
    /// How far a transfer is.
    TransferProgress {
        /// The action.
        action: ActionId,
        /// The number of the transfer, from the same row as those of commands.
        command: CommandId,
        /// How many bytes have been moved.
        bytes: u64,
        /// How many files have been moved.
        files: u64,
        /// How much of what is known to be moved has been, in percent.
        percent_done: u8,
    },
    /// A command put something out.
    Output {
        /// Its action.
        action: ActionId,
        /// The command's number.
        command: CommandId,
        /// Where it came out.
        stream: Stream,
        /// What came, as it came: not always whole lines, not always UTF-8, but no character is
        /// split over two events. At most 64 KiB. As data it is `text`, or `base64` if it is not
        /// UTF-8.
        #[serde(flatten, with = "crate::error::bytes")]
        bytes: Vec<u8>,
    },
    /// A command ended.
    CommandFinished {
        /// Its action.
        action: ActionId,
        /// The command's number.
        command: CommandId,
        /// Its exit code, if it exited.
        code: Option<i32>,
        /// How long it ran; none if its action ended before it.
        #[serde(rename = "duration_ms", with = "crate::milliseconds::option")]
        duration: Option<Duration>,
        /// Whether it left processes in the background, which were then ended.
        has_leftovers: bool,
    },
    /// The action says something to the user.
    Report {
        /// The action.
        action: ActionId,
        /// What it says.
        text: String,
    },
    /// The action says something to whoever looks for a mistake.
    Debug {
        /// The action.
        action: ActionId,
        /// What it says.
        text: String,
    },
    /// An action ended.
    ActionFinished {
        /// Its number.
        action: ActionId,
        /// What went wrong; empty if nothing did.
        errors: Vec<ErrorReport>,
        /// How long it ran.
        #[serde(rename = "duration_ms", with = "crate::milliseconds")]
        duration: Duration,
        /// How soon it is tried again, if it is: then what went wrong does not count yet.
        #[serde(rename = "retry_in_ms", with = "crate::milliseconds::option")]
        retry_in: Option<Duration>,
    },
    /// An action was to be tried again, and will not be, because the run is cancelled or its task's
    /// time is up.
    RetryAbandoned {
        /// Its number.
        action: ActionId,
        /// What went wrong: in its last try, and why there is no other.
        errors: Vec<ErrorReport>,
    },
    /// Work in the background ended.
    BackgroundFinished {
        /// Its number.
        action: ActionId,
        /// How it ended.
        result: TaskResult,
        /// What went wrong; empty if nothing did.
        errors: Vec<ErrorReport>,
        /// How long it ran.
        #[serde(rename = "duration_ms", with = "crate::milliseconds")]
        duration: Duration,
    },
    /// The schedule is over, and work in the background is waited for.
    BackgroundAwaited {
        /// How many still run.
        running: u32,
        /// How long they have.
        #[serde(rename = "grace_ms", with = "crate::milliseconds")]
        grace: Duration,
    },
    /// A task ended: all its actions have.
    TaskFinished {
        /// Its stage.
        stage: StageId,
        /// Its number.
        task: TaskId,
        /// How it ended.
        result: TaskResult,
        /// How long it ran.
        #[serde(rename = "duration_ms", with = "crate::milliseconds")]
        duration: Duration,
    },
    /// A task will not start.
    TaskSkipped {
        /// Its stage.
        stage: StageId,
        /// Its number.
        task: TaskId,
        /// The number of its job.
        job: JobIndex,
        /// The number of its site.
        site: SiteIndex,
        /// Why not.
        reason: SkipReason,
    },
    /// The run is being cancelled: nothing starts any more.
    CancelStarted {
        /// Why. A later event of this kind only ever has a graver reason.
        reason: CancelReason,
        /// How many actions still run.
        running: u32,
        /// How long they have to end by themselves.
        #[serde(rename = "grace_ms", with = "crate::milliseconds")]
        grace: Duration,
    },
    /// A stage ended.
    StageFinished {
        /// Its number.
        stage: StageId,
        /// How many of its tasks failed.
        failed: u32,
        /// Whether more tasks failed than it allows, so that others were never started.
        budget_spent: bool,
    },
    /// The schedule said that this stage's failures do not count.
    FailureAllowed {
        /// The stage.
        stage: StageId,
    },
    /// The schedule's own code failed.
    ScheduleFailed {
        /// Why.
        error: ErrorReport,
    },
    /// The run ended. The last event.
    RunFinished {
        /// What it came to.
        stats: Stats,
    },
}

impl EventKind {
    /// The version of what events are as data. A program that knows it can read all that is of the
    /// same version, if it ignores kinds, fields and values that it does not know.
    pub const SCHEMA_VERSION: u32 = 2;

    /// The number of the action in which it happened, for what only an action that runs can tell.
    #[doc(hidden)]
    pub fn emitting_action(&self) -> Option<ActionId> {
        match self {
            EventKind::CommandStarted { action, .. }
            | EventKind::StillWaiting { action, .. }
            | EventKind::TransferProgress { action, .. }
            | EventKind::Output { action, .. }
            | EventKind::CommandFinished { action, .. }
            | EventKind::Report { action, .. }
            | EventKind::Debug { action, .. } => Some(*action),
            _ => None,
        }
    }
}

/// Where output came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}
