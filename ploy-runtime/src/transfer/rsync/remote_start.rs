//! The command that starts rsync on another host. It also makes missing folders and checks the
//! destination, which saves a round trip.

use std::collections::BTreeSet;
use std::path::Path;

use crate::error::Failure;
use crate::shell::Shell;
use crate::transfer::arguments;
use crate::transfer::guard::goes_to;
use crate::transfer::parents::parents;
use crate::transfer::paths::{self, from_login_directory};
use crate::transfer::request::TransferRequest;
use crate::transport::quote_word;

/// How the line begins by which a host refuses a mirror. The cause follows.
pub(super) const REFUSED: &str = "ploy refuses to mirror: ";

/// Makes the folder `$1`. `LC_ALL` is set because the cause of a failure is read from mkdir's
/// message.
const MAKE: &str = r#"LC_ALL=C; export LC_ALL; [ -z "$1" ] || mkdir -p -- "$1""#;

/// Refuses each folder from `$3` on that is the login directory, or contains it or the site's path
/// `$2`, with links followed. The folders above must exist by then, or `..` could not be resolved.
/// It is one line because csh allows no line break in quotes.
const GUARD: &str = concat!(
    r#"no() { echo "ploy refuses to mirror: $1 is in $d" >&2; exit 1; }; h=$(cd && pwd -P); b=; "#,
    r#"[ -z "$2" ] || b=$(cd -P -- "$2" 2>/dev/null && pwd -P); shift 2; "#,
    r#"for p do d=$(cd -P -- "$p" 2>/dev/null && pwd -P) || continue; "#,
    r#"case ${h%/}/ in "${d%/}"/*) no "the login directory" ;; esac; "#,
    r#"case ${b%/}/ in "${d%/}"/?*) no "the site's path" ;; esac; done"#,
);

/// How many folders a host checks. If there are more, it checks the folder that contains them all.
const MOST_PLACES: usize = 100;

/// Whether sudo starts rsync on the host: for another user, or because the arguments say so.
pub(super) fn wants_sudo(
    shell: &Shell,
    request: &TransferRequest,
    user: Option<&str>,
) -> Result<Option<WantedSudo>, Failure> {
    let options = shell.sudo_options(user)?;
    let is_written = arguments::program(&request.arguments).is_some_and(is_sudo);
    Ok((options.is_some() || is_written).then_some(WantedSudo { options }))
}

/// The command that starts rsync on another host; `None` if `rsync` alone does. It changes to the
/// login directory where a path begins with `~`.
pub(super) fn start(request: &TransferRequest, sudo: Option<&SudoCommand>) -> Option<String> {
    let mut start = String::new();
    if request
        .paths_on_site()
        .iter()
        .any(|path| path.starts_with('~'))
    {
        start.push_str("cd && ");
    }
    let written = arguments::program(&request.arguments);
    let program = sudo.map_or_else(
        || written.map(str::to_owned),
        |sudo| Some(sudo.program(written)),
    );
    let parents = parents_there(request);
    let places = places_there(request);
    if parents.is_some() || !places.is_empty() {
        // The user's own program may be allowed to do what the login user is not, or fail itself.
        let failed = if written.is_some() {
            "2>/dev/null || :"
        } else {
            "|| exit"
        };
        let mut parents = parents.unwrap_or_default();
        if let Some(prefix) = sudo.and_then(SudoCommand::prefix) {
            // The other user makes the folders; the login user checks them.
            let script = quote_word(&format!("{MAKE} {failed}"));
            start.push_str(&format!(
                "{prefix} sh -c {script} ploy {} && ",
                quote_word(&parents)
            ));
            parents.clear();
        }
        let script = format!("{MAKE} {failed}; {GUARD}");
        start.push_str(&format!("sh -c {} ploy", quote_word(&script)));
        let base = request.site_path.as_deref();
        let base = base.map(from_login_directory).unwrap_or_default();
        for path in [parents, base].into_iter().chain(places) {
            start.push(' ');
            start.push_str(&quote_word(&path));
        }
        start.push_str(" && ");
    }
    let is_plain = start.is_empty() && sudo.is_none();
    (!is_plain).then(|| start + &one_command(program.as_deref().unwrap_or("rsync")))
}

/// The folders that are to be made on the host.
fn parents_there(request: &TransferRequest) -> Option<String> {
    if request.is_dry_run() {
        return None;
    }
    parents(request.destination_on_site()?).map(from_login_directory)
}

/// The folders on the host in which all else is deleted.
fn places_there(request: &TransferRequest) -> BTreeSet<String> {
    let Some(path) = request.destination_on_site() else {
        return BTreeSet::new();
    };
    if !request.should_delete() {
        return BTreeSet::new();
    }
    let destination = Path::new(path);
    let places = request.sources.iter().filter_map(|source| {
        let place = goes_to(destination, Path::new(&paths::here(source)));
        // A mirror of a file deletes nothing.
        (place == destination || Shell::local_path(source).is_dir())
            .then(|| from_login_directory(&place.to_string_lossy()))
    });
    let places: BTreeSet<String> = places.collect();
    if places.len() > MOST_PLACES {
        return BTreeSet::from([from_login_directory(path)]);
    }
    places
}

/// sudo is to start rsync on the host.
pub(super) struct WantedSudo {
    /// The options of sudo; `None` if only the arguments name sudo.
    options: Option<String>,
}

/// The sudo that starts rsync on the host.
pub(super) struct SudoCommand {
    /// The command line of a sudo that asks this program for passwords.
    words: String,
    options: Option<String>,
}

impl WantedSudo {
    pub(super) fn by(self, words: &str) -> SudoCommand {
        SudoCommand {
            words: words.to_owned(),
            options: self.options,
        }
    }
}

impl SudoCommand {
    /// What is put before a command, unless the arguments have a sudo of their own.
    fn prefix(&self) -> Option<String> {
        let options = self.options.as_ref()?;
        Some(format!("{}{options} --", self.words))
    }

    /// The program to start instead of the one in the arguments.
    fn program(&self, written: Option<&str>) -> String {
        match (self.prefix(), written) {
            (Some(prefix), program) => format!("{prefix} {}", program.unwrap_or("rsync")),
            (None, Some(program)) => match program.trim_start().strip_prefix("sudo") {
                Some(rest) if is_sudo(program) => format!("{}{rest}", self.words),
                _ => program.to_owned(),
            },
            (None, None) => "rsync".to_owned(),
        }
    }
}

/// Whether a program is started by a sudo that may ask for a password.
fn is_sudo(program: &str) -> bool {
    let mut words = program.split_whitespace();
    // With one of these options the user has said how sudo asks.
    words.next() == Some("sudo") && !words.any(|word| matches!(word, "-n" | "-S" | "-A"))
}

/// Makes one command of several, so that none runs if the part before it fails. Not every login
/// shell can group commands.
fn one_command(program: &str) -> String {
    if program.contains([';', '&', '|', '\n']) {
        format!("sh -c {} sh", quote_word(&format!("{program} \"$@\"")))
    } else {
        program.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_login_directory_and_what_is_above_it_are_refused_and_no_other_place() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap();
        let home = real.join("home/me");
        std::fs::create_dir_all(home.join("www/site")).unwrap();
        std::fs::create_dir(real.join("home/other")).unwrap();
        std::os::unix::fs::symlink(real.join("home"), home.join("link")).unwrap();
        std::os::unix::fs::symlink(home.join("www"), home.join("deep")).unwrap();
        let run = |place: &str, above: &str, base: &str| {
            let output = Command::new("sh")
                .args(["-c", &format!("{MAKE} || exit; {GUARD}")])
                .args(["ploy", above, base, place])
                .current_dir(&home)
                .env("HOME", &home)
                .output()
                .unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.success(), said.is_empty(), "{place}: {said}");
            let cause = said.strip_prefix(REFUSED).map(str::trim_end);
            assert_eq!(cause.is_none(), said.is_empty(), "{place}: {said}");
            cause.map(str::to_owned)
        };
        let refused = |place: &str| run(place, "", "").is_some();
        let path = home.to_str().unwrap();
        let [slash, up, wide] = ["/", "/..", "/www/../.."].map(|end| format!("{path}{end}"));
        // As the system goes, and not as it is written.
        for place in [
            ".",
            "/",
            path,
            &slash,
            &up,
            &wide,
            "./link",
            "./link/me",
            "./deep/..",
        ] {
            assert!(refused(place), "{place}");
        }
        for place in [
            "./www",
            "./missing",
            "/no/such",
            "../other",
            "./link/other",
            "./deep/../other",
        ] {
            assert!(!refused(place), "{place}");
        }
        // What `..` follows is made, and so it is known where it leads.
        assert!(run("./made/..", "./made", "").is_some());
        assert!(home.join("made").exists());
        assert_eq!(
            run("./www", "", "./www/site").unwrap(),
            format!("the site's path is in {path}/www")
        );
        assert_eq!(run("./www/site", "", "./www/site"), None);
        assert_eq!(run("./www/missing", "./www", "./www/site"), None);
        assert_eq!(run("./www", "", "./not/there"), None);
    }
}
