//! What a transfer is asked to do beyond a plain copy, from arguments in the words of rsync.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::filter::{EmptyPatternError, Filter};

/// The options that every carrier understands.
#[derive(Clone, Debug, Default)]
pub(in crate::transfer) struct PlanOptions {
    pub(in crate::transfer) filter: Filter,
    /// Whether what is not in the source is deleted.
    pub(in crate::transfer) should_delete: bool,
    /// Whether that goes also for what is left out of the source.
    pub(in crate::transfer) should_delete_excluded: bool,
    /// Whether nothing is to be changed.
    pub(in crate::transfer) is_dry_run: bool,
}

/// An argument that only rsync understands, or that makes no sense.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::transfer) enum PlanOptionsError {
    #[error("`{}` is an option of rsync's own", .0.display())]
    NeedsRsync(OsString),
    #[error(transparent)]
    EmptyPattern(#[from] EmptyPatternError),
}

/// The words for deleting that say no time, or one at which nothing is in the way.
const DELETE: [&[u8]; 5] = [
    b"--delete",
    b"--del",
    b"--delete-during",
    b"--delete-delay",
    b"--delete-after",
];

impl PlanOptions {
    /// Reads arguments: `--exclude=..`, `--include=..`, `--delete` and its kin but for
    /// `--delete-before`, `--dry-run` and `-n`.
    pub(in crate::transfer) fn parse(
        arguments: &[OsString],
        is_mirror: bool,
    ) -> Result<Self, PlanOptionsError> {
        let mut options = PlanOptions {
            should_delete: is_mirror,
            ..PlanOptions::default()
        };
        let mut words = arguments.iter();
        while let Some(argument) = words.next() {
            let word = argument.as_bytes();
            if let Some(pattern) = word.strip_prefix(b"--exclude=") {
                options.filter.exclude(pattern)?;
            } else if let Some(pattern) = word.strip_prefix(b"--include=") {
                options.filter.include(pattern)?;
            } else if DELETE.contains(&word) {
                options.should_delete = true;
            } else {
                match word {
                    b"--delete-excluded" => {
                        options.should_delete = true;
                        options.should_delete_excluded = true;
                    }
                    b"--dry-run" | b"-n" => options.is_dry_run = true,
                    b"--exclude" | b"--include" => {
                        let Some(pattern) = words.next() else {
                            return Err(PlanOptionsError::NeedsRsync(argument.clone()));
                        };
                        if word == b"--exclude" {
                            options.filter.exclude(pattern.as_bytes())?;
                        } else {
                            options.filter.include(pattern.as_bytes())?;
                        }
                    }
                    _ => return Err(PlanOptionsError::NeedsRsync(argument.clone())),
                }
            }
        }
        Ok(options)
    }

    /// Whether a path of the destination is not deleted, although it is not in the source.
    pub(in crate::transfer) fn protects(&self, path: &Path, is_folder: bool) -> bool {
        !self.should_delete_excluded && self.filter.is_excluded(path, is_folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<PlanOptions, PlanOptionsError> {
        let words: Vec<OsString> = words.iter().map(Into::into).collect();
        PlanOptions::parse(&words, false)
    }

    #[test]
    fn what_is_understood_needs_no_rsync() {
        let options = parse(&["--exclude=*.log", "--exclude", "/x", "-n", "--delete"]).unwrap();
        assert!(options.is_dry_run && options.should_delete && !options.should_delete_excluded);
        assert!(options.filter.is_excluded(Path::new("a/b.log"), false));
        assert!(options.filter.is_excluded(Path::new("x"), true));
        assert!(!options.filter.is_excluded(Path::new("a/x"), true));
        assert!(
            parse(&["--delete-excluded"])
                .unwrap()
                .should_delete_excluded
        );
    }

    #[test]
    fn all_else_is_rsyncs_own() {
        for word in [
            "-v",
            "--chmod=F644",
            "--delete-before",
            "x",
            "--exclude-from=x",
            "-avn",
        ] {
            let failed = parse(&["--delete", word]).unwrap_err();
            assert_eq!(failed, PlanOptionsError::NeedsRsync(word.into()));
        }
        assert!(matches!(
            parse(&["--exclude="]),
            Err(PlanOptionsError::EmptyPattern(_))
        ));
    }
}
