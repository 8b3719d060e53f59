//! All jobs and schedules.

use std::collections::HashMap;

use super::job::{Job, JobAction};
use super::param::Param;
use super::schedule_entry::{ScheduleBody, ScheduleEntry};
use super::stage::Schedule;
use crate::error::Source;
use crate::topology::IntoRoles;

/// All jobs and schedules. `A` is what an action does and `S` what a schedule in code does.
#[derive(Clone, Debug)]
pub struct Catalogue<A, S> {
    pub(super) jobs: Vec<Job<A>>,
    by_name: HashMap<String, usize>,
    /// Jobs declared a second time: kept only to be complained of.
    pub(super) repeated: Vec<(String, Source)>,
    /// Actions that join a job by a name that nobody declared when they were added.
    pub(super) strays: Vec<(String, JobAction<A>)>,
    /// Names given to `critical` and `run_as` that no job had, and what the job was to be.
    pub(super) unknown: Vec<(String, &'static str)>,
    pub(super) schedules: Vec<ScheduleEntry<S>>,
}

impl<A, S> Default for Catalogue<A, S> {
    fn default() -> Self {
        Catalogue {
            jobs: Vec::new(),
            by_name: HashMap::new(),
            repeated: Vec::new(),
            strays: Vec::new(),
            unknown: Vec::new(),
            schedules: Vec::new(),
        }
    }
}

impl<A, S> Catalogue<A, S> {
    /// A catalogue without jobs.
    pub fn new() -> Self {
        Catalogue::default()
    }

    /// Adds actions to the job of that name, which is made if it is not there. All of them get
    /// these roles; without any, the job's name is the role. A job without actions is known and
    /// does nothing.
    pub fn add(
        &mut self,
        name: impl Into<String>,
        roles: impl IntoRoles,
        actions: impl IntoIterator<Item = impl Into<A>>,
    ) -> &mut Self {
        let name = name.into();
        let mut roles = roles.into_roles();
        if roles.is_empty() {
            roles.push(name.clone());
        }
        let job = self.job_or_new(&name);
        for action in actions {
            job.actions.push(JobAction {
                name: format!("{name}[{}]", job.actions.len() + 1),
                roles: roles.clone(),
                source: None,
                params: Vec::new(),
                body: action.into(),
            });
        }
        self
    }

    /// Has another user run the commands of a job, and read and write its files, on whatever site:
    /// as the site's `run_as` does, which counts less. Only a job that is there can be given one;
    /// for any other name it is one of the problems that [`validate`](Catalogue::validate) finds.
    pub fn run_as(&mut self, name: &str, user: impl Into<String>) -> &mut Self {
        match self.by_name.get(name) {
            Some(&index) => self.jobs[index].run_as = Some(user.into()),
            None => self
                .unknown
                .push((name.to_owned(), "to run as another user")),
        }
        self
    }

    /// Marks a job as critical: when the run is cancelled, its actions are not told to end, and may
    /// finish. Only a second signal, or a time-out of their own, ends them. The job must be there
    /// already.
    pub fn critical(&mut self, name: &str) -> &mut Self {
        match self.by_name.get(name) {
            Some(&index) => self.jobs[index].critical = true,
            None => self.unknown.push((name.to_owned(), "to be critical")),
        }
        self
    }

    /// Gives a job another parameter. Its actions take the value by `Cx::argument`. Only a job that
    /// is there can have one; for any other name it is one of the problems that
    /// [`validate`](Catalogue::validate) finds.
    pub fn param(&mut self, name: &str, param: Param) -> &mut Self {
        match self.by_name.get(name) {
            Some(&index) => self.jobs[index].params.push(param),
            None => self.unknown.push((name.to_owned(), "to have a parameter")),
        }
        self
    }

    /// Adds a schedule in data.
    pub fn add_schedule(&mut self, name: impl Into<String>, schedule: Schedule) -> &mut Self {
        self.schedules.push(ScheduleEntry {
            name: name.into(),
            help: String::new(),
            source: None,
            params: Vec::new(),
            body: ScheduleBody::Data(schedule),
        });
        self
    }

    fn job_or_new(&mut self, name: &str) -> &mut Job<A> {
        let index = *self.by_name.entry(name.to_owned()).or_insert_with(|| {
            self.jobs.push(Job {
                name: name.to_owned(),
                help: String::new(),
                source: None,
                critical: false,
                run_as: None,
                params: Vec::new(),
                actions: Vec::new(),
            });
            self.jobs.len() - 1
        });
        &mut self.jobs[index]
    }

    /// Declares a job from source code. A name that is declared already is remembered as a problem.
    #[doc(hidden)]
    pub fn declare(&mut self, name: &str, help: &str, source: Source) {
        let job = self.job_or_new(name);
        if job.source.is_some() {
            self.repeated.push((name.to_owned(), source));
            return;
        }
        job.source = Some(source);
        job.help = help.to_owned();
    }

    /// Adds an action from source code to a job; one whose job is unknown is remembered as a
    /// problem.
    #[doc(hidden)]
    pub fn join(&mut self, job: &str, action: JobAction<A>) {
        match self.by_name.get(job) {
            Some(&index) => self.jobs[index].actions.push(action),
            None => self.strays.push((job.to_owned(), action)),
        }
    }

    #[doc(hidden)]
    pub fn push_schedule(&mut self, entry: ScheduleEntry<S>) {
        self.schedules.push(entry);
    }

    /// The job of that name.
    pub fn job(&self, name: &str) -> Option<&Job<A>> {
        self.by_name.get(name).map(|&index| &self.jobs[index])
    }

    /// All jobs, in the order in which they were added.
    pub fn jobs(&self) -> &[Job<A>] {
        &self.jobs
    }

    /// The schedule of that name.
    pub fn schedule(&self, name: &str) -> Option<&ScheduleEntry<S>> {
        self.schedules.iter().find(|schedule| schedule.name == name)
    }

    /// All schedules, in the order in which they were added.
    pub fn schedules(&self) -> &[ScheduleEntry<S>] {
        &self.schedules
    }

    /// Registration order is the linker's; that of the source is stable and what a reader expects.
    #[doc(hidden)]
    pub fn sort_schedules(&mut self) {
        let place = |source: &Option<Source>| {
            source.map(|source| (source.package, source.file, source.line))
        };
        self.schedules
            .sort_by_key(|schedule| place(&schedule.source));
    }
}
