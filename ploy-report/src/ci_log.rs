//! The logs of services that run programs for their users, and what these services read in them.

use std::borrow::Cow;

use ploy_core::event::EventTime;

/// A service in whose log a run is shown, if that log knows more than lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CiLog {
    /// GitHub Actions.
    GitHub,
    /// GitLab CI.
    GitLab,
}

/// Whether a variable says that a service runs this program.
pub(crate) fn is_run_by(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "true")
}

impl CiLog {
    /// The service that runs this program: GitHub Actions sets `GITHUB_ACTIONS=true`, GitLab CI
    /// `GITLAB_CI=true`.
    pub fn detect() -> Option<CiLog> {
        if is_run_by("GITHUB_ACTIONS") {
            Some(CiLog::GitHub)
        } else if is_run_by("GITLAB_CI") {
            Some(CiLog::GitLab)
        } else {
            None
        }
    }

    /// Text in which the service reads no command. GitLab's need an escape, which no text that is
    /// safe has.
    pub fn harmless(self, text: &str) -> Cow<'_, str> {
        match self {
            CiLog::GitHub => harmless(text),
            CiLog::GitLab => Cow::Borrowed(text),
        }
    }

    /// What begins a group of lines. `number` tells groups of the same `title` apart; `time` is
    /// when it began. One that `is_open` is shown unfolded, where the service has a say in it.
    pub(crate) fn begin(self, number: u32, time: EventTime, title: &str, is_open: bool) -> String {
        match self {
            CiLog::GitHub => {
                let title = title.replace('%', "%25");
                format!("::group::{title}\n")
            }
            CiLog::GitLab => {
                let fold = if is_open { "" } else { "[collapsed=true]" };
                let seconds = time.as_unix_milliseconds().div_euclid(1000);
                format!("\x1b[0Ksection_start:{seconds}:ploy_{number}{fold}\r\x1b[0K{title}\n")
            }
        }
    }

    /// What ends it.
    pub(crate) fn end(self, number: u32, time: EventTime) -> String {
        match self {
            CiLog::GitHub => "::endgroup::\n".to_owned(),
            CiLog::GitLab => {
                let seconds = time.as_unix_milliseconds().div_euclid(1000);
                format!("\x1b[0Ksection_end:{seconds}:ploy_{number}\r\x1b[0K\n")
            }
        }
    }
}

/// GitHub's runner takes `::command::` for a command where a line begins, blanks aside, and
/// `##[command]` anywhere in a line.
fn harmless(text: &str) -> Cow<'_, str> {
    let begins_command = |line: &str| line.trim_start().starts_with("::");
    if !text.contains("##[") && !text.lines().any(begins_command) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        let line = line.replace("##[", "## [");
        if begins_command(&line) {
            shown.push_str(&line.replacen("::", ": :", 1));
        } else {
            shown.push_str(&line);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_command_of_github() {
        for (text, shown) in [
            ("a :: b\n  c\n", "a :: b\n  c\n"),
            ("::error::x\n", ": :error::x\n"),
            (
                "a\n \u{3000}::add-mask::x\n",
                "a\n \u{3000}: :add-mask::x\n",
            ),
            (
                "web1 | a ##[error]b ##[x]\n",
                "web1 | a ## [error]b ## [x]\n",
            ),
            ("###[error]\n", "### [error]\n"),
        ] {
            assert_eq!(CiLog::GitHub.harmless(text), shown);
        }
        let text = "::error::x";
        assert_eq!(CiLog::GitLab.harmless(text), text);
    }

    #[test]
    fn groups_are_framed_as_the_services_want_it() {
        let at = EventTime::from_unix_milliseconds;
        let framed = |log: CiLog, is_open| {
            log.begin(7, at(1_700_000_000_900), "100% of web1", is_open)
                + &log.end(7, at(1_700_000_002_000))
        };
        assert_eq!(
            framed(CiLog::GitHub, true),
            "::group::100%25 of web1\n::endgroup::\n"
        );
        assert_eq!(
            framed(CiLog::GitLab, false),
            "\x1b[0Ksection_start:1700000000:ploy_7[collapsed=true]\r\x1b[0K100% of web1\n\
             \x1b[0Ksection_end:1700000002:ploy_7\r\x1b[0K\n"
        );
        assert!(framed(CiLog::GitLab, true).contains(":ploy_7\r"));
    }
}
