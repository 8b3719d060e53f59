//! Putting one file, link or special file into place: made under another name beside it, and
//! renamed once it is whole. What is dropped before that is removed.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::Path;

use rustix::fs::OFlags;
use tempfile::{Builder, NamedTempFile};

use super::attributes;
use super::metadata;
use super::monitor::CopyMonitor;
use super::problem::{Attempt, CopyProblem};
use crate::transfer::planner::entry::{Attributes, SpecialFile};
use crate::transfer::planner::privileges::CopyPrivileges;

/// How much is copied before anybody is told, or asked whether to go on.
const CHUNK: u64 = 4 * 1024 * 1024;

/// Copies a file, unless it is told to end before.
pub(super) fn file(
    from: &Path,
    to: &Path,
    privileges: &CopyPrivileges,
    monitor: &mut CopyMonitor,
) -> Result<ControlFlow<()>, CopyProblem> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => CopyProblem::Vanished(from.to_owned()),
        _ => CopyProblem::new(Attempt::ReadSource, from, error),
    };
    let unwritable = |error| CopyProblem::new(Attempt::Write, to, error);
    let source = open(from).map_err(unreadable)?;
    let found = source.metadata().map_err(unreadable)?;
    if !found.is_file() {
        return Err(CopyProblem::Vanished(from.to_owned()));
    }
    let mut made = temporary()
        .make_in(folder(to), |path| {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(0o600).open(path)
        })
        .map_err(unwritable)?;
    let mut copied = 0;
    while copied < found.len() {
        if monitor.should_end() {
            return Ok(ControlFlow::Break(()));
        }
        // It may have grown since: what is beyond is for the next copy.
        let mut chunk = (&source).take(CHUNK.min(found.len() - copied));
        let uncopied = |error| CopyProblem::Copy {
            from: from.to_owned(),
            to: to.to_owned(),
            error,
        };
        match io::copy(&mut chunk, made.as_file_mut()).map_err(uncopied)? {
            0 => return Err(CopyProblem::Shortened(from.to_owned())),
            bytes => copied += bytes,
        }
        monitor.progress(copied);
    }
    finish(&made, to, metadata::attributes(&found), privileges)?;
    made.persist(to).map_err(|error| unwritable(error.error))?;
    monitor.totals.files += 1;
    monitor.totals.bytes += copied;
    Ok(ControlFlow::Continue(()))
}

/// Makes a symbolic link.
pub(super) fn link(
    target: &OsStr,
    to: &Path,
    wanted: Attributes,
    privileges: &CopyPrivileges,
) -> Result<(), CopyProblem> {
    let failed = |error| CopyProblem::new(Attempt::MakeLink, to, error);
    let made = temporary()
        .make_in(folder(to), |path| symlink(target, path))
        .map_err(failed)?;
    finish_with(&made, to, wanted, true, privileges)?;
    made.persist(to).map_err(|error| failed(error.error))
}

/// Makes a special file.
pub(super) fn special(
    kind: SpecialFile,
    to: &Path,
    wanted: Attributes,
    privileges: &CopyPrivileges,
) -> Result<(), CopyProblem> {
    let failed = |error| CopyProblem::new(Attempt::MakeSpecialFile, to, error);
    let made = temporary()
        .make_in(folder(to), |path| make_special(kind, path))
        .map_err(failed)?;
    finish_with(&made, to, wanted, false, privileges)?;
    made.persist(to).map_err(|error| failed(error.error))
}

#[cfg(not(target_vendor = "apple"))]
fn make_special(kind: SpecialFile, path: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let (kind, device) = match kind {
        SpecialFile::Fifo => (FileType::Fifo, 0),
        SpecialFile::Socket => (FileType::Socket, 0),
        SpecialFile::CharacterDevice { device } => (FileType::CharacterDevice, device),
        SpecialFile::BlockDevice { device } => (FileType::BlockDevice, device),
    };
    Ok(mknodat(CWD, path, kind, Mode::RUSR | Mode::WUSR, device)?)
}

/// This system offers no way to make them.
#[cfg(target_vendor = "apple")]
fn make_special(_: SpecialFile, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn finish(
    made: &NamedTempFile<File>,
    to: &Path,
    wanted: Attributes,
    privileges: &CopyPrivileges,
) -> Result<(), CopyProblem> {
    finish_with(made, to, wanted, false, privileges)
}

fn finish_with<F>(
    made: &NamedTempFile<F>,
    to: &Path,
    wanted: Attributes,
    is_link: bool,
    privileges: &CopyPrivileges,
) -> Result<(), CopyProblem> {
    fs::symlink_metadata(made.path())
        .and_then(|current| {
            let current = metadata::attributes(&current);
            attributes::set(made.path(), wanted, current, is_link, privileges)
        })
        .map_err(|error| CopyProblem::new(Attempt::SetAttributes, to, error))
}

/// Opens a file of the source. If it has become a pipe meanwhile, that does not block.
fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A name that other writes of ploy's know for theirs, and remove when it is old.
fn temporary() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".ploy-").rand_bytes(16);
    builder
}
