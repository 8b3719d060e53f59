//! The shell text of a reaper, and of the commands that register with it.

use crate::transport::askpass;
use crate::transport::control_channel::RegistrationId;

/// The exit status of a command that found no reaper to register with.
pub(crate) const NO_REAPER_STATUS: i32 = 125;

/// What such a command prints on its standard error, before the path of the reaper's pipe.
const NO_REAPER: &str = "ploy: nobody listens at ";

/// What the path of every reaper's pipe begins with.
const PIPE_PREFIX: &str = "/tmp/ploy.";

/// Detaches the reaper from the terminal and from its folder.
const BEGIN: &str = r#"
exec 2>/dev/null
trap '' HUP INT TERM PIPE
cd /
"#;

/// Runs in dash, bash and busybox's shell. dash takes a negative process id only after `-s SIGNAL
/// --`.
///
/// Each heartbeat puts off the end by 45 s. The remaining timers end with the reaper: nobody else
/// is in its process group.
const SCRIPT: &str = r#"
mkfifo -m 600 "$q" && exec 4<>"$q" || exit 1
all= gone=0 clock=
signal() {
  eval "p=\${p$2:-}"
  [ -n "$p" ] && kill -s "$1" -- "-$p" 2>/dev/null
}
each() {
  any=1
  for i in $all; do signal "$1" "$i" && any=0; done
  return $any
}
reap() {
  if each TERM; then
    for s in 1 2 3 4 5; do sleep 1; each 0 || break; done
    each KILL
  fi
  # What asked meanwhile has no answer, and has ended.
  rm -f "$q".*
  kill -s KILL 0
}
forget() {
  eval "s=\${s$1:-} p=\${p$1:-}"
  [ -z "$s" ] || rm -f "$q.$p".* "/dev/shm/${q##*/}.$p".*
  unset "p$1" "e$1" "s$1"
  gone=$((gone + 1))
  [ $gone -ge 50 ] || return 0
  some= gone=0
  for i in $all; do
    eval "p=\${p$i:-}"
    [ -z "$p" ] || some="$some $i"
  done
  all=$some
}
end() {
  if signal TERM "$1"; then
    { for s in 1 2 3 4 5; do sleep 1; signal 0 "$1" || break; done; signal KILL "$1"; echo "gone $1" >&4; } >&4 &
  else
    forget "$1"
  fi
}
# What runs in the background has no standard input but the one it is given, and neither output: their end says that this
# shell is gone.
exec 3<&0 </dev/null
{ while read -r line <&3; do
    case $line in
      "give "*) give ${line#give } ;;
      *) echo "$line" >&4 ;;
    esac
  done; echo over >&4; } >&4 &
exec 3<&-
echo ready
while read -r order n pid rest <&4; do
  case $order in
    ask)
      [ "${pid%%.*}" != secret ] || eval "s$n=1"
      # Some shells find escapes in what they echo.
      printf '%s\n' "ask $n $pid $rest" ;;
    at)
      all="$all $n"
      eval "p$n=$pid early=\${e$n:-}"
      [ -z "$early" ] || end "$n" ;;
    term) signal TERM "$n" || eval "e$n=1" ;;
    kill) signal KILL "$n" || eval "e$n=1" ;;
    end)
      eval "p=\${p$n:-}"
      # A command that has not registered yet is ended when it does.
      if [ -n "$p" ]; then end "$n"; else eval "e$n=1"; fi ;;
    gone) forget "$n" ;;
    beat)
      [ -z "$clock" ] || kill -s KILL "$clock" 2>/dev/null
      { until sleep 45; do sleep 1 || exit; done; echo over >&4; } >&4 &
      clock=$! ;;
    over) break ;;
  esac
done
# Whoever finds the pipe still there after it has registered did so before this, and is read of now.
rm -f "$q" "$q".* "/dev/shm/${q##*/}".*
echo last >&4
while read -r order n pid <&4; do
  case $order in
    at) all="$all $n"; eval "p$n=$pid" ;;
    last) break ;;
  esac
done
reap
"#;

/// A new path for a reaper's named pipe. Its name cannot be guessed.
pub(super) fn new_pipe_path() -> String {
    let random = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
    format!("{PIPE_PREFIX}{random:016x}")
}

/// What the reaper's `sh` runs.
pub(super) fn reaper_script(pipe: &str) -> String {
    format!("q={pipe}{BEGIN}{}{SCRIPT}", askpass::REAPER_PART)
}

/// Registers a command with the reaper at this pipe; to be run before the command, by the shell
/// whose process leads the command's group. The path needs no quoting.
pub(super) fn registration_script(pipe: &str, id: RegistrationId) -> String {
    // If the pipe is removed just before it is opened, the redirection makes a regular file.
    format!(
        "[ -p {pipe} ] && [ -O {pipe} ] && echo \"at {id} $$\" 1<>{pipe} && [ -p {pipe} ] || \
         {{ [ ! -f {pipe} ] || [ ! -O {pipe} ] || rm -f {pipe}; \
         echo '{NO_REAPER}{pipe}' >&2; exit {NO_REAPER_STATUS}; }}; "
    )
}

/// Whether a command ended because it found no reaper, by what it printed on its standard error.
pub(crate) fn has_no_reaper(stderr: &str) -> bool {
    stderr.contains(&format!("{NO_REAPER}{PIPE_PREFIX}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_without_a_reaper_is_recognized() {
        let script = registration_script(&new_pipe_path(), RegistrationId(1));
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("{script}echo not reached")])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(NO_REAPER_STATUS));
        assert_eq!(output.stdout, b"");
        assert!(has_no_reaper(&String::from_utf8_lossy(&output.stderr)));
        assert!(!has_no_reaper("ploy: something else"));
    }
}
