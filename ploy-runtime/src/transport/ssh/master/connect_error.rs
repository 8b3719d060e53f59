use std::time::Duration;

use super::destination::word;
use crate::error::{Failure, Kind};
use crate::transport::Destination;

/// Why a connection could not be made. Kept, so that all sites of a destination are told the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnosis {
    pub(crate) trouble: Trouble,
    /// What ssh said, or what we know.
    pub(crate) cause: String,
    /// Whether it may be about a jump host.
    pub(crate) is_on_the_way: bool,
}

/// What sort of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no `ssh` on this machine.
    NoProgram,
    /// The folder for the socket cannot be made, or its name is too long.
    NoSocket,
    HostKeyChanged,
    HostKeyUnknown,
    PermissionDenied,
    NoSuchHost,
    Refused,
    TimedOut,
    /// The network says that there is no way there.
    NoRoute,
    /// The server, or a host on the way, closed the connection before the login: trying again soon may help.
    Dropped,
    /// A jump host did so, or it cannot be reached at all.
    JumpDropped,
    /// What ssh is told is wrong: its configuration, or an option.
    Configuration,
    Other,
}

impl Diagnosis {
    pub(crate) fn new(trouble: Trouble, cause: impl Into<String>) -> Self {
        Diagnosis {
            trouble,
            cause: cause.into(),
            is_on_the_way: false,
        }
    }

    /// No connection came about within this time.
    pub(crate) fn timed_out(limit: Duration) -> Self {
        Diagnosis::new(
            Trouble::TimedOut,
            format!("no connection within {} s", limit.as_secs()),
        )
    }

    /// Whether trying again soon may help.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.trouble, Trouble::Dropped | Trouble::JumpDropped)
    }

    pub(crate) fn failure(&self, site: &str, destination: &Destination) -> Failure {
        let kind = self.trouble.kind();
        let headline = match (kind, self.is_on_the_way) {
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
        match self.trouble.hint(destination, self.known_as()) {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }

    /// The name by which ssh knows the host whose key has changed: with its port, or another that is configured.
    fn known_as(&self) -> Option<&str> {
        let (name, _) = self.cause.strip_prefix(KEY_OF)?.split_once(CHANGED)?;
        Some(name)
    }
}

const KEY_OF: &str = "Host key for ";
const CHANGED: &str = " has changed";

impl Trouble {
    fn kind(self) -> Kind {
        match self {
            // Of this machine, not of the site.
            Trouble::NoProgram | Trouble::NoSocket | Trouble::Configuration => Kind::Usage,
            Trouble::HostKeyChanged | Trouble::HostKeyUnknown => Kind::HostKey,
            Trouble::PermissionDenied => Kind::Auth,
            _ => Kind::Unreachable,
        }
    }

    fn hint(self, destination: &Destination, known_as: Option<&str>) -> Option<String> {
        let host = &destination.host;
        let by_hand = destination.by_hand();
        Some(match self {
            Trouble::NoProgram => "install OpenSSH's client (Debian: `apt-get install openssh-client`), or put it on the PATH".to_owned(),
            Trouble::NoSocket => "set XDG_RUNTIME_DIR or TMPDIR to a folder of your own with a short name".to_owned(),
            Trouble::HostKeyChanged => format!(
                "if the change is meant, remove the old key with `ssh-keygen -R {}` and connect by hand (`{by_hand}`)",
                word(known_as.unwrap_or(host)),
            ),
            Trouble::HostKeyUnknown => format!(
                "connect once by hand (`{by_hand}`) and compare the key, or add it to your known_hosts"
            ),
            Trouble::PermissionDenied => {
                "log in by key or agent: check `user`, `identity` and `ssh-add -l`".to_owned()
            }
            Trouble::NoSuchHost => {
                format!("check `host: \"{host}\"`, your DNS and ~/.ssh/config")
            }
            Trouble::Refused => "check that sshd runs there, and on that `port`".to_owned(),
            Trouble::TimedOut => {
                "check the host, the network and firewalls; `connect_timeout` sets the time".to_owned()
            }
            Trouble::NoRoute => "check the network, and VPNs and routes that lead there".to_owned(),
            Trouble::Dropped => "sshd closed the connection: see its log; MaxStartups may be low".to_owned(),
            Trouble::JumpDropped => format!(
                "a jump host closed the connection, or cannot be reached: try `{by_hand}` by hand"
            ),
            Trouble::Configuration => format!("`ssh -G {host}` says what ssh makes of its configuration"),
            Trouble::Other => return None,
        })
    }
}

/// What ssh says, and what it means; the first that is found counts. Its messages are not translated.
const MESSAGES: [(&str, Trouble); 22] = [
    (
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        Trouble::HostKeyChanged,
    ),
    ("Host key verification failed", Trouble::HostKeyUnknown),
    ("host key is known for", Trouble::HostKeyUnknown),
    ("Permission denied (", Trouble::PermissionDenied),
    (
        "Too many authentication failures",
        Trouble::PermissionDenied,
    ),
    ("Could not resolve hostname", Trouble::NoSuchHost),
    ("Connection refused", Trouble::Refused),
    ("too long for Unix domain socket", Trouble::NoSocket),
    ("Bad configuration option", Trouble::Configuration),
    ("terminating, ", Trouble::Configuration),
    ("Can't open user config file", Trouble::Configuration),
    ("Bad owner or permissions on", Trouble::Configuration),
    ("Operation timed out", Trouble::TimedOut),
    ("Connection timed out", Trouble::TimedOut),
    ("Timeout, server", Trouble::TimedOut),
    ("No route to host", Trouble::NoRoute),
    ("Network is unreachable", Trouble::NoRoute),
    // There is no address: it is a pipe to another ssh.
    ("UNKNOWN port 65535", Trouble::JumpDropped),
    ("kex_exchange_identification", Trouble::Dropped),
    ("Connection reset by", Trouble::Dropped),
    ("Connection closed by", Trouble::Dropped),
    ("banner exchange", Trouble::Dropped),
];

/// Reads what `ssh` said on its standard error.
pub(crate) fn diagnose(stderr: &str) -> Diagnosis {
    let trouble = MESSAGES
        .iter()
        .find(|(message, _)| stderr.contains(message))
        .map_or(Trouble::Other, |(_, trouble)| *trouble);
    let cause = cause(stderr).unwrap_or_else(|| "ssh ended without saying why".to_owned());
    Diagnosis::new(trouble, cause)
}

/// The line that says most: the last that is not empty and no banner.
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
        // After what a jump host's ssh said comes that the pipe to it was closed.
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
    fn each_message_is_its_own_trouble() {
        let cases = [
            (
                "No ED25519 host key is known for web1 and you have requested strict checking.\r\nHost key verification failed.\r\n",
                Trouble::HostKeyUnknown,
            ),
            ("Host key verification failed.\r\n", Trouble::HostKeyUnknown),
            (
                "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
                Trouble::HostKeyChanged,
            ),
            (
                "banner\nroot@web1: Permission denied (publickey).\r\n",
                Trouble::PermissionDenied,
            ),
            (
                "ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n",
                Trouble::Refused,
            ),
            (
                "ssh: connect to host 127.0.0.1 port 1: Connection timed out\r\n",
                Trouble::TimedOut,
            ),
            (
                "ssh: connect to host 10.0.0.1 port 22: No route to host\r\n",
                Trouble::NoRoute,
            ),
            (
                "ssh: Could not resolve hostname web1: Name or service not known\r\n",
                Trouble::NoSuchHost,
            ),
            (
                "kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 127.0.0.1 port 22\r\n",
                Trouble::Dropped,
            ),
            (
                "/x: line 1: Bad configuration option: hots\r\n/x: terminating, 1 bad configuration options\r\n",
                Trouble::Configuration,
            ),
            ("", Trouble::Other),
        ];
        for (stderr, expected) in cases {
            assert_eq!(diagnose(stderr).trouble, expected, "{stderr}");
        }
        assert_eq!(
            diagnose(cases[4].0).cause,
            "connect to host 127.0.0.1 port 1: Connection refused"
        );
        assert_eq!(diagnose("").cause, "ssh ended without saying why");
    }

    #[test]
    fn a_hint_can_be_typed_as_it_is() {
        let settings = crate::topology::Settings::new()
            .host("web1")
            .user("me")
            .port(2222);
        let Some(destination) = Destination::of(&settings, None) else {
            panic!("it has a host");
        };
        let said = "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\nHost key for [web1]:2222 has changed and you \
                    have requested strict checking.\r\nHost key verification failed.\r\n";
        let failure = diagnose(said).failure("web1", &destination);
        assert_eq!(
            failure.hint(),
            Some(
                "if the change is meant, remove the old key with `ssh-keygen -R '[web1]:2222'` and connect by hand \
                 (`ssh -l me -p 2222 web1`)"
            )
        );
    }

    #[test]
    fn what_this_machine_lacks_is_not_the_sites_fault() {
        assert!(!Trouble::NoProgram.kind().is_unreachable());
        assert!(Trouble::TimedOut.kind().is_unreachable());
        assert!(Diagnosis::new(Trouble::Dropped, "").is_passing());
    }
}
