//! What is told to whoever presses Enter.

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::draw::paint;
use super::row::{clock, dotted};
use super::run_state::RunState;
use super::running_work::RunningWork;
use ploy_core::event::EventTime;
use ploy_report::Palette;

/// Which keys there are.
pub(super) const KEYS: &str =
    "keys: Enter tells what runs; Ctrl-C ends the run, and once more kills it\n";

/// The state of all that runs, and a line that sums it up.
pub(super) fn status(state: &RunState, now: EventTime, palette: Palette) -> String {
    let works = state.longest(usize::MAX);
    let widest =
        |of: fn(&RunningWork) -> &str| works.iter().map(|work| of(work).width()).max().unwrap_or(0);
    let (site, job) = (widest(|work| &work.site), widest(|work| &work.job));
    let mut text = String::new();
    for work in works {
        let gap = " ".repeat(site - work.site.width());
        let name = palette.site(work.place, format_args!("{}{gap}", work.site));
        let gap = " ".repeat(job - work.job.width());
        let time = palette.faint(clock(now.since(work.began)));
        text.push_str(&format!("{name} {}{gap} {time}", work.job));
        let indent = " ".repeat(site + job + 2 + clock(now.since(work.began)).len());
        let mut is_first = true;
        for (mark, does) in details(work, now) {
            if !is_first {
                text.push_str(&indent);
            }
            text.push_str(&format!(" {} {does}\n", paint(mark)(palette, mark)));
            is_first = false;
        }
        if is_first {
            text.push('\n');
        }
    }
    text + &sum(state, now)
}

/// All that is known of it: what it waits for, its commands with the last that they put out, what
/// it said.
fn details(work: &RunningWork, now: EventTime) -> Vec<(&'static str, String)> {
    let mut details = Vec::new();
    if let Some(waits) = work.waits_for() {
        details.push(("-", waits.to_owned()));
    }
    for command in work.commands() {
        if let Some(script) = command.script() {
            details.push(("$", script.to_owned()));
        }
        details.extend(command.last());
        let silent = now.since(command.heard);
        if silent >= Duration::from_secs(1) {
            details.push(("-", format!("silent for {}", clock(silent))));
        }
    }
    if let Some(said) = work.last_report() {
        details.push((">", said.to_owned()));
    }
    details
}

fn sum(state: &RunState, now: EventTime) -> String {
    let running = state.running();
    // What is between two groups, or in the background, is no task.
    let to_come = state
        .total
        .saturating_sub(state.done + state.tasks_running());
    let mut parts = vec![format!("{}/{} tasks", state.done, state.total)];
    if state.failed() > 0 {
        parts.push(format!("{} failed", state.failed()));
    }
    parts.push(match running {
        0 => "nothing runs".to_owned(),
        running => format!("{running} running"),
    });
    if to_come > 0 {
        parts.push(format!("{to_come} to come"));
    }
    parts.push(clock(now.since(state.began)));
    format!("{}\n", dotted(parts))
}
