//! Whether a password is right, found out on a site before any other hears it.

use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncReadExt};

use super::privilege::function;
use crate::error::{Failure, Kind};
use crate::secret::{Secret, Trial, Verdict};
use crate::shell::Shell;
use crate::transport::{Ask, Asks, Exit, Launch, What};

/// How much is kept of what sudo says.
const SAID: usize = 16 * 1024;

/// `sudo -v` on a site, which asks for a password, and runs nothing; `-k` has it do so whatever it remembers, and remember
/// nothing of it. It goes on while the password is wrong, as long as sudo does.
pub(crate) struct SudoTrial<'a> {
    shell: &'a Shell,
    running: Option<Running>,
}

struct Running {
    asks: Asks,
    /// A question that has no answer yet.
    open: Option<Ask>,
    end: Pin<Box<dyn Future<Output = Result<Ended, Failure>> + Send>>,
    answers: u32,
}

struct Ended {
    exit: Exit,
    said: Vec<u8>,
}

enum Next {
    Ask(Ask),
    End(Result<Ended, Failure>),
}

impl<'a> SudoTrial<'a> {
    pub(crate) fn new(shell: &'a Shell) -> Self {
        SudoTrial {
            shell,
            running: None,
        }
    }

    /// Begins, and gives the user whose password is asked for; `None` if none is.
    pub(crate) async fn begin(&mut self) -> Result<Option<String>, Failure> {
        let mut running = Running::start(self.shell).await?;
        match running.next().await {
            Next::End(ended) => ended.map(|_| None),
            Next::Ask(ask) => {
                let user = match &ask.what {
                    What::Password { user, .. } => user.clone(),
                    What::Secret(_) => String::new(),
                };
                running.open = Some(ask);
                self.running = Some(running);
                Ok(Some(user))
            }
        }
    }

    async fn try_it(&mut self, password: &Secret) -> Result<Verdict, Failure> {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => Running::start(self.shell).await?,
        };
        let ask = match running.open.take() {
            Some(ask) => ask,
            None => match running.next().await {
                Next::Ask(ask) => ask,
                // It may be that sudo asks for commands alone (`verifypw`).
                Next::End(ended) => {
                    return self.verdict(&ended?, 0).map(|verdict| match verdict {
                        Verdict::Accepted => Verdict::Unknown,
                        verdict => verdict,
                    });
                }
            },
        };
        ask.answer(password.expose());
        running.answers += 1;
        match running.next().await {
            Next::Ask(ask) => {
                running.open = Some(ask);
                self.running = Some(running);
                Ok(Verdict::Rejected)
            }
            Next::End(ended) => self.verdict(&ended?, running.answers),
        }
    }

    /// What its end says of the last answer.
    fn verdict(&self, ended: &Ended, answers: u32) -> Result<Verdict, Failure> {
        let said = String::from_utf8_lossy(&ended.said);
        if ended.exit == Exit::Code(0) || may_nothing(&said) {
            return Ok(Verdict::Accepted);
        }
        if gave_up(&said, answers) {
            return Ok(Verdict::Rejected);
        }
        let site = self.shell.name();
        let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
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

impl Trial for SudoTrial<'_> {
    fn hear<'a>(
        &'a mut self,
        password: &'a Secret,
    ) -> Pin<Box<dyn Future<Output = Result<Verdict, Failure>> + Send + 'a>> {
        Box::pin(self.try_it(password))
    }
}

impl Running {
    async fn start(shell: &Shell) -> Result<Self, Failure> {
        let script = format!(
            "LC_ALL=C LANGUAGE=; export LC_ALL LANGUAGE\n{}sudo -k -v",
            function()
        );
        let launch = Launch {
            site: shell.name(),
            shell: "sh",
            script: script.as_bytes(),
            input: None,
            asks: true,
            privileged: None,
        };
        let mut process = shell.0.transport.spawn_beside(launch).await?;
        let end = async move {
            let mut wait = process.wait;
            let streams = async { tokio::join!(keep(process.stdout), keep(process.stderr)) };
            tokio::pin!(streams);
            let (exit, said) = if process.wait_last {
                let said = streams.await.1;
                (wait.await, said)
            } else {
                let exit = wait.as_mut().await;
                let patience = std::time::Duration::from_secs(2);
                let said = tokio::time::timeout(patience, streams).await;
                (exit, said.map(|(_, said)| said).unwrap_or_default())
            };
            process.group.ended();
            Ok(Ended { exit: exit?, said })
        };
        // It has said that it asks.
        let (_, nothing) = tokio::sync::mpsc::unbounded_channel();
        Ok(Running {
            asks: process.asks.take().unwrap_or(nothing),
            open: None,
            end: Box::pin(end),
            answers: 0,
        })
    }

    async fn next(&mut self) -> Next {
        loop {
            tokio::select! {
                biased;
                Some(ask) = self.asks.recv() => if matches!(ask.what, What::Password { .. }) {
                    return Next::Ask(ask);
                },
                ended = &mut self.end => return Next::End(ended),
            }
        }
    }
}

/// The beginning of a stream, which is read to its end.
async fn keep(mut from: Pin<Box<dyn AsyncRead + Send>>) -> Vec<u8> {
    let (mut said, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if said.len() < SAID {
            said.extend_from_slice(&buffer[..count]);
        }
    }
    said
}

/// Whether sudo has ended because of so many wrong passwords: it says their number behind its own name.
fn gave_up(said: &str, answers: u32) -> bool {
    let count = answers.to_string();
    said.lines()
        .filter_map(|line| line.trim().strip_prefix("sudo: "))
        .any(|rest| {
            rest.contains("incorrect ") || rest.split_whitespace().any(|word| word == count)
        })
}

/// Whether the password was right, and the user may do nothing by sudo: the command itself will hear that too.
fn may_nothing(said: &str) -> bool {
    [
        "may not run sudo",
        "is not in the sudoers file",
        "not allowed to run sudo",
    ]
    .iter()
    .any(|part| said.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{gave_up, may_nothing};

    #[test]
    fn what_sudo_says_at_its_end_is_understood() {
        let wrong = "Sorry, try again.\nsudo: 3 incorrect password attempts\nbye\n";
        assert!(gave_up(wrong, 3) && !may_nothing(wrong));
        assert!(gave_up("sudo: 1 Fehlversuch bei der Passwort-Eingabe\n", 1));
        let nothing = "Sorry, user deploy may not run sudo on web1.\n";
        assert!(!gave_up(nothing, 1) && may_nothing(nothing));
        assert!(!gave_up("sudo: a password is required\n", 1));
        assert!(!gave_up("", 1));
    }
}
