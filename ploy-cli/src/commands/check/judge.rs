//! What the answer of a site means.

use super::script::{Disk, Facts, Folder, Sudo, other_user};
use super::verdict::{COLUMNS, Cell, Finding, Severity, SiteVerdict, cell, plain, size};
use ploy_core::error::{Failure, Kind};
use ploy_core::topology::Site;

/// How far the clock of a site may be from ours, in seconds.
const CLOCK: i64 = 30;

/// When space is scarce: less than this is left, or more than this share is used, in percent.
const SCARCE: u64 = 100 * 1024 * 1024;
const FULL: u32 = 95;

/// What was found on a site.
pub(super) enum Answer {
    Facts {
        facts: Facts,
        /// What our clock said before it was asked, and after it answered: seconds since 1970.
        asked: (i64, i64),
        /// What went wrong with the password that was tried.
        password: Option<Failure>,
    },
    Failed(Failure),
}

struct Judge<'a> {
    site: &'a Site,
    findings: Vec<Finding>,
}

/// Judges what a site answered; `keeps` if connections outlive the run.
pub(super) fn judge(site: &Site, answer: &Answer, keeps: bool) -> SiteVerdict {
    let mut judge = Judge {
        site,
        findings: Vec::new(),
    };
    let connection = match (site.is_local(), keeps) {
        (true, _) => "local",
        (false, true) => "kept",
        (false, false) => "not kept",
    };
    let mut cells = match answer {
        Answer::Failed(failure) => vec![judge.failed(failure, connection)],
        Answer::Facts {
            facts,
            asked,
            password,
        } => {
            let connection = plain(connection);
            if facts.is_whole {
                vec![
                    connection,
                    plain(&facts.user),
                    judge.sudo(facts, password.as_ref()),
                    judge.rsync(facts),
                    judge.folder(facts),
                    judge.disk(facts.disk),
                    judge.clock(facts.clock, *asked),
                ]
            } else {
                let shell = site.shell.as_deref().unwrap_or("sh");
                judge.error(
                    format!("`{shell}` did not run a script to its end"),
                    "see what the login prints and ends there, and the setting `shell`",
                );
                vec![connection]
            }
        }
    };
    cells.resize_with(COLUMNS.len(), || plain("-"));
    SiteVerdict {
        cells,
        findings: judge.findings,
    }
}

impl Judge<'_> {
    fn find(&mut self, severity: Severity, text: impl Into<String>, hint: Option<&str>) {
        self.findings.push(Finding {
            severity,
            text: text.into(),
            hint: hint.map(str::to_owned),
        });
    }

    fn error(&mut self, text: impl Into<String>, hint: &str) {
        self.find(Severity::Error, text, Some(hint));
    }

    fn warning(&mut self, text: impl Into<String>, hint: &str) {
        self.find(Severity::Warning, text, Some(hint));
    }

    /// Nothing is known of the site but why.
    fn failed(&mut self, failure: &Failure, connection: &str) -> Cell {
        let cause = failure.detail().to_string();
        let cause = without_host(&cause);
        let (cell, text) = match failure.kind() {
            Kind::Unreachable => ("unreachable", format!("cannot be reached: {cause}")),
            Kind::Auth => ("no login", format!("refuses the login: {cause}")),
            Kind::HostKey => ("host key", format!("its host key was refused: {cause}")),
            Kind::Timeout | Kind::Cancelled => {
                let hint = "`--timeout` says how long a site may take, 60 s unless set";
                self.error("did not answer in time", hint);
                return cell("no answer", Severity::Error);
            }
            Kind::Command => {
                let shell = self.site.shell.as_deref().unwrap_or("sh");
                let said = failure.command().and_then(|report| report.code);
                let status = said.map_or("by a signal".to_owned(), |code| {
                    format!("with status {code}")
                });
                let text = format!("its shell `{shell}` ended {status}");
                let hint = "see whether it is there: the setting `shell` names it";
                self.find(Severity::Error, text, Some(hint));
                return cell(connection, Severity::Error);
            }
            _ => ("failed", format!("{failure}: {cause}")),
        };
        self.find(Severity::Error, text, failure.hint());
        self::cell(cell, Severity::Error)
    }

    fn sudo(&mut self, facts: &Facts, password: Option<&Failure>) -> Cell {
        if let Some(failure) = password {
            let text = format!("the password for sudo: {}", failure.detail());
            self.find(Severity::Error, text, failure.hint());
            return cell("failed", Severity::Error);
        }
        let user = other_user(self.site);
        match (&facts.sudo, user) {
            (Some(Sudo::Root), _) => plain("as root"),
            (Some(Sudo::Free), _) => plain("free"),
            (Some(Sudo::Password), _) => plain("password"),
            (Some(Sudo::Verified), _) => plain("verified"),
            (Some(Sudo::None), None) => plain("no"),
            (Some(Sudo::Refused(_)), None) => plain("refused"),
            (Some(Sudo::None), Some(user)) => {
                let text = format!("its commands are to be run by `{user}`, and there is no sudo");
                self.error(
                    text,
                    "install sudo there, or take `run_as` out of its settings",
                );
                cell("no", Severity::Error)
            }
            (Some(Sudo::Refused(why)), Some(user)) => {
                let text =
                    format!("its commands are to be run by `{user}`, which sudo refuses: {why}");
                self.error(text, "see sudoers there, and the setting `run_as`");
                cell("refused", Severity::Error)
            }
            (None, _) => plain("-"),
        }
    }

    fn rsync(&mut self, facts: &Facts) -> Cell {
        if facts.rsync {
            return plain("yes");
        }
        // Files are copied there without it, unless for another user.
        if self.site.is_local() && self.site.run_as.is_none() {
            return plain("-");
        }
        self.warning(
            "there is no rsync, so nothing can be uploaded to it, or downloaded",
            "install rsync there",
        );
        cell("no", Severity::Warning)
    }

    fn folder(&mut self, facts: &Facts) -> Cell {
        let Some(path) = &self.site.path else {
            return plain("-");
        };
        let who = match other_user(self.site) {
            Some(user) => user.to_owned(),
            None => facts.user.clone(),
        };
        match &facts.folder {
            // As another user it is looked at only if that needs no password, or one is given.
            None => plain("?"),
            Some(Folder::Ready) => plain("ready"),
            Some(Folder::Missing) => plain("to make"),
            Some(Folder::Closed) => {
                let text = format!("`{who}` cannot write into its folder `{path}`");
                self.error(
                    text,
                    "change the owner or the mode of the folder, or the setting `path`",
                );
                cell("read-only", Severity::Error)
            }
            Some(Folder::File) => {
                self.error(
                    format!("its path `{path}` is no folder"),
                    "see what is there, and the setting `path`",
                );
                cell("no folder", Severity::Error)
            }
            Some(Folder::Blocked(by)) => {
                let text =
                    format!("its folder `{path}` is missing, and `{who}` cannot make it in `{by}`");
                self.error(
                    text,
                    "make it by hand, with its owner, or change the setting `path`",
                );
                cell("missing", Severity::Error)
            }
        }
    }

    fn disk(&mut self, disk: Option<Disk>) -> Cell {
        let Some(Disk { free, used }) = disk else {
            return plain("?");
        };
        let text = size(free);
        if free >= SCARCE && used <= FULL {
            return plain(&text);
        }
        let finding = format!("its disk is nearly full: {text} free, {used}% used");
        let hint = "make room where its folder is";
        if free == 0 {
            self.error(finding, hint);
            return cell(&text, Severity::Error);
        }
        self.warning(finding, hint);
        cell(&text, Severity::Warning)
    }

    fn clock(&mut self, clock: Option<i64>, (before, after): (i64, i64)) -> Cell {
        let Some(clock) = clock else {
            return plain("?");
        };
        // It was read at some moment between the two.
        let difference = match clock {
            early if early < before => early - before,
            late if late > after => late - after,
            _ => 0,
        };
        if difference.abs() <= CLOCK {
            return plain("right");
        }
        let way = if difference > 0 { "ahead" } else { "behind" };
        let seconds = difference.unsigned_abs();
        let time = ploy_report::duration(std::time::Duration::from_secs(seconds));
        self.warning(
            format!("its clock is {time} {way} of this machine's"),
            "see its time service (`timedatectl`), and this machine's",
        );
        let sign = if difference > 0 { '+' } else { '-' };
        cell(&format!("{sign}{time}"), Severity::Warning)
    }
}

/// What ssh says of a host, without its name: of many sites the same is said once.
pub(super) fn without_host(cause: &str) -> &str {
    if let Some(at) = cause.find(": Permission denied (") {
        return &cause[at + 2..];
    }
    if cause.starts_with("Connection to ") && cause.ends_with(" timed out") {
        return "the connection timed out";
    }
    match cause.strip_prefix("connect to host ") {
        Some(rest) => rest.split_once(": ").map_or(cause, |(_, why)| why),
        None => cause,
    }
}
