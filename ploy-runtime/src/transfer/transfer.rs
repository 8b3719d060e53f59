use std::ffi::OsString;
use std::future::IntoFuture;
use std::panic::Location;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::audible::Audible;
use super::progress::{Progress, Tally, tells};
use super::remote::{connecting, ended_early, refuse_run_as};
use super::{Moved, diagnose, mirror, rsync};
use crate::error::{Failure, Kind};
use crate::event::Show;
use crate::shell::{CancelLevel, Emitter, Shell, Watched, cancelled, quoted_path};
use crate::transport::{Connection, Exit, Launch};

/// How much of rsync's own output is kept for an error.
const CAPTURE: usize = 64 * 1024;

/// Which way files go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From this machine to the site.
    Up,
    /// From the site to this machine.
    Down,
}

/// An upload or a download about to begin; await it.
///
/// While it runs it tells how far it is, as [`EventKind::Transferred`](crate::EventKind::Transferred): a few times a
/// second, and at the end exactly. An rsync on this machine that is older than 3.1 tells only at the end. When the run is
/// cancelled or its time is up, rsync is ended on both sides; what has been moved so far stays, so that the next one
/// need not move it again.
#[must_use = "a transfer runs when it is awaited"]
pub struct Transfer {
    pub(super) shell: Shell,
    pub(super) way: Way,
    pub(super) sources: Vec<PathBuf>,
    pub(super) destination: PathBuf,
    arguments: Vec<OsString>,
    mirror: bool,
    timeout: Option<Duration>,
    show: Show,
    at: &'static Location<'static>,
}

impl Transfer {
    pub(super) fn new(
        shell: Shell,
        way: Way,
        sources: Vec<PathBuf>,
        destination: PathBuf,
        at: &'static Location<'static>,
    ) -> Self {
        Transfer {
            shell,
            way,
            sources,
            destination,
            arguments: Vec::new(),
            mirror: false,
            timeout: None,
            show: Show::All,
            at,
        }
    }

    /// Also deletes what is in the destination and not in the source, by rsync's `--delete`.
    ///
    /// It concerns the folders that are moved, and what is below them: for `dist/` the destination itself, for `dist`
    /// the folder `dist` in it and nothing beside that, for a single file nothing. Of several sources with a slash at
    /// their end, what is in none of them is deleted. What is [excluded](Transfer::exclude) is not deleted either. If
    /// something of the source cannot be read, rsync deletes nothing.
    ///
    /// Some destinations are refused, with [`Kind::Usage`](crate::Kind::Usage), because a mistake would be too dear: an
    /// empty one, `/`, a login directory and what leads above it; on this machine every folder that has the current
    /// directory or the home directory in it; and on a local site a folder in which the source itself lies. `..` is
    /// followed as it is written: links are not looked at.
    ///
    /// ```
    /// # use ploy_runtime::{Cx, Result};
    /// # async fn example(cx: Cx) -> Result {
    /// let moved = cx.shell().upload("dist/", "/srv/www").mirror().exclude("uploads/").await?;
    /// cx.report(format_args!("{} files, {} deleted", moved.files, moved.deleted));
    /// # Ok(())
    /// # }
    /// ```
    pub fn mirror(mut self) -> Self {
        self.mirror = true;
        self
    }

    /// Leaves out what matches a pattern, as rsync's `--exclude` takes it: `*.log`, `/cache/`. May be given several
    /// times.
    pub fn exclude(mut self, pattern: impl AsRef<str>) -> Self {
        self.arguments
            .push(format!("--exclude={}", pattern.as_ref()).into());
        self
    }

    /// Adds arguments of rsync, behind all others and before the paths: `["--chown=www-data:www-data", "--checksum"]`.
    ///
    /// They are given to rsync as they are, without a shell. One that is no option becomes a source, so write an option
    /// with its value as one word. An option that contradicts another wins if it comes later. With
    /// `--rsync-path=PROGRAM` it is that program which runs on the site. Names that rsync puts out because of `-v` or
    /// `--itemize-changes` are shown as output.
    pub fn args<T: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// How long it may take; as long as it needs unless set, whatever `timeout` the site has for its commands.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// What of it is shown: all of it, unless set.
    pub fn show(mut self, show: Show) -> Self {
        self.show = show;
        self
    }

    async fn execute(self) -> Result<Moved, Failure> {
        let at = self.at;
        self.execute_here().await.map_err(|failure| failure.at(at))
    }

    async fn execute_here(self) -> Result<Moved, Failure> {
        let (shell, shown) = (&self.shell, self.shown());
        self.check(&shown)?;
        let connection = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(shell.name(), &shown)),
            connection = connecting(shell, shell.0.transport.connection(shell.name())) => connection?,
        };
        let permit = async {
            match &connection {
                Some(connection) => connection.sessions.clone().acquire_owned().await.ok(),
                None => None,
            }
        };
        let _permit = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(shell.name(), &shown)),
            permit = permit => permit,
        };
        self.make_parents_here(connection.is_some(), &shown).await?;
        let arguments = self.arguments(connection.as_deref());
        if shell.0.cancel.level() != CancelLevel::None {
            return Err(cancelled(shell.name(), &shown));
        }
        let here = shell.0.transport.here();
        let mut process = here
            .spawn(Launch {
                site: shell.name(),
                shell: "sh",
                script: &rsync::script(&arguments, tells()),
                input: None,
            })
            .await?;
        let emitter: Arc<dyn Emitter> = Arc::new(Audible::new(shell.0.emitter.clone()));
        let audible = Shell::new(
            shell.0.site.clone(),
            shell.0.transport.clone(),
            emitter.clone(),
            shell.0.cancel.clone(),
        );
        let mut watched = Watched::with(&audible, shown.clone(), CAPTURE, self.timeout, self.show);
        let tally = Tally::default();
        process.stdout = Box::pin(Progress::new(
            process.stdout,
            tally.clone(),
            emitter,
            watched.number(),
        ));
        let exit = watched.watch(process).await?;
        ended_early(&watched, exit, shell.name(), &shown)?;
        if exit == Exit::Code(0) {
            return Ok(tally.moved());
        }
        let report = watched.report(exit);
        Err(diagnose::failure(&self, exit, report, &shown, connection.as_deref()).await)
    }

    /// What is done, in words.
    fn shown(&self) -> String {
        let sources: Vec<_> = self
            .sources
            .iter()
            .map(|source| source.display().to_string())
            .collect();
        let (way, mirror) = match self.way {
            Way::Up => ("upload", self.mirror),
            Way::Down => ("download", self.mirror),
        };
        let and = if mirror { " (mirror)" } else { "" };
        format!(
            "{way} {} to {}{and}",
            sources.join(" "),
            self.destination.display()
        )
    }

    /// Refuses what makes no sense, or may be a dear mistake.
    fn check(&self, shown: &str) -> Result<(), Failure> {
        let refuse = |cause: String| {
            let headline = format!("refused to {shown} on {}", self.shell.name());
            Failure::new(Kind::Usage, headline, cause)
        };
        refuse_run_as(&self.shell, shown)?;
        let (there, here) = match self.way {
            Way::Up => (std::slice::from_ref(&self.destination), &*self.sources),
            Way::Down => (&*self.sources, std::slice::from_ref(&self.destination)),
        };
        if self.sources.is_empty() || self.sources.iter().any(|path| path.as_os_str().is_empty()) {
            return Err(refuse("a source is empty".to_owned()));
        }
        if there.iter().any(|path| path.to_str().is_none()) {
            return Err(refuse("a path on the site is not in UTF-8".to_owned()));
        }
        if there
            .iter()
            .chain(here)
            .any(|path| path.as_os_str().as_encoded_bytes().contains(&0))
        {
            return Err(refuse("no path has a NUL byte in it".to_owned()));
        }
        if let Some(why) = self.mirror.then(|| self.mirror_refusal()).flatten() {
            return Err(refuse(why).with_hint(
                "a mirror deletes all else in its destination: name a folder of its own for it",
            ));
        }
        let has_base = self.way == Way::Up && self.shell.0.site.path.is_some();
        if self.destination.as_os_str().is_empty() && !has_base {
            let place = match self.way {
                Way::Up => "the login directory",
                Way::Down => "the current directory",
            };
            return Err(refuse("the destination is empty".to_owned())
                .with_hint(format!("write `.` for {place}")));
        }
        Ok(())
    }

    fn mirror_refusal(&self) -> Option<String> {
        let shell = &self.shell;
        let refused = match self.way {
            Way::Up => mirror::refusal_there(
                &self.destination.to_string_lossy(),
                shell.0.site.path.as_deref(),
            ),
            Way::Down => mirror::refusal_here(&self.destination),
        };
        if refused.is_some() || !shell.0.local {
            return refused;
        }
        // Both ends are here.
        let there = |path: &PathBuf| {
            PathBuf::from(rsync::site_operand(
                &shell.resolve(&path.to_string_lossy()),
                None,
            ))
        };
        let here = |path: &PathBuf| PathBuf::from(rsync::local_operand(path));
        let (destination, sources): (_, Vec<_>) = match self.way {
            Way::Up => (
                there(&self.destination),
                self.sources.iter().map(here).collect(),
            ),
            Way::Down => (
                here(&self.destination),
                self.sources.iter().map(there).collect(),
            ),
        };
        let inside = sources.iter().any(|source| {
            // Without a slash it is the folder of its name that is mirrored.
            source.as_os_str().as_encoded_bytes().ends_with(b"/")
                && mirror::holds(&Shell::local_path(&destination), &Shell::local_path(source))
        });
        inside.then(|| "the source lies in it".to_owned())
    }

    /// All arguments of rsync but those with which it tells what it does.
    fn arguments(&self, connection: Option<&Connection>) -> Vec<OsString> {
        let mut arguments = rsync::arguments(connection);
        if self.mirror {
            arguments.push("--delete".into());
        }
        arguments.extend(self.arguments.iter().cloned());
        if connection.is_some()
            && let Some(start) = self.start_there()
        {
            arguments.push(format!("--rsync-path={start}").into());
        }
        arguments.push("--".into());
        match self.way {
            Way::Up => {
                arguments.extend(self.sources.iter().map(|path| rsync::local_operand(path)));
                let destination = self.site_path(&self.destination);
                arguments.push(rsync::site_operand(&destination, connection));
            }
            Way::Down => {
                arguments.extend(self.sources.iter().map(|source| {
                    let mut path = self.site_path(source);
                    if connection.is_some() {
                        path = rsync::literal(&path);
                    }
                    rsync::site_operand(&path, connection)
                }));
                arguments.push(rsync::local_operand(&self.destination));
            }
        }
        arguments
    }

    /// How rsync is started on another host, if not just so: it goes to what `~` is, and makes folders, without a round
    /// trip of its own.
    fn start_there(&self) -> Option<String> {
        let ours = match self.way {
            Way::Up => std::slice::from_ref(&self.destination),
            Way::Down => &*self.sources,
        };
        let mut start = String::new();
        if ours
            .iter()
            .any(|path| self.site_path(path).starts_with('~'))
        {
            start.push_str("cd && ");
        }
        if self.way == Way::Up
            && let Some(parents) = parents(&self.site_path(&self.destination))
        {
            let parents = String::from_utf8_lossy(&quoted_path(parents)).into_owned();
            start.push_str(&format!("mkdir -p -- {parents} && "));
        }
        if start.is_empty() {
            return None;
        }
        let mut given = self.arguments.iter().rev();
        let program = given.find_map(|argument| argument.to_str()?.strip_prefix("--rsync-path="));
        Some(start + program.unwrap_or("rsync"))
    }

    /// A path on the site, as it hangs there. They are all in UTF-8.
    pub(super) fn site_path(&self, path: &std::path::Path) -> String {
        self.shell.resolve(&path.to_string_lossy())
    }

    /// Makes the folders above the destination, if that is on this machine.
    async fn make_parents_here(&self, connected: bool, shown: &str) -> Result<(), Failure> {
        let destination = match self.way {
            Way::Up if connected => return Ok(()),
            Way::Up => rsync::site_operand(&self.site_path(&self.destination), None),
            Way::Down => rsync::local_operand(&self.destination),
        };
        // A path that is not in UTF-8 has the same slashes when it is read lossily.
        let text = destination.to_string_lossy();
        let Some(parents) = parents(&text) else {
            return Ok(());
        };
        let path = if text.len() == destination.len() {
            PathBuf::from(parents)
        } else {
            PathBuf::from(&destination)
                .parent()
                .map_or_else(PathBuf::new, Into::into)
        };
        tokio::fs::create_dir_all(&path).await.map_err(|error| {
            Failure::new(
                Kind::Transfer,
                format!("cannot {shown} on {}", self.shell.name()),
                format!("cannot make the folder {}: {error}", path.display()),
            )
        })
    }
}

impl IntoFuture for Transfer {
    type Output = Result<Moved, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}

/// The folders that rsync does not make by itself: it makes only the last one of a path.
fn parents(destination: &str) -> Option<&str> {
    let path = if destination.ends_with('/') {
        destination.trim_end_matches('/')
    } else {
        destination.rsplit_once('/')?.0
    };
    (!path.is_empty() && path != "~" && path != ".").then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parents_are_those_above_the_last_part() {
        assert_eq!(parents("/srv/www/releases/5"), Some("/srv/www/releases"));
        assert_eq!(parents("/srv/www/"), Some("/srv/www"));
        assert_eq!(parents("~/a b/c"), Some("~/a b"));
        assert_eq!(parents("/srv"), None);
        assert_eq!(parents("x"), None);
    }
}
