//! What is wrong with a catalogue, and with the topology that it is to run on.

use std::collections::HashMap;

use ploy_syntax::command::is_reserved;
use ploy_syntax::name::can_be_command_line_word;

use super::catalogue::Catalogue;
use super::param::{Arguments, resolve};
use super::place::place;
use super::schedule_entry::{ScheduleBody, ScheduleEntry, made};
use super::stage::Schedule;
use crate::error::{Problem, Source, did_you_mean};
use crate::topology::{Topology, chosen};

impl<A, S> Catalogue<A, S> {
    /// All that is wrong with the catalogue, and with the topology that it is to run on.
    ///
    /// A run refuses only for what concerns the jobs that were chosen, and warns of the rest; the
    /// test that `main!` makes fails for any.
    pub fn validate(&self, topology: &Topology) -> Vec<Problem> {
        let mut problems = topology.problems();
        self.check_names(&mut problems);
        self.check_actions(topology, &mut problems);
        self.check_params(&mut problems);
        self.check_schedules(topology, &mut problems);
        problems
    }

    fn check_names(&self, problems: &mut Vec<Problem>) {
        for (name, again) in &self.repeated {
            let first = place(self.job(name).and_then(|job| job.source));
            problems.push(Problem::of(
                name,
                format!("job `{name}` is declared twice: {first} and {again}"),
            ));
        }
        let mut seen: HashMap<&str, Option<Source>> = HashMap::new();
        for schedule in &self.schedules {
            let name = schedule.name.as_str();
            let here = place(schedule.source);
            if let Some(first) = seen.insert(name, schedule.source) {
                let first = place(first);
                problems.push(Problem::of(
                    name,
                    format!("schedule `{name}` is declared twice: {first} and {here}"),
                ));
            }
            if let Some(job) = self.job(name) {
                let job = place(job.source);
                problems.push(Problem::of(
                    name,
                    format!("`{name}` is a job and a schedule: {job} and {here}"),
                ));
            }
        }
        let jobs = self.jobs.iter().map(|job| ("job", &job.name, job.source));
        let schedules = self
            .schedules
            .iter()
            .map(|schedule| ("schedule", &schedule.name, schedule.source));
        for (what, name, source) in jobs.chain(schedules) {
            let wrong = if name.is_empty() {
                "has an empty name".to_owned()
            } else if is_reserved(name) {
                format!("has the name of the command `{name}`")
            } else if !can_be_command_line_word(name) {
                format!("has a name that cannot be given on a command line: {name:?}")
            } else {
                continue;
            };
            problems.push(
                Problem::of(name, format!("a {what} {wrong}: {}", place(source)))
                    .with_hint(format!("give the {what} another `name`")),
            );
        }
    }

    fn check_actions(&self, topology: &Topology, problems: &mut Vec<Problem>) {
        for (job, action) in &self.strays {
            let mut problem = Problem::of(
                job,
                format!(
                    "action `{}` joins the job `{job}`, which nobody declared: {}",
                    action.name,
                    place(action.source)
                ),
            );
            if let Some(hint) = did_you_mean(job, self.jobs.iter().map(|job| job.name.as_str())) {
                problem = problem.with_hint(hint);
            }
            problems.push(problem);
        }
        for (name, what) in &self.unknown {
            let mut problem = Problem::of(name, format!("no job is named `{name}`, {what}"));
            if let Some(hint) = did_you_mean(name, self.jobs.iter().map(|job| job.name.as_str())) {
                problem = problem.with_hint(hint);
            }
            problems.push(problem);
        }
        // Asked for once a role, not once for each action on each site.
        let mut sites: HashMap<&str, bool> = HashMap::new();
        for site in topology.sites() {
            sites.insert(site.name(), true);
            sites.extend(site.roles.iter().map(|role| (role.as_str(), true)));
        }
        for job in &self.jobs {
            let mut nobody = !job.actions.is_empty();
            for action in &job.actions {
                for role in &action.roles {
                    let known = sites.contains_key(role.as_str()) || topology.is_declared(role);
                    nobody &= !known;
                    if !known {
                        let mut problem = Problem::of(
                            &job.name,
                            format!(
                                "job `{}` wants the undeclared role `{role}`: {}",
                                job.name,
                                place(action.source)
                            ),
                        );
                        problem = problem.with_hint(did_you_mean(role, topology.names()).unwrap_or_else(|| {
                            format!("declare it in `sites!` with `role \"{role}\";` or give it to a site")
                        }));
                        problems.push(problem);
                    }
                }
            }
            if nobody {
                let place = place(
                    job.source
                        .or_else(|| job.actions.first().and_then(|action| action.source)),
                );
                problems.push(Problem::of(
                    &job.name,
                    format!("no site can run the job `{}`: {place}", job.name),
                ));
            }
        }
    }

    fn check_schedules(&self, topology: &Topology, problems: &mut Vec<Problem>) {
        for schedule in &self.schedules {
            match &schedule.body {
                ScheduleBody::Data(data) => self.check_stages(schedule, data, topology, problems),
                // One that must be given something is looked at when it is.
                ScheduleBody::Made(make) => {
                    let none = Arguments::new();
                    let Ok(arguments) =
                        resolve("schedule", &schedule.name, &schedule.params, &none)
                    else {
                        continue;
                    };
                    match made(schedule, *make, &arguments) {
                        Ok(data) => self.check_stages(schedule, &data, topology, problems),
                        Err(problem) => problems.push(problem),
                    }
                }
                ScheduleBody::Code(_) => {}
            }
        }
    }

    /// Checks the stages of a schedule in data.
    #[doc(hidden)]
    pub fn check_stages(
        &self,
        schedule: &ScheduleEntry<S>,
        data: &Schedule,
        topology: &Topology,
        problems: &mut Vec<Problem>,
    ) {
        let (name, here) = (&schedule.name, place(schedule.source));
        for (mistake, hint) in data.mistakes() {
            let problem = Problem::of(name, format!("schedule `{name}`: {mistake}: {here}"));
            problems.push(match hint {
                Some(hint) => problem.with_hint(hint),
                None => problem,
            });
        }
        for stage in data.stages() {
            for listed in stage.jobs.iter() {
                let job = listed.name();
                if let Some(found) = self.job(job)
                    && let Err(wrong) = resolve("job", job, &found.params, listed.arguments())
                {
                    problems.extend(wrong.into_iter().map(|wrong| {
                        let text = format!("schedule `{name}`: {wrong}: {here}");
                        let problem = Problem::of(name, text);
                        match wrong.hint() {
                            Some(hint) => problem.with_hint(hint),
                            None => problem,
                        }
                    }));
                }
                if self.job(job).is_none() && stage.options.allow_missing_job != Some(true) {
                    let mut problem = Problem::of(
                        name,
                        format!("schedule `{name}` runs the unknown job `{job}`: {here}"),
                    );
                    if let Some(hint) =
                        did_you_mean(job, self.jobs.iter().map(|job| job.name.as_str()))
                    {
                        problem = problem.with_hint(hint);
                    }
                    problems.push(problem);
                }
            }
            if let Some(on) = &stage.options.on {
                let mut wrong = Vec::new();
                match on {
                    Ok(on) => drop(chosen(topology, &[on], &mut wrong)),
                    Err(error) => wrong.push(Problem::from(error)),
                }
                for found in wrong {
                    let problem = Problem::of(name, format!("schedule `{name}`: {found}: {here}"));
                    problems.push(match found.hint() {
                        Some(hint) => problem.with_hint(hint),
                        None => problem,
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{JobAction, Schedule, ScheduleEntry};
    use crate::topology::Settings;

    const HERE: Source = Source {
        file: "src/a.rs",
        line: 1,
        package: "a",
    };
    const THERE: Source = Source {
        file: "src/b.rs",
        line: 2,
        package: "b",
    };

    fn topology() -> Topology {
        let mut topology = Topology::new();
        topology
            .add("web1", Settings::new().roles(["web"]))
            .declare(["canary"]);
        topology
    }

    fn validated(fill: impl FnOnce(&mut Catalogue<(), ()>)) -> Vec<String> {
        let mut catalogue = Catalogue::new();
        fill(&mut catalogue);
        catalogue
            .validate(&topology())
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_sound_catalogue_has_no_problems() {
        let problems = validated(|catalogue| {
            catalogue
                .add("upload", ["web"], [()])
                .add("upload", ["web1"], [()])
                .add("later", ["canary"], [()])
                .add("smoke", Vec::<String>::new(), Vec::<()>::new())
                .add_schedule(
                    "release",
                    Schedule::new().run(["upload", "smoke"]).on(["web"]),
                );
        });
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn names_used_twice_show_both_places() {
        let problems = validated(|catalogue| {
            catalogue.declare("upload", "", HERE);
            catalogue.declare("upload", "", THERE);
            catalogue.push_schedule(ScheduleEntry {
                name: "upload".into(),
                params: Vec::new(),
                help: String::new(),
                source: Some(THERE),
                body: ScheduleBody::Code(()),
            });
        });
        assert_eq!(
            problems,
            [
                "job `upload` is declared twice: src/a.rs:1 and src/b.rs:2",
                "`upload` is a job and a schedule: src/a.rs:1 and src/b.rs:2",
            ]
        );
    }

    #[test]
    fn commands_names_roles_and_strays() {
        let problems = validated(|catalogue| {
            catalogue
                .add("list", ["web"], [()])
                .add("upload", ["wbe"], [()]);
            let action = JobAction {
                name: "backup".into(),
                params: Vec::new(),
                roles: vec![],
                source: Some(HERE),
                body: (),
            };
            catalogue.join("uplaod", action);
            catalogue.add_schedule("release", Schedule::new().run(["nothing"]).on(["nowhere"]));
        });
        assert_eq!(
            problems,
            [
                "a job has the name of the command `list`: added by hand",
                "action `backup` joins the job `uplaod`, which nobody declared: src/a.rs:1",
                "job `upload` wants the undeclared role `wbe`: added by hand",
                "no site can run the job `upload`: added by hand",
                "schedule `release` runs the unknown job `nothing`: added by hand",
                "schedule `release`: no site or role is named `nowhere`: added by hand",
            ]
        );
    }

    #[test]
    fn a_problem_concerns_its_job_alone() {
        let mut catalogue = Catalogue::<(), ()>::new();
        catalogue.add("upload", ["wbe"], [()]);
        let problems = catalogue.validate(&topology());
        assert!(
            problems
                .iter()
                .all(|problem| problem.concerns("upload") && !problem.concerns("backup"))
        );
    }
}
