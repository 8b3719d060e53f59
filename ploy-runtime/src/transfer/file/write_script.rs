//! The script that writes a file on a site, and the failures that it reports.

use super::script::{BEGIN, ScriptEnd};
use crate::error::{Failure, Kind};
use crate::shell::quoted;

/// Finds out what is there, `$f`, and makes its folder, `$d`.
const PLACE: &str = r#"
while [ -L "$f" ]; do
  [ -e "$f" ] || say dangling
  l=$(readlink -- "$f" && echo x) || say link; l=${l%?x}
  case $l in /*) f=$l ;; *) f=${f%/*}/$l ;; esac
done
[ ! -d "$f" ] || say folder
[ ! -e "$f" ] || [ -f "$f" ] || say special
d=${f%/*}/
[ -d "$d" ] || mkdir -p -- "$d" || say parents
"#;

/// Writes the temporary file `$t` beside it. Signals are ignored while it is removed, because they
/// may come more than once or while the output is closed. A lost connection ends the input early,
/// so its size is checked.
const FILL: &str = r#"
state() { stat -c '%a %u:%g' -- "$1" 2>/dev/null || stat -f '%Mp%Lp %u:%g' -- "$1"; }
t=$d$t mask=$(umask)
trap '' PIPE
trap 'trap "" HUP INT TERM; rm -f -- "$t"' EXIT
trap 'trap "" HUP INT TERM; exit 143' HUP INT TERM
umask 077
set -C
true >"$t" || say create
cat >>"$t" || say content
[ "$(wc -c <"$t")" -eq "$size" ] || say short
old=
[ ! -e "$f" ] || old=$(state "$f") || say state
m=${mode:-${old%% *}}
"#;

/// Sets owner and mode. A new file gets the mode that a redirection of the shell would give it. If
/// neither owner nor group can be kept, a file that not everybody may read is not replaced, because
/// its readers could lose access.
const SET: &str = r#"
lost() {
  if [ "${m#0}" = "${old%% *}" ] && cmp -s -- "$t" "$f"; then echo same; exit 0; fi
  case $m in *[4567]) return ;; esac
  n=$(stat -c '%U:%G' -- "$f" 2>/dev/null || stat -f '%Su:%Sg' -- "$f" 2>/dev/null)
  say "kept ${n:-$o}"
}
if [ -n "$owner" ]; then
  chown -- "$owner" "$t" || say owner
elif [ -n "$old" ]; then
  new=$(state "$t") o=${old#* }
  if [ "${new#* }" != "$o" ] && ! chown -- "$o" "$t" 2>/dev/null; then
    chgrp -- "${o#*:}" "$t" 2>/dev/null || lost
    [ -n "$mode" ] || case $m in [1-7]???) m=0${m#?} ;; esac
  fi
fi
if [ -n "$m" ]; then
  chmod -- "$m" "$t" || say mode
else
  umask "$mask"
  chmod -- =rw "$t" || say mode
fi
"#;

/// Renames it into place, unless nothing has changed. It is flushed to disk first, where `dd` can
/// do that, so that a crash of the system leaves no empty file. Then temporary files of killed
/// writes by this user are removed.
const MOVE: &str = r#"
if [ -n "$old" ] && cmp -s -- "$t" "$f" && [ "$(state "$t")" = "$old" ]; then
  echo same
  exit 0
fi
dd if=/dev/null of="$t" conv=notrunc,fsync 2>/dev/null
mv -f -- "$t" "$f" || say move
trap - EXIT
for o in "$d".ploy-????????????????; do
  [ ! -f "$o" ] || find "$o" -prune -type f -user "$(id -u)" -mtime +0 -exec rm -f -- {} ";"
done 2>/dev/null
echo changed
"#;

/// The script that writes a file of that size. It runs in a subshell because the outer shell has an
/// exit trap already.
pub(super) fn script(file: &[u8], size: usize, mode: Option<u32>, owner: Option<&str>) -> Vec<u8> {
    let mode = mode.map(|mode| format!("{mode:04o}")).unwrap_or_default();
    let random = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
    let mut script = b"(\n".to_vec();
    script.extend_from_slice(BEGIN.as_bytes());
    script.extend_from_slice(b"f=");
    script.extend_from_slice(file);
    script.extend(format!(" t=.ploy-{random:016x} size={size} mode={mode} owner=").into_bytes());
    script.extend(
        owner
            .map(|owner| quoted(owner.as_bytes()))
            .unwrap_or_default(),
    );
    for part in [PLACE, FILL, SET, MOVE, ")\n"] {
        script.extend_from_slice(part.as_bytes());
    }
    script
}

/// The failure that the last word of the script's output stands for.
pub(super) fn failure(headline: String, ended: ScriptEnd) -> Failure {
    let said = ended.complaint();
    let (cause, hint) = match ended.word() {
        "dangling" => (
            "it is a link that leads nowhere, or may not be followed".to_owned(),
            Some("remove the link, or name the file that it is to lead to"),
        ),
        "folder" => ("it is a folder".to_owned(), Some("name the file in it")),
        "special" => ("it is no regular file".to_owned(), None),
        "parents" => (format!("the folder above it cannot be made: {said}"), None),
        "create" => (format!("no file can be made beside it: {said}"), None),
        "content" => (format!("its content cannot be written: {said}"), None),
        "move" => (format!("it cannot be put into place: {said}"), None),
        "short" => (
            "only a part of the content arrived, so what was there was left".to_owned(),
            None,
        ),
        "owner" => (
            format!("its owner cannot be set: {said}"),
            Some("only root can give a file to another user"),
        ),
        "mode" => (format!("its mode cannot be set: {said}"), None),
        "state" => (
            format!("the mode of the file that it replaces cannot be read: {said}"),
            Some("`stat` of coreutils, busybox or BSD is needed there"),
        ),
        word => match word.strip_prefix("kept ") {
            Some(owner) => (
                format!("its owner or group ({owner}) cannot be kept"),
                Some("`.owner(..)` says that another will do"),
            ),
            None => (said, None),
        },
    };
    let failure = Failure::new(Kind::Transfer, headline, cause).with_command(ended.report);
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}
