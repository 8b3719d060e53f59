//! A service that goes on when the run has ended.

use std::fmt;
use std::future::IntoFuture;
use std::panic::Location;
use std::pin::Pin;

use super::command::Command;
use super::pending_command::PendingCommand;
use crate::error::{Failure, Kind};
use crate::secret::masked;
use crate::shell::script::{
    Interpolate, IntoScript, Script, push_checked_export, quoted, quoted_path,
};
use crate::shell::shell::Shell;

/// The exit statuses of the script that starts a service, if it cannot.
const BAD_SCRIPT: i32 = 94;
const NO_SESSION: i32 = 95;
const NOT_STARTED: i32 = 96;

/// Gives the service a session of its own, where nothing that ends a command's process group
/// reaches it, and waits until it says by descriptor 3 that it has begun. `$ploy_s` is what it
/// runs, `$ploy_sh` the shell for it.
///
/// The session comes from `setsid` of util-linux, busybox or toybox, or else from perl (which macOS
/// has) or python. Without these, bash can give a background command a process group of its own,
/// which will do too. The loop ends at the first that is there.
const START: &str = r#"
ploy_start() {
  case $1 in
    setsid) exec setsid "$ploy_sh" -c "$ploy_s" ;;
    busybox) exec busybox setsid "$ploy_sh" -c "$ploy_s" ;;
    perl) exec perl -e 'use POSIX (); POSIX::setsid(); exec @ARGV' "$ploy_sh" -c "$ploy_s" ;;
    python3) exec python3 -c 'import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])' "$ploy_sh" -c "$ploy_s" ;;
    *) exec "$ploy_sh" -c "$ploy_s" ;;
  esac
}
ploy_has() {
  command -v "$1" >/dev/null 2>&1 || return 1
  case $1 in
    busybox) busybox setsid "$ploy_sh" -c : ;;
    perl) perl -e 'use POSIX ()' ;;
    python3) python3 -c 'import os' ;;
  esac >/dev/null 2>&1
}
"$ploy_sh" -n -c "$ploy_s" || exit 94
for ploy_by in setsid busybox perl python3 job none; do
  case $ploy_by in
    job) [ -z "${BASH_VERSION-}" ] || break ;;
    none) exit 95 ;;
    *) ! ploy_has "$ploy_by" || break ;;
  esac
done
ploy_pid=$(
  [ "$ploy_by" != job ] || set -m
  ploy_start "$ploy_by" 3>&1 </dev/null &
)
case $ploy_pid in '' | *[!0-9]*) exit 96 ;; esac
echo "$ploy_pid"
"#;

/// A service about to be started; await it.
///
/// It runs in a session of its own: neither the end of the run or the connection nor a cancel
/// reaches it. Its standard input is empty. The site needs `setsid` (of util-linux or busybox),
/// `perl`, `python3`, or bash as its `shell`.
///
/// Awaiting it gives a [`Detached`] as soon as the service's shell has begun with the script. It
/// fails
/// - with [`Kind::Command`] if the working directory cannot be entered, the log cannot be written,
///   or the shell does not understand the script,
/// - as [`Shell::run`](crate::shell::Shell::run) does otherwise.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ploy::Error> {
/// use ploy::{Script, Shell};
///
/// let shell = Shell::local();
/// let service = shell.detach(Script::raw("exec sleep 1000")).cwd("/").await?;
/// println!("started as process {}", service.pid());
/// shell.run(Script::raw(format!("kill {}", service.pid()))).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a service is started when it is awaited"]
pub struct Detach {
    shell: Shell,
    script: Script,
    at: &'static Location<'static>,
    cwd: Option<String>,
    env: Vec<(String, Vec<u8>)>,
    log: Option<String>,
}

/// A service that was started and goes on by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detached {
    site: String,
    pid: u32,
}

impl Detached {
    /// The process id of the service's shell on its site; of the service itself where the script is
    /// `exec program`. It is the number of its process group too: `kill -- -PID` ends all of it.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The name of the site on which it runs.
    pub fn site(&self) -> &str {
        &self.site
    }
}

impl fmt::Display for Detached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} on {}", self.pid, self.site)
    }
}

impl Detach {
    pub(crate) fn new(shell: Shell, script: Script, at: &'static Location<'static>) -> Self {
        Detach {
            shell,
            script,
            at,
            cwd: None,
            env: Vec::new(),
            log: None,
        }
    }

    /// The working directory, instead of the site's `path`; a relative one is resolved against
    /// that.
    pub fn cwd(mut self, path: impl Into<String>) -> Self {
        self.cwd = Some(path.into());
        self
    }

    /// A variable in its environment, besides the site's `env`; as [`Command::env`].
    pub fn env(mut self, name: impl Into<String>, value: impl Interpolate) -> Self {
        self.env.push((name.into(), value.bytes().into_owned()));
        self
    }

    /// A file on the site to which both streams are appended, instead of being thrown away. A
    /// relative path is resolved against the working directory.
    pub fn log_to(mut self, file: impl Into<String>) -> Self {
        self.log = Some(file.into());
        self
    }

    async fn start(self) -> Result<Detached, Failure> {
        let at = self.at;
        self.start_here().await.map_err(|failure| failure.at(at))
    }

    async fn start_here(self) -> Result<Detached, Failure> {
        let shell = self.shell.clone();
        let site = shell.name().to_owned();
        let script = self.script.to_string();
        let headline = format!("cannot start `{}` on {site}", masked(&script));
        let starter = self.starter(&headline)?;
        let mut command = Command::new(Script::from_quoted(starter))
            // Its output is for us alone.
            .stdout(tokio::io::sink());
        command.options.cwd = self.cwd;
        command.options.shown = Some(format!("detach: {}", self.script));
        let failure = match PendingCommand::new(shell, command, self.at).await {
            Ok(output) => match output.text().parse() {
                Ok(pid) => return Ok(Detached { site, pid }),
                Err(_) => Failure::new(
                    Kind::Other,
                    headline,
                    format!("it said `{output}` where its process id should be"),
                ),
            },
            Err(failure) => match failure.command() {
                Some(report) if report.code == Some(NO_SESSION) => Failure::new(
                    Kind::Command,
                    headline,
                    "nothing there can give it a session of its own, in which it would outlive us",
                )
                .with_hint(format!(
                    "install `setsid` on {site} (package util-linux), or perl, or python3"
                ))
                .with_command(report.clone()),
                Some(report) if matches!(report.code, Some(BAD_SCRIPT | NOT_STARTED)) => {
                    let stderr = String::from_utf8_lossy(&report.stderr).into_owned();
                    Failure::new(Kind::Command, headline, stderr).with_command(report.clone())
                }
                _ => failure,
            },
        };
        Err(failure)
    }

    /// The script that starts the service and prints its process id.
    fn starter(&self, headline: &str) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        for (name, value) in &self.env {
            push_checked_export(&mut text, name, value)
                .map_err(|error| Failure::new(Kind::Usage, headline, error.to_string()))?;
        }
        let log = match self.log.as_deref() {
            Some(log) if log.contains('\0') => {
                return Err(Failure::new(
                    Kind::Usage,
                    headline,
                    "the name of its log holds a NUL byte",
                ));
            }
            Some(log) => quoted_path(log),
            None => b"/dev/null".to_vec(),
        };
        let service = [
            b"exec >>".as_slice(),
            &log,
            b" 2>&1 || exit; echo $$ >&3; exec 3>&-\n",
            self.script.text()?,
        ]
        .concat();
        let program = self.shell.0.site.shell.as_deref().unwrap_or("sh");
        text.extend_from_slice(b"ploy_sh=");
        text.extend(quoted(program.as_bytes()));
        text.extend_from_slice(b" ploy_s=");
        text.extend(quoted(&service));
        text.extend_from_slice(START.as_bytes());
        Ok(text)
    }
}

impl Shell {
    /// Starts a service: a script that goes on when the action, the run and the connection have
    /// ended, and that no cancel reaches.
    ///
    /// Nothing happens until the returned [`Detach`] is awaited, which has options.
    #[track_caller]
    pub fn detach(&self, script: impl IntoScript) -> Detach {
        Detach::new(self.clone(), script.into_script(), Location::caller())
    }
}

impl IntoFuture for Detach {
    type Output = Result<Detached, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.start())
    }
}
