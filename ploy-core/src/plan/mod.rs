//! From a stage, a topology and a catalogue to tasks and their order. Pure.
//!
//! A plan is a graph, and a mode is only the way its edges are drawn: whoever runs it knows no mode.

mod build;
mod chart;
mod dot;
mod draw;
mod graph;
mod json;
mod mermaid;
mod progress;
#[cfg(test)]
mod tests;

pub use build::build;
pub use chart::Chart;
pub use graph::{Edge, EdgeKind, Gate, Node, NodeId, Plan, PlannedJob, Task};
pub use progress::{Block, Progress, Step};
