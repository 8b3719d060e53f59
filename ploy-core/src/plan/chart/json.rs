//! A chart as JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::super::graph::{EdgeKind, Gate, Node};
use super::chart::{Chart, Charted, ChartedAction};
use crate::catalogue::{Condition, Mode, Options};
use crate::milliseconds::milliseconds;
use crate::topology::{Selector, SelectorError};

/// The version of the document. It grows when a field changes its meaning or goes, not when one is
/// added.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    schedule: Option<&'a str>,
    stages: Vec<StageEntry<'a>>,
}

#[derive(Serialize)]
struct StageEntry<'a> {
    number: usize,
    name: Option<&'a str>,
    desc: Option<&'a str>,
    when: When,
    after_stage: Option<&'a str>,
    mode: Mode,
    failures_allowed: Option<u32>,
    options: Set<'a>,
    jobs: Vec<JobEntry<'a>>,
    sites: Vec<SiteEntry<'a>>,
    groups: Vec<Vec<&'a str>>,
    nodes: Vec<NodeEntry<'a>>,
    edges: Vec<EdgeEntry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum When {
    Success,
    Failure,
    Always,
}

/// The options that are set, on the stage or on the command line.
#[derive(Serialize)]
struct Set<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<Mode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pause_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    once: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    break_on_error: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_missing_job: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_fail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fanout: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retries: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backoff_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_timeout_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    debug: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet: Option<bool>,
}

#[derive(Serialize)]
struct JobEntry<'a> {
    number: usize,
    name: &'a str,
    missing: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    arguments: BTreeMap<&'a str, &'a [String]>,
    actions: &'a [ChartedAction],
}

#[derive(Serialize)]
struct SiteEntry<'a> {
    name: &'a str,
    roles: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<u32>,
}

#[derive(Serialize)]
struct NodeEntry<'a> {
    id: &'a str,
    #[serde(flatten)]
    what: What<'a>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum What<'a> {
    Task {
        job_number: u32,
        job: &'a str,
        site: &'a str,
        actions: Vec<&'a str>,
    },
    Barrier,
    Group {
        group: u32,
        pause_ms: u64,
        check: Option<&'a str>,
    },
}

#[derive(Serialize)]
struct EdgeEntry<'a> {
    from: &'a str,
    to: &'a str,
    kind: Kind,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Needs,
    After,
}

impl Chart {
    /// All of it as one JSON document, with a line break at the end.
    ///
    /// It has these fields; what a program does not know it should pass over, since more may come:
    /// - `version`: 1;
    /// - `schedule`: the schedule's name, or null for jobs;
    /// - `stages`, in order, each with
    ///   - `number` (from 1), `name` and `desc` (or null), `mode`;
    ///   - `when`: `success` (nothing before it failed), or `failure` or `always`, which look at
    ///     the stage that `after_stage` names;
    ///   - `failures_allowed`: after how many failed tasks nothing that waits for its turn is
    ///     started, or null;
    ///   - `options`: those that are set, of the stage or by the command line. Times are in
    ///     milliseconds (`_ms`), sites (`on`, and `within` for the command line) are selectors,
    ///     `groups` and `max_fail` texts such as `1,10%`;
    ///   - `jobs`, as the stage lists them: `number` (from 1), `name`, whether it is `missing` (and
    ///     that is allowed), by `arguments` what it is given for its parameters, if it has any, and
    ///     its `actions`, with the roles of each;
    ///   - `sites` that have a task: `name`, `roles`, and in a mode with groups `group` (from 1);
    ///   - `groups`: the names of the sites of each; empty in a mode without groups;
    ///   - `nodes`: each with an `id` that no other node of the stage has, and a `kind`: `task`,
    ///     with its job, site and actions; `barrier`; or `group`, a gate at the end of that group,
    ///     with the `pause_ms` and `check` that come there;
    ///   - `edges`: `to` waits for `from`. Of the kind `needs` it is skipped if that failed (unless
    ///     the stage goes on after errors); of the kind `after` only if more has failed than is
    ///     allowed.
    pub fn json(&self) -> String {
        let keys: Vec<Vec<String>> = self.stages.iter().map(Charted::keys).collect();
        let stages = self.stages.iter().zip(&keys);
        let document = Document {
            version: VERSION,
            schedule: self.schedule.as_deref(),
            stages: (1..)
                .zip(stages)
                .map(|(number, (stage, keys))| entry(number, stage, keys))
                .collect(),
        };
        // Texts and numbers can always be written.
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn entry<'a>(number: usize, stage: &'a Charted, keys: &'a [String]) -> StageEntry<'a> {
    let plan = &stage.plan;
    let options = plan.options();
    let key = |id: u32| keys.get(id as usize).map_or("", String::as_str);
    let has_groups = plan.group_count() > 0;
    let jobs = (1..).zip(plan.jobs().iter().zip(&stage.actions));
    let group_of = |site: u32| has_groups.then(|| plan.group(site) + 1);
    let names = |group| plan.group_sites(group).map(|site| site.name()).collect();
    StageEntry {
        number,
        name: options.name.as_deref(),
        desc: options.desc.as_deref(),
        when: match &stage.condition {
            Condition::Success => When::Success,
            Condition::OnFailure(_) => When::Failure,
            Condition::Always(_) => When::Always,
        },
        after_stage: stage.condition.of(),
        mode: plan.mode(),
        failures_allowed: plan.budget,
        options: set(options),
        jobs: jobs
            .map(|(number, (job, actions))| JobEntry {
                number,
                name: job.name(),
                missing: job.missing,
                arguments: job
                    .arguments()
                    .iter()
                    .map(|given| (given.name(), given.shown()))
                    .collect(),
                actions,
            })
            .collect(),
        sites: (0..)
            .zip(plan.sites())
            .map(|(number, site)| SiteEntry {
                name: site.name(),
                roles: &site.roles,
                group: group_of(number),
            })
            .collect(),
        groups: (0..plan.group_count()).map(names).collect(),
        nodes: plan
            .nodes()
            .iter()
            .zip(keys)
            .map(|(node, id)| NodeEntry {
                id,
                what: what(stage, node),
            })
            .collect(),
        edges: plan
            .edges()
            .map(|edge| EdgeEntry {
                from: key(edge.from),
                to: key(edge.to),
                kind: match edge.kind {
                    EdgeKind::Needs => Kind::Needs,
                    EdgeKind::After => Kind::After,
                },
            })
            .collect(),
    }
}

fn what<'a>(stage: &'a Charted, node: &Node) -> What<'a> {
    match node {
        Node::Task(task) => {
            let (job, site) = stage.names(task);
            What::Task {
                job_number: task.job + 1,
                job,
                site,
                actions: stage.action_names(task),
            }
        }
        Node::Gate(Gate::Barrier) => What::Barrier,
        Node::Gate(gate @ Gate::Group(group)) => {
            let (pause, check) = stage.plan.work_at(*gate).unwrap_or_default();
            What::Group {
                group: group + 1,
                pause_ms: milliseconds(pause),
                check,
            }
        }
    }
}

fn set(options: &Options) -> Set<'_> {
    let time = |time: Option<Duration>| time.map(milliseconds);
    Set {
        on: sites(options.on.as_ref()),
        within: sites(options.within.as_ref()),
        mode: options.mode,
        groups: options.groups.as_ref().map(ToString::to_string),
        pause_ms: time(options.pause),
        check: options
            .check
            .as_ref()
            .map(crate::catalogue::GroupCheck::name),
        once: options.once,
        break_on_error: options.break_on_error,
        allow_missing_job: options.allow_missing_job,
        max_fail: options.max_fail.map(|most| most.to_string()),
        fanout: options.fanout,
        retries: options.retries,
        backoff_ms: time(options.backoff),
        timeout_ms: time(options.timeout),
        task_timeout_ms: time(options.task_timeout),
        report: options.report,
        debug: options.debug,
        log: options.log,
        quiet: options.quiet,
    }
}

/// A plan is only built of selectors that can be read.
fn sites(selector: Option<&Result<Selector, SelectorError>>) -> Option<String> {
    Some(selector?.as_ref().ok()?.to_string())
}
