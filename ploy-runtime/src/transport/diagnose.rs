use super::Destination;
use crate::error::{Failure, Kind};

/// Why a connection could not be made. Kept, so that all sites of a destination are told the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Diagnosis {
    pub(super) kind: Kind,
    pub(super) cause: String,
    pub(super) hint: Option<String>,
    /// Whether trying again soon may help.
    pub(super) passing: bool,
}

impl Diagnosis {
    pub(super) fn failure(&self, site: &str, destination: &Destination) -> Failure {
        let headline = match self.kind {
            Kind::HostKey => format!("the host key of {site} ({destination}) was refused"),
            Kind::Auth => format!("{site} ({destination}) refused the login"),
            _ => format!("cannot reach {site} ({destination})"),
        };
        let failure = Failure::new(self.kind, headline, self.cause.clone());
        match &self.hint {
            Some(hint) => failure.with_hint(hint.clone()),
            None => failure,
        }
    }
}

/// Reads what `ssh` said on its standard error. Its messages are not translated.
pub(super) fn diagnose(stderr: &str, destination: &Destination) -> Diagnosis {
    let has = |needle: &str| stderr.contains(needle);
    let host = &destination.host;
    let (kind, hint, passing) = if has("REMOTE HOST IDENTIFICATION HAS CHANGED") {
        let hint = format!(
            "if the change is meant, remove the old key with `ssh-keygen -R {host}` and connect by hand"
        );
        (Kind::HostKey, Some(hint), false)
    } else if has("Host key verification failed") || has("host key is known for") {
        let hint = format!(
            "connect once by hand (`ssh {host}`) and compare the key, or add it to your known_hosts"
        );
        (Kind::HostKey, Some(hint), false)
    } else if has("Permission denied (") || has("Too many authentication failures") {
        let hint = "log in by key or agent: check `user`, `identity` and `ssh-add -l`".to_owned();
        (Kind::Auth, Some(hint), false)
    } else if has("Could not resolve hostname") {
        (
            Kind::Unreachable,
            Some(format!(
                "check `host: \"{host}\"`, your DNS and ~/.ssh/config"
            )),
            false,
        )
    } else if has("Connection refused") {
        (
            Kind::Unreachable,
            Some("check that sshd runs there, and on that `port`".to_owned()),
            false,
        )
    } else if has("too long for Unix domain socket") {
        (
            Kind::Unreachable,
            Some("set XDG_RUNTIME_DIR or TMPDIR to a shorter path".to_owned()),
            false,
        )
    } else if has("kex_exchange_identification")
        || has("Connection reset by")
        || has("Connection closed by")
    {
        // What sshd does to those that come too many at a time (MaxStartups).
        (
            Kind::Unreachable,
            Some("sshd closed the connection: see its log; MaxStartups may be low".to_owned()),
            true,
        )
    } else {
        (Kind::Unreachable, None, false)
    };
    let cause = cause(stderr).unwrap_or_else(|| "ssh ended without saying why".to_owned());
    Diagnosis {
        kind,
        cause,
        hint,
        passing,
    }
}

/// The line that says most: the last that is not empty and no banner.
fn cause(stderr: &str) -> Option<String> {
    let lines = || {
        stderr
            .lines()
            .map(|line| line.trim().trim_end_matches('.'))
            .filter(|line| !line.is_empty())
    };
    let known = ["No ", "Host key verification failed", "@    WARNING"];
    let line = lines()
        .find(|line| line.starts_with(known[0]) && line.contains("host key is known"))
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
    use crate::topology::Settings;

    fn kind(stderr: &str) -> (Kind, String) {
        let destination = Destination::of(&Settings::new().host("web1"), None).unwrap();
        let diagnosis = diagnose(stderr, &destination);
        (diagnosis.kind, diagnosis.cause)
    }

    #[test]
    fn each_message_is_its_own_kind() {
        let cases = [
            (
                "No ED25519 host key is known for web1 and you have requested strict checking.\r\nHost key verification failed.\r\n",
                Kind::HostKey,
            ),
            ("Host key verification failed.\r\n", Kind::HostKey),
            (
                "banner\nroot@web1: Permission denied (publickey).\r\n",
                Kind::Auth,
            ),
            (
                "ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n",
                Kind::Unreachable,
            ),
            (
                "ssh: Could not resolve hostname web1: Name or service not known\r\n",
                Kind::Unreachable,
            ),
        ];
        for (stderr, expected) in cases {
            assert_eq!(kind(stderr).0, expected, "{stderr}");
        }
        assert_eq!(
            kind(cases[3].0).1,
            "connect to host 127.0.0.1 port 1: Connection refused"
        );
        assert_eq!(kind("").1, "ssh ended without saying why");
    }
}
