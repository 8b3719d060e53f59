//! Putting one file, link or special file into place: made under another name beside it, and
//! renamed once it is whole. What is dropped before that is removed.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::Path;

use rustix::fs::OFlags;
use tempfile::{Builder, NamedTempFile};

use super::attributes;
use super::metadata;
use super::problem::{Action, Problem};
use super::report::Report;
use crate::transfer::planner::entry::{Attributes, SpecialFile};
use crate::transfer::planner::plan::Privileges;

/// How much is copied before anybody is told, or asked whether to go on.
const CHUNK: u64 = 4 * 1024 * 1024;

/// Copies a file. `false` if it was told to end.
pub(super) fn file(
    from: &Path,
    to: &Path,
    privileges: &Privileges,
    report: &mut Report,
) -> Result<bool, Problem> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Problem::Vanished(from.to_owned()),
        _ => Problem::new(Action::ReadSource, from, error),
    };
    let unwritable = |error| Problem::new(Action::Write, to, error);
    let source = open(from).map_err(unreadable)?;
    let found = source.metadata().map_err(unreadable)?;
    if !found.is_file() {
        return Err(Problem::Vanished(from.to_owned()));
    }
    let mut made = temporary().tempfile_in(folder(to)).map_err(unwritable)?;
    let mut copied = 0;
    while copied < found.len() {
        if report.should_end() {
            return Ok(false);
        }
        // It may have grown since: what is beyond is for the next copy.
        let mut chunk = (&source).take(CHUNK.min(found.len() - copied));
        let uncopied = |error| Problem::Copy {
            from: from.to_owned(),
            to: to.to_owned(),
            error,
        };
        match io::copy(&mut chunk, made.as_file_mut()).map_err(uncopied)? {
            0 => return Err(Problem::Shortened(from.to_owned())),
            bytes => copied += bytes,
        }
        report.progress(copied);
    }
    finish(&made, to, metadata::attributes(&found), privileges)?;
    made.persist(to).map_err(|error| unwritable(error.error))?;
    report.moved.files += 1;
    report.moved.bytes += copied;
    Ok(true)
}

/// Makes a symbolic link.
pub(super) fn link(
    target: &OsStr,
    to: &Path,
    wanted: Attributes,
    privileges: &Privileges,
) -> Result<(), Problem> {
    let failed = |error| Problem::new(Action::MakeLink, to, error);
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
    privileges: &Privileges,
) -> Result<(), Problem> {
    let failed = |error| Problem::new(Action::MakeSpecialFile, to, error);
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
    privileges: &Privileges,
) -> Result<(), Problem> {
    finish_with(made, to, wanted, false, privileges)
}

fn finish_with<F>(
    made: &NamedTempFile<F>,
    to: &Path,
    wanted: Attributes,
    is_link: bool,
    privileges: &Privileges,
) -> Result<(), Problem> {
    fs::symlink_metadata(made.path())
        .and_then(|current| {
            let current = metadata::attributes(&current);
            attributes::set(made.path(), wanted, current, is_link, privileges)
        })
        .map_err(|error| Problem::new(Action::SetAttributes, to, error))
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
