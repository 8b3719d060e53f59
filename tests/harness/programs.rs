//! Machines on which programs are missing.

use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

/// A folder for `PATH` that has these programs and no other.
///
/// # Panics
///
/// If one of them is not on this machine.
pub fn only(programs: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for program in programs {
        let paths = ["/usr/bin", "/bin"].map(|path| Path::new(path).join(program));
        let path = paths.iter().find(|path| path.exists());
        let path = path.unwrap_or_else(|| panic!("there is no {program}"));
        symlink(path, folder.path().join(program)).unwrap();
    }
    folder
}
