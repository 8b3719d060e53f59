//! The plans of a schedule, as they are shown.

use std::collections::HashSet;

use super::super::graph::{EdgeKind, Gate, Node, NodeId, Plan, Task};
use crate::catalogue::{Catalogue, Condition, Job, JobAction};

/// The plans of all stages of a schedule, to be shown: as JSON, as a graph of Graphviz or as one of
/// Mermaid.
///
/// The same schedule on the same topology is the same text, whatever the run or the machine, and a
/// site that is added changes hardly a line of the others': so the texts can be compared in CI.
///
/// ```
/// use ploy::action::Action;
/// use ploy::catalogue::Catalogue;
/// use ploy::plan::{Chart, build};
/// use ploy::scheduling::{Condition, Options, Stage};
/// use ploy::topology::{Settings, Topology};
///
/// let mut topology = Topology::new();
/// topology.add("web1", Settings::new().roles(["web"]));
/// let mut catalogue = Catalogue::new();
/// catalogue.add("upload", ["web"], [Action::new(|_| async {})]);
/// let stage = Stage::of(["upload"]);
/// let plan = build(&catalogue, &topology, &stage, &Options::new()).map_err(|_| "unsound")?;
///
/// let mut chart = Chart::new(None);
/// chart.add(Condition::Success, plan, &catalogue);
/// assert!(chart.json().contains(r#""id": "1.upload@web1""#));
/// assert!(chart.dot().starts_with("digraph"));
/// assert!(chart.mermaid().starts_with("flowchart"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug)]
pub struct Chart {
    pub(super) schedule: Option<String>,
    pub(super) stages: Vec<Charted>,
}

/// A stage of it.
#[derive(Clone, Debug)]
pub(super) struct Charted {
    pub(super) condition: Condition,
    pub(super) plan: Plan,
    /// For each job, its actions.
    pub(super) actions: Vec<Vec<ChartedAction>>,
}

/// An action of a job.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct ChartedAction {
    pub(super) name: String,
    roles: Vec<String>,
}

/// A node of a stage, as graphs draw it.
pub(super) struct Drawn {
    /// Different from that of every other node of the stage.
    pub(super) key: String,
    /// A line each.
    pub(super) label: Vec<String>,
    pub(super) is_gate: bool,
    /// The group to which it belongs, from 1, where there are groups.
    pub(super) group: Option<u32>,
}

impl Chart {
    /// Without stages; of the schedule of this name, unless it is of jobs.
    pub fn new(schedule: Option<&str>) -> Self {
        Chart {
            schedule: schedule.map(str::to_owned),
            stages: Vec::new(),
        }
    }

    /// Adds the plan of the next stage, which begins on this condition. The catalogue, from which
    /// the plan was built, knows the names of actions.
    pub fn add<A, S>(&mut self, condition: Condition, plan: Plan, catalogue: &Catalogue<A, S>) {
        let charted = |action: &JobAction<A>| ChartedAction {
            name: action.name().to_owned(),
            roles: action.roles().to_vec(),
        };
        let of_job = |job: &Job<A>| job.actions().iter().map(charted).collect();
        let jobs = plan.jobs().iter();
        let actions = jobs.map(|job| catalogue.job(job.name()).map_or_else(Vec::new, of_job));
        self.stages.push(Charted {
            condition,
            actions: actions.collect(),
            plan,
        });
    }

    /// What a stage is called, by its number from 0.
    pub(super) fn title(&self, index: usize) -> String {
        let Some(stage) = self.stages.get(index) else {
            return String::new();
        };
        let mut parts = Vec::new();
        parts.extend(stage.plan.options().name.clone());
        if stage.condition.of().is_some() {
            parts.push(stage.condition.to_string());
        }
        parts.push(stage.plan.mode().to_string());
        let title = parts.join(", ");
        if self.stages.len() > 1 {
            format!("stage {}: {title}", index + 1)
        } else {
            title
        }
    }
}

impl Charted {
    /// The key of each node: for a task the number of the job in the stage, from 1, its name and
    /// the site's.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut barriers = 0;
        let key = |node: &Node| match node {
            Node::Task(task) => {
                let (job, site) = self.names(task);
                format!("{}.{job}@{site}", task.job + 1)
            }
            Node::Gate(Gate::Barrier) => {
                barriers += 1;
                format!("barrier-{barriers}")
            }
            Node::Gate(Gate::Group(group)) => format!("group-{}", group + 1),
        };
        self.plan.nodes().iter().map(key).collect()
    }

    /// The names of a task's job and site.
    pub(super) fn names(&self, task: &Task) -> (&str, &str) {
        let job = self.plan.jobs().get(task.job as usize);
        let site = self.plan.sites().get(task.site as usize);
        (
            job.map_or("", |job| job.name()),
            site.map_or("", |site| site.name()),
        )
    }

    /// The names of the actions of a task.
    pub(super) fn action_names(&self, task: &Task) -> Vec<&str> {
        let all = self.actions.get(task.job as usize);
        let numbers = self.plan.actions(task).iter();
        let names = numbers.filter_map(|number| all?.get(*number as usize));
        names.map(|action| action.name.as_str()).collect()
    }

    /// The nodes in order. A stage without any has one that says so.
    pub(super) fn drawn(&self) -> Vec<Drawn> {
        let has_groups = self.plan.group_count() > 0;
        let mut drawn: Vec<Drawn> = Vec::new();
        for (node, key) in self.plan.nodes().iter().zip(self.keys()) {
            drawn.push(match node {
                Node::Task(task) => {
                    let (job, site) = self.names(task);
                    let mut label = vec![job.to_owned(), site.to_owned()];
                    let actions = self.action_names(task);
                    if actions.len() > 1 {
                        label.push(actions.join(", "));
                    }
                    Drawn {
                        key,
                        label,
                        is_gate: false,
                        group: has_groups.then(|| self.plan.group(task.site) + 1),
                    }
                }
                Node::Gate(gate) => Drawn {
                    key,
                    label: self.gate_label(*gate),
                    is_gate: true,
                    group: None,
                },
            });
        }
        if drawn.is_empty() {
            drawn.push(Drawn {
                key: "nothing".to_owned(),
                label: vec!["no task".to_owned()],
                is_gate: false,
                group: None,
            });
        }
        drawn
    }

    fn gate_label(&self, gate: Gate) -> Vec<String> {
        let Gate::Group(group) = gate else {
            return vec!["barrier".to_owned()];
        };
        let mut label = vec![format!("after group {}", group + 1)];
        if let Some((pause, check)) = self.plan.work_at(gate) {
            if !pause.is_zero() {
                label.push(format!("pause for {} s", pause.as_secs_f64()));
            }
            label.extend(check.map(|check| format!("check {check}")));
        }
        label
    }

    /// The nodes that wait for nothing, and those for which nothing waits, by their places among
    /// the drawn ones.
    pub(super) fn ends(&self) -> (Vec<usize>, Vec<usize>) {
        let count = self.plan.nodes().len().max(1);
        let to: HashSet<NodeId> = self.plan.edges().map(|edge| edge.to).collect();
        let from: HashSet<NodeId> = self.plan.edges().map(|edge| edge.from).collect();
        let without = |those: &HashSet<NodeId>| {
            (0..)
                .zip(0..count)
                .filter(|(id, _)| !those.contains(id))
                .map(|(_, index)| index)
                .collect()
        };
        (without(&to), without(&from))
    }
}

/// Whether an edge is only an order.
pub(super) fn is_order(kind: EdgeKind) -> bool {
    kind == EdgeKind::After
}

/// Text for a label: what would break a line, or do worse, is shown by its escape.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escaped = c.is_control().then(|| c.escape_default());
            let itself = escaped.is_none().then_some(c);
            escaped.into_iter().flatten().chain(itself)
        })
        .collect()
}
