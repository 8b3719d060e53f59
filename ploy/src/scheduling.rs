//! In which order jobs run, and over which sites: [`Stage`]s and what sets them, and [`Schedule`]s
//! of stages.

pub use ploy_core::catalogue::{
    Amount, Condition, GroupCheck, Groups, Mode, Options, Schedule, Stage,
};
pub use ploy_runtime::engine::HealthCheck;
