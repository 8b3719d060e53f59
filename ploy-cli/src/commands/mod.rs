//! The commands of a deploy binary: each is a file, or a folder, of its name.
//!
//! Such a file has all of its command: the name, the arguments with their help, what they are
//! parsed into, and what it does. [`ALL`] lists the commands; whoever adds one adds a file, a line
//! there, and the name in ploy-syntax, by which macros keep jobs from having it. [`spec`] is what a
//! command consists of. [`shell_text`] is for commands that are given a shell command.

mod check;
pub(crate) mod completions;
mod connections;
mod exec;
mod list;
mod plan;
pub(crate) mod run;
mod shell_text;
mod sites;
pub(crate) mod spec;
mod ssh;

use self::spec::CommandSpec;

/// All commands, in the order of the help.
pub(crate) const ALL: [&CommandSpec; 9] = [
    &run::COMMAND,
    &list::COMMAND,
    &sites::COMMAND,
    &completions::COMMAND,
    &connections::COMMAND,
    &plan::COMMAND,
    &check::COMMAND,
    &exec::COMMAND,
    &ssh::COMMAND,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use ploy_syntax::command::COMMANDS;

    #[test]
    fn names_are_those_that_no_job_may_have() {
        let mut names: BTreeSet<&str> = ALL.iter().map(|command| command.name).collect();
        assert_eq!(names.len(), ALL.len(), "each once");
        // clap adds this one.
        names.insert("help");
        assert_eq!(names, COMMANDS.into_iter().collect());
    }

    #[test]
    fn every_file_is_a_command_of_its_name_and_has_help() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands");
        let mut files = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            files.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
        for other in ["mod", "spec", "shell_text"] {
            assert!(files.remove(other), "{other}");
        }
        let names: BTreeSet<String> = ALL.iter().map(|command| command.name.to_owned()).collect();
        assert_eq!(files, names);
        for command in ALL {
            assert!(!command.about.is_empty(), "{}", command.name);
            for arg in command.grammar().get_arguments() {
                assert!(arg.get_help().is_some(), "{} {arg}", command.name);
            }
        }
    }
}
