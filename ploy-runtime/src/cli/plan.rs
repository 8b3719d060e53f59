use std::collections::HashMap;

use super::choose::{self, Choice};
use super::table::table;
use super::{exit, print};
use crate::catalogue::{Mode, Options, ScheduleBody, Stage};
use crate::engine::Catalogue;
use crate::error::Problem;
use crate::plan::{Node, NodeId, Plan, Task, build};
use crate::report::{ColorChoice, count, safe};
use crate::topology::Topology;

/// Prints what would run where and in which order, and runs nothing.
pub(super) fn plan(
    topology: &Topology,
    catalogue: &Catalogue,
    names: &[String],
    roles: Option<&[String]>,
    color: ColorChoice,
) -> u8 {
    match plan_text(topology, catalogue, names, roles, color) {
        Ok(text) => {
            print::out(&text);
            exit::OK
        }
        Err(problems) => {
            print::problems(color, &problems);
            exit::USAGE
        }
    }
}

fn plan_text(
    topology: &Topology,
    catalogue: &Catalogue,
    names: &[String],
    roles: Option<&[String]>,
    color: ColorChoice,
) -> Result<String, Vec<Problem>> {
    let choice = choose::choose(catalogue, names, true)?;
    let (problems, rest) = choose::weigh(catalogue, topology, &choice);
    for problem in rest {
        print::warning(color, &problem.to_string(), problem.hint());
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let stages: Vec<Stage> = match &choice {
        Choice::Jobs(stage) => vec![stage.clone()],
        Choice::Schedule(entry) => match entry.body() {
            ScheduleBody::Data(schedule) => schedule.stages().to_vec(),
            ScheduleBody::Code(_) => {
                let problem = Problem::new(format!(
                    "the stages of `{}` are decided while it runs: it is code",
                    entry.name()
                ));
                return Err(vec![problem.with_hint(
                    "a `#[schedule]` that returns a `Schedule` can be planned",
                )]);
            }
        },
    };
    let mut options = Options::new();
    if let Some(roles) = roles {
        options = options.within(roles);
    }
    let mut text = String::new();
    let count = stages.len();
    for (number, stage) in (1..).zip(&stages) {
        let plan = build(catalogue, topology, stage, &options)?;
        if matches!(choice, Choice::Jobs(_)) {
            let idle = choose::idle(catalogue, &plan, roles);
            if !idle.is_empty() {
                return Err(idle);
            }
        }
        if count > 1 {
            text.push_str(&format!("stage {number} of {count}: "));
        }
        text.push_str(&stage_text(&plan));
        if number < count {
            text.push('\n');
        }
    }
    Ok(text)
}

fn stage_text(plan: &Plan) -> String {
    let tasks = plan.tasks().count();
    let title = plan
        .options()
        .name
        .as_deref()
        .map(|name| format!("{}, ", safe(name.as_bytes())))
        .unwrap_or_default();
    let sites = count(plan.sites().len(), "site");
    let mut text = format!(
        "{title}{}: {} on {sites}\n",
        plan.mode(),
        count(tasks, "task")
    );
    let waves = waves(plan);
    let mut head = vec![String::new()];
    head.extend(plan.jobs().iter().map(|job| job.name().to_owned()));
    let mut rows = vec![head];
    let cells: HashMap<(u32, u32), (NodeId, &Task)> = plan
        .tasks()
        .map(|(node, task)| ((task.site, task.job), (node, task)))
        .collect();
    for (number, site) in (0..).zip(plan.sites()) {
        let mut row = vec![site.name().to_owned()];
        for (job, _) in (0..).zip(plan.jobs()) {
            row.push(match cells.get(&(number, job)) {
                Some((node, task)) if task.actions.len() > 1 => {
                    format!("{} ({} actions)", waves[*node as usize], task.actions.len())
                }
                Some((node, _)) => waves[*node as usize].to_string(),
                None => "-".to_owned(),
            });
        }
        rows.push(row);
    }
    if tasks > 0 {
        text.push_str(&table(&rows, "  "));
    }
    for job in plan.jobs() {
        if job.missing {
            text.push_str(&format!(
                "  {}: no such job, which the stage allows\n",
                job.name()
            ));
        } else if !job.has_tasks {
            let why = if job.is_idle() {
                "no site carries its roles"
            } else {
                "it has no actions"
            };
            text.push_str(&format!("  {}: {why}\n", job.name()));
        }
    }
    text.push_str(match plan.mode() {
        Mode::SiteSequential => {
            "  order: on each site by number; sites do not wait for each other\n"
        }
        Mode::Sequential => "  order: a number begins when all of the one before have ended\n",
        Mode::Atomic => "  order: one task at a time, by number\n",
        Mode::Parallel => "  order: all at once\n",
    });
    text
}

/// For each node, the number of tasks on the longest way to it, itself included.
fn waves(plan: &Plan) -> Vec<u32> {
    let weight = |node: usize| u32::from(matches!(plan.nodes()[node], Node::Task(_)));
    let mut waves: Vec<u32> = (0..plan.nodes().len()).map(weight).collect();
    // Gates are numbered after the tasks, so the edges are not in order: go on until nothing changes. Every round
    // settles at least one more job, and a stage has few.
    let mut changed = true;
    while changed {
        changed = false;
        for edge in plan.edges() {
            let to = edge.to as usize;
            let wave = waves[edge.from as usize] + weight(to);
            if wave > waves[to] {
                waves[to] = wave;
                changed = true;
            }
        }
    }
    waves
}
