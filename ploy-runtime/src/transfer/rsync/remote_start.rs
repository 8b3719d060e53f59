//! How rsync is started on another host, and what is done there before, without a round trip of its
//! own.

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

/// What begins the line by which a host says that it refuses to mirror; the cause follows.
pub(super) const REFUSED: &str = "ploy refuses to mirror: ";

/// Makes the folder `$1`. With `LC_ALL`, since a cause is taken from what mkdir says.
const MAKE: &str = r#"LC_ALL=C; export LC_ALL; [ -z "$1" ] || mkdir -p -- "$1""#;

/// Refuses each place, from `$3` on, that is really the login directory or has that or the site's
/// path, `$2`, in it: wherever links lead, so only once there is all that `..` may follow. One
/// line, since csh takes no other between quotes.
const GUARD: &str = concat!(
    r#"no() { echo "ploy refuses to mirror: $1 is in $d" >&2; exit 1; }; h=$(cd && pwd -P); b=; "#,
    r#"[ -z "$2" ] || b=$(cd -P -- "$2" 2>/dev/null && pwd -P); shift 2; "#,
    r#"for p do d=$(cd -P -- "$p" 2>/dev/null && pwd -P) || continue; "#,
    r#"case ${h%/}/ in "${d%/}"/*) no "the login directory" ;; esac; "#,
    r#"case ${b%/}/ in "${d%/}"/?*) no "the site's path" ;; esac; done"#,
);

/// How many places a host looks at; of more it looks only at the folder that has them all in it.
const MOST_PLACES: usize = 100;

/// The words by which another user runs rsync on the host, if one is to, or the arguments begin its
/// start with `sudo`.
pub(super) fn wants_sudo(
    shell: &Shell,
    request: &TransferRequest,
    user: Option<&str>,
) -> Result<Option<Wanted>, Failure> {
    let options = shell.sudo_options(user)?;
    let is_written = arguments::program(&request.arguments).is_some_and(is_sudo);
    Ok((options.is_some() || is_written).then_some(Wanted { options }))
}

/// How rsync is started on another host, if not just so. It goes to what `~` is.
pub(super) fn start(request: &TransferRequest, sudo: Option<&Sudo>) -> Option<String> {
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
        // It may be a program that can do what the login user cannot, and says so itself if not.
        let failed = if written.is_some() {
            "2>/dev/null || :"
        } else {
            "|| exit"
        };
        let mut parents = parents.unwrap_or_default();
        if let Some(prefix) = sudo.and_then(Sudo::prefix) {
            // The folders are the other user's; the places are looked at from where the login user
            // is.
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
        // In place of a file nothing is deleted.
        (place == destination || Shell::local_path(source).is_dir())
            .then(|| from_login_directory(&place.to_string_lossy()))
    });
    let places: BTreeSet<String> = places.collect();
    if places.len() > MOST_PLACES {
        return BTreeSet::from([from_login_directory(path)]);
    }
    places
}

/// That another user is to run rsync on the host.
pub(super) struct Wanted {
    /// The options of sudo for it; `None` if only the arguments have a sudo.
    options: Option<String>,
}

/// How another user runs rsync on the host.
pub(super) struct Sudo {
    /// The words of a sudo that asks us.
    words: String,
    options: Option<String>,
}

impl Wanted {
    pub(super) fn by(self, words: &str) -> Sudo {
        Sudo {
            words: words.to_owned(),
            options: self.options,
        }
    }
}

impl Sudo {
    /// What comes before a command, unless the arguments have their own.
    fn prefix(&self) -> Option<String> {
        let options = self.options.as_ref()?;
        Some(format!("{}{options} --", self.words))
    }

    /// The program that runs, instead of what the arguments say.
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

/// Whether a program is started by sudo, which may ask.
fn is_sudo(program: &str) -> bool {
    let mut words = program.split_whitespace();
    // Who says himself how it asks is left alone.
    words.next() == Some("sudo") && !words.any(|word| matches!(word, "-n" | "-S" | "-A"))
}

/// A program that is started by several commands, of which none is to run if what is before it
/// fails. Not every login shell has a way to say so.
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
