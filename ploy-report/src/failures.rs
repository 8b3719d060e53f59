use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use super::style::Palette;
use super::summary::count;
use crate::event::ErrorReport;
use crate::text::safe;
use crate::topology::fold;

/// An error of an action, kept for the end.
#[derive(Clone, Debug)]
pub(super) struct FailedAction {
    pub(super) job: String,
    pub(super) site: String,
    pub(super) action: String,
    pub(super) fault: ErrorReport,
}

/// All failures of a run, shown when it is over. Sites where the same went wrong are shown once, so what is kept does
/// not grow with them.
#[derive(Debug, Default)]
pub(super) struct Failures {
    all: Vec<Alike>,
    /// By what is the same of them.
    known: HashMap<String, usize>,
}

/// What went wrong on these sites in the same way.
#[derive(Debug)]
struct Alike {
    first: FailedAction,
    /// Each with its place among all sites.
    sites: BTreeSet<(usize, String)>,
}

impl Failures {
    /// Adds one; its site has this place among all of them.
    pub(super) fn add(&mut self, place: usize, failed: FailedAction) {
        let site = (place, failed.site.clone());
        match self.known.entry(likeness(&failed)) {
            Entry::Occupied(known) => {
                let alike = &mut self.all[*known.get()];
                // Which came first is chance.
                if alike.sites.first().is_none_or(|first| site < *first) {
                    alike.first = failed;
                }
                alike.sites.insert(site);
            }
            Entry::Vacant(unknown) => {
                unknown.insert(self.all.len());
                self.all.push(Alike {
                    first: failed,
                    sites: [site].into(),
                });
            }
        }
    }

    /// The failures: for each its job, sites, place in the source, cause and the end of what the command said.
    pub(super) fn render(&self, palette: Palette) -> String {
        let mut text = String::new();
        for Alike { first, sites } in &self.all {
            let FailedAction {
                job,
                site,
                action,
                fault,
            } = first;
            let mut place = String::new();
            if let Some(at) = &fault.location {
                place = format!(" ({action}, {at})");
            }
            let folded = fold(sites.iter().map(|(_, site)| site.as_str()));
            let mut all = folded.clone();
            let mut fault = fault.clone();
            if sites.len() > 1 {
                all.push_str(&format!(" ({})", count(sites.len(), "site")));
                // What follows is from the first of them; that much is of all, unless it tells more of that one.
                if let Some(message) = fault.messages.first_mut()
                    && let Some(what) = message.strip_suffix(site.as_str())
                    && what.ends_with(' ')
                    && without(site, what) == what
                {
                    *message = format!("{what}{folded}");
                }
            }
            let head = format!(
                "{} {job} on {all}{}",
                palette.error("failed:"),
                palette.faint(place)
            );
            text.push_str(&format!("\n{head}\n{}", render_fault(&fault, palette)));
        }
        text
    }
}

/// What is the same of failures that are shown once: all but the name of the site and how long it took.
fn likeness(failed: &FailedAction) -> String {
    let FailedAction {
        job,
        site,
        action,
        fault,
    } = failed;
    let mut parts = vec![job.clone(), action.clone(), format!("{:?}", fault.kind)];
    parts.extend(fault.location.as_ref().map(ToString::to_string));
    let texts = fault.messages.iter().chain(&fault.hint);
    parts.extend(texts.map(|text| without(site, text)));
    if let Some(command) = &fault.command {
        parts.push(format!("{:?} {:?}", command.code, command.signal));
        parts.push(without(site, &command.command));
        for said in [&command.stdout, &command.stderr] {
            parts.push(without(site, &String::from_utf8_lossy(said)));
        }
    }
    parts.join("\0")
}

/// The text with a mark where it has the site's name as a word.
fn without(site: &str, text: &str) -> String {
    let is_in_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(site).filter(|_| !site.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + site.len()..]);
        shown.push_str(before);
        let is_word = !(shown.ends_with(is_in_name) || after.starts_with(is_in_name));
        shown.push_str(if is_word { "\u{1}" } else { site });
        rest = after;
    }
    shown + rest
}

/// An error's messages, the end of its command's output and its hint, each line indented.
pub fn render_fault(fault: &ErrorReport, palette: Palette) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{CommandReport, Error, Failure, Kind};
    use crate::event::SourceLocation;
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
        let mut fault = ErrorReport::from(&error);
        fault.location = Some(SourceLocation {
            file: "src/main.rs".to_owned(),
            line: 7,
        });
        let failed = FailedAction {
            job: "upload".into(),
            site: "web1".into(),
            action: "upload".into(),
            fault,
        };
        let mut failures = Failures::default();
        failures.add(0, failed);
        let text = failures.render(Palette::PLAIN);
        let expected = "
failed: upload on web1 (upload, src/main.rs:7)
  command failed on web1
    `false` exited with status 1
    | disk is ␛[31mfull
  hint: free some space
";
        assert_eq!(text, expected);
    }

    fn failed(site: &str, message: &str, said: &str) -> FailedAction {
        let mut report =
            CommandReport::new(site, "false", Duration::from_millis(said.len() as u64));
        report.stderr = said.as_bytes().to_vec();
        let error: Error = Failure::new(Kind::Command, message, "it exited with status 1")
            .with_command(report)
            .into();
        FailedAction {
            job: "upload".into(),
            site: site.into(),
            action: "upload".into(),
            fault: ErrorReport::from(&error),
        }
    }

    #[test]
    fn what_fails_the_same_way_is_shown_once() {
        let mut failures = Failures::default();
        for number in (1..=40).rev() {
            let site = format!("web{number}");
            let said = format!("{site}: no space in /srv/{site}");
            failures.add(
                number,
                failed(&site, &format!("command failed on {site}"), &said),
            );
        }
        failures.add(
            41,
            failed(
                "web41",
                "cannot enter /srv/web41 on web41",
                "web4: no space",
            ),
        );
        failures.add(
            42,
            failed(
                "web42",
                "cannot enter /srv/web42 on web42",
                "web4: no space",
            ),
        );
        let expected = "
failed: upload on web[1-40] (40 sites)
  command failed on web[1-40]
    it exited with status 1
    | web1: no space in /srv/web1

failed: upload on web[41-42] (2 sites)
  cannot enter /srv/web41 on web41
    it exited with status 1
    | web4: no space
";
        assert_eq!(failures.render(Palette::PLAIN), expected);
    }

    #[test]
    fn only_whole_names_are_left_out() {
        assert_eq!(
            without("web1", "web1 web10 aweb1 web1.x (web1) web1-2 web1"),
            "\u{1} web10 aweb1 \u{1}.x (\u{1}) web1-2 \u{1}"
        );
        assert_eq!(without("aa", "aaaa aa"), "aaaa \u{1}");
    }
}
