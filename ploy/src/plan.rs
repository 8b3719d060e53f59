//! From stages to tasks and their order, before anything runs.

pub use ploy_core::plan::{
    Block, Chart, Edge, EdgeKind, Gate, Node, NodeId, Plan, PlannedJob, Progress, Step, Task, build,
};
