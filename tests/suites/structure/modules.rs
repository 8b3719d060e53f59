//! The modules of a crate, and in which file of them a path ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::uses::{Used, used};
use crate::{code, rust_files, source};

/// A module: its file, what that file names, and where its names come from.
pub(crate) struct Module {
    pub(crate) file: PathBuf,
    pub(crate) used: Vec<Used>,
}

/// The modules of a crate by their paths; the root's is empty.
pub(crate) type Modules = BTreeMap<Vec<String>, Module>;

/// Reads all modules of a crate.
pub(crate) fn modules(name: &str) -> Modules {
    let root = source(name);
    rust_files(&root)
        .into_iter()
        .map(|file| (module_path(&root, &file), file))
        .map(|(path, file)| {
            let used = used(&code(&file));
            (path, Module { file, used })
        })
        .collect()
}

fn module_path(root: &Path, file: &Path) -> Vec<String> {
    let mut path: Vec<String> = file
        .strip_prefix(root)
        .unwrap()
        .with_extension("")
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    if path
        .last()
        .is_some_and(|last| matches!(last.as_str(), "mod" | "lib"))
    {
        path.pop();
    }
    path
}

/// The module whose file has what `used` names in the module `from`; `None` if it is of another
/// crate.
pub(crate) fn resolve(modules: &Modules, from: &[String], used: &Used) -> Option<Vec<String>> {
    follow(modules, from, &used.path, 0)
}

fn follow(
    modules: &Modules,
    from: &[String],
    path: &[String],
    depth: usize,
) -> Option<Vec<String>> {
    // A name may be handed on a few times; more is a circle of names.
    if depth > 8 {
        return None;
    }
    let mut at = from.to_vec();
    let mut words = path.iter().peekable();
    match words.peek().map(|word| word.as_str()) {
        Some("crate") => {
            at.clear();
            words.next();
        }
        Some("self") => {
            words.next();
        }
        Some("super") => {
            while words.next_if(|word| *word == "super").is_some() {
                at.pop()?;
            }
        }
        // In a `use` a bare name is a child, or another crate.
        Some(first) => {
            let mut child = at.clone();
            child.push(first.to_owned());
            if !modules.contains_key(&child) {
                return None;
            }
        }
        None => return None,
    }
    for word in words {
        let mut child = at.clone();
        child.push(word.clone());
        if modules.contains_key(&child) {
            at = child;
            continue;
        }
        let module = modules.get(&at)?;
        let handed = module
            .used
            .iter()
            .find(|used| used.name == *word && used.path.len() > 1 && used.path != path);
        return match handed {
            Some(used) => follow(modules, &at, &used.path, depth + 1),
            None => Some(at),
        };
    }
    Some(at)
}
