//! From a stage, a topology and a catalogue to tasks and their order.
//!
//! A plan is a graph, and a mode is only the way its edges are drawn: whoever runs it knows no
//! mode. [`build`] makes a [`Plan`] (`graph` holds its nodes and edges, `draw` draws them);
//! [`Progress`] says what may run next; [`Chart`] shows it.

mod build;
mod chart;
mod draw;
mod graph;
mod progress;
#[cfg(test)]
mod tests;

pub use build::build;
pub use chart::Chart;
pub use graph::{Edge, EdgeKind, Gate, Node, NodeId, Plan, PlannedJob, Task};
pub use progress::{Block, Progress, Step};
