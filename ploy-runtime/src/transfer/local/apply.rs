//! Carrying out a plan.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::attributes;
use super::metadata;
use super::monitor::CopyMonitor;
use super::problem::{Attempt, CopyProblem};
use super::put;
use super::source::SourceRoot;
use crate::transfer::planner::entry::{Attributes, EntryKind};
use crate::transfer::planner::plan::TransferPlan;
use crate::transfer::planner::privileges::CopyPrivileges;
use crate::transfer::planner::step::TransferStep;

/// Carries out steps below a folder.
pub(super) struct Applier<'a> {
    pub(super) folder: &'a Path,
    pub(super) sources: &'a [SourceRoot],
    pub(super) privileges: &'a CopyPrivileges,
    pub(super) monitor: &'a mut CopyMonitor,
}

impl Applier<'_> {
    /// Carries out all steps. What fails is told, and the rest goes on where it can; but then
    /// nothing is deleted.
    pub(super) fn run(&mut self, plan: &TransferPlan<'_>) {
        for path in &plan.skipped {
            let path = self.folder.join(path);
            let text = format!(
                "{} is left out: only root can copy a device",
                path.display()
            );
            self.monitor.remark(&text);
        }
        let mut flow = self.all(&plan.steps);
        if flow.is_continue() && !self.monitor.has_problems() {
            flow = self.all(&plan.deletions);
        }
        // Also when the copy ends early, so that folders do not keep their temporary modes.
        for step in &plan.finishes {
            if let Err(problem) = self.carry_out(step)
                && flow.is_continue()
                && !self.monitor.has_problems()
            {
                self.monitor.problem(problem);
            }
        }
    }

    /// Carries these out, until somebody wants an end or nothing more can succeed.
    fn all(&mut self, steps: &[TransferStep<'_>]) -> ControlFlow<()> {
        // Below it nothing can succeed.
        let mut failed: Option<PathBuf> = None;
        for step in steps {
            if self.monitor.should_end() {
                return ControlFlow::Break(());
            }
            if failed
                .as_ref()
                .is_some_and(|failed| step.path().starts_with(failed))
            {
                continue;
            }
            match self.carry_out(step) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return ControlFlow::Break(()),
                Err(problem) => {
                    let is_fatal = problem.is_fatal();
                    self.monitor.problem(problem);
                    if is_fatal {
                        return ControlFlow::Break(());
                    }
                    if matches!(
                        step,
                        TransferStep::MakeFolder { .. } | TransferStep::MakeWay { .. }
                    ) {
                        failed = Some(step.path().to_owned());
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn carry_out(&mut self, step: &TransferStep<'_>) -> Result<ControlFlow<()>, CopyProblem> {
        let path = self.path(step.path());
        match *step {
            TransferStep::MakeFolder { mode, .. } => make_folder(&path, mode.unwrap_or(0o777))
                .map_err(|error| CopyProblem::new(Attempt::MakeFolder, &path, error))?,
            TransferStep::OpenFolder { mode, .. } => {
                fs::set_permissions(&path, Permissions::from_mode(mode))
                    .map_err(|error| CopyProblem::new(Attempt::SetAttributes, &path, error))?;
            }
            TransferStep::MakeWay { is_folder, .. } => make_way(&path, is_folder)?,
            TransferStep::PutFile {
                path: below,
                source,
                ..
            } => {
                let from = self.sources[source].path_of(below);
                return put::file(&from, &path, self.privileges, self.monitor);
            }
            TransferStep::PutLink {
                target, attributes, ..
            } => put::link(target, &path, attributes, self.privileges)?,
            TransferStep::PutSpecial {
                special,
                attributes,
                ..
            } => put::special(special, &path, attributes, self.privileges)?,
            TransferStep::SetAttributes { entry, .. } => {
                let is_link = matches!(entry.kind, EntryKind::Link { .. });
                self.set_attributes(&path, entry.attributes, is_link)?;
            }
            TransferStep::Delete { is_folder, .. } => self.delete(&path, is_folder)?,
            TransferStep::FinishFolder { attributes, .. } => {
                self.set_attributes(&path, attributes, false)?;
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn path(&self, below: &Path) -> PathBuf {
        if below.as_os_str().is_empty() {
            self.folder.to_owned()
        } else {
            self.folder.join(below)
        }
    }

    fn set_attributes(
        &self,
        path: &Path,
        wanted: Attributes,
        is_link: bool,
    ) -> Result<(), CopyProblem> {
        let failed = |error| CopyProblem::new(Attempt::SetAttributes, path, error);
        // The destination's own folder may be behind a link, which is followed.
        let real = if path == self.folder {
            path.canonicalize().map_err(failed)?
        } else {
            path.to_owned()
        };
        let current = fs::symlink_metadata(&real).map_err(failed)?;
        // A mode would be that of what a link leads to.
        if current.is_symlink() != is_link {
            return Err(CopyProblem::Vanished(real));
        }
        let current = metadata::attributes(&current);
        attributes::set(&real, wanted, current, is_link, self.privileges).map_err(failed)
    }

    fn delete(&mut self, path: &Path, is_folder: bool) -> Result<(), CopyProblem> {
        let mut deleted = remove(path, is_folder);
        let is_denied = |result: &io::Result<()>| matches!(result, Err(error) if error.kind() == io::ErrorKind::PermissionDenied);
        if is_denied(&deleted)
            && let Some(parent) = path.parent()
            && let Ok(metadata) = fs::symlink_metadata(parent)
        {
            // A folder of one's own that may not be written into is no obstacle to rsync either.
            let mode = metadata::attributes(&metadata).mode | 0o700;
            if fs::set_permissions(parent, Permissions::from_mode(mode)).is_ok() {
                deleted = remove(path, is_folder);
            }
        }
        match deleted {
            Ok(()) => self.monitor.totals.deleted += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                let text = format!("{} is kept: it is not empty", path.display());
                self.monitor.remark(&text);
            }
            Err(error) => return Err(CopyProblem::new(Attempt::Delete, path, error)),
        }
        Ok(())
    }
}

/// Makes a folder that was not there when the copy was planned. Another copy may have made it
/// since.
fn make_folder(path: &Path, mode: u32) -> io::Result<()> {
    match DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let is_folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
            if is_folder { Ok(()) } else { Err(error) }
        }
        made => made,
    }
}

fn make_way(path: &Path, is_folder: bool) -> Result<(), CopyProblem> {
    remove(path, is_folder).map_err(|error| match error.kind() {
        io::ErrorKind::DirectoryNotEmpty => CopyProblem::FolderInTheWay(path.to_owned()),
        _ => CopyProblem::new(Attempt::MakeWay, path, error),
    })
}

fn remove(path: &Path, is_folder: bool) -> io::Result<()> {
    if is_folder {
        fs::remove_dir(path)
    } else {
        fs::remove_file(path)
    }
}
