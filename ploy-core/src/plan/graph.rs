//! A plan: tasks, gates, and the edges between them.

use std::sync::Arc;
use std::time::Duration;

use crate::catalogue::{Arguments, Mode, Options};
use crate::topology::Site;

/// The number of a node in its plan.
pub type NodeId = u32;

/// The tasks of a stage, and what each waits for.
#[derive(Clone, Debug)]
pub struct Plan {
    #[doc(hidden)]
    pub options: Options,
    #[doc(hidden)]
    pub jobs: Vec<PlannedJob>,
    #[doc(hidden)]
    pub sites: Vec<Arc<Site>>,
    /// The group of each site, from 0; empty unless the mode has groups.
    #[doc(hidden)]
    pub groups: Vec<u32>,
    #[doc(hidden)]
    pub nodes: Vec<Node>,
    #[doc(hidden)]
    pub edges: Edges,
    /// Which actions of a job a site runs. Tasks refer to it: most tasks of a job run the same.
    #[doc(hidden)]
    pub fragments: Vec<Box<[u32]>>,
    /// How many tasks may fail before *after* edges no longer let anything pass.
    #[doc(hidden)]
    pub budget: Option<u32>,
    /// Whether *needs* edges let pass only what succeeded.
    #[doc(hidden)]
    pub break_on_error: bool,
}

/// A job as a stage lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedJob {
    #[doc(hidden)]
    pub name: Arc<str>,
    /// What it is given for its parameters: all of them.
    #[doc(hidden)]
    pub arguments: Arc<Arguments>,
    /// Whether any site runs it.
    #[doc(hidden)]
    pub has_tasks: bool,
    /// Whether it is missing, and the stage allows that.
    #[doc(hidden)]
    pub missing: bool,
    /// Whether it has actions at all.
    #[doc(hidden)]
    pub has_actions: bool,
}

impl PlannedJob {
    /// The job's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is given for its parameters: all of them, with those that have their defaults.
    pub fn arguments(&self) -> &Arguments {
        &self.arguments
    }

    /// Whether it has actions and yet no site runs one.
    pub fn is_idle(&self) -> bool {
        self.has_actions && !self.has_tasks
    }
}

/// What a plan is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// One job invocation on one site.
    Task(Task),
    /// No task: it is passed when all before it have ended, and keeps the number of edges small.
    Gate(Gate),
}

/// One job invocation on one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// The number of the job in the stage's list.
    pub job: u32,
    /// The number of the site in the plan.
    pub site: u32,
    /// Which of the job's actions this site runs: see [`Plan::actions`].
    #[doc(hidden)]
    pub fragments: u32,
}

/// What stands between one job and the next, or between two groups of sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It only waits for what is before it.
    Barrier,
    /// The end of a group of sites, which are numbered from 0: here the stage pauses, and checks.
    Group(u32),
}

/// One node waits for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// What must have ended.
    pub from: NodeId,
    /// What waits for it.
    pub to: NodeId,
    /// What an end in failure means.
    pub kind: EdgeKind,
}

/// What it means for a waiting node that what it waits for failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeKind {
    /// It is skipped, unless the stage goes on after errors.
    Needs,
    /// Order only: it is skipped once more tasks have failed than the stage allows.
    After,
}

/// All edges, found by the node that they leave.
#[derive(Clone, Debug, Default)]
pub struct Edges {
    /// The edges that leave node n: `targets[starts[n]..starts[n + 1]]`.
    starts: Vec<u32>,
    targets: Vec<(NodeId, EdgeKind)>,
}

impl Edges {
    pub(super) fn new(nodes: usize, mut edges: Vec<Edge>) -> Self {
        edges.sort_unstable_by_key(|edge| (edge.from, edge.to, edge.kind));
        let mut starts = vec![0; nodes + 1];
        for edge in &edges {
            starts[edge.from as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let targets = edges.iter().map(|edge| (edge.to, edge.kind)).collect();
        Edges { starts, targets }
    }

    pub(super) fn of(&self, node: NodeId) -> &[(NodeId, EdgeKind)] {
        let node = node as usize;
        &self.targets[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

impl Plan {
    /// The mode that drew the edges.
    pub fn mode(&self) -> Mode {
        self.options.chosen_mode()
    }

    /// The stage's options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The jobs as the stage lists them.
    pub fn jobs(&self) -> &[PlannedJob] {
        &self.jobs
    }

    /// The sites with at least one task, in topology order.
    pub fn sites(&self) -> &[Arc<Site>] {
        &self.sites
    }

    /// The group of a site, from 0; always 0 in a mode without groups.
    pub fn group(&self, site: u32) -> u32 {
        self.groups.get(site as usize).copied().unwrap_or(0)
    }

    /// How many groups there are; 0 in a mode without groups.
    pub fn group_count(&self) -> u32 {
        self.groups.last().map_or(0, |last| last + 1)
    }

    /// The sites of a group, in topology order.
    pub fn group_sites(&self, group: u32) -> impl Iterator<Item = &Arc<Site>> {
        (0..)
            .zip(&self.sites)
            .filter(move |(number, _)| self.group(*number) == group)
            .map(|(_, site)| site)
    }

    /// The nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// What waits for what.
    pub fn edges(&self) -> impl Iterator<Item = Edge> {
        (0..).zip(&self.nodes).flat_map(|(from, _)| {
            self.edges
                .of(from)
                .iter()
                .map(move |&(to, kind)| Edge { from, to, kind })
        })
    }

    /// The tasks, with the numbers of their nodes.
    pub fn tasks(&self) -> impl Iterator<Item = (NodeId, &Task)> {
        (0..).zip(&self.nodes).filter_map(|(id, node)| match node {
            Node::Task(task) => Some((id, task)),
            Node::Gate(_) => None,
        })
    }

    /// The task of that node; `None` for a gate.
    pub fn task(&self, node: NodeId) -> Option<&Task> {
        match self.nodes.get(node as usize)? {
            Node::Task(task) => Some(task),
            Node::Gate(_) => None,
        }
    }

    /// The numbers of the job's actions that a task runs.
    pub fn actions(&self, task: &Task) -> &[u32] {
        self.fragments
            .get(task.fragments as usize)
            .map_or(&[], |actions| &**actions)
    }

    /// How long to wait at a gate, and the name of what checks there; `None` if there is nothing to
    /// do.
    pub fn work_at(&self, gate: Gate) -> Option<(Duration, Option<&str>)> {
        let Gate::Group(_) = gate else { return None };
        let pause = self.options.pause.unwrap_or_default();
        let check = self
            .options
            .check
            .as_ref()
            .map(crate::catalogue::GroupCheck::name);
        (!pause.is_zero() || check.is_some()).then_some((pause, check))
    }
}
