use super::{Edge, EdgeKind, Node, NodeId, Task};
use crate::catalogue::Mode;

/// Draws the edges that make `mode` of these tasks, which come job by job and within a job in the order of sites.
/// Adds gates where they save edges.
pub(super) fn draw(mode: Mode, tasks: Vec<Task>) -> (Vec<Node>, Vec<Edge>) {
    let mut nodes: Vec<Node> = tasks.into_iter().map(Node::Task).collect();
    let mut edges = Vec::new();
    match mode {
        Mode::Parallel => {}
        Mode::SiteSequential => chains(&nodes, &mut edges),
        Mode::Sequential => {
            chains(&nodes, &mut edges);
            gates(&mut nodes, &mut edges);
        }
        Mode::Atomic => {
            chains(&nodes, &mut edges);
            let count = NodeId::try_from(nodes.len()).unwrap_or(NodeId::MAX);
            edges.extend((1..count).map(|to| Edge {
                from: to - 1,
                to,
                kind: EdgeKind::After,
            }));
        }
    }
    (nodes, edges)
}

/// On each site, a task needs the one before it.
fn chains(nodes: &[Node], edges: &mut Vec<Edge>) {
    let mut last: Vec<Option<NodeId>> = Vec::new();
    for (to, node) in (0..).zip(nodes) {
        let Node::Task(task) = node else { continue };
        let site = task.site as usize;
        if last.len() <= site {
            last.resize(site + 1, None);
        }
        if let Some(from) = last[site].replace(to) {
            edges.push(Edge {
                from,
                to,
                kind: EdgeKind::Needs,
            });
        }
    }
}

/// Between one job and the next stands a gate, so that edges grow with sites plus jobs rather than their product.
fn gates(nodes: &mut Vec<Node>, edges: &mut Vec<Edge>) {
    let jobs: Vec<u32> = nodes
        .iter()
        .filter_map(|node| {
            if let Node::Task(task) = node {
                Some(task.job)
            } else {
                None
            }
        })
        .collect();
    let mut gate: Option<NodeId> = None;
    let mut begin = 0;
    while begin < jobs.len() {
        let end = begin
            + jobs[begin..]
                .iter()
                .take_while(|job| **job == jobs[begin])
                .count();
        let next = if end < jobs.len() {
            nodes.push(Node::Gate);
            NodeId::try_from(nodes.len() - 1).ok()
        } else {
            None
        };
        for task in begin..end {
            let Ok(task) = NodeId::try_from(task) else {
                continue;
            };
            if let Some(gate) = gate {
                edges.push(Edge {
                    from: gate,
                    to: task,
                    kind: EdgeKind::After,
                });
            }
            if let Some(next) = next {
                edges.push(Edge {
                    from: task,
                    to: next,
                    kind: EdgeKind::After,
                });
            }
        }
        gate = next;
        begin = end;
    }
}
