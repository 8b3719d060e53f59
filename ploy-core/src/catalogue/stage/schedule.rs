//! A schedule as data.

use std::time::Duration;

use super::super::job_list::IntoJobs;
use super::amount::Amount;
use super::condition::Condition;
use super::group_check::GroupCheck;
use super::groups::Groups;
use super::mode::Mode;
use super::stage::Stage;
use crate::error::did_you_mean;
use crate::topology::IntoSelector;

/// A sequence of stages, as data: each begins when the one before it has ended, and only if nothing
/// before it failed, unless it says otherwise by `on_failure` or `always`.
///
/// ```
/// use ploy::Schedule;
///
/// let release = Schedule::new()
///     .run("package")
///     .rolling("1,10%,100%", ["upload-web", "upgrade-web"]).on("web").name("switch")
///     .run("roll-back").on_failure("switch")
///     .run("tell").always("switch");
/// assert_eq!(release.stages().len(), 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    stages: Vec<Stage>,
}

macro_rules! on_last_stage {
    ($($(#[$doc:meta])* $name:ident($argument:ident: $type:ty);)*) => {
        $($(#[$doc])* #[must_use] pub fn $name(mut self, $argument: $type) -> Self {
            if let Some(last) = self.stages.pop() {
                self.stages.push(last.$name($argument));
            }
            self
        })*
    };
}

impl Schedule {
    /// A schedule without stages. Each method of a mode's name adds a stage; the options after it
    /// are that stage's.
    pub fn new() -> Self {
        Schedule::default()
    }

    /// Adds a stage.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stages.push(stage);
        self
    }

    /// Adds a stage in site-sequential mode: on each site, job after job.
    #[must_use]
    pub fn run(self, jobs: impl IntoJobs) -> Self {
        self.stage(Stage::new(Mode::SiteSequential, jobs))
    }

    /// Adds a stage in which a job begins when the one before it has ended on all sites.
    #[must_use]
    pub fn sequential(self, jobs: impl IntoJobs) -> Self {
        self.stage(Stage::new(Mode::Sequential, jobs))
    }

    /// Adds a stage that runs one task at a time.
    #[must_use]
    pub fn atomic(self, jobs: impl IntoJobs) -> Self {
        self.stage(Stage::new(Mode::Atomic, jobs))
    }

    /// Adds a stage that runs all jobs on a group of sites, then on the next: `2`, or
    /// `"1,10%,100%"`.
    #[must_use]
    pub fn rolling(self, groups: impl Into<Groups>, jobs: impl IntoJobs) -> Self {
        self.stage(Stage::rolling(groups, jobs))
    }

    /// Adds a stage that runs everything at once.
    #[must_use]
    pub fn parallel(self, jobs: impl IntoJobs) -> Self {
        self.stage(Stage::new(Mode::Parallel, jobs))
    }

    on_last_stage! {
        /// As [`Stage::on_failure`], of the last stage.
        on_failure(stage: impl Into<String>);
        /// As [`Stage::always`], of the last stage.
        always(stage: impl Into<String>);
        /// As [`Stage::on`], of the last stage.
        on(sites: impl IntoSelector);
        /// Names the last stage.
        name(name: impl Into<String>);
        /// Describes the last stage.
        desc(desc: impl Into<String>);
        /// As [`Stage::pause`], of the last stage.
        pause(time: Duration);
        /// As [`Stage::check`], of the last stage.
        check(check: impl Into<GroupCheck>);
        /// As [`Stage::once`], of the last stage.
        once(yes: bool);
        /// As [`Stage::break_on_error`], of the last stage.
        break_on_error(yes: bool);
        /// As [`Stage::allow_missing_job`], of the last stage.
        allow_missing_job(yes: bool);
        /// As [`Stage::max_fail`], of the last stage.
        max_fail(tasks: impl Into<Amount>);
        /// As [`Stage::fanout`], of the last stage.
        fanout(sites: u32);
        /// As [`Stage::retries`], of the last stage.
        retries(times: u32);
        /// As [`Stage::backoff`], of the last stage.
        backoff(time: Duration);
        /// As [`Stage::timeout`], of the last stage.
        timeout(time: Duration);
        /// As [`Stage::task_timeout`], of the last stage.
        task_timeout(time: Duration);
        /// As [`Stage::report`], of the last stage.
        report(yes: bool);
        /// As [`Stage::debug`], of the last stage.
        debug(yes: bool);
        /// As [`Stage::log`], of the last stage.
        log(yes: bool);
        /// As [`Stage::quiet`], of the last stage.
        quiet(yes: bool);
    }

    /// What is left from a job on: the first stage that runs it, from that job on, and the stages
    /// after it. Those whose condition looks at a stage that is left out are left out too. `None`
    /// if no stage runs the job.
    #[must_use]
    pub fn starting_from(&self, job: &str) -> Option<Schedule> {
        let runs = |stage: &Stage| stage.jobs.iter().position(|listed| listed.name() == job);
        let begin = self.stages.iter().position(|stage| runs(stage).is_some())?;
        let name = |stage: &Stage| stage.options.name.clone();
        let mut lost: Vec<String> = self.stages[..begin].iter().filter_map(name).collect();
        let mut left = Vec::new();
        for stage in &self.stages[begin..] {
            let mut stage = stage.clone();
            if left.is_empty() {
                // It was decided that it is to run.
                stage.condition = Condition::Success;
                let first = runs(&stage).unwrap_or(0);
                stage.jobs = stage.jobs.iter().skip(first).cloned().collect();
            } else if stage
                .condition
                .of()
                .is_some_and(|of| lost.iter().any(|name| name == of))
            {
                lost.extend(name(&stage));
                continue;
            }
            left.push(stage);
        }
        Some(Schedule { stages: left })
    }

    /// The stages in order.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// What is wrong with it in itself: each message, with a hint if there is one. A condition must
    /// name a stage before its own, and a name that a condition uses must be that of one stage
    /// only.
    #[doc(hidden)]
    pub fn mistakes(&self) -> Vec<(String, Option<String>)> {
        let mut mistakes = Vec::new();
        for (index, stage) in self.stages.iter().enumerate() {
            if let Some(of) = stage.condition.of() {
                let before = || {
                    self.stages[..index]
                        .iter()
                        .filter_map(|stage| stage.options.name.as_deref())
                };
                match before().filter(|name| *name == of).count() {
                    1 => {}
                    0 => mistakes.push((
                        format!("stage {} depends on `{of}`, and no stage before it has that name", index + 1),
                        Some(did_you_mean(of, before()).unwrap_or_else(|| {
                            format!("name the stage: `.run(..).name({of:?})`")
                        })),
                    )),
                    _ => mistakes.push((
                        format!("stage {} depends on `{of}`, and several stages before it have that name", index + 1),
                        None,
                    )),
                }
            }
            if let Some(wrong) = stage.options.groups.as_ref().and_then(Groups::wrong) {
                mistakes.push((
                    format!("the groups of stage {} cannot be read: {wrong}", index + 1),
                    Some("write sizes such as `2` or `1,10%,100%`".to_owned()),
                ));
            }
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::super::course::Course;
    use super::*;

    fn schedule() -> Schedule {
        Schedule::new()
            .run("package")
            .run("switch")
            .name("switch")
            .run("back")
            .on_failure("switch")
            .run("unlock")
            .always("switch")
            .run("tell")
    }

    /// The jobs of the stages that run if these fail.
    fn course(failing: &[&str]) -> Vec<String> {
        let mut course = Course::default();
        let mut ran = Vec::new();
        for stage in schedule().stages() {
            if course.admits(stage) {
                let job = stage.jobs().iter().next().unwrap().name().to_owned();
                course.note(stage, failing.contains(&job.as_str()));
                ran.push(job);
            }
        }
        ran
    }

    #[test]
    fn conditions_decide_what_runs() {
        assert_eq!(course(&[]), ["package", "switch", "unlock", "tell"]);
        assert_eq!(course(&["switch"]), ["package", "switch", "back", "unlock"]);
        assert_eq!(course(&["package"]), ["package"]);
        assert_eq!(course(&["unlock"]), ["package", "switch", "unlock"]);
    }

    #[test]
    fn what_comes_before_a_job_can_be_left_out() {
        let left = |job: &str| -> Option<Vec<String>> {
            let schedule = schedule().starting_from(job)?;
            assert!(schedule.mistakes().is_empty());
            let jobs = schedule
                .stages()
                .iter()
                .flat_map(|stage| stage.jobs().iter());
            Some(jobs.map(|job| job.name().to_owned()).collect())
        };
        assert_eq!(
            left("switch").unwrap(),
            ["switch", "back", "unlock", "tell"]
        );
        assert_eq!(
            left("back").unwrap(),
            ["back", "tell"],
            "the stage that `unlock` looks at is gone"
        );
        assert_eq!(left("upload"), None);
        let two = Schedule::new()
            .run(["a", "b", "c"])
            .starting_from("b")
            .unwrap();
        assert_eq!(
            two.stages()[0]
                .jobs()
                .iter()
                .map(crate::catalogue::JobRef::name)
                .collect::<Vec<_>>(),
            ["b", "c"]
        );
    }

    #[test]
    fn a_condition_names_one_stage_before_it() {
        assert!(schedule().mistakes().is_empty());
        let wrong = Schedule::new()
            .run("a")
            .name("one")
            .run("b")
            .on_failure("oen")
            .run("c")
            .name("late")
            .always("late")
            .rolling("1,x", "d");
        let mistakes = wrong.mistakes();
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
        assert_eq!(mistakes[0].1.as_deref(), Some("did you mean `one`?"));
        assert!(mistakes[1].0.contains("stage 3 depends on `late`"));
        assert!(mistakes[2].0.contains("`x` is neither a number"));
    }
}
