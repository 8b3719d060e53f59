//! Paths of sources, from the root of the checkout.

use std::env;
use std::path::{Path, PathBuf};

/// Where the sources are, as those who show annotations know them.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    /// The folder of the checkout.
    root: Option<PathBuf>,
    /// Where a path of the compiler may begin.
    folders: Vec<PathBuf>,
}

impl Workspace {
    /// The checkout that GitHub Actions has made.
    pub(super) fn of_github() -> Self {
        let root = env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
        // cargo tells the package's folder to what it runs; a program that was built before runs in
        // the checkout.
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let folders = package.into_iter().chain(env::current_dir().ok());
        Workspace::new(root, folders)
    }

    fn new(root: Option<PathBuf>, folders: impl IntoIterator<Item = PathBuf>) -> Self {
        let above = |folder: PathBuf| folder.ancestors().map(Path::to_owned).collect::<Vec<_>>();
        let folders = folders.into_iter().flat_map(above);
        let folders =
            folders.filter(|folder| root.as_ref().is_some_and(|root| folder.starts_with(root)));
        Workspace {
            folders: folders.collect(),
            root,
        }
    }

    /// The path of a file from the root of the checkout. The compiler gives it from the root of the
    /// cargo workspace, which may be deeper. A file that is nowhere stays as it is.
    pub(super) fn path(&self, file: &str) -> String {
        let Some(root) = &self.root else {
            return file.to_owned();
        };
        let places = self.folders.iter().map(|folder| folder.join(file));
        let place = places.into_iter().find(|place| place.is_file());
        let place = place.unwrap_or_else(|| PathBuf::from(file));
        let path = place.strip_prefix(root).unwrap_or(&place);
        path.to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_at_the_checkout() {
        let checkout = tempfile::tempdir().unwrap();
        let root = checkout.path();
        let package = root.join("deploy/jobs");
        std::fs::create_dir_all(package.join("src")).unwrap();
        std::fs::write(package.join("src/lib.rs"), "").unwrap();
        let workspace = Workspace::new(Some(root.to_owned()), [package.clone()]);
        // The cargo workspace is `deploy`.
        assert_eq!(workspace.path("jobs/src/lib.rs"), "deploy/jobs/src/lib.rs");
        let absolute = package.join("src/lib.rs").display().to_string();
        assert_eq!(workspace.path(&absolute), "deploy/jobs/src/lib.rs");
        assert_eq!(workspace.path("gone/src/lib.rs"), "gone/src/lib.rs");
        assert_eq!(workspace.path("/elsewhere/lib.rs"), "/elsewhere/lib.rs");
        let unknown = Workspace::new(None, [package]);
        assert_eq!(unknown.path("jobs/src/lib.rs"), "jobs/src/lib.rs");
    }
}
