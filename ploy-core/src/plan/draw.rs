//! Draws the edges of a plan: this is what tells modes apart.

use std::collections::HashMap;

use super::graph::Edges;
use super::{Edge, EdgeKind, Gate, Node, NodeId, Task};
use crate::catalogue::{Order, Width};

/// Draws the edges that make this order and width of these tasks, which come job by job and within
/// a job in the order of sites. Adds gates where they save edges. `groups` has the group of each
/// site, in a width of groups.
pub(super) fn draw(
    (order, width): (Order, Width),
    tasks: Vec<Task>,
    groups: &[u32],
) -> (Vec<Node>, Edges) {
    let mut drawing = Drawing {
        nodes: tasks.into_iter().map(Node::Task).collect(),
        edges: Vec::new(),
    };
    if order != Order::None {
        drawing.chains();
    }
    match (order, width) {
        (Order::None, _) | (Order::BySite, Width::All) => {}
        (Order::ByJob, Width::All) => drawing.gates(|task| task.job, |_| Gate::Barrier),
        (Order::BySite, Width::Groups) => {
            drawing.gates(|task| groups[task.site as usize], Gate::Group);
        }
        (_, Width::One) | (Order::ByJob, Width::Groups) => drawing.line(),
    }
    let Drawing { nodes, edges } = drawing;
    let edges = Edges::new(nodes.len(), edges);
    (nodes, edges)
}

struct Drawing {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Drawing {
    fn edge(&mut self, from: NodeId, to: NodeId, kind: EdgeKind) {
        self.edges.push(Edge { from, to, kind });
    }

    fn tasks(&self) -> Vec<(NodeId, Task)> {
        (0..)
            .zip(&self.nodes)
            .filter_map(|(id, node)| match node {
                Node::Task(task) => Some((id, *task)),
                Node::Gate(_) => None,
            })
            .collect()
    }

    /// On each site, a task needs the one before it.
    fn chains(&mut self) {
        let mut last: Vec<Option<NodeId>> = Vec::new();
        for (to, task) in self.tasks() {
            let site = task.site as usize;
            if last.len() <= site {
                last.resize(site + 1, None);
            }
            if let Some(from) = last[site].replace(to) {
                self.edge(from, to, EdgeKind::Needs);
            }
        }
    }

    /// One task after the other.
    fn line(&mut self) {
        let tasks = self.tasks();
        for pair in tasks.windows(2) {
            self.edge(pair[0].0, pair[1].0, EdgeKind::After);
        }
    }

    /// Tasks of one part before those of the next. A gate stands between two parts, so that edges
    /// grow with the number of tasks rather than with its square. Within a part only the ends of a
    /// site's chain are tied to the gates: a site that has begun waits for no other.
    fn gates(&mut self, part: impl Fn(&Task) -> u32, gate: impl Fn(u32) -> Gate) {
        let mut tasks = self.tasks();
        // Stable: within a part the order stays.
        tasks.sort_by_key(|(_, task)| part(task));
        let mut before: Option<NodeId> = None;
        let mut parts = tasks
            .chunk_by(|(_, a), (_, b)| part(a) == part(b))
            .peekable();
        while let Some(tasks) = parts.next() {
            let next = match (parts.peek(), NodeId::try_from(self.nodes.len())) {
                (Some(_), Ok(next)) => {
                    self.nodes.push(Node::Gate(gate(part(&tasks[0].1))));
                    Some(next)
                }
                _ => None,
            };
            for (first, last) in chain_ends(tasks) {
                if let Some(before) = before {
                    self.edge(before, first, EdgeKind::After);
                }
                if let Some(next) = next {
                    self.edge(last, next, EdgeKind::After);
                }
            }
            before = next;
        }
    }
}

/// The first and the last of these tasks on each site.
fn chain_ends(tasks: &[(NodeId, Task)]) -> Vec<(NodeId, NodeId)> {
    let mut ends: Vec<(NodeId, NodeId)> = Vec::new();
    let mut of_site: HashMap<u32, usize> = HashMap::new();
    for (node, task) in tasks {
        let index = *of_site.entry(task.site).or_insert_with(|| {
            ends.push((*node, *node));
            ends.len() - 1
        });
        ends[index].1 = *node;
    }
    ends
}
