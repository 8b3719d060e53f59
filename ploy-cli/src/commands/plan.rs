//! `plan`: shows what would run where and in which order, without running anything.

use clap::builder::EnumValueParser;
use clap::{Arg, ArgMatches};

use super::spec::{AcceptedOptions, CommandSpec, Invocation, Session};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::launch::prepare::prepare;
use crate::options::{dry_run, names, parameters, scheduling, selection};
use crate::plan_view::{self, format::PlanFormat};
use crate::terminal::streams;

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: "plan",
    about: "Show what would run where, and in which order",
    args: |command| {
        command.args([
            names::argument("The jobs to plan, in this order; or one schedule"),
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(EnumValueParser::<PlanFormat>::new())
                .hide_possible_values(true)
                .help("text, json, dot (Graphviz) or mermaid [default: text]"),
        ])
    },
    accepted: AcceptedOptions {
        headings: &[parameters::HEADING, selection::HEADING, scheduling::HEADING],
        others: &[dry_run::ID],
        ..AcceptedOptions::NONE
    },
    execute: |session, invocation| Box::pin(execute(session, invocation)),
};

struct PlanArgs {
    names: Vec<String>,
    format: PlanFormat,
}

impl PlanArgs {
    fn parse(matches: &ArgMatches) -> Self {
        let format = matches.get_one::<PlanFormat>("format");
        PlanArgs {
            names: names::parse(matches),
            format: format.copied().unwrap_or_default(),
        }
    }
}

async fn execute(session: Session, invocation: Invocation) -> Result<ExitStatus, CliError> {
    let PlanArgs { names, format } = PlanArgs::parse(&invocation.matches);
    let options = &invocation.options;
    let format = match PlanFormat::of_dry_run(options) {
        PlanFormat::Json if options.is_dry => PlanFormat::Json,
        _ => format,
    };
    let (topology, catalogue) = session.load().await?;
    let prepared = prepare(&topology, &catalogue, &names, true, options)?;
    streams::out(&plan_view::of_run(prepared, &catalogue, format)?);
    Ok(ExitStatus::OK)
}
