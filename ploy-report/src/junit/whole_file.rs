//! A file that is written at once, or not at all.

use std::fs::{self, Permissions};
use std::io::{self, Error, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is written at once, or not at all: nobody ever reads half of it.
#[derive(Debug)]
pub(super) struct WholeFile {
    path: PathBuf,
    folder: PathBuf,
}

impl WholeFile {
    /// Finds out whether it can be written, and changes nothing.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        // Whatever becomes of the working directory meanwhile.
        let mut path = std::path::absolute(path)?;
        match fs::metadata(&path) {
            // What a link points to is replaced, and not the link.
            Ok(found) if found.is_file() => path = fs::canonicalize(&path)?,
            Ok(found) if found.is_dir() => {
                return Err(Error::new(ErrorKind::IsADirectory, "it is a folder"));
            }
            // A device would be replaced by a file.
            Ok(_) => return Err(Error::new(ErrorKind::InvalidInput, "it is no plain file")),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let folder = match path.parent() {
            Some(folder) if path.file_name().is_some() => folder.to_owned(),
            _ => return Err(Error::new(ErrorKind::InvalidInput, "it is no file's name")),
        };
        let file = WholeFile { path, folder };
        if let Err(error) = fs::metadata(&file.folder)
            && error.kind() == ErrorKind::NotFound
        {
            let message = format!("there is no folder `{}`", file.folder.display());
            return Err(Error::new(ErrorKind::NotFound, message));
        }
        file.beside()?;
        Ok(file)
    }

    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.beside()?;
        file.write_all(bytes)?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }

    /// A file beside it, which is removed unless it takes its place.
    fn beside(&self) -> io::Result<NamedTempFile> {
        let name = self.path.file_name().unwrap_or_default();
        let made = tempfile::Builder::new()
            .prefix(&format!(".{}.", name.to_string_lossy()))
            // As any file that the user makes: the umask takes its share.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(&self.folder);
        // The name of the file beside it says nothing to the user.
        made.map_err(|error| match error.get_ref() {
            Some(_) => Error::from(error.kind()),
            None => error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.xml"), folder.path().join("link"));
        let file = WholeFile::new(&path).unwrap();
        assert!(!path.exists(), "nothing is changed before it is written");
        file.write(b"one").unwrap();
        std::os::unix::fs::symlink("a.xml", &link).unwrap();
        WholeFile::new(&link).unwrap().write(b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o600, 0o600);
        assert_eq!(mode & 0o111, 0);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_cannot_be_written_is_told_beforehand() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let told = |path: &Path| WholeFile::new(path).unwrap_err().to_string();
        assert_eq!(told(path), "it is a folder");
        assert_eq!(told(Path::new("/dev/null")), "it is no plain file");
        assert_eq!(
            told(&path.join("missing/a.xml")),
            format!("there is no folder `{}`", path.join("missing").display())
        );
        fs::write(path.join("file"), "").unwrap();
        assert_eq!(
            WholeFile::new(&path.join("file/a.xml")).unwrap_err().kind(),
            ErrorKind::NotADirectory
        );
    }
}
