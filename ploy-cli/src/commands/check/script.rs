//! What is asked of a site, in one script, and how its answer is read.

use ploy_core::topology::Site;
use ploy_runtime::shell::{quoted, quoted_path};

/// A line of the answer. What a login prints besides is passed over.
const SAY: &str = "say() { printf 'ploy %s\\n' \"$*\"; }\n";

/// Who is there, what time it is, and what sudo says to somebody who gives no password: `-k`, so
/// that none counts which was given a short while ago. Its name is written so that it is not taken
/// for a command that may ask us.
const FACTS: &str = r#"say user "$(id -un 2>/dev/null || id -u)"
say clock "$(date +%s)"
if command -v rsync >/dev/null 2>&1; then say rsync; fi
as() { LC_ALL=C su''do -n -k -u "${user:-root}" "$@" </dev/null; }
if [ "$(id -u)" = 0 ] && [ -z "$user" ]; then say become root
elif ! command -v su''do >/dev/null 2>&1; then say become none
elif said=$(as true 2>&1); then say become free
else case $said in
*'password is required'*|*'authentication is required'*) say become password ;;
*) say become refused "$(printf %s "$said" | tr '\n' ' ')" ;;
esac; fi
"#;

/// Whether the folder `$p` is there, or can be made, and the space that is left where it is.
const FOLDER: &str = r#"a=$p
if [ -d "$p" ]; then if [ -w "$p" ] && [ -x "$p" ]; then say path ready; else say path closed; fi
elif [ -e "$p" ] || [ -L "$p" ]; then say path file; a=.
else
while [ ! -e "$a" ]; do case $a in /*/*|[!/]*/*) a=${a%/*} ;; /*) a=/ ;; *) a=. ;; esac; done
if [ -d "$a" ] && [ -w "$a" ] && [ -x "$a" ]; then say path missing; else say path blocked "$a"; fi
fi
say disk "$(LC_ALL=C df -Pk -- "$a" 2>/dev/null | tail -n 1)"
"#;

/// The script that looks at all of it, as the login user; at the folder as the user who runs the
/// commands, if that needs no password. Nothing on the site is changed.
pub(super) fn script(site: &Site) -> String {
    let user = other_user(site);
    let name = text(&quoted(user.unwrap_or_default().as_bytes()));
    let mut script = format!("{SAY}user={name}\n");
    script.push_str(FACTS);
    if user.is_some() {
        let folder = text(&quoted(folder(site).as_bytes()));
        script.push_str(&format!("as sh -c {folder} 2>/dev/null\n"));
    } else {
        script.push_str(&folder(site));
    }
    script.push_str("say end\nexit 0\n");
    script
}

/// The user who runs the commands, if it is not the login user.
pub(super) fn other_user(site: &Site) -> Option<&str> {
    let user = site.run_as.as_deref()?;
    (site.user.as_deref() != Some(user)).then_some(user)
}

/// The part of it that is about the site's folder.
pub(super) fn folder(site: &Site) -> String {
    match &site.path {
        Some(path) => format!("{SAY}p={}\n{FOLDER}", text(&quoted_path(path))),
        None => format!("{SAY}p=.\n{FOLDER}"),
    }
}

/// What is quoted is text, as before.
fn text(quoted: &[u8]) -> String {
    String::from_utf8_lossy(quoted).into_owned()
}

/// What a site answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) user: String,
    /// Seconds since 1970.
    pub(super) clock: Option<i64>,
    pub(super) rsync: bool,
    pub(super) sudo: Option<Sudo>,
    pub(super) folder: Option<Folder>,
    pub(super) disk: Option<Disk>,
    /// Whether the answer came to its end.
    pub(super) is_whole: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sudo {
    /// Nobody needs it.
    Root,
    /// It is not there.
    None,
    /// It asks for no password.
    Free,
    /// It asks for one.
    Password,
    /// It asked for one, and took ours.
    Verified,
    /// It does not let the login user, and says why.
    Refused(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Folder {
    Ready,
    /// It can be made.
    Missing,
    /// Nothing can be written there.
    Closed,
    /// It is something else.
    File,
    /// It cannot be made, because of this one above it.
    Blocked(String),
}

/// A file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Disk {
    pub(super) free: u64,
    /// How much of it is used, in percent.
    pub(super) used: u32,
}

impl Facts {
    /// Takes in what is said in this output.
    pub(super) fn read(&mut self, output: &str) {
        for line in output.lines() {
            let Some(said) = line.trim_end().strip_prefix("ploy ") else {
                continue;
            };
            let (key, value) = said.split_once(' ').unwrap_or((said, ""));
            match key {
                "user" => self.user = value.to_owned(),
                "clock" => self.clock = value.parse().ok(),
                "rsync" => self.rsync = true,
                "become" => self.sudo = sudo(value),
                "path" => self.folder = folder_of(value),
                "disk" => self.disk = disk(value),
                "end" => self.is_whole = true,
                _ => {}
            }
        }
    }
}

fn sudo(value: &str) -> Option<Sudo> {
    Some(match value.split_once(' ').unwrap_or((value, "")) {
        ("root", _) => Sudo::Root,
        ("none", _) => Sudo::None,
        ("free", _) => Sudo::Free,
        ("password", _) => Sudo::Password,
        ("refused", why) => Sudo::Refused(why.trim_start_matches("sudo: ").to_owned()),
        _ => return None,
    })
}

fn folder_of(value: &str) -> Option<Folder> {
    Some(match value.split_once(' ').unwrap_or((value, "")) {
        ("ready", _) => Folder::Ready,
        ("missing", _) => Folder::Missing,
        ("closed", _) => Folder::Closed,
        ("file", _) => Folder::File,
        ("blocked", by) => Folder::Blocked(by.to_owned()),
        _ => return None,
    })
}

/// A line of `df -Pk`. Both names in it may hold blanks, so what is looked for is the only word
/// with a percent sign behind a number.
fn disk(line: &str) -> Option<Disk> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words
        .iter()
        .enumerate()
        .skip(3)
        .find(|(at, word)| word.ends_with('%') && words[at - 1].parse::<u64>().is_ok())?
        .0;
    Some(Disk {
        free: words[at - 1].parse::<u64>().ok()?.saturating_mul(1024),
        used: words[at].trim_end_matches('%').parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use ploy_core::topology::Settings;

    fn facts(settings: Settings) -> Facts {
        let site = Site::new("web1".to_owned(), settings);
        let mut facts = Facts::default();
        for shell in ["sh", "bash"] {
            let output = Command::new(shell)
                .args(["-c", &script(&site)])
                .output()
                .unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{shell}");
            facts = Facts::default();
            facts.read(&String::from_utf8_lossy(&output.stdout));
            assert!(facts.is_whole && !facts.user.is_empty(), "{shell}");
            assert!(facts.clock.unwrap() > 1_700_000_000 && facts.disk.is_some());
        }
        facts
    }

    #[test]
    fn a_folder_is_there_or_can_be_made_or_not() {
        let base = tempfile::tempdir().unwrap();
        let at = |name: &str| base.path().join(name).to_str().unwrap().to_owned();
        std::fs::create_dir(at("it's here")).unwrap();
        std::fs::write(at("file"), "").unwrap();
        std::os::unix::fs::symlink("nowhere", at("link")).unwrap();
        let of = |path: String| facts(Settings::new().path(path)).folder.unwrap();
        assert_eq!(of(at("it's here")), Folder::Ready);
        assert_eq!(of(at("it's here/not/yet/")), Folder::Missing);
        assert_eq!(of(at("file")), Folder::File);
        assert_eq!(of(at("link")), Folder::File);
        assert_eq!(of(at("file/x/y")), Folder::Blocked(at("file")));
        assert_eq!(of("not/yet".to_owned()), Folder::Missing);
        assert!(!std::path::Path::new(&at("it's here/not")).exists());
        assert_eq!(facts(Settings::new()).folder, Some(Folder::Ready));
    }

    #[test]
    fn it_asks_nobody_for_a_password() {
        let site = Site::new("web1".to_owned(), Settings::new().run_as("de ploy"));
        assert!(!script(&site).contains("sudo"));
    }

    #[test]
    fn an_answer_is_read_whatever_is_around_it() {
        let mut facts = Facts::default();
        facts.read(
            "Welcome!\nploy user deploy\nploy rsync\nploy clock 12\nploy become refused sudo: you must have a tty\n\
             ploy path blocked /srv/a b\nploy disk //server/my share 100 90 10 90% /mnt/x 5%\r\nploy end\n",
        );
        let expected = Facts {
            user: "deploy".into(),
            clock: Some(12),
            rsync: true,
            sudo: Some(Sudo::Refused("you must have a tty".into())),
            folder: Some(Folder::Blocked("/srv/a b".into())),
            disk: Some(Disk {
                free: 10 * 1024,
                used: 90,
            }),
            is_whole: true,
        };
        assert_eq!(facts, expected);
        assert_eq!(disk("overlay 100 20 80 20% /").unwrap().free, 80 * 1024);
        assert_eq!(disk(""), None);
    }
}
