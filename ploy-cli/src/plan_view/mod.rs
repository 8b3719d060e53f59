//! A plan as it is printed: what would run where and in which order.
//!
//! [`format`](mod@format) is what a plan can be printed as, and [`text`] are its tables for people.
//! Charts for programs belong to the plan itself, in ploy-core.

pub(crate) mod format;
mod text;

use self::format::PlanFormat;
use crate::launch::prepare::PreparedRun;
use ploy_core::catalogue::Condition;
use ploy_core::error::Problem;
use ploy_core::plan::{Chart, Plan};
use ploy_runtime::engine::Catalogue;

/// The plans of stages in a format, each with when its stage begins; `schedule` is the name of the
/// schedule, if it is one.
pub(crate) fn render(
    schedule: Option<&str>,
    stages: Vec<(Condition, Plan)>,
    catalogue: &Catalogue,
    format: PlanFormat,
) -> String {
    let chart = |stages: Vec<(Condition, Plan)>| {
        let mut chart = Chart::new(schedule);
        for (condition, plan) in stages {
            chart.add(condition, plan, catalogue);
        }
        chart
    };
    match format {
        PlanFormat::Text => text::text(&stages),
        PlanFormat::Json => chart(stages).json(),
        PlanFormat::Dot => chart(stages).dot(),
        PlanFormat::Mermaid => chart(stages).mermaid(),
    }
}

/// The plan of a run in a format.
///
/// # Errors
///
/// If the run is code, or a stage cannot be planned.
pub(crate) fn of_run(
    prepared: PreparedRun,
    catalogue: &Catalogue,
    format: PlanFormat,
) -> Result<String, Vec<Problem>> {
    let schedule = prepared.schedule.clone();
    let stages = prepared.into_plans()?;
    Ok(render(schedule.as_deref(), stages, catalogue, format))
}
