//! Why a transfer failed, in words.

use super::check::NAME_ANOTHER;
use super::missing::{is_here, missing_program};
use super::transfer::Way;
use super::{Transfer, options, start};
use crate::error::{CommandReport, Failure, Kind};
use crate::transport::{Connection, Exit, LocalTransport};

/// The failure of a transfer whose rsync ended like this.
pub(super) async fn failure(
    transfer: &Transfer,
    exit: Exit,
    report: CommandReport,
    shown: &str,
    connection: Option<&Connection>,
) -> Failure {
    let name = transfer.shell.name();
    let said = String::from_utf8_lossy(&report.stderr).into_owned();
    if let Some(cause) = said
        .lines()
        .find_map(|line| line.strip_prefix(start::REFUSED))
    {
        return transfer.refused(shown, cause).with_hint(NAME_ANOTHER);
    }
    // 12 is rsync's "error in protocol data stream", 255 is ssh's own.
    if let Some(connection) = connection
        && matches!(exit, Exit::Code(12 | 255) | Exit::Signal(_))
        && !connection.is_alive().await
    {
        return Failure::new(
            Kind::Unreachable,
            format!("the connection to {name} was lost"),
            format!("while it was to {shown}"),
        )
        .with_hint("what has been moved so far is not known; a transfer can be repeated safely");
    }
    let (cause, hint) = cause(transfer, exit, &said, connection.is_some());
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
    let failure = Failure::new(Kind::Transfer, format!("cannot {shown} on {name}"), cause)
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

/// The cause, if there is more to say than the status, and a hint.
type Why = (Option<String>, Option<String>);

fn cause(transfer: &Transfer, exit: Exit, said: &str, connected: bool) -> Why {
    let name = transfer.shell.name();
    // Nothing has come from the other rsync, so what was said is by what was to start it.
    let never_began = exit == Exit::Code(127) || said.contains("(0 bytes received so far)");
    if never_began && let Some(why) = no_program(transfer, exit, said, connected) {
        return why;
    }
    if said.contains("is your shell clean") || said.contains("protocol version mismatch") {
        return (
            Some(format!("what the login shell on {name} prints is in rsync's way")),
            Some(
                "a start file there, such as ~/.bashrc, prints something: it must not where nobody is at a terminal"
                    .to_owned(),
            ),
        );
    }
    if connected && (exit == Exit::Code(255) || never_began && said.lines().any(is_of_ssh)) {
        let hint = "rsync had to make a connection of its own, which failed; see `max_sessions`";
        return (first(said), Some(hint.to_owned()));
    }
    if said.contains("args[] overflowed") || said.contains("Argument list too long") {
        return too_many(transfer);
    }
    if let Some(source) = transfer.missing_source(said) {
        let place = match transfer.way {
            Way::Up => "here".to_owned(),
            Way::Down => format!("on {name}"),
        };
        return (None, Some(format!("there is no `{source}` {place}")));
    }
    if never_began && let Some(why) = before_rsync(said) {
        return why;
    }
    for line in said.lines() {
        if let Some(words) = known(line) {
            // rsync says for which file, and on which side.
            return (Some(format!("{words}: {}", line.trim())), None);
        }
    }
    if exit == Exit::Code(24) {
        let hint = "repeat it, or leave out by `exclude` what changes all the time";
        return (None, Some(hint.to_owned()));
    }
    (first(said), None)
}

/// Whether ssh says that a connection cannot be made. rsync may have noticed that nothing comes before it knew the status
/// of ssh.
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

/// What rsync's words for a cause mean in ours.
fn known(line: &str) -> Option<&'static str> {
    let known = [
        ("No space left on device", "no space is left"),
        ("Disk quota exceeded", "a disk quota is used up"),
        ("Read-only file system", "the file system is read-only"),
        ("ermission denied", "permission denied"),
        ("Operation not permitted", "permission denied"),
        ("Not a directory", "what is to be a folder is a file"),
        ("unknown option", "an option is not known"),
    ];
    let (_, words) = known.iter().find(|(text, _)| line.contains(text))?;
    Some(words)
}

/// The first thing that rsync says, or else whoever ran before it: that the connection was closed says nothing.
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
fn before_rsync(said: &str) -> Option<Why> {
    if let Some(line) = said.lines().find(|line| line.starts_with("mkdir: ")) {
        let cause = known(line).map_or(line.to_owned(), |words| format!("{words}: {line}"));
        return Some((Some(cause), None));
    }
    // The last one: it may only have warned before.
    let line = said.lines().rfind(|line| line.starts_with("sudo: "))?;
    let hint = "rsync can answer no prompt: sudo there needs NOPASSWD for it";
    Some((Some(line.to_owned()), Some(hint.to_owned())))
}

/// A program is not there, on one side or the other.
fn no_program(transfer: &Transfer, exit: Exit, said: &str, connected: bool) -> Option<Why> {
    let own = options::program(&transfer.arguments).is_some();
    let program = match missing_program(said) {
        Some(program) => program,
        None if exit == Exit::Code(127) && !own => "rsync",
        None => return None,
    };
    if program != "rsync" {
        let place = if connected {
            transfer.shell.name()
        } else {
            "this machine"
        };
        let change = if own {
            ", or change `--rsync-path`"
        } else {
            ""
        };
        return Some((
            Some(format!("there is no `{program}` on {place}")),
            Some(format!("install `{program}` on {place}{change}")),
        ));
    }
    let place = if !connected || !is_here("rsync") {
        "this machine"
    } else {
        transfer.shell.name()
    };
    Some((
        Some(format!("there is no rsync on {place}")),
        Some(format!(
            "install rsync on {place} (`apt-get install rsync`, `dnf install rsync`, `apk add rsync`), or put it on the PATH"
        )),
    ))
}

impl Transfer {
    /// The failure of a transfer whose rsync cannot be started, since it has more sources than a program may be given.
    pub(super) fn too_many(&self, failure: Failure, shown: &str) -> Failure {
        if failure.detail().to_string() != LocalTransport::TOO_LONG {
            return failure;
        }
        let (cause, hint) = too_many(self);
        let headline = format!("cannot {shown} on {}", self.shell.name());
        Failure::new(Kind::Usage, headline, cause.unwrap_or_default())
            .with_hint(hint.unwrap_or_default())
    }
}

fn too_many(transfer: &Transfer) -> Why {
    let count = transfer.sources.len();
    let way = match transfer.way {
        Way::Up => "upload",
        Way::Down => "download",
    };
    (
        Some(format!("too many sources to name one by one ({count})")),
        Some(format!(
            "{way} the folder they are in, or use `.args([\"--files-from=LIST\"])`"
        )),
    )
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
        let (cause, hint) =
            before_rsync("mkdir: cannot create directory '/x': File exists").unwrap();
        assert_eq!(
            cause.unwrap(),
            "mkdir: cannot create directory '/x': File exists"
        );
        assert_eq!(hint, None);
        let (cause, _) = before_rsync("mkdir: '/x': Permission denied").unwrap();
        assert_eq!(
            cause.unwrap(),
            "permission denied: mkdir: '/x': Permission denied"
        );
        let said = "sudo: unable to resolve host x\nsudo: a password is required\n";
        let (cause, hint) = before_rsync(said).unwrap();
        assert_eq!(cause.unwrap(), "sudo: a password is required");
        assert!(hint.unwrap().contains("NOPASSWD"));
        assert_eq!(before_rsync("rsync: x"), None);
    }
}
