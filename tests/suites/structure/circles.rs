//! No circle of files: whoever reads one need not have read another that needs it in turn.

use std::collections::{BTreeMap, BTreeSet};

use crate::CRATES;
use crate::modules::{Modules, modules, resolve};

/// Files that may need each other, each circle with its reason.
const ALLOWED: [(&str, &[&str], &str); 1] = [(
    "ploy-macros",
    &["commands", "here_document", "lexer", "word"],
    "one lexer of a recursive language, in a file for each part of it",
)];

type Arrows = BTreeMap<Vec<String>, BTreeSet<Vec<String>>>;

/// Who names what of whom. A module's root hands on what its files have, which is no arrow.
fn arrows(modules: &Modules) -> Arrows {
    let mut arrows = Arrows::new();
    for (path, module) in modules {
        for used in &module.used {
            let Some(to) = resolve(modules, path, used) else {
                continue;
            };
            let is_own_child = to.starts_with(path);
            if to != *path && !(is_own_child && used.is_handed_on) {
                arrows.entry(path.clone()).or_default().insert(to);
            }
        }
    }
    arrows
}

/// The modules that can be reached from one.
fn reached(arrows: &Arrows, from: &[String]) -> BTreeSet<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from.to_vec()];
    while let Some(path) = open.pop() {
        for next in arrows.get(&path).into_iter().flatten() {
            if seen.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    seen
}

#[test]
fn no_files_need_each_other() {
    let mut wrong = String::new();
    for name in CRATES {
        let modules = modules(name);
        assert!(!modules.is_empty(), "{name} has no files");
        let arrows = arrows(&modules);
        let reach: BTreeMap<_, _> = modules
            .keys()
            .map(|path| (path.clone(), reached(&arrows, path)))
            .collect();
        let mut told = BTreeSet::new();
        for path in modules.keys() {
            let circle: BTreeSet<_> = reach[path]
                .iter()
                .filter(|other| reach[*other].contains(path))
                .collect();
            if circle.len() < 2 || !told.insert(circle.clone()) {
                continue;
            }
            let is_allowed = ALLOWED.iter().any(|(own, files, _)| {
                *own == name
                    && circle.iter().all(|path| {
                        path.last()
                            .is_some_and(|last| files.contains(&last.as_str()))
                    })
            });
            if is_allowed {
                continue;
            }
            wrong += &format!("\n{name}: these files need each other:");
            for path in &circle {
                for to in arrows[*path].iter().filter(|to| circle.contains(to)) {
                    let (from, to) = (&modules[*path].file, &modules[to].file);
                    wrong += &format!("\n  {} -> {}", from.display(), to.display());
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn arrows_are_found() {
    // Were paths resolved wrongly, there would be no circle either.
    let modules = modules("ploy-core");
    let arrows = arrows(&modules);
    let count: usize = arrows.values().map(BTreeSet::len).sum();
    assert!(count > 100, "only {count} arrows in ploy-core");
    let build = ["plan", "build"].map(str::to_owned).to_vec();
    let graph = ["plan", "graph"].map(str::to_owned).to_vec();
    assert!(arrows[&build].contains(&graph), "{:?}", arrows[&build]);
}
