//! What would run where and in which order, without running anything.

mod text;

use clap::builder::{EnumValueParser, PossibleValue};
use clap::{Arg, ArgAction, ArgMatches, ValueEnum};

use super::choose::{self, Choice};
use super::run::Chosen;
use super::{exit, print};
use ploy_core::catalogue::{Condition, ScheduleBody, Stage};
use ploy_core::error::Problem;
use ploy_core::plan::{Chart, Plan, build};
use ploy_core::topology::Topology;
use ploy_runtime::engine::Catalogue;

/// What a plan is printed as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// Tables of sites and jobs, for people.
    #[default]
    Text,
    /// One document for programs: see [`Chart::json`].
    Json,
    /// For Graphviz.
    Dot,
    /// For Mermaid.
    Mermaid,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Format::Text, Format::Json, Format::Dot, Format::Mermaid]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Dot => "dot",
            Format::Mermaid => "mermaid",
        }))
    }
}

/// The option that chooses the format.
pub(super) fn format_option() -> Arg {
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(EnumValueParser::<Format>::new())
        .hide_possible_values(true)
        .help("text, json, dot (Graphviz) or mermaid [default: text]")
}

/// The format that was chosen.
pub(super) fn format(matches: &ArgMatches) -> Format {
    matches
        .get_one::<Format>("format")
        .copied()
        .unwrap_or_default()
}

/// The option that turns a run into its plan.
pub(super) fn dry_run_option() -> Arg {
    Arg::new("dry-run")
        .short('n')
        .long("dry-run")
        .alias("dry")
        .action(ArgAction::SetTrue)
        .global(true)
        .help("Show the plan, run nothing and connect to nothing")
}

/// Whether a run is to be planned only.
pub(super) fn is_dry(matches: &ArgMatches) -> bool {
    matches.get_flag("dry-run")
}

/// A stage, and when it begins.
pub(super) struct Planned {
    pub(super) plan: Plan,
    pub(super) condition: Condition,
}

/// Prints what would run where and in which order, and runs nothing.
pub(super) fn plan(
    topology: &Topology,
    catalogue: &Catalogue,
    chosen: &Chosen,
    format: Format,
) -> u8 {
    match planned(topology, catalogue, chosen) {
        Ok((schedule, stages)) => {
            print::out(&shown(schedule.as_deref(), stages, catalogue, format));
            exit::OK
        }
        Err(problems) => {
            print::problems(chosen.color, &problems);
            exit::USAGE
        }
    }
}

/// The stages in a format.
pub(super) fn shown(
    schedule: Option<&str>,
    stages: Vec<Planned>,
    catalogue: &Catalogue,
    format: Format,
) -> String {
    if format == Format::Text {
        return text::text(&stages);
    }
    let mut chart = Chart::new(schedule);
    for Planned { plan, condition } in stages {
        chart.add(condition, plan, catalogue);
    }
    match format {
        Format::Text | Format::Json => chart.json(),
        Format::Dot => chart.dot(),
        Format::Mermaid => chart.mermaid(),
    }
}

/// The name of the schedule, if it is one, and its stages.
type Stages = (Option<String>, Vec<Planned>);

fn planned(
    topology: &Topology,
    catalogue: &Catalogue,
    chosen: &Chosen,
) -> Result<Stages, Vec<Problem>> {
    let choice = chosen.choice(catalogue)?;
    let (mut problems, rest) = choose::weigh(catalogue, topology, &choice);
    for problem in rest {
        print::warning(chosen.color, &problem.to_string(), problem.hint());
    }
    problems.extend(chosen.problems(topology, &choice));
    if !problems.is_empty() {
        return Err(problems);
    }
    let (schedule, stages) = match &choice {
        Choice::Jobs(stage) => (None, vec![chosen.shaped(Stage::clone(stage))]),
        Choice::Schedule(entry) => match entry.body() {
            ScheduleBody::Data(schedule) => {
                (Some(entry.name().to_owned()), schedule.stages().to_vec())
            }
            ScheduleBody::Code(_) | ScheduleBody::Made(_) => {
                let problem = Problem::new(format!(
                    "the stages of `{}` are decided while it runs: it is code",
                    entry.name()
                ));
                return Err(vec![problem.with_hint(
                    "a `#[schedule]` that returns a `Schedule` can be planned",
                )]);
            }
        },
    };
    let options = chosen.options();
    let mut planned = Vec::new();
    for mut stage in stages {
        let condition = stage.condition().clone();
        stage.options = chosen.scheduling.overrides.or(&stage.options);
        let plan = build(catalogue, topology, &stage, &options)?;
        if schedule.is_none() {
            let idle = choose::idle(catalogue, &plan, chosen.selection.words().as_deref());
            if !idle.is_empty() {
                return Err(idle);
            }
        }
        planned.push(Planned { plan, condition });
    }
    Ok((schedule, planned))
}
