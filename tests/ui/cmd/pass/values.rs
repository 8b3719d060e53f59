//! Values of many types, from where the command stands.

#![deny(warnings, clippy::all, clippy::pedantic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ploy::{Role, Script, cmd};

struct Release {
    id: u32,
    pair: (String, char),
}

impl Release {
    fn script(&self, dir: &Path) -> Script {
        cmd!("ln -s {self.id}-{self.pair.0}{self.pair.1} {dir}/next")
    }
}

fn of_slice(list: &[String]) -> Script {
    cmd!("ls {list...:any}")
}

fn of_type(r#type: &str) -> Script {
    cmd!("find -type {r#type}")
}

macro_rules! inside {
    ($value:expr) => {{
        let hidden = $value;
        cmd!("echo {hidden}")
    }};
}

macro_rules! from_outside {
    ($command:literal) => {
        cmd!($command)
    };
}

fn text(script: &Script) -> String {
    script.to_string()
}

fn main() {
    let release = Release {
        id: 7,
        pair: ("a b".to_owned(), 'c'),
    };
    assert_eq!(
        text(&release.script(Path::new("/srv/x y"))),
        "ln -s 7-'a b'c '/srv/x y'/next"
    );
    let (owned, path, role, number) = (
        String::from("$(id)"),
        PathBuf::from("/a"),
        Role::new("web"),
        -1.5,
    );
    assert_eq!(
        text(&cmd!("echo {owned} {path} {role} {number:any}")),
        "echo '$(id)' /a web -1.5"
    );
    let (vec, array, set, empty) = (
        vec!["a b", "c"],
        [1, 2],
        BTreeSet::from(["x"]),
        Vec::<String>::new(),
    );
    assert_eq!(
        text(&cmd!("echo {vec...} {array...} {set...} {{}}")),
        "echo 'a b' c 1 2 x {}"
    );
    assert_eq!(text(&cmd!("echo {empty...}")), "echo ");
    assert_eq!(
        text(&of_slice(&["a".to_owned(), "-b".to_owned()])),
        "ls a -b"
    );
    assert_eq!(text(&of_type("f")), "find -type f");
    let script = "not the one of the macro";
    assert_eq!(
        text(&cmd!("echo {script}")),
        "echo 'not the one of the macro'"
    );
    assert_eq!(text(&inside!("h")), "echo h");
    assert_eq!(
        text(&from_outside!("echo {script} $HOME")),
        "echo 'not the one of the macro' $HOME"
    );
}
