//! An upload or a download, as a user awaits it.

use std::ffi::OsString;
use std::future::IntoFuture;
use std::panic::Location;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use super::activity::ActivityEmitter;
use super::ending::check_not_ended;
use super::local::{self, CopyEnd, CopyRequest, LocalJob};
use super::options::{CommonOptions, common_setters};
use super::planner::options::{PlanOptions, PlanOptionsError};
use super::request::{Direction, TransferRequest};
use super::rsync::RsyncTransfer;
use super::{TransferTotals, guard, parents, paths};
use crate::error::{Failure, Kind};
use crate::shell::{CancelLevel, Emitter, RunningCommand, Shell, cancelled};

/// How much of what is said of problems is kept for an error.
const CAPTURE: usize = 64 * 1024;

/// An upload or a download about to begin; await it.
///
/// While it runs it tells how far it is, as
/// [`EventKind::TransferProgress`](crate::event::EventKind::TransferProgress): a few times a
/// second, and at the end exactly. An rsync on this machine that is older than 3.1 tells only at
/// the end. When the run is cancelled or its time is up, the transfer is ended on both sides; the
/// files that are there whole by then stay, so that the next one need not move them again, and with
/// `--partial` in its [`args`](Transfer::args) also a part of one.
///
/// Where both sides are this machine, files are copied without any other program, with the meanings
/// of `rsync -a`.
///
/// The site's `env` is that of its commands: rsync gets none of it.
#[must_use = "a transfer runs when it is awaited"]
pub struct Transfer {
    shell: Shell,
    request: TransferRequest,
    user: Option<String>,
    common: CommonOptions,
}

/// Who moves the files.
enum Carrier {
    /// This library, between folders of this machine.
    Local(PlanOptions),
    Rsync,
}

impl Transfer {
    pub(super) fn new(
        shell: Shell,
        direction: Direction,
        sources: Vec<PathBuf>,
        destination: PathBuf,
        at: &'static Location<'static>,
    ) -> Self {
        let request = TransferRequest::new(&shell, direction, sources, destination);
        Transfer {
            shell,
            request,
            user: None,
            common: CommonOptions::new(None, at),
        }
    }

    /// Also deletes what is in the destination and not in the source, by rsync's `--delete`.
    ///
    /// It concerns the folders that are moved, and what is below them: for `dist/` the destination
    /// itself, for `dist` the folder `dist` in it and nothing beside that, for a single file
    /// nothing. Of several sources with a slash at their end, what is in none of them is deleted.
    /// What is [excluded](Transfer::exclude) is not deleted either. If something of the source
    /// cannot be read, nothing is deleted: that is done at the very end, as by `--delete-after`,
    /// unless the [`args`](Transfer::args) say another time. For that all files of the source are
    /// looked for first.
    ///
    /// Some destinations are refused, with [`Kind::Usage`](crate::error::Kind::Usage), because a
    /// mistake would be too dear: an empty one, `/`, a login directory and what is above it, and
    /// what is above the site's `path`; on this machine every folder that has the current directory
    /// or the home directory in it; and on a local site a folder in which the source itself lies,
    /// or which lies in the source unless something is excluded. A path is refused if it is one of
    /// these as it is written, and also if links lead there, on whichever side.
    ///
    /// ```
    /// # use ploy::{Cx, Result};
    /// # async fn example(cx: Cx) -> Result {
    /// let moved = cx.shell().upload("dist/", "/srv/www").mirror().exclude("uploads/").await?;
    /// cx.report(format_args!("{} files, {} deleted", moved.files, moved.deleted));
    /// # Ok(())
    /// # }
    /// ```
    pub fn mirror(mut self) -> Self {
        self.request.is_mirror = true;
        self
    }

    /// Leaves out what matches a pattern, as rsync's `--exclude` takes it: `*.log`, `/cache/`. May
    /// be given several times.
    pub fn exclude(mut self, pattern: impl AsRef<str>) -> Self {
        let argument = format!("--exclude={}", pattern.as_ref());
        self.request.arguments.push(argument.into());
        self
    }

    /// Adds arguments of rsync, behind nearly all others and before the paths:
    /// `["--chown=www-data:www-data", "--checksum"]`.
    ///
    /// They are given to rsync as they are, without a shell. One that is no option becomes a
    /// source, so write an option with its value as one word. An option that contradicts another
    /// wins if it comes later. Names that rsync puts out because of `-v` or `--itemize-changes` are
    /// shown as output.
    ///
    /// On a local site these are understood without rsync: `--exclude=..`, `--include=..`,
    /// `--delete`, `--del`, `--delete-during`, `--delete-delay`, `--delete-after`,
    /// `--delete-excluded`, `--dry-run` and `-n`. With any other argument it is rsync that copies
    /// there too, and has to be installed.
    ///
    /// With `--rsync-path=PROGRAM` it is that program which runs on the site, such as `sudo rsync`,
    /// or a line of the shell whose last command it is. Folders that are missing above the
    /// destination are still made by the login user, if that may make them. With `--delete` and the
    /// like the same destinations are refused as by [`mirror`](Transfer::mirror). `--` and
    /// `--quiet` are refused, with [`Kind::Usage`](crate::error::Kind::Usage): nothing may follow
    /// the one, and by the other it would not be known what was moved.
    pub fn args<T: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.request
            .arguments
            .extend(arguments.into_iter().map(Into::into));
        self
    }

    /// The user who is to read or write on the site, by sudo, instead of the login user or whom the
    /// site says by `run_as`: sudoers have to allow that user's `rsync`, and `sh` for folders that
    /// are missing. It is needed on local sites too. A password that it asks for comes from the
    /// run's [`Passwords`](crate::secret::Passwords).
    pub fn run_as(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    common_setters!(
        "as long as it needs unless set, whatever `timeout` the site has for its commands."
    );

    async fn execute(self) -> Result<TransferTotals, Failure> {
        let at = self.common.at;
        let moved = async {
            guard::check(&self.request)?;
            match self.carrier()? {
                Carrier::Local(options) => self.copy_here(options).await,
                Carrier::Rsync => {
                    let rsync = RsyncTransfer {
                        shell: &self.shell,
                        request: &self.request,
                        user: self.user.as_deref(),
                        common: self.common,
                    };
                    rsync.run().await
                }
            }
        };
        moved.await.map_err(|failure| failure.at(at))
    }

    /// Who moves the files: rsync, unless both sides are this machine's and the login user's, and
    /// no argument is rsync's alone.
    fn carrier(&self) -> Result<Carrier, Failure> {
        let request = &self.request;
        if !request.is_local || self.shell.sudo_options(self.user.as_deref())?.is_some() {
            return Ok(Carrier::Rsync);
        }
        match PlanOptions::parse(&request.arguments, request.is_mirror) {
            Ok(options) => Ok(Carrier::Local(options)),
            Err(PlanOptionsError::NeedsRsync(_)) => Ok(Carrier::Rsync),
            Err(error @ PlanOptionsError::EmptyPattern(_)) => {
                Err(request.refused(error.to_string()))
            }
        }
    }

    /// Copies between folders of this machine.
    async fn copy_here(&self, options: PlanOptions) -> Result<TransferTotals, Failure> {
        let (shell, request) = (&self.shell, &self.request);
        let shown = request.to_string();
        parents::make_here(request).await?;
        if shell.0.cancel.level() != CancelLevel::None {
            return Err(cancelled(shell.name(), &shown));
        }
        let (sources, destination) = paths::both_here(request);
        let copy = CopyRequest {
            sources,
            destination,
            options,
        };
        let emitter: Arc<dyn Emitter> = Arc::new(ActivityEmitter::new(shell.0.emitter.clone()));
        let told = shell.changed(|inner| inner.emitter = emitter.clone());
        let CommonOptions { timeout, show, .. } = self.common;
        let mut running = RunningCommand::begin(&told, shown.clone(), CAPTURE, timeout, show);
        let mut job = LocalJob::start(copy, emitter, running.number(), shell.name());
        let exit = running.watch(job.process).await?;
        check_not_ended(&running, exit, shell.name(), &shown)?;
        match job.end.try_recv() {
            Ok(CopyEnd::Complete(moved)) => Ok(moved),
            Ok(CopyEnd::Refused(refused)) => Err(Failure::new(
                Kind::Transfer,
                format!("cannot {shown} on {}", shell.name()),
                refused.to_string(),
            )),
            Ok(CopyEnd::Problems { first, more }) => {
                Err(local::failure(request, &first, more, running.report(exit)))
            }
            // Only who watches it ends it, and was asked above.
            Ok(CopyEnd::Ended) => Err(cancelled(shell.name(), &shown)),
            Err(_) => {
                debug_assert!(false, "a copy says how it ended before its process ends");
                let headline = format!("cannot {shown} on {}", shell.name());
                Err(Failure::new(
                    Kind::Other,
                    headline,
                    "the copy did not say how it ended",
                ))
            }
        }
    }
}

impl IntoFuture for Transfer {
    type Output = Result<TransferTotals, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}
