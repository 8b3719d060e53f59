//! What can go wrong while a project is made, and what to do about it.

use std::io;
use std::path::PathBuf;

use ploy_core::error::did_you_mean;

use crate::name::NameError;

/// Why there is no new project.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NewError {
    #[error("the folder of the new project is missing")]
    PathMissing,
    #[error("`--name` needs a value")]
    NameMissing,
    #[error("a second folder was given: `{}`", .0.display())]
    TwoPaths(PathBuf),
    #[error("there is no option `{0}`")]
    UnknownOption(String),
    #[error("`{name}` cannot be the name of a package: {reason}")]
    Name { name: String, reason: NameError },
    #[error("the folder `{}` has no name that a package could take", .0.display())]
    NoName(PathBuf),
    #[error("the folder `{}` is not empty: `{}` is in it", .path.display(), .entry.display())]
    NotEmpty { path: PathBuf, entry: PathBuf },
    #[error("`{}` is a file, not a folder", .0.display())]
    NotFolder(PathBuf),
    #[error("`{}` cannot be {verb}: {error}", .path.display())]
    Io {
        verb: &'static str,
        path: PathBuf,
        error: io::Error,
    },
}

impl NewError {
    /// What to do about it, if that is known.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            NewError::PathMissing => Some("name it: `new my-deploy`".to_owned()),
            NewError::NameMissing => Some("write it as `--name my-deploy`".to_owned()),
            NewError::TwoPaths(_) => {
                Some("one project is made at a time; a path with blanks needs quotes".to_owned())
            }
            NewError::UnknownOption(option) => did_you_mean(option, ["--name", "--help"])
                .or_else(|| Some("`--help` shows what there is".to_owned())),
            NewError::Name { name, reason } => Some(reason.hint(name)),
            NewError::NoName(_) => Some("give one: `--name my-deploy`".to_owned()),
            NewError::NotEmpty { .. } => {
                Some("nothing there is overwritten: name a new folder, or an empty one".to_owned())
            }
            NewError::NotFolder(_) => Some("name a folder, which need not be there yet".to_owned()),
            NewError::Io { .. } => None,
        }
    }

    /// 2 where the command line is wrong, 1 where the machine does not allow it.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            NewError::Io { .. } => 1,
            _ => 2,
        }
    }
}
