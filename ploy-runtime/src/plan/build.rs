use std::collections::HashSet;
use std::sync::Arc;

use super::draw::draw;
use super::{Plan, PlannedJob, Task};
use crate::catalogue::{Catalogue, Options, Stage};
use crate::error::{Problem, did_you_mean};
use crate::topology::{Site, Topology};

/// Makes the plan of a stage: the tasks that it stands for, and their order.
///
/// `defaults` are the batch's options, which hold where the stage sets none.
///
/// # Errors
///
/// Whatever is wrong with the topology, every job that is missing (unless the stage allows that) and every role that
/// nobody declared.
pub fn build<A, S>(
    catalogue: &Catalogue<A, S>,
    topology: &Topology,
    stage: &Stage,
    defaults: &Options,
) -> Result<Plan, Vec<Problem>> {
    let options = stage.options.or(defaults);
    let mut problems = topology.problems();
    let chosen = chosen_sites(
        topology,
        options.on.as_deref(),
        options.within.as_deref(),
        &mut problems,
    );

    let mut jobs = Vec::with_capacity(stage.jobs.iter().len());
    let mut tasks = Vec::new();
    let mut used = vec![false; topology.sites().len()];
    for reference in stage.jobs.iter() {
        let name = reference.name();
        let Some(job) = catalogue.job(name) else {
            if options.allow_missing_job != Some(true) {
                let mut problem = Problem::of(name, format!("no job is named `{name}`"));
                if let Some(hint) =
                    did_you_mean(name, catalogue.jobs().iter().map(|job| job.name.as_str()))
                {
                    problem = problem.with_hint(hint);
                }
                problems.push(problem);
            }
            jobs.push(PlannedJob {
                name: name.to_owned(),
                has_tasks: false,
                missing: true,
                has_actions: false,
            });
            continue;
        };
        let before = tasks.len();
        for (index, site) in &chosen {
            let actions: Box<[u32]> = (0..)
                .zip(&job.actions)
                .filter(|(_, action)| action.roles.iter().any(|role| site.has_role(role)))
                .map(|(number, _)| number)
                .collect();
            if !actions.is_empty() {
                used[*index] = true;
                tasks.push(Task {
                    job: number(jobs.len()),
                    site: number(*index),
                    actions,
                });
            }
        }
        jobs.push(PlannedJob {
            name: name.to_owned(),
            has_tasks: tasks.len() > before,
            missing: false,
            has_actions: !job.actions.is_empty(),
        });
    }
    if !problems.is_empty() {
        return Err(problems);
    }

    let sites = keep_used(topology.sites(), &used, &mut tasks);
    let budget = options.failure_budget(stage.mode);
    let break_on_error = options.break_on_error.unwrap_or(true);
    let (nodes, edges) = draw(stage.mode, tasks);
    Ok(Plan {
        mode: stage.mode,
        options,
        jobs,
        sites,
        nodes,
        edges,
        budget,
        break_on_error,
    })
}

/// Drops the sites without tasks and numbers the tasks' sites anew.
fn keep_used(sites: &[Arc<Site>], used: &[bool], tasks: &mut [Task]) -> Vec<Arc<Site>> {
    let mut kept = Vec::new();
    let mut renumbered = vec![0; sites.len()];
    for (index, site) in sites.iter().enumerate().filter(|(index, _)| used[*index]) {
        renumbered[index] = number(kept.len());
        kept.push(site.clone());
    }
    for task in tasks {
        task.site = renumbered[task.site as usize];
    }
    kept
}

/// The sites that a stage may use, with their numbers in the topology: those that carry a role of `on`, and one of
/// `within`; `None` is no restriction.
///
/// A guarded site is chosen only by its name, or by a role that only guarded sites carry.
pub fn chosen_sites<'a>(
    topology: &'a Topology,
    on: Option<&[String]>,
    within: Option<&[String]>,
    problems: &mut Vec<Problem>,
) -> Vec<(usize, &'a Arc<Site>)> {
    let named = || on.into_iter().chain(within).flatten();
    for role in named().filter(|role| !topology.knows(role)) {
        let mut problem = Problem::new(format!("no site or role is named `{role}`"));
        if let Some(hint) = did_you_mean(role, topology.names()) {
            problem = problem.with_hint(hint);
        }
        problems.push(problem);
    }
    let is_guarded = |site: &Site| site.guarded == Some(true);
    let open = topology.sites().iter().filter(|site| !is_guarded(site));
    let open_roles: HashSet<&str> = open
        .flat_map(|site| site.roles.iter().map(String::as_str))
        .collect();
    let carries = |site: &Site, roles: Option<&[String]>| {
        roles.is_none_or(|roles| roles.iter().any(|role| site.has_role(role)))
    };
    let is_meant = |site: &Site| {
        named().any(|role| {
            site.name() == role || (site.has_role(role) && !open_roles.contains(role.as_str()))
        })
    };
    topology
        .sites()
        .iter()
        .enumerate()
        .filter(|(_, site)| {
            carries(site, on) && carries(site, within) && (!is_guarded(site) || is_meant(site))
        })
        .collect()
}

fn number(index: usize) -> u32 {
    // A plan of four billion tasks does not fit into memory.
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Mode;
    use crate::plan::{EdgeKind, Node};
    use crate::topology::Settings;

    fn topology() -> Topology {
        let mut topology = Topology::new();
        topology
            .add("web1", Settings::new().roles(["web", "primary"]))
            .add("db1", Settings::new().roles(["db"]))
            .add("web2", Settings::new().roles(["web"]))
            .add(
                "live",
                Settings::new().roles(["web", "production"]).guarded(true),
            );
        topology
    }

    fn catalogue() -> Catalogue<(), ()> {
        let mut catalogue = Catalogue::new();
        catalogue
            .add("upload", ["web", "primary"], [()])
            .add("upload", ["primary"], [()])
            .add("upgrade", ["web"], [()])
            .add("smoke", Vec::<String>::new(), Vec::<()>::new())
            .add("dump", ["db"], [()])
            .add("live-only", ["production"], [()]);
        catalogue
    }

    fn plan(stage: &Stage) -> Plan {
        build(&catalogue(), &topology(), stage, &Options::new()).unwrap()
    }

    fn tasks(plan: &Plan) -> Vec<String> {
        plan.tasks()
            .map(|(_, task)| {
                let (job, site) = (
                    &plan.jobs[task.job as usize],
                    &plan.sites[task.site as usize],
                );
                format!("{}@{}:{}", job.name, site.name(), task.actions.len())
            })
            .collect()
    }

    #[test]
    fn an_action_runs_once_on_a_site_however_many_of_its_roles_match() {
        let plan = plan(&Stage::new(
            Mode::SiteSequential,
            ["upload", "upgrade", "upload"],
        ));
        assert_eq!(
            tasks(&plan),
            [
                "upload@web1:2",
                "upload@web2:1",
                "upgrade@web1:1",
                "upgrade@web2:1",
                "upload@web1:2",
                "upload@web2:1"
            ]
        );
        assert!(plan.edges.iter().all(|edge| edge.kind == EdgeKind::Needs));
        assert_eq!(plan.edges.len(), 4);
    }

    #[test]
    fn a_stage_can_be_restricted_and_guarded_sites_must_be_meant() {
        let on =
            |roles: &[&str], job: &str| tasks(&plan(&Stage::new(Mode::Parallel, job).on(roles)));
        assert_eq!(on(&["primary"], "upload"), ["upload@web1:2"]);
        assert_eq!(on(&["web2", "db"], "upload"), ["upload@web2:1"]);
        assert_eq!(on(&["live"], "upload"), ["upload@live:1"]);
        assert_eq!(on(&["production"], "live-only"), ["live-only@live:1"]);
        assert!(plan(&Stage::new(Mode::Parallel, "live-only")).jobs[0].is_idle());
    }

    #[test]
    fn a_job_without_actions_is_known_and_idle_of_right() {
        let plan = plan(&Stage::new(Mode::SiteSequential, ["smoke"]));
        assert!(plan.nodes.is_empty() && !plan.jobs[0].is_idle());
    }

    #[test]
    fn what_is_missing_is_told_unless_allowed() {
        let stage = Stage::new(Mode::SiteSequential, ["uplaod", "dump"]).on(["wbe"]);
        let problems = build(&catalogue(), &topology(), &stage, &Options::new()).unwrap_err();
        let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["no site or role is named `wbe`", "no job is named `uplaod`"]
        );
        assert_eq!(problems[1].hint(), Some("did you mean `upload`?"));
        let stage = Stage::new(Mode::SiteSequential, ["uplaod", "dump"]).allow_missing_job(true);
        assert_eq!(tasks(&plan(&stage)), ["dump@db1:1"]);
    }

    #[test]
    fn a_gate_stands_between_jobs_in_sequential_mode() {
        let plan = plan(&Stage::new(Mode::Sequential, ["upload", "upgrade"]));
        assert_eq!(
            plan.nodes
                .iter()
                .filter(|node| **node == Node::Gate)
                .count(),
            1
        );
        assert_eq!(
            plan.edges
                .iter()
                .filter(|edge| edge.kind == EdgeKind::After)
                .count(),
            4
        );
        assert_eq!(plan.budget, Some(0));
    }
}
