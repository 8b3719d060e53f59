use super::safe;
use super::style::Palette;
use crate::event::{Fault, Stats};

/// An error of an action, kept for the end.
#[derive(Clone, Debug)]
pub(crate) struct FailedAction {
    pub(crate) job: String,
    pub(crate) site: String,
    pub(crate) action: String,
    pub(crate) fault: Fault,
}

/// All failures of a run, shown when it is over, and the line that sums it up.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    pub(crate) actions: Vec<FailedAction>,
}

impl Failures {
    /// The failures: for each its job, site, place in the source, cause and the end of what the command said.
    pub(crate) fn render(&self, palette: Palette) -> String {
        let mut text = String::new();
        for failed in &self.actions {
            let FailedAction {
                job,
                site,
                action,
                fault,
            } = failed;
            let mut place = String::new();
            if let Some(at) = &fault.at {
                place = format!(" ({action}, {at})");
            }
            let head = format!(
                "{} {job} on {site}{}",
                palette.error("failed:"),
                palette.faint(place)
            );
            text.push_str(&format!("\n{head}\n{}", render_fault(fault, palette)));
        }
        text
    }

    /// One line: what ran, and how it ended.
    pub(crate) fn summary(
        stats: &Stats,
        sites: usize,
        milliseconds: i64,
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
            duration(u64::try_from(milliseconds).unwrap_or(0)),
            palette.faint(format_args!("(run {batch})")),
        )
    }
}

/// An error's messages, the end of its command's output and its hint, each line indented.
pub(crate) fn render_fault(fault: &Fault, palette: Palette) -> String {
    let mut text = String::new();
    for (depth, message) in fault.messages.iter().enumerate() {
        let indent = if depth == 0 { "  " } else { "    " };
        for line in message.lines() {
            text.push_str(&format!("{indent}{}\n", safe(line.as_bytes())));
        }
    }
    if let Some(command) = &fault.command {
        for (name, bytes) in [("stdout", &command.stdout), ("stderr", &command.stderr)] {
            // What went wrong is said on standard error, if the command follows custom.
            if bytes.is_empty() || (name == "stdout" && !command.stderr.is_empty()) {
                continue;
            }
            for line in bytes.split(|byte| *byte == b'\n') {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                text.push_str(&format!("    {} {}\n", palette.faint("|"), safe(line)));
            }
        }
    }
    if let Some(hint) = &fault.hint {
        text.push_str(&format!(
            "  {} {}\n",
            palette.strong("hint:"),
            safe(hint.as_bytes())
        ));
    }
    text
}

/// `40 ms`, `1.4 s`, `30 s`, `2 min 3 s`, from milliseconds.
pub(crate) fn duration(milliseconds: u64) -> String {
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
pub(crate) fn count(number: usize, word: &str) -> String {
    if number == 1 {
        format!("1 {word}")
    } else {
        format!("{number} {word}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{CommandReport, Error, Failure, Kind};
    use std::time::Duration;

    #[test]
    fn a_failure_shows_what_is_needed_to_act() {
        let mut report = CommandReport::new("web1", "false", Duration::ZERO);
        report.stderr = b"disk is \x1b[31mfull".to_vec();
        let error: Error = Failure::new(
            Kind::Command,
            "command failed on web1",
            "`false` exited with status 1",
        )
        .with_command(report)
        .with_hint("free some space")
        .into();
        let mut fault = Fault::from(&error);
        fault.at = Some("src/main.rs:7".to_owned());
        let failed = FailedAction {
            job: "upload".into(),
            site: "web1".into(),
            action: "upload".into(),
            fault,
        };
        let text = Failures {
            actions: vec![failed],
        }
        .render(Palette::PLAIN);
        let expected = "
failed: upload on web1 (upload, src/main.rs:7)
  command failed on web1
    `false` exited with status 1
    | disk is ␛[31mfull
  hint: free some space
";
        assert_eq!(text, expected);
    }

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
            assert_eq!(duration(milliseconds), text);
        }
    }
}
