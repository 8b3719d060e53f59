//! A chart as a graph of Mermaid.

use std::collections::HashSet;

use super::chart::{Chart, Charted, Drawn, is_order, plain};

impl Chart {
    /// All of it as a flowchart of Mermaid, which GitHub and GitLab draw in a block of Markdown:
    /// tasks are boxes and gates hexagons, in a subgraph for each stage and group. A line is an
    /// edge *needs*, a dotted one an edge *after*.
    ///
    /// Mermaid itself refuses to draw more than 500 edges, unless it is configured to.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        let mut ids = Ids::default();
        let drawn: Vec<Vec<Drawn>> = self.stages.iter().map(Charted::drawn).collect();
        let ids: Vec<Vec<String>> = (1..)
            .zip(&drawn)
            .map(|(number, nodes): (usize, _)| {
                let keys = nodes.iter().map(|node| format!("s{number}_{}", node.key));
                keys.map(|key| ids.give(&key)).collect()
            })
            .collect();
        for (index, stage) in self.stages.iter().enumerate() {
            let number = index + 1;
            let (nodes, ids) = (&drawn[index], &ids[index]);
            let title = escaped(&self.title(index));
            text.push_str(&format!("  subgraph stage{number}[\"{title}\"]\n"));
            for group in 0..=stage.plan.group_count() {
                let of_group = ids
                    .iter()
                    .zip(nodes)
                    .filter(|(_, node)| node.group.unwrap_or_default() == group);
                if group == 0 {
                    of_group.for_each(|(id, node)| text.push_str(&node_line(id, node, "    ")));
                    continue;
                }
                text.push_str(&format!(
                    "    subgraph stage{number}group{group}[\"group {group}\"]\n"
                ));
                of_group.for_each(|(id, node)| text.push_str(&node_line(id, node, "      ")));
                text.push_str("    end\n");
            }
            for edge in stage.plan.edges() {
                let arrow = if is_order(edge.kind) { "-.->" } else { "-->" };
                let (from, to) = (&ids[edge.from as usize], &ids[edge.to as usize]);
                text.push_str(&format!("    {from} {arrow} {to}\n"));
            }
            text.push_str("  end\n");
        }
        for index in 1..self.stages.len() {
            let number = index + 1;
            let stage = &self.stages[index];
            let condition = escaped(&stage.condition.to_string());
            text.push_str(&format!(
                "  gate{number}{{{{\"stage {number}<br>{condition}\"}}}}\n"
            ));
            for from in self.stages[index - 1].ends().1 {
                text.push_str(&format!("  {} -.-> gate{number}\n", ids[index - 1][from]));
            }
            for to in stage.ends().0 {
                text.push_str(&format!("  gate{number} -.-> {}\n", ids[index][to]));
            }
        }
        text
    }
}

fn node_line(id: &str, node: &Drawn, indent: &str) -> String {
    let lines: Vec<String> = node.label.iter().map(|line| escaped(line)).collect();
    let label = lines.join("<br>");
    if node.is_gate {
        format!("{indent}{id}{{{{\"{label}\"}}}}\n")
    } else {
        format!("{indent}{id}[\"{label}\"]\n")
    }
}

/// The ids that are given. They are words of ASCII: Mermaid has no quotes for them.
#[derive(Default)]
struct Ids(HashSet<String>);

impl Ids {
    fn give(&mut self, key: &str) -> String {
        let word: String = key
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let mut id = word.clone();
        let mut number = 1;
        while !self.0.insert(id.clone()) {
            number += 1;
            id = format!("{word}_{number}");
        }
        id
    }
}

/// Text between quotes: whatever may mean something to Mermaid, or to Markdown or HTML in it, is
/// written by its number.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in plain(text).chars() {
        if c.is_alphanumeric() || " ,:.-/".contains(c) {
            escaped.push(c);
        } else {
            escaped.push_str(&format!("#{};", u32::from(c)));
        }
    }
    escaped
}
