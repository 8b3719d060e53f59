//! What the help says of the jobs and schedules.

use crate::program;
use ploy_core::text::safe;
use ploy_report::cut;
use ploy_runtime::engine::Catalogue;

/// How wide help is at most, in columns.
const COLUMNS: usize = 80;

/// Jobs and schedules, each with the first line of its help.
pub(crate) fn catalogue_help(catalogue: &Catalogue) -> String {
    let mut text = String::new();
    let first_line =
        |help: &str| safe(help.lines().next().unwrap_or_default().as_bytes()).into_owned();
    let jobs: Vec<_> = catalogue
        .jobs()
        .iter()
        .map(|job| (job.name().to_owned(), first_line(job.help())))
        .collect();
    let schedules: Vec<_> = catalogue
        .schedules()
        .iter()
        .map(|schedule| (schedule.name().to_owned(), first_line(schedule.help())))
        .collect();
    let width = jobs
        .iter()
        .chain(&schedules)
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0)
        .min(30);
    for (title, entries) in [("Jobs", jobs), ("Schedules", schedules)] {
        if entries.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("{title}:\n"));
        for (name, help) in entries {
            text.push_str(&cut(format!("  {name:width$}  {help}").trim_end(), COLUMNS));
            text.push('\n');
        }
    }
    text
}

/// Example command lines, and where else options may be given.
pub(crate) fn examples(catalogue: &Catalogue) -> String {
    let program = program::name();
    let job = catalogue
        .jobs()
        .first()
        .map(ploy_core::catalogue::Job::name);
    let schedule = catalogue.schedules().first();
    let schedule = schedule.map(ploy_core::catalogue::ScheduleEntry::name);
    let mut lines = Vec::new();
    if let Some(job) = job {
        lines.push(format!("{job} --limit 'web[1-3]'"));
        lines.push(format!("{job} --mode rolling --groups 1,10%,100%"));
    }
    if let Some(name) = schedule.or(job) {
        lines.push(format!("plan {name}"));
        lines.push(format!("{name} --output json --junit report.xml"));
    }
    lines.push("exec 'df -h /' --fold".to_owned());
    let mut text = "Examples:\n".to_owned();
    for line in lines {
        text.push_str(&format!("  {program} {line}\n"));
    }
    text.push_str(
        "\nEach option can also be given by a variable of the environment, such as\n\
         PLOY_FANOUT=8, and by the project's ploy.toml, such as fanout = 8.\n",
    );
    text
}
