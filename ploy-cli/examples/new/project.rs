//! The files of a new project: what is in them, and how they are written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::NewError;
use crate::name;

/// A file of every project. In its text `{{name}}` is the package, and `{{ploy}}` how it depends on
/// ploy.
struct Template {
    path: &'static str,
    text: &'static str,
}

macro_rules! templates {
    ($($path:literal: $source:literal),* $(,)?) => {
        [$(Template { path: $path, text: include_str!(concat!("templates/", $source)) }),*]
    };
}

/// The sources of two bear other names, since cargo and git would heed them where they lie here.
const TEMPLATES: [Template; 9] = templates! {
    "Cargo.toml": "Cargo.toml.in",
    ".gitignore": "gitignore",
    "README.md": "README.md",
    "ploy.toml": "ploy.toml",
    "src/main.rs": "src/main.rs",
    "src/jobs.rs": "src/jobs.rs",
    "site/index.html": "site/index.html",
    ".github/workflows/deploy.yml": "github/deploy.yml",
    ".gitlab-ci.yml": "gitlab-ci.yml",
};

/// A project about to be written.
pub(crate) struct Project {
    path: PathBuf,
    name: String,
    dependency: String,
}

impl Project {
    /// A project in this folder, with this name or that of the folder.
    ///
    /// # Errors
    ///
    /// If that is no name for a package, or the folder has something in it.
    pub(crate) fn new(path: &Path, name: Option<String>) -> Result<Self, NewError> {
        let name = match name {
            Some(name) => name,
            None => name_of(path)?,
        };
        name::check(&name).map_err(|reason| NewError::Name {
            name: name.clone(),
            reason,
        })?;
        check_empty(path)?;
        Ok(Project {
            path: path.to_owned(),
            name,
            dependency: dependency(),
        })
    }

    /// Writes its files. None that is there already is written over.
    ///
    /// # Errors
    ///
    /// If one cannot be written.
    pub(crate) fn write(&self) -> Result<(), NewError> {
        for template in TEMPLATES {
            let path = self.path.join(template.path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(failed("made", folder))?;
            }
            let text = template
                .text
                .replace("{{name}}", &self.name)
                .replace("{{ploy}}", &self.dependency);
            File::create_new(&path)
                .and_then(|mut file| file.write_all(text.as_bytes()))
                .map_err(failed("written", &path))?;
        }
        Ok(())
    }

    /// What to type now.
    pub(crate) fn next_steps(&self) -> String {
        let path = self.path.display().to_string();
        let enter = ploy::cmd!("cd {path}");
        format!(
            "made `{}` in {path}: {} files

next:
  {enter}
  cargo run -- list            # its jobs
  cargo run -- plan release    # what would run where
  cargo run -- release         # run it, in two folders below `target` that stand for servers
  cargo test
",
            self.name,
            TEMPLATES.len(),
        )
    }
}

/// The name of a folder that may not be there yet.
fn name_of(path: &Path) -> Result<String, NewError> {
    // `.` and `..` are folders whose names are written elsewhere.
    let found = match path.file_name() {
        Some(name) => Some(name.to_owned()),
        None => fs::canonicalize(path)
            .ok()
            .and_then(|path| path.file_name().map(ToOwned::to_owned)),
    };
    found
        .map(|name| name.to_string_lossy().into_owned())
        .ok_or_else(|| NewError::NoName(path.to_owned()))
}

/// Nothing may be there but a repository without files.
fn check_empty(path: &Path) -> Result<(), NewError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(NewError::NotFolder(path.to_owned()));
        }
        Err(error) => return Err(failed("read", path)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(failed("read", path))?.file_name();
        if entry != ".git" {
            return Err(NewError::NotEmpty {
                path: path.to_owned(),
                entry: PathBuf::from(entry),
            });
        }
    }
    Ok(())
}

fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> NewError + use<> {
    let path = path.to_owned();
    move |error| NewError::Io { verb, path, error }
}

/// How the project depends on ploy: on the checkout that this program was built from, if that is
/// still there.
fn dependency() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("ploy");
    if checkout.join("Cargo.toml").is_file() {
        // A string of JSON is one of TOML, and the crate `toml` writes none here.
        let path = serde_json::Value::from(checkout.to_string_lossy());
        format!(
            "# The checkout that made this project, so that it builds here. Elsewhere, in CI for one, name a version\n\
             # instead: ploy = \"{version}\"\n\
             ploy = {{ path = {path} }}"
        )
    } else {
        format!("ploy = \"{version}\"")
    }
}
