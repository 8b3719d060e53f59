//! Finds out on a site whether a sudo password is right, before any other site gets it.

use std::pin::Pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};

use super::sudo_function::sudo_function;
use crate::error::{Failure, Kind};
use crate::secret::{PasswordTrial, PasswordVerdict, Secret};
use crate::shell::shell::Shell;
use crate::transport::{AskpassKind, AskpassRequest, AskpassRequests, Exit, SpawnRequest};

/// How much is kept of what sudo prints.
const MAX_OUTPUT: usize = 16 * 1024;

/// How long output is waited for after sudo has ended.
const DRAIN_TIME: Duration = Duration::from_secs(2);

/// Runs `sudo -v` on a site, which asks for a password and runs nothing. With `-k` it asks whatever
/// it remembers, and remembers nothing. It asks again while the password is wrong, as long as sudo
/// does.
pub(crate) struct SudoTrial<'a> {
    shell: &'a Shell,
    running: Option<RunningSudo>,
}

/// A sudo that runs.
struct RunningSudo {
    requests: AskpassRequests,
    /// A request that was not answered yet.
    open_request: Option<AskpassRequest>,
    end: Pin<Box<dyn Future<Output = Result<SudoEnd, Failure>> + Send>>,
    answers: u32,
}

/// How a sudo ended, and what it printed on its standard error.
struct SudoEnd {
    exit: Exit,
    stderr: Vec<u8>,
}

/// What a sudo does next.
enum SudoStep {
    Asks(AskpassRequest),
    Ends(Result<SudoEnd, Failure>),
}

impl<'a> SudoTrial<'a> {
    pub(crate) fn new(shell: &'a Shell) -> Self {
        SudoTrial {
            shell,
            running: None,
        }
    }

    /// Starts sudo. Returns the user whose password it asks for; `None` if it asks for none.
    pub(crate) async fn begin(&mut self) -> Result<Option<String>, Failure> {
        let mut running = RunningSudo::start(self.shell).await?;
        match running.next().await {
            SudoStep::Ends(end) => end.map(|_| None),
            SudoStep::Asks(request) => {
                let user = match &request.kind {
                    AskpassKind::SudoPassword { user, .. } => user.clone(),
                    AskpassKind::CommandSecret { .. } => String::new(),
                };
                running.open_request = Some(request);
                self.running = Some(running);
                Ok(Some(user))
            }
        }
    }

    async fn answer(&mut self, password: &Secret) -> Result<PasswordVerdict, Failure> {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => RunningSudo::start(self.shell).await?,
        };
        let request = match running.open_request.take() {
            Some(request) => request,
            None => match running.next().await {
                SudoStep::Asks(request) => request,
                // sudo may ask for commands alone, and not for `-v` (`verifypw` in sudoers).
                SudoStep::Ends(end) => {
                    return self.verdict(&end?, 0).map(|verdict| match verdict {
                        PasswordVerdict::Accepted => PasswordVerdict::Unknown,
                        verdict => verdict,
                    });
                }
            },
        };
        request.answer(password.expose());
        running.answers += 1;
        match running.next().await {
            SudoStep::Asks(request) => {
                running.open_request = Some(request);
                self.running = Some(running);
                Ok(PasswordVerdict::Rejected)
            }
            SudoStep::Ends(end) => self.verdict(&end?, running.answers),
        }
    }

    /// What the end of sudo says of the last answer.
    fn verdict(&self, end: &SudoEnd, answers: u32) -> Result<PasswordVerdict, Failure> {
        let stderr = String::from_utf8_lossy(&end.stderr);
        if end.exit == Exit::Code(0) || is_not_allowed(&stderr) {
            return Ok(PasswordVerdict::Accepted);
        }
        if has_given_up(&stderr, answers) {
            return Ok(PasswordVerdict::Rejected);
        }
        let site = self.shell.name();
        let last = stderr.lines().map(str::trim).rfind(|line| !line.is_empty());
        Err(Failure::new(
            Kind::Password,
            format!("sudo asks for a password on {site}"),
            format!(
                "whether it is right is not known: {}",
                last.unwrap_or("sudo ended")
            ),
        ))
    }
}

impl PasswordTrial for SudoTrial<'_> {
    fn try_password<'a>(
        &'a mut self,
        password: &'a Secret,
    ) -> Pin<Box<dyn Future<Output = Result<PasswordVerdict, Failure>> + Send + 'a>> {
        Box::pin(self.answer(password))
    }
}

impl RunningSudo {
    async fn start(shell: &Shell) -> Result<Self, Failure> {
        let script = format!(
            "LC_ALL=C LANGUAGE=; export LC_ALL LANGUAGE\n{}sudo -k -v",
            sudo_function()
        );
        let request = SpawnRequest {
            site: shell.name(),
            shell: "sh",
            script: script.as_bytes(),
            input: None,
            can_ask: true,
            privileged: None,
        };
        let mut process = shell.0.transport.spawn_unmetered(request).await?;
        let end = async move {
            let mut wait = process.wait;
            let streams =
                async { tokio::join!(read_to_end(process.stdout), read_to_end(process.stderr)) };
            tokio::pin!(streams);
            let (exit, stderr) = if process.must_drain_first {
                let stderr = streams.await.1;
                (wait.await, stderr)
            } else {
                let exit = wait.as_mut().await;
                let read = tokio::time::timeout(DRAIN_TIME, streams).await;
                (exit, read.map(|(_, stderr)| stderr).unwrap_or_default())
            };
            process.group.end();
            let exit = exit?;
            Ok(SudoEnd { exit, stderr })
        };
        // The request said that the script can ask, so there are requests.
        let (_, none) = tokio::sync::mpsc::unbounded_channel();
        Ok(RunningSudo {
            requests: process.requests.take().unwrap_or(none),
            open_request: None,
            end: Box::pin(end),
            answers: 0,
        })
    }

    async fn next(&mut self) -> SudoStep {
        loop {
            tokio::select! {
                biased;
                Some(request) = self.requests.recv() => {
                    if matches!(request.kind, AskpassKind::SudoPassword { .. }) {
                        return SudoStep::Asks(request);
                    }
                }
                end = &mut self.end => return SudoStep::Ends(end),
            }
        }
    }
}

/// Reads a stream to its end, and keeps its beginning.
async fn read_to_end(mut from: Pin<Box<dyn AsyncRead + Send>>) -> Vec<u8> {
    let (mut output, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if output.len() < MAX_OUTPUT {
            output.extend_from_slice(&buffer[..count]);
        }
    }
    output
}

/// Whether sudo has ended because of so many wrong passwords: it prints their number behind its
/// name.
fn has_given_up(stderr: &str, answers: u32) -> bool {
    let count = answers.to_string();
    stderr
        .lines()
        .filter_map(|line| line.trim().strip_prefix("sudo: "))
        .any(|rest| {
            rest.contains("incorrect ") || rest.split_whitespace().any(|word| word == count)
        })
}

/// Whether the password was right, but the user may run nothing by sudo. The command itself will
/// fail with that too.
fn is_not_allowed(stderr: &str) -> bool {
    [
        "may not run sudo",
        "is not in the sudoers file",
        "not allowed to run sudo",
    ]
    .iter()
    .any(|part| stderr.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{has_given_up, is_not_allowed};

    #[test]
    fn the_last_words_of_sudo_are_understood() {
        let wrong = "Sorry, try again.\nsudo: 3 incorrect password attempts\nbye\n";
        assert!(has_given_up(wrong, 3) && !is_not_allowed(wrong));
        assert!(has_given_up(
            "sudo: 1 Fehlversuch bei der Passwort-Eingabe\n",
            1
        ));
        let nothing = "Sorry, user deploy may not run sudo on web1.\n";
        assert!(!has_given_up(nothing, 1) && is_not_allowed(nothing));
        assert!(!has_given_up("sudo: a password is required\n", 1));
        assert!(!has_given_up("", 1));
    }
}
