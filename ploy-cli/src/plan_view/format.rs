//! What a plan can be printed as.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::options::output::View;
use crate::options::shared::SharedOptions;

/// What a plan is printed as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PlanFormat {
    /// Tables of sites and jobs, for people.
    #[default]
    Text,
    /// One document for programs: see [`Chart::json`](ploy_core::plan::Chart::json).
    Json,
    /// For Graphviz.
    Dot,
    /// For Mermaid.
    Mermaid,
}

impl ValueEnum for PlanFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            PlanFormat::Text,
            PlanFormat::Json,
            PlanFormat::Dot,
            PlanFormat::Mermaid,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            PlanFormat::Text => "text",
            PlanFormat::Json => "json",
            PlanFormat::Dot => "dot",
            PlanFormat::Mermaid => "mermaid",
        }))
    }
}

impl PlanFormat {
    /// What a run is shown as that is planned only: whoever asks for events reads a plan as JSON
    /// too.
    pub(crate) fn of_dry_run(options: &SharedOptions) -> Self {
        match options.output.view {
            View::Json => PlanFormat::Json,
            _ => PlanFormat::Text,
        }
    }
}
