//! What the macros register before `main` begins.

use std::sync::Arc;

use super::{Batch, Catalogue, ScheduleCode};
use crate::action::{Action, BoxFuture, Cx};
use crate::catalogue::{Arguments, JobAction, Param, Schedule, ScheduleBody, ScheduleEntry};
use crate::error::{Error, Source};
use crate::topology::Topology;

/// One thing that a macro registers.
pub enum Entry {
    /// A `#[job]`.
    Job(JobDef),
    /// An `#[action]`.
    Action(ActionDef),
    /// A `#[schedule]`.
    Schedule(ScheduleDef),
    /// A `sites!`.
    Topology(TopologyDef),
}

inventory::collect!(Entry);

/// What `#[job]` knows.
pub struct JobDef {
    /// The job's name.
    pub name: &'static str,
    /// Its doc comment.
    pub help: &'static str,
    /// The roles of its own action.
    pub roles: &'static [&'static str],
    /// Whether it may finish when the run is cancelled.
    pub critical: bool,
    /// The user who runs its commands, if it says so.
    pub run_as: Option<&'static str>,
    /// Where it is declared.
    pub source: Source,
    /// The name of its function.
    pub function: &'static str,
    /// The parameters of its function.
    pub params: &'static [Param],
    /// What its function does; `None` for a unit struct.
    pub action: Option<ActionFn>,
}

/// What `#[action]` knows.
pub struct ActionDef {
    /// The name of the job that it joins.
    pub job: &'static str,
    /// Its roles.
    pub roles: &'static [&'static str],
    /// Where it is declared.
    pub source: Source,
    /// The name of its function.
    pub function: &'static str,
    /// The parameters of its function.
    pub params: &'static [Param],
    /// What its function does.
    pub action: ActionFn,
}

/// A job's or action's function.
#[derive(Clone, Copy)]
pub enum ActionFn {
    /// An `async fn`.
    Async(fn(Cx) -> BoxFuture),
    /// A plain `fn`.
    Blocking(fn(Cx) -> Result<(), Error>),
}

/// What `#[schedule]` knows.
pub struct ScheduleDef {
    /// The schedule's name.
    pub name: &'static str,
    /// Its doc comment.
    pub help: &'static str,
    /// Where it is declared.
    pub source: Source,
    /// The parameters of its function.
    pub params: &'static [Param],
    /// What its function does.
    pub body: ScheduleFn,
}

/// A schedule's function.
#[derive(Clone, Copy)]
pub enum ScheduleFn {
    /// A plain function that returns the stages.
    Data(fn() -> Schedule),
    /// A plain function of parameters that returns the stages.
    Made(fn(&Arguments) -> Schedule),
    /// An asynchronous function that runs stages, and may take parameters.
    Code(fn(Batch) -> BoxFuture),
}

/// What `sites!` knows.
pub struct TopologyDef {
    /// Where it is declared.
    pub source: Source,
    /// Makes the topology.
    pub make: fn() -> Topology,
}

#[doc(hidden)]
impl From<ActionFn> for Action {
    fn from(function: ActionFn) -> Self {
        match function {
            ActionFn::Async(function) => Action::Async(Arc::new(function)),
            ActionFn::Blocking(function) => Action::Blocking(Arc::new(function)),
        }
    }
}

/// The catalogue of all jobs and schedules that macros declare in the crates linked into this
/// program. A crate that is nowhere named is not linked: see `main!`'s `uses`.
pub fn catalogue() -> Catalogue {
    let mut jobs: Vec<&JobDef> = Vec::new();
    let mut actions: Vec<&ActionDef> = Vec::new();
    let mut catalogue = Catalogue::new();
    for entry in inventory::iter::<Entry> {
        match entry {
            Entry::Job(job) => jobs.push(job),
            Entry::Action(action) => actions.push(action),
            Entry::Schedule(schedule) => catalogue.push_schedule(ScheduleEntry {
                name: schedule.name.to_owned(),
                help: schedule.help.to_owned(),
                source: Some(schedule.source),
                params: schedule.params.to_vec(),
                body: match schedule.body {
                    ScheduleFn::Data(make) => ScheduleBody::Data(make()),
                    ScheduleFn::Made(make) => ScheduleBody::Made(make),
                    ScheduleFn::Code(code) => ScheduleBody::Code(ScheduleCode::new(code)),
                },
            }),
            Entry::Topology(_) => {}
        }
    }
    // The linker's order means nothing; the source's is stable.
    jobs.sort_by_key(|job| (job.source.package, job.source.file, job.source.line));
    for job in jobs {
        catalogue.declare(job.name, job.help, job.source);
        if job.critical {
            catalogue.critical(job.name);
        }
        if let Some(user) = job.run_as {
            catalogue.run_as(job.name, user);
        }
        for param in job.params {
            catalogue.param(job.name, *param);
        }
        if let Some(function) = job.action {
            let parts = (job.function, job.roles, job.source, job.params);
            catalogue.join(job.name, joined(parts, function));
        }
    }
    actions.sort_by_key(|action| {
        (
            action.source.package,
            action.source.file,
            action.source.line,
        )
    });
    for action in actions {
        let parts = (action.function, action.roles, action.source, action.params);
        catalogue.join(action.job, joined(parts, action.action));
    }
    catalogue.sort_schedules();
    catalogue
}

type Parts = (
    &'static str,
    &'static [&'static str],
    Source,
    &'static [Param],
);

fn joined((name, roles, source, params): Parts, function: ActionFn) -> JobAction<Action> {
    JobAction {
        name: name.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        source: Some(source),
        params: params.to_vec(),
        body: function.into(),
    }
}

/// All topologies that `sites!` declares in the crates linked into this program, with their places.
/// Usually one.
pub fn topologies() -> Vec<(Source, Topology)> {
    let entries = inventory::iter::<Entry>.into_iter();
    let topologies = entries.filter_map(|entry| match entry {
        Entry::Topology(topology) => Some((topology.source, (topology.make)())),
        _ => None,
    });
    topologies.collect()
}
