use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{BatchId, CancelReason, Fault, Show, SkipReason, Stats, TaskResult, View};
use crate::catalogue::Mode;

/// Something that happened in a run.
///
/// It is written as data with [`serde`], and read back from there. As JSON it is an object with the fields of its kind
/// beside `number`, `time` and `event`, which says the kind: `{"number":7,"time":1795346232345,"event":"output",
/// "action":1,"command":1,"stream":"stdout","text":"hello\n"}`. `Json::SCHEMA` describes
/// all of it. Within a version of that schema kinds and fields are only ever added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The number of the event in its run, from 1, without gaps.
    pub number: u64,
    /// When it happened, in milliseconds since 1970 in UTC.
    pub time: i64,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened. Stages are numbered in their batch from 1, tasks in their stage's plan from 0, actions in their
/// batch from 1, and commands in their action from 1. Names are sent once, with the stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EventKind {
    /// A run began.
    RunBegan {
        /// The version of the schema of events: [`SCHEMA_VERSION`](EventKind::SCHEMA_VERSION).
        schema: u32,
        /// The version of ploy.
        ploy: String,
        /// Its id.
        batch: BatchId,
    },
    /// A stage began.
    StageBegan {
        /// Its number.
        stage: u32,
        /// Its name, if it has one.
        name: Option<String>,
        /// Its description, if it has one.
        desc: Option<String>,
        /// Its mode.
        mode: Mode,
        /// The names of its jobs, which tasks refer to by number.
        jobs: Vec<String>,
        /// What each of its jobs is given for its parameters, by name: the values as they are written on a command line;
        /// none where nothing is given, and `***` for a secret.
        #[serde(default)]
        arguments: Vec<BTreeMap<String, Vec<String>>>,
        /// The names of its sites, which tasks refer to by number.
        sites: Vec<String>,
        /// How many tasks it has.
        tasks: u32,
        /// How many sites each of its groups has, in the order of `sites`; empty unless it is rolling.
        groups: Vec<u32>,
        /// What of it is to be shown.
        view: View,
    },
    /// A stage of a schedule in data does not begin, because of how others ended.
    StageSkipped {
        /// Its number.
        stage: u32,
        /// Its name, if it has one.
        name: Option<String>,
        /// When it would have begun, in words.
        condition: String,
    },
    /// A stage could not begin.
    StageRefused {
        /// Its number.
        stage: u32,
        /// Why.
        fault: Fault,
    },
    /// A task began.
    TaskStarted {
        /// Its stage.
        stage: u32,
        /// Its number.
        task: u32,
        /// The number of its job.
        job: u32,
        /// The number of its site.
        site: u32,
    },
    /// An action began.
    ActionStarted {
        /// Its stage.
        stage: u32,
        /// Its task.
        task: u32,
        /// Its number.
        action: u32,
        /// The name of its function.
        name: String,
        /// It is the `fragment`-th of its task's actions, from 1.
        fragment: u32,
        /// How many actions its task has.
        fragments: u32,
        /// Which try it is, from 1. A further one begins and ends anew, under the same number.
        attempt: u32,
    },
    /// Work in the background began: it outlives its task. It is an action of its own, with commands and reports.
    BackgroundStarted {
        /// Its number, from the same row as those of actions.
        action: u32,
        /// The action that asked for it.
        parent: u32,
        /// That action's stage.
        stage: u32,
        /// The number of its job there.
        job: u32,
        /// The number of its site there.
        site: u32,
        /// The name that it was given.
        name: String,
    },
    /// A group of a rolling stage has ended, and what is between it and the next began.
    GateBegan {
        /// Its stage.
        stage: u32,
        /// The group that ended, from 0.
        group: u32,
        /// Its number, from the same row as those of actions: the check may run commands.
        action: u32,
        /// How long the stage pauses, in milliseconds.
        pause: u64,
        /// The name of the check that follows, if there is one.
        check: Option<String>,
    },
    /// What is between two groups ended.
    GateEnded {
        /// Its stage.
        stage: u32,
        /// The group before it, from 0.
        group: u32,
        /// Its number.
        action: u32,
        /// Why the stage does not go on to the next group; empty if it does.
        faults: Vec<Fault>,
        /// How long it took, in milliseconds.
        duration: u64,
    },
    /// An action waits for others, and gives its place to another site meanwhile.
    Waiting {
        /// The action.
        action: u32,
        /// For what: ``the lock `deploy` ``.
        what: String,
        /// Who has it, if somebody has.
        holder: Option<String>,
    },
    /// An action waits no longer, and goes on.
    Resumed {
        /// The action.
        action: u32,
    },
    /// An action, or its task, has run longer than it may: it is told to end.
    TimedOut {
        /// The action.
        action: u32,
        /// How long it might have run, in milliseconds.
        limit: u64,
    },
    /// All that runs has waited for each other until now: none of these actions can go on, and all are told so.
    Deadlocked {
        /// The actions.
        actions: Vec<u32>,
    },
    /// A command began.
    CommandStarted {
        /// Its action.
        action: u32,
        /// Its number.
        command: u32,
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
        action: u32,
        /// The command's number; 0 while its site is being connected to.
        command: u32,
        /// What is waited for: the script, or what is done, in words.
        what: String,
        /// How long nothing has come from it, in milliseconds.
        silent: u64,
    },
    /// How far a transfer is.
    Transferred {
        /// The action.
        action: u32,
        /// The number of the transfer, from the same row as those of commands.
        command: u32,
        /// How many bytes have been moved.
        bytes: u64,
        /// How many files have been moved.
        files: u64,
        /// How much of what is known to be moved has been, in percent.
        percent: u8,
    },
    /// A command put something out.
    Output {
        /// Its action.
        action: u32,
        /// The command's number.
        command: u32,
        /// Where it came out.
        stream: Stream,
        /// What came, as it came: not always whole lines, not always UTF-8, but no character is split over two events.
        /// At most 64 KiB. As data it is `text`, or `base64` if it is not UTF-8.
        #[serde(flatten, with = "crate::error::bytes")]
        bytes: Vec<u8>,
    },
    /// A command ended.
    CommandFinished {
        /// Its action.
        action: u32,
        /// The command's number.
        command: u32,
        /// Its exit code, if it exited.
        code: Option<i32>,
        /// How long it ran, in milliseconds.
        duration: u64,
        /// Whether it left children behind in the background, which were then ended.
        left_behind: bool,
    },
    /// The action says something to the user.
    Report {
        /// The action.
        action: u32,
        /// What it says.
        text: String,
    },
    /// The action says something to whoever looks for a mistake.
    Debug {
        /// The action.
        action: u32,
        /// What it says.
        text: String,
    },
    /// An action ended.
    ActionFinished {
        /// Its number.
        action: u32,
        /// What went wrong; empty if nothing did.
        faults: Vec<Fault>,
        /// How long it ran, in milliseconds.
        duration: u64,
        /// In how many milliseconds it is tried again, if it is: then what went wrong does not count yet.
        retry: Option<u64>,
    },
    /// An action was to be tried again, and will not be, because the run is cancelled or its task's time is up.
    ActionGivenUp {
        /// Its number.
        action: u32,
        /// What went wrong: in its last try, and why there is no other.
        faults: Vec<Fault>,
    },
    /// Work in the background ended.
    BackgroundFinished {
        /// Its number.
        action: u32,
        /// How it ended.
        result: TaskResult,
        /// What went wrong; empty if nothing did.
        faults: Vec<Fault>,
        /// How long it ran, in milliseconds.
        duration: u64,
    },
    /// The schedule is over, and work in the background is waited for.
    BackgroundAwaited {
        /// How many still run.
        running: u32,
        /// How long they have, in milliseconds.
        grace: u64,
    },
    /// A task ended: all its actions have.
    TaskFinished {
        /// Its stage.
        stage: u32,
        /// Its number.
        task: u32,
        /// How it ended.
        result: TaskResult,
        /// How long it ran, in milliseconds.
        duration: u64,
    },
    /// A task will not start.
    TaskSkipped {
        /// Its stage.
        stage: u32,
        /// Its number.
        task: u32,
        /// The number of its job.
        job: u32,
        /// The number of its site.
        site: u32,
        /// Why not.
        reason: SkipReason,
    },
    /// The run is being cancelled: nothing starts any more.
    CancelBegan {
        /// Why. A later event of this kind only ever has a graver reason.
        reason: CancelReason,
        /// How many actions still run.
        running: u32,
        /// How long they have to end by themselves, in milliseconds.
        grace: u64,
    },
    /// A stage ended.
    StageEnded {
        /// Its number.
        stage: u32,
        /// How many of its tasks failed.
        failed: u32,
        /// Whether more tasks failed than it allows, so that others were never started.
        budget_spent: bool,
    },
    /// The schedule said that this stage's failures do not count.
    FailureAllowed {
        /// The stage.
        stage: u32,
    },
    /// The schedule's own code failed.
    ScheduleFailed {
        /// Why.
        fault: Fault,
    },
    /// The run ended. The last event.
    RunEnded {
        /// What it came to.
        stats: Stats,
    },
}

impl EventKind {
    /// The version of what events are as data. A program that knows it can read all that is of the same version, if it
    /// ignores kinds, fields and values that it does not know.
    pub const SCHEMA_VERSION: u32 = 1;

    /// The number of the action in which it happened, for what only an action that runs can tell.
    #[doc(hidden)]
    pub fn told_by(&self) -> Option<u32> {
        match self {
            EventKind::CommandStarted { action, .. }
            | EventKind::StillWaiting { action, .. }
            | EventKind::Transferred { action, .. }
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
