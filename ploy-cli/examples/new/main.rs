//! Makes a project with a deploy binary: `cargo run -p ploy-cli --example new -- PATH`.
//!
//! The command line is here, the rules of names are in `name.rs`, what is written is in
//! `project.rs` with its `templates/`, and what can go wrong is in `error.rs`.

mod error;
mod name;
mod project;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use error::NewError;
use project::Project;

const USAGE: &str = "\
usage: cargo run -p ploy-cli --example new -- PATH [--name NAME]

Makes a project with a deploy binary in the folder PATH, which is made if need be:
sites, two jobs, a schedule, a test, and files for the CI of GitHub and GitLab.

  --name NAME  the name of its package; without it, that of the folder
  -h, --help   shows this
";

/// What the command line asks for.
enum Request {
    Help,
    Make { path: PathBuf, name: Option<String> },
}

fn main() -> ExitCode {
    match parse(std::env::args_os().skip(1)).and_then(serve) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(hint) = error.hint() {
                eprintln!("  hint: {hint}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}

fn parse(words: impl Iterator<Item = OsString>) -> Result<Request, NewError> {
    let (mut path, mut name) = (None, None);
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("-h" | "--help") => return Ok(Request::Help),
            Some("--name") => {
                let value = words.next().ok_or(NewError::NameMissing)?;
                name = Some(value.to_string_lossy().into_owned());
            }
            Some(text) if text.starts_with("--name=") => {
                name = Some(text["--name=".len()..].to_owned());
            }
            Some(text) if text.starts_with('-') => {
                return Err(NewError::UnknownOption(text.to_owned()));
            }
            _ if path.is_some() => return Err(NewError::TwoPaths(PathBuf::from(word))),
            _ => path = Some(PathBuf::from(word)),
        }
    }
    let path = path.ok_or(NewError::PathMissing)?;
    Ok(Request::Make { path, name })
}

/// Does what was asked for. Returns what to print.
fn serve(request: Request) -> Result<String, NewError> {
    match request {
        Request::Help => Ok(USAGE.to_owned()),
        Request::Make { path, name } => {
            let project = Project::new(&path, name)?;
            project.write()?;
            Ok(project.next_steps())
        }
    }
}
