//! Why rsync failed, in words.

use super::missing_program::{is_here, missing_program};
use super::missing_source::missing_source;
use super::remote_start;
use crate::error::{CommandReport, Failure, Kind};
use crate::transfer::arguments;
use crate::transfer::cause::KnownCause;
use crate::transfer::guard::NAME_ANOTHER;
use crate::transfer::planner::options::{PlanOptions, PlanOptionsError};
use crate::transfer::request::{Direction, TransferRequest};
use crate::transport::{Connection, Exit, LocalTransport};

/// The failure of a transfer whose rsync ended like this.
pub(super) async fn of_end(
    request: &TransferRequest,
    exit: Exit,
    report: CommandReport,
    connection: Option<&Connection>,
) -> Failure {
    let name = &request.site;
    let said = String::from_utf8_lossy(&report.stderr).into_owned();
    if let Some(cause) = said
        .lines()
        .find_map(|line| line.strip_prefix(remote_start::REFUSED))
    {
        return request.refused(cause).with_hint(NAME_ANOTHER);
    }
    // 12 is rsync's "error in protocol data stream", 255 is ssh's own.
    if let Some(connection) = connection
        && matches!(exit, Exit::Code(12 | 255) | Exit::Signal(_))
        && !connection.is_alive().await
    {
        return Failure::new(
            Kind::Unreachable,
            format!("the connection to {name} was lost"),
            format!("while it was to {request}"),
        )
        .with_hint("what has been moved so far is not known; a transfer can be repeated safely");
    }
    let Explanation { cause, hint } = explain(request, exit, &said, connection.is_some());
    let status = match exit {
        Exit::Code(code) => match meaning(code) {
            Some(meaning) => format!("rsync exited with status {code}: {meaning}"),
            None => format!("rsync exited with status {code}"),
        },
        Exit::Signal(_) => "rsync was ended by a signal".to_owned(),
    };
    let cause = match cause {
        Some(cause) => format!("{cause} ({status})"),
        None => status,
    };
    let failure = Failure::new(Kind::Transfer, format!("cannot {request} on {name}"), cause)
        .with_command(report);
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

/// What rsync's exit status means, where its own message may not say it.
fn meaning(code: i32) -> Option<&'static str> {
    Some(match code {
        1 => "an argument is wrong",
        2 => "the two sides do not understand each other",
        10..=12 => "input or output failed",
        20 => "it was ended by a signal",
        22 => "not enough memory",
        23 => "some of it was not moved",
        24 => "some files went away while they were moved",
        25 => "it would have deleted too much",
        30 | 35 => "nothing came for too long",
        _ => return None,
    })
}

/// Why rsync failed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Explanation {
    /// The cause, if there is more to say than the status.
    cause: Option<String>,
    hint: Option<String>,
}

impl Explanation {
    fn with_cause(cause: Option<String>) -> Self {
        Explanation { cause, hint: None }
    }

    fn with_hint(self, hint: impl Into<String>) -> Self {
        Explanation {
            hint: Some(hint.into()),
            ..self
        }
    }
}

fn explain(request: &TransferRequest, exit: Exit, said: &str, connected: bool) -> Explanation {
    let name = &request.site;
    // Nothing came from the remote rsync, so the messages are from what was to start it.
    let never_began = exit == Exit::Code(127) || said.contains("(0 bytes received so far)");
    if never_began && let Some(why) = no_program(request, exit, said, connected) {
        return why;
    }
    if said.contains("is your shell clean") || said.contains("protocol version mismatch") {
        let cause = format!("what the login shell on {name} prints is in rsync's way");
        return Explanation::with_cause(Some(cause)).with_hint(
            "a start file there, such as ~/.bashrc, prints something: it must not where nobody is at a terminal",
        );
    }
    if connected && (exit == Exit::Code(255) || never_began && said.lines().any(is_of_ssh)) {
        return Explanation::with_cause(first(said)).with_hint(
            "rsync had to make a connection of its own, which failed; see `max_sessions`",
        );
    }
    if said.contains("args[] overflowed") || said.contains("Argument list too long") {
        return too_many(request);
    }
    if let Some(source) = missing_source(request, said) {
        let place = request.source_place();
        return Explanation::default().with_hint(format!("there is no `{source}` {place}"));
    }
    if never_began && let Some(why) = before_rsync(said) {
        return why;
    }
    for line in said.lines() {
        if let Some(known) = KnownCause::of_line(line) {
            // The line names the file and the side.
            return Explanation::with_cause(Some(format!("{known}: {}", line.trim())));
        }
    }
    if exit == Exit::Code(24) {
        return Explanation::default()
            .with_hint("repeat it, or leave out by `exclude` what changes all the time");
    }
    Explanation::with_cause(first(said))
}

/// Whether ssh reports that a connection cannot be made. rsync may exit before it knows ssh's exit
/// status.
fn is_of_ssh(line: &str) -> bool {
    line.contains(": Permission denied (")
        || [
            "ssh: ",
            "kex_exchange_identification: ",
            "Host key verification failed",
            "Connection closed by ",
        ]
        .iter()
        .any(|begin| line.starts_with(begin))
}

/// The first message of rsync, or else the last of what ran before it. That the connection was
/// closed is no cause.
fn first(said: &str) -> Option<String> {
    let is_end = |line: &&str| line.contains("connection unexpectedly closed");
    let lines = || said.lines().map(str::trim);
    lines()
        .find(|line| line.starts_with("rsync: ") && !is_end(line))
        .or_else(|| lines().rfind(|line| !line.is_empty() && !line.starts_with("rsync")))
        .or_else(|| lines().find(is_end))
        .map(str::to_owned)
}

/// What went wrong before rsync was started there.
fn before_rsync(said: &str) -> Option<Explanation> {
    if let Some(line) = said.lines().find(|line| line.starts_with("mkdir: ")) {
        let known = KnownCause::of_line(line);
        let cause = known.map_or(line.to_owned(), |known| format!("{known}: {line}"));
        return Some(Explanation::with_cause(Some(cause)));
    }
    // The last line: those before it may be warnings.
    let line = said.lines().rfind(|line| line.starts_with("sudo: "))?;
    let hint = "rsync can answer no prompt: sudo there needs NOPASSWD for it";
    Some(Explanation::with_cause(Some(line.to_owned())).with_hint(hint))
}

/// A program is missing, on one side or the other.
fn no_program(
    request: &TransferRequest,
    exit: Exit,
    said: &str,
    connected: bool,
) -> Option<Explanation> {
    let site = &*request.site;
    let own = arguments::program(&request.arguments).is_some();
    let program = match missing_program(said) {
        Some(program) => program,
        None if exit == Exit::Code(127) && !own => "rsync",
        None => return None,
    };
    let is_missing = |place: &str, program: &str| {
        Explanation::with_cause(Some(format!("there is no {program} on {place}")))
    };
    if program != "rsync" {
        let place = if connected { site } else { "this machine" };
        let change = if own {
            ", or change `--rsync-path`"
        } else {
            ""
        };
        let why = is_missing(place, &format!("`{program}`"));
        return Some(why.with_hint(format!("install `{program}` on {place}{change}")));
    }
    let place = if !connected || !is_here("rsync") {
        "this machine"
    } else {
        site
    };
    let mut hint = format!(
        "install rsync on {place} (`apt-get install rsync`, `dnf install rsync`, `apk add rsync`), or put it on the PATH"
    );
    if let (false, Err(PlanOptionsError::NeedsRsync(argument))) = (
        connected,
        PlanOptions::parse(&request.arguments, request.is_mirror),
    ) {
        let argument = argument.display();
        hint.push_str(&format!(
            "; on a local site only arguments such as `{argument}` need it"
        ));
    }
    Some(is_missing(place, "rsync").with_hint(hint))
}

/// The failure of a transfer whose rsync cannot be started, perhaps because the sources are more
/// arguments than a program may have.
pub(super) fn of_start(request: &TransferRequest, failure: Failure) -> Failure {
    if failure.detail().to_string() != LocalTransport::TOO_LONG {
        return failure;
    }
    let Explanation { cause, hint } = too_many(request);
    let headline = format!("cannot {request} on {}", request.site);
    Failure::new(Kind::Usage, headline, cause.unwrap_or_default())
        .with_hint(hint.unwrap_or_default())
}

fn too_many(request: &TransferRequest) -> Explanation {
    let count = request.sources.len();
    let verb = match request.direction {
        Direction::Upload => "upload",
        Direction::Download => "download",
    };
    let cause = format!("too many sources to name one by one ({count})");
    Explanation::with_cause(Some(cause)).with_hint(format!(
        "{verb} the folder they are in, or use `.args([\"--files-from=LIST\"])`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_the_connection_was_closed_is_no_cause_where_there_is_another() {
        let closed = "rsync: connection unexpectedly closed (0 bytes received so far) [sender]";
        let end =
            "rsync error: error in rsync protocol data stream (code 12) at io.c(1) [sender=3.2]";
        for (said, cause) in [
            (format!("{closed}\n{end}"), Some(closed)),
            (
                format!("Account expired\n{closed}\n{end}"),
                Some("Account expired"),
            ),
            (format!("{closed}\nrsync: x\n{end}"), Some("rsync: x")),
            (end.to_owned(), None),
        ] {
            assert_eq!(first(&said).as_deref(), cause);
        }
    }

    #[test]
    fn what_fails_before_rsync_is_the_cause() {
        let said = "mkdir: cannot create directory '/x': File exists";
        let expected = Explanation::with_cause(Some(said.to_owned()));
        assert_eq!(before_rsync(said), Some(expected));
        let denied = before_rsync("mkdir: '/x': Permission denied").unwrap();
        assert_eq!(
            denied.cause.unwrap(),
            "permission denied: mkdir: '/x': Permission denied"
        );
        let said = "sudo: unable to resolve host x\nsudo: a password is required\n";
        let why = before_rsync(said).unwrap();
        assert_eq!(why.cause.unwrap(), "sudo: a password is required");
        assert!(why.hint.unwrap().contains("NOPASSWD"));
        assert_eq!(before_rsync("rsync: x"), None);
    }
}
