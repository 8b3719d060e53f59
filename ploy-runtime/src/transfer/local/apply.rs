//! Carrying out a plan.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::attributes;
use super::metadata;
use super::problem::{Action, Problem};
use super::put;
use super::report::Report;
use super::source::SourceRoot;
use crate::transfer::planner::entry::{Attributes, EntryKind};
use crate::transfer::planner::plan::{Plan, Privileges};
use crate::transfer::planner::step::Step;

/// Carries out steps below a folder.
pub(super) struct Applier<'a> {
    pub(super) folder: &'a Path,
    pub(super) sources: &'a [SourceRoot],
    pub(super) privileges: &'a Privileges,
    pub(super) report: &'a mut Report,
}

/// How a step, or all of them, ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    GoOn,
    /// Somebody wants an end, or nothing more can succeed.
    Stop,
}

impl Applier<'_> {
    /// Carries out all steps. What fails is reported, and the rest goes on where it can; but then
    /// nothing is deleted.
    pub(super) fn run(&mut self, plan: &Plan<'_>) {
        for path in &plan.skipped {
            let path = self.folder.join(path);
            let text = format!(
                "{} is left out: only root can copy a device",
                path.display()
            );
            self.report.remark(&text);
        }
        let mut progress = self.all(&plan.steps);
        if progress == Progress::GoOn && !self.report.has_problems() {
            progress = self.all(&plan.deletions);
        }
        // Also after an end, so that folders do not keep the modes of meanwhile.
        for step in &plan.finishes {
            if let Err(problem) = self.carry_out(step)
                && progress == Progress::GoOn
                && !self.report.has_problems()
            {
                self.report.problem(problem);
            }
        }
    }

    fn all(&mut self, steps: &[Step<'_>]) -> Progress {
        // Below it nothing can succeed.
        let mut failed: Option<PathBuf> = None;
        for step in steps {
            if self.report.should_end() {
                return Progress::Stop;
            }
            if failed
                .as_ref()
                .is_some_and(|failed| step.path().starts_with(failed))
            {
                continue;
            }
            match self.carry_out(step) {
                Ok(Progress::GoOn) => {}
                Ok(Progress::Stop) => return Progress::Stop,
                Err(problem) => {
                    let is_fatal = problem.is_fatal();
                    self.report.problem(problem);
                    if is_fatal {
                        return Progress::Stop;
                    }
                    if matches!(step, Step::MakeFolder { .. } | Step::MakeWay { .. }) {
                        failed = Some(step.path().to_owned());
                    }
                }
            }
        }
        Progress::GoOn
    }

    fn carry_out(&mut self, step: &Step<'_>) -> Result<Progress, Problem> {
        let path = self.path(step.path());
        match *step {
            Step::MakeFolder { mode, .. } => DirBuilder::new()
                .mode(mode.unwrap_or(0o777))
                .create(&path)
                .map_err(|error| Problem::new(Action::MakeFolder, &path, error))?,
            Step::OpenFolder { mode, .. } => {
                fs::set_permissions(&path, Permissions::from_mode(mode))
                    .map_err(|error| Problem::new(Action::SetAttributes, &path, error))?;
            }
            Step::MakeWay { is_folder, .. } => make_way(&path, is_folder)?,
            Step::PutFile {
                path: below,
                source,
                ..
            } => {
                let from = self.sources[source].path_of(below);
                if !put::file(&from, &path, self.privileges, self.report)? {
                    return Ok(Progress::Stop);
                }
            }
            Step::PutLink {
                target, attributes, ..
            } => put::link(target, &path, attributes, self.privileges)?,
            Step::PutSpecial {
                special,
                attributes,
                ..
            } => put::special(special, &path, attributes, self.privileges)?,
            Step::SetAttributes { entry, .. } => {
                let is_link = matches!(entry.kind, EntryKind::Link { .. });
                self.set_attributes(&path, entry.attributes, is_link)?;
            }
            Step::Delete { is_folder, .. } => self.delete(&path, is_folder)?,
            Step::FinishFolder { attributes, .. } => {
                self.set_attributes(&path, attributes, false)?;
            }
        }
        Ok(Progress::GoOn)
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
    ) -> Result<(), Problem> {
        let failed = |error| Problem::new(Action::SetAttributes, path, error);
        // The destination's own folder may be behind a link, which is followed.
        let real = if path == self.folder {
            path.canonicalize().map_err(failed)?
        } else {
            path.to_owned()
        };
        let current = fs::symlink_metadata(&real).map_err(failed)?;
        let current = metadata::attributes(&current);
        attributes::set(&real, wanted, current, is_link, self.privileges).map_err(failed)
    }

    fn delete(&mut self, path: &Path, is_folder: bool) -> Result<(), Problem> {
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
            Ok(()) => self.report.moved.deleted += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                let text = format!("{} is kept: it is not empty", path.display());
                self.report.remark(&text);
            }
            Err(error) => return Err(Problem::new(Action::Delete, path, error)),
        }
        Ok(())
    }
}

fn make_way(path: &Path, is_folder: bool) -> Result<(), Problem> {
    remove(path, is_folder).map_err(|error| match error.kind() {
        io::ErrorKind::DirectoryNotEmpty => Problem::FolderInTheWay(path.to_owned()),
        _ => Problem::new(Action::MakeWay, path, error),
    })
}

fn remove(path: &Path, is_folder: bool) -> io::Result<()> {
    if is_folder {
        fs::remove_dir(path)
    } else {
        fs::remove_file(path)
    }
}
