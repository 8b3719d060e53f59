use std::sync::Arc;

use crate::catalogue::{Mode, Options};
use crate::topology::Site;

/// The number of a node in its plan.
pub type NodeId = u32;

/// The tasks of a stage, and what each waits for.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) mode: Mode,
    pub(crate) options: Options,
    pub(crate) jobs: Vec<PlannedJob>,
    pub(crate) sites: Vec<Arc<Site>>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
    /// How many tasks may fail before *after* edges no longer let anything pass.
    pub(crate) budget: Option<u32>,
    /// Whether *needs* edges let pass only what succeeded.
    pub(crate) break_on_error: bool,
}

/// A job as a stage lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedJob {
    pub(crate) name: String,
    /// Whether any site runs it.
    pub(crate) has_tasks: bool,
    /// Whether it is missing, and the stage allows that.
    pub(crate) missing: bool,
    /// Whether it has actions at all.
    pub(crate) has_actions: bool,
}

impl PlannedJob {
    /// The job's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has actions and yet no site runs one.
    pub fn is_idle(&self) -> bool {
        self.has_actions && !self.has_tasks
    }
}

/// What a plan is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// One job invocation on one site.
    Task(Task),
    /// No work: it is passed when all before it have ended, and keeps the number of edges small.
    Gate,
}

/// One job invocation on one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The number of the job in the stage's list.
    pub job: u32,
    /// The number of the site in the plan.
    pub site: u32,
    /// The numbers of the job's actions that this site runs.
    pub actions: Box<[u32]>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    /// It is skipped, unless the stage goes on after errors.
    Needs,
    /// Order only: it is skipped once more tasks have failed than the stage allows.
    After,
}

impl Plan {
    /// The mode that drew the edges.
    pub fn mode(&self) -> Mode {
        self.mode
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

    /// The nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// What waits for what.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The tasks, with the numbers of their nodes.
    pub fn tasks(&self) -> impl Iterator<Item = (NodeId, &Task)> {
        (0..).zip(&self.nodes).filter_map(|(id, node)| match node {
            Node::Task(task) => Some((id, task)),
            Node::Gate => None,
        })
    }

    /// The task of that node; `None` for a gate.
    pub fn task(&self, node: NodeId) -> Option<&Task> {
        match self.nodes.get(node as usize)? {
            Node::Task(task) => Some(task),
            Node::Gate => None,
        }
    }
}
