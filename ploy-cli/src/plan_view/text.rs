//! A plan as tables of sites and jobs, for people.

use std::collections::HashMap;

use crate::terminal::table::table;
use ploy_core::catalogue::{Condition, Mode};
use ploy_core::plan::{EdgeKind, Node, NodeId, Plan, Task};
use ploy_core::text::safe;
use ploy_report::{count, duration};

/// The stages one after the other: for each a table of sites and jobs, and the order.
pub(crate) fn text(stages: &[(Condition, Plan)]) -> String {
    let mut text = String::new();
    let count = stages.len();
    for (number, (condition, plan)) in (1..).zip(stages) {
        if count > 1 {
            text.push_str(&format!("stage {number} of {count}: "));
        }
        text.push_str(&stage_text(plan, condition));
        if number < count {
            text.push('\n');
        }
    }
    text
}

fn stage_text(plan: &Plan, condition: &Condition) -> String {
    let tasks = plan.tasks().count();
    let mut title = plan
        .options()
        .name
        .as_deref()
        .map(|name| format!("{}, ", safe(name.as_bytes())))
        .unwrap_or_default();
    if condition.of().is_some() {
        title.push_str(&format!("{}, ", safe(condition.to_string().as_bytes())));
    }
    let sites = count(plan.sites().len(), "site");
    let mut text = format!(
        "{title}{}: {} on {sites}\n",
        plan.mode(),
        count(tasks, "task")
    );
    if tasks > 0 {
        text.push_str(&table(&rows(plan), "  "));
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
    for job in plan.jobs().iter().filter(|job| !job.arguments().is_empty()) {
        let given = job.arguments().iter();
        let words: Vec<String> = given
            .map(|one| format!("{}={}", one.name(), one.shown().join(",")))
            .collect();
        let line = format!("  {}: {}", job.name(), words.join(" "));
        text.push_str(&format!("{}\n", safe(line.as_bytes())));
    }
    text.push_str(match plan.mode() {
        Mode::SiteSequential => {
            "  order: on each site by number; sites do not wait for each other\n"
        }
        Mode::Sequential => "  order: a number begins when all of the one before have ended\n",
        Mode::Atomic => "  order: one task at a time, by number\n",
        Mode::Rolling => "  order: group by group, and in it on each site by number\n",
        _ => "  order: all at once\n",
    });
    if let Some(between) = between_groups(plan) {
        text.push_str(&format!("  between groups: {between}\n"));
    }
    if let Some(limits) = limits(plan) {
        text.push_str(&format!("  limits: {limits}\n"));
    }
    text
}

/// A row for each site, with the number of its tasks in the order of jobs.
fn rows(plan: &Plan) -> Vec<Vec<String>> {
    let has_groups = plan.group_count() > 0;
    let mut head = vec![String::new()];
    if has_groups {
        head.push("group".to_owned());
    }
    head.extend(plan.jobs().iter().map(|job| job.name().to_owned()));
    let mut rows = vec![head];
    let waves = waves(plan);
    let cells: HashMap<(u32, u32), (NodeId, &Task)> = plan
        .tasks()
        .map(|(node, task)| ((task.site, task.job), (node, task)))
        .collect();
    for (number, site) in (0..).zip(plan.sites()) {
        let mut row = vec![site.name().to_owned()];
        if has_groups {
            row.push((plan.group(number) + 1).to_string());
        }
        for (job, _) in (0..).zip(plan.jobs()) {
            row.push(match cells.get(&(number, job)) {
                Some((node, task)) if plan.actions(task).len() > 1 => {
                    format!(
                        "{} ({} actions)",
                        waves[*node as usize],
                        plan.actions(task).len()
                    )
                }
                Some((node, _)) => waves[*node as usize].to_string(),
                None => "-".to_owned(),
            });
        }
        rows.push(row);
    }
    rows
}

/// What a rolling stage of several groups does between them.
fn between_groups(plan: &Plan) -> Option<String> {
    if plan.group_count() < 2 {
        return None;
    }
    let options = plan.options();
    let pause = options
        .pause
        .map(|time| format!("pause for {}", duration(time)));
    let check = options
        .check
        .as_ref()
        .map(|check| format!("check `{}`", safe(check.name().as_bytes())));
    match (pause, check) {
        (Some(pause), Some(check)) => Some(format!("{pause}, then {check}")),
        (pause, check) => pause.or(check),
    }
}

/// The options that limit the stage, as far as they are set.
fn limits(plan: &Plan) -> Option<String> {
    let options = plan.options();
    let time = |what: &str, time: Option<std::time::Duration>| {
        time.map(|time| format!("{what} {}", duration(time)))
    };
    let parts: Vec<String> = [
        options
            .once
            .filter(|once| *once)
            .map(|_| "each job on one site only".to_owned()),
        options
            .fanout
            .map(|sites| format!("{} at once", count(sites as usize, "site"))),
        options
            .max_fail
            .map(|most| format!("{most} failed tasks allowed")),
        options
            .break_on_error
            .filter(|yes| !yes)
            .map(|_| "goes on after errors".to_owned()),
        options.retries.map(|times| format!("retries {times}")),
        time("an action", options.timeout),
        time("a task", options.task_timeout),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// For each node, the number of tasks on the longest way to it, itself included. In a stage of
/// groups, on the longest way within its group.
fn waves(plan: &Plan) -> Vec<u32> {
    let weight = |node: usize| u32::from(matches!(plan.nodes()[node], Node::Task(_)));
    let counts = |kind: EdgeKind| plan.group_count() == 0 || kind == EdgeKind::Needs;
    let mut waves: Vec<u32> = (0..plan.nodes().len()).map(weight).collect();
    // Gates are numbered after the tasks, so the edges are not in order: go on until nothing
    // changes. Every round settles at least one more job, and a stage has few.
    let mut changed = true;
    while changed {
        changed = false;
        for edge in plan.edges().filter(|edge| counts(edge.kind)) {
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
