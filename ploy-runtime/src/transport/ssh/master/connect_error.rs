//! Why a connection could not be made, read from what ssh says.

use std::time::Duration;

use super::destination::Destination;
use super::destination::quote_for_person;
use crate::error::{Failure, Kind};

/// Why a connection could not be made. It is kept for a while, so that all sites of a destination
/// get the same error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectError {
    pub(crate) kind: ConnectErrorKind,
    /// What ssh said, or what we know.
    pub(crate) cause: String,
    /// Whether it may be about a jump host, and not the destination.
    pub(crate) is_jump_host: bool,
}

/// What kept a connection from being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectErrorKind {
    /// There is no `ssh` on this machine.
    NoProgram,
    /// The folder for the socket cannot be made, or its path is too long.
    NoSocket,
    HostKeyChanged,
    HostKeyUnknown,
    PermissionDenied,
    NoSuchHost,
    SessionRefused,
    TimedOut,
    /// The network has no route to the host.
    NoRoute,
    /// The server, or a jump host, closed the connection before the login. Trying again soon may
    /// help.
    Dropped,
    /// A jump host closed the connection, or cannot be reached at all.
    JumpDropped,
    /// ssh's configuration, or an option, is wrong.
    Configuration,
    Other,
}

impl ConnectError {
    pub(crate) fn new(kind: ConnectErrorKind, cause: impl Into<String>) -> Self {
        ConnectError {
            kind,
            cause: cause.into(),
            is_jump_host: false,
        }
    }

    /// The error of an attempt that took longer than `limit`.
    pub(crate) fn timed_out(limit: Duration) -> Self {
        ConnectError::new(
            ConnectErrorKind::TimedOut,
            format!("no connection within {} s", limit.as_secs()),
        )
    }

    /// Whether trying again soon may help.
    pub(crate) fn is_temporary(&self) -> bool {
        matches!(
            self.kind,
            ConnectErrorKind::Dropped | ConnectErrorKind::JumpDropped
        )
    }

    pub(crate) fn failure(&self, site: &str, destination: &Destination) -> Failure {
        let kind = self.kind.kind();
        let headline = match (kind, self.is_jump_host) {
            (Kind::HostKey, false) => format!("the host key of {site} ({destination}) was refused"),
            (Kind::HostKey, true) => {
                format!("a host key on the way to {site} ({destination}) was refused")
            }
            (Kind::Auth, false) => format!("{site} ({destination}) refused the login"),
            (Kind::Auth, true) => {
                format!("a host on the way to {site} ({destination}) refused the login")
            }
            _ => format!("cannot reach {site} ({destination})"),
        };
        let failure = Failure::new(kind, headline, self.cause.clone());
        match self.kind.hint(destination, self.known_host_name()) {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }

    /// The name under which ssh knows the host whose key has changed: with its port, or another
    /// that is configured.
    fn known_host_name(&self) -> Option<&str> {
        let (name, _) = self.cause.strip_prefix(KEY_OF)?.split_once(CHANGED)?;
        Some(name)
    }
}

const KEY_OF: &str = "Host key for ";
const CHANGED: &str = " has changed";

impl ConnectErrorKind {
    fn kind(self) -> Kind {
        match self {
            // A matter of this machine, not of the site.
            ConnectErrorKind::NoProgram
            | ConnectErrorKind::NoSocket
            | ConnectErrorKind::Configuration => Kind::Usage,
            ConnectErrorKind::HostKeyChanged | ConnectErrorKind::HostKeyUnknown => Kind::HostKey,
            ConnectErrorKind::PermissionDenied => Kind::Auth,
            _ => Kind::Unreachable,
        }
    }

    fn hint(self, destination: &Destination, known_host: Option<&str>) -> Option<String> {
        let host = &destination.host;
        let shell_command = destination.shell_command();
        Some(match self {
            ConnectErrorKind::NoProgram => "install OpenSSH's client (Debian: `apt-get install openssh-client`), or put it on the PATH".to_owned(),
            ConnectErrorKind::NoSocket => "set XDG_RUNTIME_DIR or TMPDIR to a folder of your own with a short name".to_owned(),
            ConnectErrorKind::HostKeyChanged => format!(
                "if the change is meant, remove the old key with `ssh-keygen -R {}` and connect by hand (`{shell_command}`)",
                quote_for_person(known_host.unwrap_or(host)),
            ),
            ConnectErrorKind::HostKeyUnknown => format!(
                "connect once by hand (`{shell_command}`) and compare the key, or add it to your known_hosts"
            ),
            ConnectErrorKind::PermissionDenied => {
                "log in by key or agent: check `user`, `identity` and `ssh-add -l`".to_owned()
            }
            ConnectErrorKind::NoSuchHost => {
                format!("check `host: \"{host}\"`, your DNS and ~/.ssh/config")
            }
            ConnectErrorKind::SessionRefused => "check that sshd runs there, and on that `port`".to_owned(),
            ConnectErrorKind::TimedOut => {
                "check the host, the network and firewalls; `connect_timeout` sets the time".to_owned()
            }
            ConnectErrorKind::NoRoute => "check the network, and VPNs and routes that lead there".to_owned(),
            ConnectErrorKind::Dropped => "sshd closed the connection: see its log; MaxStartups may be low".to_owned(),
            ConnectErrorKind::JumpDropped => format!(
                "a jump host closed the connection, or cannot be reached: try `{shell_command}` by hand"
            ),
            ConnectErrorKind::Configuration => format!("`ssh -G {host}` says what ssh makes of its configuration"),
            ConnectErrorKind::Other => return None,
        })
    }
}

/// Messages of ssh and what they mean; the first one found counts. ssh does not translate its
/// messages.
const MESSAGES: [(&str, ConnectErrorKind); 22] = [
    (
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        ConnectErrorKind::HostKeyChanged,
    ),
    (
        "Host key verification failed",
        ConnectErrorKind::HostKeyUnknown,
    ),
    ("host key is known for", ConnectErrorKind::HostKeyUnknown),
    ("Permission denied (", ConnectErrorKind::PermissionDenied),
    (
        "Too many authentication failures",
        ConnectErrorKind::PermissionDenied,
    ),
    ("Could not resolve hostname", ConnectErrorKind::NoSuchHost),
    ("Connection refused", ConnectErrorKind::SessionRefused),
    (
        "too long for Unix domain socket",
        ConnectErrorKind::NoSocket,
    ),
    ("Bad configuration option", ConnectErrorKind::Configuration),
    ("terminating, ", ConnectErrorKind::Configuration),
    (
        "Can't open user config file",
        ConnectErrorKind::Configuration,
    ),
    (
        "Bad owner or permissions on",
        ConnectErrorKind::Configuration,
    ),
    ("Operation timed out", ConnectErrorKind::TimedOut),
    ("Connection timed out", ConnectErrorKind::TimedOut),
    ("Timeout, server", ConnectErrorKind::TimedOut),
    ("No route to host", ConnectErrorKind::NoRoute),
    ("Network is unreachable", ConnectErrorKind::NoRoute),
    // ssh says so when its peer has no address, because it is a pipe to another ssh.
    ("UNKNOWN port 65535", ConnectErrorKind::JumpDropped),
    ("kex_exchange_identification", ConnectErrorKind::Dropped),
    ("Connection reset by", ConnectErrorKind::Dropped),
    ("Connection closed by", ConnectErrorKind::Dropped),
    ("banner exchange", ConnectErrorKind::Dropped),
];

impl ConnectError {
    /// Reads what `ssh` printed on its standard error.
    pub(super) fn from_ssh_output(stderr: &str) -> Self {
        let kind = MESSAGES
            .iter()
            .find(|(message, _)| stderr.contains(message))
            .map_or(ConnectErrorKind::Other, |(_, kind)| *kind);
        let cause = cause(stderr).unwrap_or_else(|| "ssh ended without saying why".to_owned());
        ConnectError::new(kind, cause)
    }
}

/// The most telling line: the last that is not empty and no noise.
fn cause(stderr: &str) -> Option<String> {
    let lines = || {
        stderr
            .lines()
            .map(|line| line.trim().trim_end_matches('.'))
            .filter(|line| !line.is_empty())
    };
    let line = lines()
        .find(|line| {
            line.starts_with("No ") && line.contains("host key is known")
                || line.starts_with(KEY_OF) && line.contains(CHANGED)
        })
        // After the messages of a jump host's ssh comes one that the pipe to it was closed.
        .or_else(|| {
            lines().rfind(|line| {
                !line.contains("UNKNOWN port 65535") && !line.starts_with("kex_exchange")
            })
        })
        .or_else(|| lines().next_back())?;
    let line = line.strip_prefix("ssh: ").unwrap_or(line);
    Some(
        line.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_of_ssh_has_its_kind() {
        let cases = [
            (
                "No ED25519 host key is known for web1 and you have requested strict checking.\r\nHost key verification failed.\r\n",
                ConnectErrorKind::HostKeyUnknown,
            ),
            (
                "Host key verification failed.\r\n",
                ConnectErrorKind::HostKeyUnknown,
            ),
            (
                "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
                ConnectErrorKind::HostKeyChanged,
            ),
            (
                "banner\nroot@web1: Permission denied (publickey).\r\n",
                ConnectErrorKind::PermissionDenied,
            ),
            (
                "ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n",
                ConnectErrorKind::SessionRefused,
            ),
            (
                "ssh: connect to host 127.0.0.1 port 1: Connection timed out\r\n",
                ConnectErrorKind::TimedOut,
            ),
            (
                "ssh: connect to host 10.0.0.1 port 22: No route to host\r\n",
                ConnectErrorKind::NoRoute,
            ),
            (
                "ssh: Could not resolve hostname web1: Name or service not known\r\n",
                ConnectErrorKind::NoSuchHost,
            ),
            (
                "kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 127.0.0.1 port 22\r\n",
                ConnectErrorKind::Dropped,
            ),
            (
                "/x: line 1: Bad configuration option: hots\r\n/x: terminating, 1 bad configuration options\r\n",
                ConnectErrorKind::Configuration,
            ),
            ("", ConnectErrorKind::Other),
        ];
        for (stderr, expected) in cases {
            assert_eq!(
                ConnectError::from_ssh_output(stderr).kind,
                expected,
                "{stderr}"
            );
        }
        assert_eq!(
            ConnectError::from_ssh_output(cases[4].0).cause,
            "connect to host 127.0.0.1 port 1: Connection refused"
        );
        assert_eq!(
            ConnectError::from_ssh_output("").cause,
            "ssh ended without saying why"
        );
    }

    #[test]
    fn a_hint_has_a_command_line_to_copy() {
        let settings = crate::topology::Settings::new()
            .host("web1")
            .user("me")
            .port(2222);
        let Some(destination) = Destination::of(&settings, None) else {
            panic!("it has a host");
        };
        let output = "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\nHost key for [web1]:2222 has changed and you \
                    have requested strict checking.\r\nHost key verification failed.\r\n";
        let failure = ConnectError::from_ssh_output(output).failure("web1", &destination);
        assert_eq!(
            failure.hint(),
            Some(
                "if the change is meant, remove the old key with `ssh-keygen -R '[web1]:2222'` and connect by hand \
                 (`ssh -l me -p 2222 web1`)"
            )
        );
    }

    #[test]
    fn what_this_machine_lacks_does_not_make_a_site_unreachable() {
        assert!(!ConnectErrorKind::NoProgram.kind().is_unreachable());
        assert!(ConnectErrorKind::TimedOut.kind().is_unreachable());
        assert!(ConnectError::new(ConnectErrorKind::Dropped, "").is_temporary());
    }
}
