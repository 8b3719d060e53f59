//! The line that sums a run up.

use std::time::Duration;

use crate::palette::Palette;
use crate::quantities::{count, duration};
use ploy_core::event::Stats;

/// One line: what ran, and how it ended.
pub(crate) fn summary(
    stats: &Stats,
    sites: usize,
    took: Duration,
    batch: &str,
    palette: Palette,
) -> String {
    let numbers = [
        (stats.succeeded, "succeeded"),
        (stats.failed, "failed"),
        (stats.unreachable, "unreachable"),
        (stats.allowed, "failed as allowed"),
        (stats.cancelled, "cancelled"),
        (stats.skipped, "not started"),
    ];
    let mut parts: Vec<String> = Vec::new();
    for (number, how) in numbers.into_iter().filter(|(number, _)| *number > 0) {
        // The first number says of what.
        let number = if parts.is_empty() {
            count(number as usize, "task")
        } else {
            number.to_string()
        };
        parts.push(format!("{number} {how}"));
    }
    for (number, what) in [
        (stats.gates_failed, "check"),
        (stats.background_failed, "background action"),
    ] {
        if number > 0 {
            parts.push(format!("{} failed", count(number as usize, what)));
        }
    }
    if stats.retried > 0 {
        let times = if stats.retried == 1 {
            "once".to_owned()
        } else {
            format!("{} times", stats.retried)
        };
        parts.push(format!("tried again {times}"));
    }
    if stats.refused > 0 {
        parts.push(format!(
            "{} refused",
            count(stats.refused as usize, "stage")
        ));
    }
    if parts.is_empty() {
        parts.push("nothing to do".to_owned());
    }
    let word = if stats.cancel.is_some() {
        palette.warning("cancelled:")
    } else if stats.is_ok() {
        palette.good("done:")
    } else {
        palette.error("failed:")
    };
    let sites = count(sites, "site");
    format!(
        "{word} {} on {sites} in {} {}",
        parts.join(", "),
        duration(took),
        palette.faint(format_args!("(run {batch})")),
    )
}
