//! All failures of a run, shown when it is over.

use crate::error_text::render_error;
use crate::folding::{FoldedFailures, key, without_site};
use crate::palette::Palette;
use crate::quantities::count;
use ploy_core::event::ErrorReport;
use ploy_core::topology::fold;

/// An error of an action, kept for the end.
#[derive(Clone, Debug)]
pub(crate) struct FailedAction {
    pub(crate) job: String,
    pub(crate) site: String,
    pub(crate) action: String,
    pub(crate) error: ErrorReport,
}

/// All failures of a run. Sites on which the same went wrong are shown once.
#[derive(Debug, Default)]
pub(crate) struct RunFailures(FoldedFailures<FailedAction>);

impl RunFailures {
    /// Adds one; its site has this place among all of them.
    pub(crate) fn add(&mut self, place: usize, failed: FailedAction) {
        let what = [failed.job.as_str(), failed.action.as_str()];
        let key = key(&what, &failed.error, &failed.site, true);
        self.0.add(key, Some((place, failed.site.clone())), failed);
    }

    /// The failures: for each its job, sites, place in the source, cause and the end of what the
    /// command put out.
    pub(crate) fn render(&self, palette: Palette) -> String {
        let mut text = String::new();
        for folded in self.0.all() {
            let FailedAction {
                job,
                site,
                action,
                error,
            } = &folded.first;
            let mut place = String::new();
            if let Some(location) = &error.location {
                place = format!(" ({action}, {location})");
            }
            let sites = fold(folded.site_names());
            let mut all = sites.clone();
            let mut error = error.clone();
            if folded.sites.len() > 1 {
                all.push_str(&format!(" ({})", count(folded.sites.len(), "site")));
                // The error is that of the first site. Its message ends with all their names,
                // unless the rest of it names that one too.
                if let Some(message) = error.messages.first_mut()
                    && let Some(what) = message.strip_suffix(site.as_str())
                    && what.ends_with(' ')
                    && without_site(site, what) == what
                {
                    *message = format!("{what}{sites}");
                }
            }
            let head = format!(
                "{} {job} on {all}{}",
                palette.error("failed:"),
                palette.faint(place)
            );
            text.push_str(&format!("\n{head}\n{}", render_error(&error, palette)));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ploy_core::error::{CommandReport, Error, Failure, Kind};
    use ploy_core::event::SourceLocation;
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
        let mut error = ErrorReport::from(&error);
        error.location = Some(SourceLocation {
            file: "src/main.rs".to_owned(),
            line: 7,
        });
        let failed = FailedAction {
            job: "upload".into(),
            site: "web1".into(),
            action: "upload".into(),
            error,
        };
        let mut failures = RunFailures::default();
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
            error: ErrorReport::from(&error),
        }
    }

    #[test]
    fn what_fails_the_same_way_is_shown_once() {
        let mut failures = RunFailures::default();
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
}
