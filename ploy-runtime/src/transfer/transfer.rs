use std::ffi::OsString;
use std::future::IntoFuture;
use std::panic::Location;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::arguments::parents;
use super::audible::Audible;
use super::progress::{Progress, Tally, tells};
use super::remote::{connecting, ended_early};
use super::{Moved, diagnose, rsync};
use crate::error::{Failure, Kind};
use crate::event::Show;
use crate::shell::{CancelLevel, Emitter, Shell, Watched, cancelled};
use crate::transport::{Exit, Launch};

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
    pub(super) arguments: Vec<OsString>,
    pub(super) mirror: bool,
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
