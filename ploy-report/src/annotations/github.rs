//! Workflow commands of GitHub Actions: `::error file=..,line=..,title=..::message`.

use super::annotated_failures::AnnotatedFailure;
use super::workspace::Workspace;
use crate::folding::FoldedFailure;
use ploy_core::event::{ErrorReport, SourceLocation};
use ploy_core::text::safe;
use ploy_core::topology::fold;

/// GitHub shows so many errors of a step, and so many warnings.
const MOST: usize = 10;

/// How many lines of a command's output are part of a message.
const LINES: usize = 10;

/// How long a message may be, in bytes: it is one line of a log.
const LONGEST: usize = 4000;

/// How long the names of sites in a title may be, in bytes. Longer ones are at the end of the
/// message.
const LONGEST_SITES: usize = 80;

/// All failures as annotations: errors, and warnings for those that the schedule allows. Where
/// there are more than GitHub shows the last one tells how many are left.
pub(super) fn commands(
    failures: &[FoldedFailure<AnnotatedFailure>],
    workspace: &Workspace,
) -> String {
    let mut text = String::new();
    for (command, is_allowed) in [("error", false), ("warning", true)] {
        let all: Vec<&FoldedFailure<AnnotatedFailure>> = failures
            .iter()
            .filter(|folded| folded.first.is_allowed == is_allowed)
            .collect();
        let shown = if all.len() > MOST {
            MOST - 1
        } else {
            all.len()
        };
        for failure in &all[..shown] {
            text.push_str(&annotation(command, failure, workspace));
        }
        if shown < all.len() {
            let rest = all.len() - shown;
            let message = format!("{rest} more failures are in the log of this step");
            text.push_str(&format!(
                "::{command} title={}::{message}\n",
                property("more failures")
            ));
        }
    }
    text
}

fn annotation(
    command: &str,
    folded: &FoldedFailure<AnnotatedFailure>,
    workspace: &Workspace,
) -> String {
    let error = &folded.first.error;
    let mut properties = Vec::new();
    if let Some(SourceLocation { file, line }) = &error.location {
        properties.push(format!("file={}", property(&workspace.path(file))));
        properties.push(format!("line={line}"));
    }
    let sites = fold(folded.site_names());
    properties.push(format!("title={}", property(&title(folded, &sites))));
    let mut message = message(error);
    if sites.len() > LONGEST_SITES {
        message.push_str(&format!("\non {}", shortened(sites)));
    }
    format!("::{command} {}::{}\n", properties.join(","), data(&message))
}

fn title(folded: &FoldedFailure<AnnotatedFailure>, sites: &str) -> String {
    let what = &folded.first.what;
    let verb = if folded.first.error.kind.is_unreachable() {
        "did not reach"
    } else {
        "failed on"
    };
    match folded.sites.len() {
        0 => format!("{what} failed"),
        1 => format!("{what} {verb} {sites}"),
        count if sites.len() > LONGEST_SITES => format!("{what} {verb} {count} sites"),
        count => format!("{what} {verb} {sites} ({count} sites)"),
    }
}

/// What went wrong, the end of what the command said, and what to do about it.
fn message(error: &ErrorReport) -> String {
    let mut lines: Vec<String> = Vec::new();
    for message in &error.messages {
        lines.extend(
            message
                .lines()
                .map(|line| safe(line.as_bytes()).into_owned()),
        );
    }
    if let Some(command) = &error.command {
        let said = if command.stderr.is_empty() {
            &command.stdout
        } else {
            &command.stderr
        };
        let said: Vec<&[u8]> = said
            .split(|byte| *byte == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
            .filter(|line| !line.is_empty())
            .collect();
        let from = said.len().saturating_sub(LINES);
        lines.extend(said[from..].iter().map(|line| safe(line).into_owned()));
    }
    if let Some(hint) = &error.hint {
        lines.push(format!("hint: {}", safe(hint.as_bytes())));
    }
    shortened(lines.join("\n"))
}

fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push_str(" ..");
    }
    text
}

/// The text of a command, in which a line's end would be its own.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property's value, which ends at a colon or a comma.
fn property(text: &str) -> String {
    data(&safe(text.as_bytes()))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use ploy_core::error::{CommandReport, Kind};

    fn failure(what: &str, sites: &[&str], stderr: &str) -> FoldedFailure<AnnotatedFailure> {
        let mut error = ErrorReport::new(Kind::Command, format!("command failed on {}", sites[0]));
        error.location = Some(SourceLocation {
            file: "src/jobs,all.rs".to_owned(),
            line: 7,
        });
        error.hint = Some("free 10% of it".to_owned());
        let mut command = CommandReport::new(sites[0], "false", Duration::ZERO);
        command.stderr = stderr.as_bytes().to_vec();
        error.command = Some(command);
        FoldedFailure {
            first: AnnotatedFailure::new(what, error),
            sites: (0..)
                .zip(sites.iter().map(|&site| site.to_owned()))
                .collect(),
        }
    }

    #[test]
    fn nothing_in_it_ends_the_command_or_begins_another() {
        let failure = failure(
            "up:load",
            &["web1", "web2", "web4"],
            "100% full\r\n::set-env::\x1b[1m",
        );
        assert_eq!(
            commands(&[failure], &Workspace::default()),
            "::error file=src/jobs%2Call.rs,line=7,title=up%3Aload failed on web[1-2%2C4] (3 sites)::\
             command failed on web1%0A100%25 full%0A::set-env::\u{241b}[1m%0Ahint: free 10%25 of it\n"
        );
    }

    #[test]
    fn there_are_no_more_than_are_shown() {
        let many: Vec<FoldedFailure<AnnotatedFailure>> = (0..13)
            .map(|number| failure(&format!("job{number}"), &["web1"], ""))
            .collect();
        let text = commands(&many, &Workspace::default());
        assert_eq!(text.lines().count(), MOST);
        let last = text.lines().last().unwrap_or_default();
        assert_eq!(
            last,
            "::error title=more failures::4 more failures are in the log of this step"
        );
        let ten = commands(&many[..10], &Workspace::default());
        assert_eq!(
            ten.lines()
                .filter(|line| line.contains("title=job"))
                .count(),
            10
        );
    }

    #[test]
    fn many_sites_without_a_pattern_are_counted_in_the_title() {
        let names: Vec<String> = (0..40).map(|number| format!("{number}x{number}")).collect();
        let sites: Vec<&str> = names.iter().map(String::as_str).collect();
        let text = commands(&[failure("a", &sites, "")], &Workspace::default());
        assert!(text.contains("title=a failed on 40 sites::"), "{text}");
        assert!(text.ends_with(",38x38,39x39\n"), "{text}");
    }

    #[test]
    fn a_message_has_the_end_of_what_was_said() {
        let said: Vec<String> = (1..=30).map(|number| format!("line {number}")).collect();
        let message = message(&failure("a", &["web1"], &said.join("\n")).first.error);
        assert!(!message.contains("line 20\n") && message.contains("line 21\nline 22"));
        let long = "\u{20ac}".repeat(5000);
        let message = super::message(&failure("a", &["web1"], &long).first.error);
        assert!(message.len() <= LONGEST + 3 && message.ends_with("\u{20ac} .."));
    }
}
