//! What the help says of the jobs and schedules.

use crate::engine::Catalogue;
use crate::report::safe;

/// Both, each with the first line of its help.
pub(super) fn catalogue_help(catalogue: &Catalogue) -> String {
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
            text.push_str(format!("  {name:width$}  {help}").trim_end());
            text.push('\n');
        }
    }
    text
}
