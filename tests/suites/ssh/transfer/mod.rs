//! Files that are moved by rsync over the connection of the commands, and single files that are
//! written and read.

mod causes;
mod download;
mod ending;
mod guards;
mod many;
mod mirror;
mod options;
mod owner;
mod progress;
mod trouble;
mod upload;
mod write;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ploy::Shell;
use ploy_tests::{Server, ServerOptions};
use tempfile::TempDir;

/// A shell on the first of the server's addresses.
fn shell(server: &Server) -> Shell {
    Shell::with("web1", server.site("web1"))
}

/// A server on which a program is replaced by a script.
fn with_program(name: &str, script: &str) -> (Server, TempDir) {
    let programs = tempfile::tempdir().unwrap();
    let program = programs.path().join(name);
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", programs.path().display());
    let options = ServerOptions {
        env: vec![("PATH".to_owned(), path)],
        ..ServerOptions::default()
    };
    (Server::with(&options), programs)
}

const NAMES: [&str; 10] = [
    "plain",
    "two words",
    "it's",
    "\"quoted\"",
    "-rf",
    "$HOME `id` *",
    "host:name",
    "new\nline",
    "star*",
    "back\\slash[x]?",
];

/// Makes files with all these names, in a folder and in one below it.
fn awkward_files(folder: &Path) {
    fs::create_dir_all(folder.join("sub folder/-deep")).unwrap();
    for name in NAMES {
        fs::write(folder.join(name), name).unwrap();
        fs::write(folder.join("sub folder/-deep").join(name), name).unwrap();
    }
}

/// Checks that they are all there.
fn assert_awkward_files(folder: &Path) {
    for name in NAMES {
        for file in [
            folder.join(name),
            folder.join("sub folder/-deep").join(name),
        ] {
            assert_eq!(
                fs::read_to_string(&file).unwrap_or_default(),
                name,
                "{}",
                file.display()
            );
        }
    }
}
