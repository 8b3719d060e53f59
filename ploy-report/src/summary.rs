use std::time::Duration;

use super::style::Palette;
use crate::event::{Stats, milliseconds};

/// One line: what ran, and how it ended.
pub(super) fn summary(
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

/// `40 ms`, `1.4 s`, `30 s`, `2 min 3 s`.
pub fn duration(duration: Duration) -> String {
    let milliseconds = milliseconds(duration);
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        1000..10_000 if milliseconds % 1000 >= 100 => {
            format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
        }
        1000..60_000 => format!("{} s", milliseconds / 1000),
        60_000..3_600_000 => format!(
            "{} min {} s",
            milliseconds / 60_000,
            milliseconds / 1000 % 60
        ),
        _ => format!(
            "{} h {} min",
            milliseconds / 3_600_000,
            milliseconds / 60_000 % 60
        ),
    }
}

/// `1 task`, `2 tasks`.
pub fn count(number: usize, word: &str) -> String {
    if number == 1 {
        format!("1 {word}")
    } else {
        format!("{number} {word}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let cases = [
            (40, "40 ms"),
            (1440, "1.4 s"),
            (2000, "2 s"),
            (30_500, "30 s"),
            (123_000, "2 min 3 s"),
            (3_720_000, "1 h 2 min"),
        ];
        for (milliseconds, text) in cases {
            assert_eq!(duration(Duration::from_millis(milliseconds)), text);
        }
    }
}
