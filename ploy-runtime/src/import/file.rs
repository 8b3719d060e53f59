//! Sites from a file.

use std::io::ErrorKind;
use std::panic::Location;
use std::path::Path;
use std::path::PathBuf;

use super::Format;
use super::problems;
use super::text;
use crate::error::Failure;
use crate::topology::Topology;

/// Adds the sites of a TOML file: a table for each, as the [module](super) shows. A relative path
/// hangs on the current directory. Returns how many sites were added.
///
/// # Errors
///
/// [`Kind::Usage`](crate::error::Kind::Usage) if the file cannot be read, is malformed, or with all
/// that is wrong with its sites. The topology is as it was, then.
#[cfg(feature = "toml")]
#[track_caller]
pub fn toml(
    topology: &mut Topology,
    path: impl AsRef<Path>,
) -> impl Future<Output = Result<usize, Failure>> + Send {
    let path = path.as_ref().to_owned();
    file(topology, Format::Toml, path, Location::caller())
}

/// Adds the sites of a JSON file: an object of objects, or a list of objects with a `name`. A
/// relative path hangs on the current directory. Returns how many sites were added.
///
/// # Errors
///
/// As of a [text](super::text), and [`Kind::Usage`](crate::error::Kind::Usage) if the file cannot
/// be read.
#[track_caller]
pub fn json(
    topology: &mut Topology,
    path: impl AsRef<Path>,
) -> impl Future<Output = Result<usize, Failure>> + Send {
    let path = path.as_ref().to_owned();
    file(topology, Format::Json, path, Location::caller())
}

async fn file(
    topology: &mut Topology,
    format: Format,
    path: PathBuf,
    at: &'static Location<'static>,
) -> Result<usize, Failure> {
    let origin = format!("`{}`", path.display());
    let added = match tokio::fs::read(&path).await {
        Ok(bytes) => text::add_bytes(topology, format, &bytes, &origin),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(missing(&path, &origin)),
        Err(error) => Err(problems::failure(
            &origin,
            error.to_string(),
            None::<String>,
        )),
    };
    added.map_err(|failure| failure.at(at))
}

fn missing(path: &Path, origin: &str) -> Failure {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let hint = if path.is_absolute() {
        "make the file first, or correct the path"
    } else {
        "a relative path hangs on the current directory; `concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/sites.toml\")` is \
         a file of the package, wherever the binary is run"
    };
    problems::failure(
        origin,
        format!("no such file: `{}`", whole.display()),
        Some(hint),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[tokio::test]
    async fn files_of_both_formats_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sites");
        let mut topology = Topology::new();
        // As some editors write it.
        std::fs::write(&path, "\u{feff}{ \"a\": {} }").unwrap();
        assert_eq!(json(&mut topology, &path).await.unwrap(), 1);
        #[cfg(feature = "toml")]
        {
            std::fs::write(&path, "\u{feff}[b]\n").unwrap();
            assert_eq!(toml(&mut topology, &path).await.unwrap(), 1);
            assert!(topology.get("b").is_some());
        }
        assert!(topology.get("a").is_some());
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_is_named() {
        let mut topology = Topology::new();
        let failure = json(&mut topology, "no/such/sites.json").await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage);
        assert_eq!(
            failure.to_string(),
            "cannot read sites from `no/such/sites.json`"
        );
        let cause = failure.detail().to_string();
        assert!(
            cause.starts_with("no such file: `/") && cause.ends_with("/no/such/sites.json`"),
            "{cause}"
        );
        assert!(failure.hint().unwrap().contains("current directory"));
        assert!(failure.detail().at().unwrap().file().ends_with("file.rs"));

        let folder = tempfile::tempdir().unwrap();
        let failure = json(&mut topology, folder.path()).await.unwrap_err();
        assert!(failure.detail().to_string().contains("directory"));

        let path = folder.path().join("latin");
        std::fs::write(&path, b"{\n\"s\xfcd\": {} }").unwrap();
        let failure = json(&mut topology, &path).await.unwrap_err();
        assert_eq!(failure.detail().to_string(), "line 2 is not UTF-8");
    }
}
