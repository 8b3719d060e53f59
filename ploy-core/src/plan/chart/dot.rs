//! A chart as a graph of Graphviz.

use super::chart::{Chart, Charted, Drawn, is_order, plain};

impl Chart {
    /// All of it as a graph of Graphviz: tasks are boxes and gates diamonds, in a cluster for each
    /// stage and group. A line is an edge *needs*, a dashed one an edge *after*.
    pub fn dot(&self) -> String {
        let name = self.schedule.as_deref().unwrap_or("plan");
        let mut text = format!("digraph {} {{\n", quoted(name));
        text.push_str("  rankdir = LR;\n  node [shape = box];\n");
        let drawn: Vec<Vec<Drawn>> = self.stages.iter().map(Charted::drawn).collect();
        for (index, (stage, nodes)) in self.stages.iter().zip(&drawn).enumerate() {
            let number = index + 1;
            text.push_str(&format!("  subgraph \"cluster_{number}\" {{\n"));
            text.push_str(&format!("    label = {};\n", label(&[self.title(index)])));
            for group in 0..=stage.plan.group_count() {
                let of_group = nodes
                    .iter()
                    .filter(|node| node.group.unwrap_or_default() == group);
                if group == 0 {
                    of_group.for_each(|node| text.push_str(&node_line(number, node, "    ")));
                    continue;
                }
                let cluster = format!("cluster_{number}_group_{group}");
                text.push_str(&format!("    subgraph \"{cluster}\" {{\n"));
                text.push_str(&format!("      label = \"group {group}\";\n"));
                of_group.for_each(|node| text.push_str(&node_line(number, node, "      ")));
                text.push_str("    }\n");
            }
            let key = |id: u32| nodes.get(id as usize).map_or("", |node| &node.key);
            for edge in stage.plan.edges() {
                let (from, to) = (id(number, key(edge.from)), id(number, key(edge.to)));
                let style = if is_order(edge.kind) {
                    " [style = dashed]"
                } else {
                    ""
                };
                text.push_str(&format!("    {from} -> {to}{style};\n"));
            }
            text.push_str("  }\n");
        }
        for index in 1..self.stages.len() {
            let (Some(before), Some(stage)) = (self.stages.get(index - 1), self.stages.get(index))
            else {
                continue;
            };
            let number = index + 1;
            let gate = format!("\"stage-{number}\"");
            let label = label(&[
                format!("stage {number}"),
                plain(&stage.condition.to_string()),
            ]);
            text.push_str(&format!("  {gate} [label = {label}, shape = diamond];\n"));
            for from in before.ends().1 {
                let from = id(index, &drawn[index - 1][from].key);
                text.push_str(&format!("  {from} -> {gate} [style = dashed];\n"));
            }
            for to in stage.ends().0 {
                let to = id(number, &drawn[index][to].key);
                text.push_str(&format!("  {gate} -> {to} [style = dashed];\n"));
            }
        }
        text.push_str("}\n");
        text
    }
}

fn node_line(stage: usize, node: &Drawn, indent: &str) -> String {
    let shape = if node.is_gate {
        ", shape = diamond"
    } else {
        ""
    };
    let (id, label) = (id(stage, &node.key), label(&node.label));
    format!("{indent}{id} [label = {label}{shape}];\n")
}

fn id(stage: usize, key: &str) -> String {
    quoted(&format!("{stage}/{key}"))
}

/// A text of several lines.
fn label(lines: &[String]) -> String {
    // Graphviz reads HTML's names of characters in it.
    let lines = lines.iter().map(|line| escaped(line).replace('&', "&amp;"));
    format!("\"{}\"", lines.collect::<Vec<_>>().join("\\n"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// In a label a backslash begins an escape; elsewhere doubling it does no harm.
fn escaped(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('"', "\\\"")
}
