//! Makes the plan of a stage.

use std::collections::HashMap;
use std::sync::Arc;

use super::draw::draw;
use super::{Plan, PlannedJob, Task};
use crate::catalogue::{Arguments, Catalogue, Groups, Job, JobRef, Options, Stage, resolve};
use crate::error::{Problem, did_you_mean};
use crate::topology::{Selector, SelectorError, Site, Topology, chosen};

/// Makes the plan of a stage: the tasks that it stands for, and their order.
///
/// `defaults` are the batch's options, which hold where the stage sets none.
///
/// # Errors
///
/// Whatever is wrong with the topology, every job that is missing (unless the stage allows that),
/// what is wrong with what is given for its parameters, every site or role that nobody declared,
/// and groups that cannot be read.
pub fn build<A, S>(
    catalogue: &Catalogue<A, S>,
    topology: &Topology,
    stage: &Stage,
    defaults: &Options,
) -> Result<Plan, Vec<Problem>> {
    let options = stage.options.or(defaults);
    let mut problems = topology.problems();
    let sites = selected(topology, &options, &mut problems);
    let groups = options.groups.clone().unwrap_or_else(|| Groups::from(1));
    if let Some(wrong) = groups.wrong() {
        let problem = Problem::new(format!("the groups of the stage cannot be read: {wrong}"));
        problems.push(problem.with_hint("write sizes such as `2` or `1,10%,100%`"));
    }

    let mut draft = Draft::new(topology.sites().len());
    for listed in stage.jobs.iter() {
        let name = listed.name();
        match catalogue.job(name) {
            Some(job) => {
                let arguments = arguments(job, listed, &mut problems);
                draft.add(job, arguments, &sites, options.once == Some(true));
            }
            None => {
                if options.allow_missing_job != Some(true) {
                    problems.push(missing(catalogue, name));
                }
                draft.jobs.push(PlannedJob {
                    name: name.into(),
                    arguments: Arc::default(),
                    has_tasks: false,
                    missing: true,
                    has_actions: false,
                });
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(draft.finish(topology.sites(), options, &groups))
}

/// What a job gets for its parameters.
fn arguments<A>(job: &Job<A>, listed: &JobRef, problems: &mut Vec<Problem>) -> Arc<Arguments> {
    match resolve("job", &job.name, &job.params, listed.arguments()) {
        Ok(arguments) => Arc::new(arguments),
        Err(found) => {
            problems.extend(found);
            Arc::default()
        }
    }
}

/// The sites that the options leave, with their numbers in the topology.
fn selected<'a>(
    topology: &'a Topology,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Vec<(usize, &'a Arc<Site>)> {
    let mut selectors: Vec<&Selector> = Vec::new();
    let given: [&Option<Result<Selector, SelectorError>>; 2] = [&options.on, &options.within];
    for selector in given.into_iter().flatten() {
        match selector {
            Ok(selector) => selectors.push(selector),
            Err(error) => problems.push(Problem::from(error)),
        }
    }
    chosen(topology, &selectors, problems)
}

fn missing<A, S>(catalogue: &Catalogue<A, S>, name: &str) -> Problem {
    let problem = Problem::of(name, format!("no job is named `{name}`"));
    match did_you_mean(name, catalogue.jobs().iter().map(Job::name)) {
        Some(hint) => problem.with_hint(hint),
        None => problem,
    }
}

/// A plan in the making.
struct Draft {
    jobs: Vec<PlannedJob>,
    tasks: Vec<Task>,
    fragments: Vec<Box<[u32]>>,
    known: HashMap<Box<[u32]>, u32>,
    used: Vec<bool>,
}

impl Draft {
    fn new(sites: usize) -> Self {
        Draft {
            jobs: Vec::new(),
            tasks: Vec::new(),
            fragments: Vec::new(),
            known: HashMap::new(),
            used: vec![false; sites],
        }
    }

    /// Adds the tasks of a job: one for each of these sites that runs one of its actions.
    fn add<A>(
        &mut self,
        job: &Job<A>,
        arguments: Arc<Arguments>,
        sites: &[(usize, &Arc<Site>)],
        once: bool,
    ) {
        let before = self.tasks.len();
        let mut actions: Vec<u32> = Vec::new();
        for (index, site) in sites {
            actions.clear();
            actions.extend(
                (0..)
                    .zip(&job.actions)
                    .filter(|(_, action)| action.roles.iter().any(|role| site.has_role(role)))
                    .map(|(number, _)| number),
            );
            if actions.is_empty() {
                continue;
            }
            self.used[*index] = true;
            let task = Task {
                job: number(self.jobs.len()),
                site: number(*index),
                fragments: self.intern(&actions),
            };
            self.tasks.push(task);
            if once {
                break;
            }
        }
        self.jobs.push(PlannedJob {
            name: job.name.as_str().into(),
            arguments,
            has_tasks: self.tasks.len() > before,
            missing: false,
            has_actions: !job.actions.is_empty(),
        });
    }

    fn intern(&mut self, actions: &[u32]) -> u32 {
        if let Some(index) = self.known.get(actions) {
            return *index;
        }
        let index = number(self.fragments.len());
        self.fragments.push(actions.into());
        self.known.insert(actions.into(), index);
        index
    }

    fn finish(mut self, all: &[Arc<Site>], options: Options, groups: &Groups) -> Plan {
        let sites = self.keep_used(all);
        let shape = options.chosen_mode().shape();
        let groups = match shape.1 {
            crate::catalogue::Width::Groups => (0..)
                .zip(groups.sizes(number(sites.len())))
                .flat_map(|(group, size)| (0..size).map(move |_| group))
                .collect(),
            _ => Vec::new(),
        };
        let budget = options.failure_budget(number(self.tasks.len()));
        let (nodes, edges) = draw(shape, self.tasks, &groups);
        Plan {
            budget,
            break_on_error: options.break_on_error.unwrap_or(true),
            options,
            jobs: self.jobs,
            sites,
            groups,
            nodes,
            edges,
            fragments: self.fragments,
        }
    }

    /// Drops the sites without tasks and numbers the tasks' sites anew.
    fn keep_used(&mut self, all: &[Arc<Site>]) -> Vec<Arc<Site>> {
        let mut kept = Vec::new();
        let mut renumbered = vec![0; all.len()];
        for (index, site) in all
            .iter()
            .enumerate()
            .filter(|(index, _)| self.used[*index])
        {
            renumbered[index] = number(kept.len());
            kept.push(site.clone());
        }
        for task in &mut self.tasks {
            task.site = renumbered[task.site as usize];
        }
        kept
    }
}

fn number(index: usize) -> u32 {
    // A plan of four billion tasks does not fit into memory.
    u32::try_from(index).unwrap_or(u32::MAX)
}
