//! `list`: lists jobs and schedules.

use super::spec::{AcceptedOptions, CommandSpec, Invocation, Session};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::options::parameters;
use crate::terminal::streams::{out, out_palette};
use crate::terminal::table::table;
use ploy_core::catalogue::Param;
use ploy_core::error::Source;
use ploy_core::text::safe;
use ploy_report::{Palette, count};
use ploy_runtime::engine::Catalogue;

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: "list",
    about: "List jobs and schedules",
    args: |command| command,
    accepted: AcceptedOptions::NONE,
    execute: |session, invocation| Box::pin(execute(session, invocation)),
};

async fn execute(session: Session, invocation: Invocation) -> Result<ExitStatus, CliError> {
    let (_, catalogue) = session.load().await?;
    out(&list(&catalogue, out_palette(invocation.options.color)));
    Ok(ExitStatus::OK)
}

/// All jobs with their roles, help and place, and all schedules.
fn list(catalogue: &Catalogue, palette: Palette) -> String {
    let place = |source: Option<Source>| {
        source.map_or_else(|| "added by hand".to_owned(), |source| source.to_string())
    };
    let mut jobs = Vec::new();
    for job in catalogue.jobs() {
        let roles = job.roles().join(",");
        let roles = if roles.is_empty() {
            "(no actions)".to_owned()
        } else {
            roles
        };
        push(
            &mut jobs,
            [job.name().to_owned(), roles, place(job.source())],
            job.help(),
            job.params(),
        );
    }
    let mut schedules = Vec::new();
    for schedule in catalogue.schedules() {
        let kind = match schedule.body() {
            ploy_core::catalogue::ScheduleBody::Data(data) => {
                format!("({})", count(data.stages().len(), "stage"))
            }
            ploy_core::catalogue::ScheduleBody::Made(_) => "(stages by its parameters)".to_owned(),
            ploy_core::catalogue::ScheduleBody::Code(_) => "(in code)".to_owned(),
        };
        push(
            &mut schedules,
            [schedule.name().to_owned(), kind, place(schedule.source())],
            schedule.help(),
            schedule.params(),
        );
    }
    let mut text = String::new();
    for (title, entries) in [("jobs", jobs), ("schedules", schedules)] {
        if entries.is_empty() {
            continue;
        }
        let heads: Vec<Vec<String>> = entries.iter().map(|entry| entry.head.clone()).collect();
        text.push_str(&format!("{}\n", palette.strong(title)));
        for (line, entry) in table(&heads, "  ").lines().zip(&entries) {
            text.push_str(&format!("{line}\n"));
            for help in entry.help.lines() {
                text.push_str(format!("      {}", palette.faint(safe(help.as_bytes()))).trim_end());
                text.push('\n');
            }
            let params: Vec<Vec<String>> = entry.params.iter().map(row).collect();
            for line in table(&params, "      ").lines() {
                text.push_str(&format!("{}\n", palette.faint(line)));
            }
        }
    }
    if text.is_empty() {
        text.push_str("no jobs: is the crate that declares them named by the binary (`main! { uses: [..] }`)?\n");
    }
    text
}

struct Entry {
    head: Vec<String>,
    help: String,
    params: Vec<Param>,
}

/// A parameter as it is given, and what is known of it.
fn row(param: &Param) -> Vec<String> {
    let help = param.help_text().lines().next().unwrap_or_default();
    let text = format!("{help} {}", parameters::remarks(param));
    vec![parameters::usage(param), text.trim().to_owned()]
}

fn push(entries: &mut Vec<Entry>, head: [String; 3], help: &str, params: &[Param]) {
    entries.push(Entry {
        head: head.into(),
        help: help.to_owned(),
        params: params.to_vec(),
    });
}
