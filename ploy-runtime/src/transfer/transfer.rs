use std::ffi::OsString;
use std::future::IntoFuture;
use std::panic::Location;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::arguments::Arguments;
use super::audible::Audible;
use super::progress::{Progress, Tally};
use super::remote::{connecting, ended_early};
use super::says::tells;
use super::{Moved, diagnose, rsync};
use crate::error::Failure;
use crate::event::Show;
use crate::shell::{CancelLevel, Emitter, RunningCommand, Shell, cancelled};
use crate::transport::{Exit, Process, SpawnRequest};

/// How much of rsync's own output is kept for an error.
const CAPTURE: usize = 64 * 1024;

/// How many sources are named in events and errors.
const SHOWN: usize = 3;

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
/// While it runs it tells how far it is, as [`EventKind::TransferProgress`](crate::EventKind::TransferProgress): a few times a
/// second, and at the end exactly. An rsync on this machine that is older than 3.1 tells only at the end. When the run is
/// cancelled or its time is up, rsync is ended on both sides; the files that are there whole by then stay, so that the
/// next one need not move them again, and with `--partial` in its [`args`](Transfer::args) also a part of one.
///
/// The site's `env` is that of its commands: rsync gets none of it.
#[must_use = "a transfer runs when it is awaited"]
pub struct Transfer {
    pub(super) shell: Shell,
    pub(super) way: Way,
    pub(super) sources: Vec<PathBuf>,
    pub(super) destination: PathBuf,
    pub(super) arguments: Vec<OsString>,
    pub(super) mirror: bool,
    pub(super) user: Option<String>,
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
            user: None,
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
    /// something of the source cannot be read, rsync deletes nothing: it does so at the very end, by `--delete-after`,
    /// unless the [`args`](Transfer::args) say another time. For that it first looks for all files of the source.
    ///
    /// Some destinations are refused, with [`Kind::Usage`](crate::Kind::Usage), because a mistake would be too dear: an
    /// empty one, `/`, a login directory and what is above it, and what is above the site's `path`; on this machine
    /// every folder that has the current directory or the home directory in it; and on a local site a folder in which
    /// the source itself lies, or which lies in the source unless something is excluded. A path is refused if it is one
    /// of these as it is written, and also if links lead there, on whichever side.
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

    /// Adds arguments of rsync, behind nearly all others and before the paths: `["--chown=www-data:www-data",
    /// "--checksum"]`.
    ///
    /// They are given to rsync as they are, without a shell. One that is no option becomes a source, so write an option
    /// with its value as one word. An option that contradicts another wins if it comes later. Names that rsync puts out
    /// because of `-v` or `--itemize-changes` are shown as output.
    ///
    /// With `--rsync-path=PROGRAM` it is that program which runs on the site, such as `sudo rsync`, or a line of the
    /// shell whose last command it is. Folders that are missing above the destination are still made by the login user,
    /// if that may make them. With `--delete` and the like the same destinations are refused as by
    /// [`mirror`](Transfer::mirror). `--` and `--quiet` are refused, with [`Kind::Usage`](crate::Kind::Usage): nothing
    /// may follow the one, and by the other it would not be known what was moved.
    pub fn args<T: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// The user who is to read or write on the site, by sudo, instead of the login user or whom the site says by `run_as`:
    /// sudoers have to allow that user's `rsync`, and `sh` for folders that are missing. A password that it asks for comes
    /// from the run's [`Passwords`](crate::Passwords).
    pub fn run_as(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
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
        // rsync has a session of its own, beside those of the commands.
        let session = async {
            let connection = shell.0.transport.connection(shell.name()).await?;
            let Some(connection) = connection else {
                return Ok::<_, Failure>((None, None));
            };
            let permit = connection.sessions.clone().acquire_owned().await;
            // The semaphore is never closed.
            let held = permit.ok().map(|permit| connection.claim_session(permit));
            Ok((Some(connection), held))
        };
        let (connection, _held) = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(shell.name(), &shown)),
            session = connecting(shell, session) => session?,
        };
        self.make_parents_here(connection.is_some(), &shown).await?;
        let wanted = self.wants_sudo()?;
        let (client, sudo) = match (wanted, &connection) {
            (Some(wanted), Some(connection)) => {
                let client = shell
                    .0
                    .transport
                    .askpass_client(shell.name(), connection)
                    .await?;
                let sudo = client.as_ref().map(|client| wanted.by(&client.sudo));
                (client, sudo)
            }
            _ => (None, None),
        };
        let arguments = self.arguments(connection.as_deref(), sudo.as_ref());
        if shell.0.cancel.level() != CancelLevel::None {
            return Err(cancelled(shell.name(), &shown));
        }
        let mut process = self
            .start(&arguments, connection.is_some())
            .await
            .map_err(|failure| self.too_many(failure, &shown))?;
        // Held as long as it may ask.
        let (requests, _registration) = client
            .map(|client| (client.requests, client.registration))
            .unzip();
        process.requests = requests.or(process.requests);
        let emitter: Arc<dyn Emitter> = Arc::new(Audible::new(shell.0.emitter.clone()));
        let audible = shell.changed(|inner| inner.emitter = emitter.clone());
        let mut running =
            RunningCommand::begin(&audible, shown.clone(), CAPTURE, self.timeout, self.show);
        let tally = Tally::default();
        process.stdout = Box::pin(Progress::new(
            process.stdout,
            tally.clone(),
            emitter,
            running.number(),
        ));
        let exit = running.watch(process).await?;
        ended_early(&running, exit, shell.name(), &shown)?;
        if exit == Exit::Code(0) {
            return Ok(tally.moved());
        }
        let report = running.report(exit);
        Err(diagnose::failure(&self, exit, report, &shown, connection.as_deref()).await)
    }

    /// Starts rsync on this machine.
    async fn start(&self, arguments: &Arguments, is_remote: bool) -> Result<Process, Failure> {
        let script = rsync::script(arguments, tells());
        let user = self.user.as_deref();
        let privileged = if is_remote {
            None
        } else {
            // It is all there is of the site.
            let parents = self.parents_here(false);
            let with_operands = || rsync::with_operands(arguments, &script, parents.as_deref());
            self.shell.privileged(user, with_operands)?
        };
        let request = SpawnRequest {
            site: self.shell.name(),
            shell: "sh",
            script: if privileged.is_some() { b"" } else { &script },
            input: None,
            can_ask: privileged.is_some(),
            privileged: privileged.as_ref(),
        };
        let here = self.shell.0.transport.here();
        match &privileged {
            Some(_) => here.spawn(request).await,
            None => here.spawn_with(request, &arguments.operands).await,
        }
    }

    /// What is done, in words.
    fn shown(&self) -> String {
        let mut sources: Vec<_> = self
            .sources
            .iter()
            .take(SHOWN)
            .map(|source| source.display().to_string())
            .collect();
        if let Some(more) = self
            .sources
            .len()
            .checked_sub(SHOWN)
            .filter(|more| *more > 0)
        {
            sources.push(format!("and {more} more"));
        }
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
}

impl IntoFuture for Transfer {
    type Output = Result<Moved, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}
