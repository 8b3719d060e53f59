use std::future::IntoFuture;
use std::io::Cursor;
use std::panic::Location;
use std::pin::Pin;
use std::time::Duration;

use super::remote::{BEGIN, Ended, Task, file_word};
use crate::error::{Failure, Kind};
use crate::event::Show;
use crate::shell::{Shell, quoted};
use crate::transport::Exit;

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

/// Writes a new file, `$t`, beside it. A signal may come more than once, or when there is nobody left
/// to tell of it, and must not end what removes it. Whoever cuts the connection ends the input, so its size is looked at.
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

/// Sets owner and mode. A new file has the mode that a redirection of the shell would give it.
const SET: &str = r#"
if [ -n "$owner" ]; then
  chown -- "$owner" "$t" || say owner
elif [ -n "$old" ]; then
  new=$(state "$t") o=${old#* }
  if [ "${new#* }" != "$o" ] && ! chown -- "$o" "$t" 2>/dev/null; then
    chgrp -- "${o#*:}" "$t" 2>/dev/null
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

/// Puts it into place, unless all is as it was.
const MOVE: &str = r#"
if [ -n "$old" ] && cmp -s -- "$t" "$f" && [ "$(state "$t")" = "$old" ]; then
  echo same
  exit 0
fi
mv -f -- "$t" "$f" || say move
trap - EXIT
echo changed
"#;

impl Shell {
    /// Writes a file on the site, whole or not at all.
    ///
    /// `path` is that of the file; a relative one hangs on the site's `path`, and `~/` is the login directory. Folders
    /// that are missing above it are made. The content goes over the connection, never into a command line, and may have
    /// any bytes; it is meant for files that fit into memory.
    ///
    /// The file is written under another name beside it, which only the login user can read, and put into place when it
    /// is complete and has its mode and owner: who reads sees the old content or the new, and a command that is ended, a
    /// connection that is cut or a full disk leave the old. A file that is replaced keeps its mode, and its owner where
    /// the login user may set that; a new one has the mode of any new file. A link is followed: the file that it leads to
    /// is replaced. Hard links, access lists and extended attributes are not kept. Nothing is touched if content, mode
    /// and owner are there already, which [`Written::changed`] tells.
    ///
    /// ```
    /// # use ploy_runtime::{Cx, Result, Script};
    /// # async fn example(cx: Cx) -> Result {
    /// let written = cx
    ///     .shell()
    ///     .write("/etc/app/token.conf", "token = \"none\"\n")
    ///     .mode(0o640)
    ///     .owner("root:app")
    ///     .await?;
    /// if written.changed {
    ///     cx.shell().run(Script::raw("systemctl reload app")).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Awaiting it fails with [`Kind::Transfer`](crate::Kind::Transfer) if the file cannot be written, also if a folder
    /// is there, and with the kinds of [`run`](Shell::run) that concern the site and the run.
    #[track_caller]
    pub fn write(&self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Write {
        let content = content.into();
        let content = Box::pin(std::future::ready(Ok(content)));
        Write::new(self.clone(), path.into(), content, Location::caller())
    }
}

/// What is to be written, once it is known.
pub(super) type Content = Pin<Box<dyn Future<Output = Result<Vec<u8>, Failure>> + Send>>;

/// A file about to be written; await it.
#[must_use = "a file is written when it is awaited"]
pub struct Write {
    shell: Shell,
    path: String,
    content: Content,
    mode: Option<u32>,
    owner: Option<String>,
    timeout: Option<Duration>,
    show: Show,
    at: &'static Location<'static>,
}

/// What came of writing a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// Whether the file is another than before: new, or with another content, mode or owner. A site without `cmp` says
    /// so always.
    pub changed: bool,
}

impl Write {
    pub(super) fn new(
        shell: Shell,
        path: String,
        content: Content,
        at: &'static Location<'static>,
    ) -> Self {
        let timeout = shell.0.site.timeout;
        Write {
            shell,
            path,
            content,
            mode: None,
            owner: None,
            timeout,
            show: Show::All,
            at,
        }
    }

    /// The mode of the file, such as `0o640`.
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = Some(mode);
        self
    }

    /// The owner of the file, as `chown` takes it: `"user"`, `"user:group"` or `":group"`. Only root can give a file to
    /// another user.
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// How long it may take; the site's `timeout` unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// What of it is shown: all of it, unless set.
    pub fn show(mut self, show: Show) -> Self {
        self.show = show;
        self
    }

    async fn execute(self) -> Result<Written, Failure> {
        let at = self.at;
        self.execute_here().await.map_err(|failure| failure.at(at))
    }

    async fn execute_here(self) -> Result<Written, Failure> {
        let Write {
            shell,
            path,
            content,
            mode,
            owner,
            timeout,
            show,
            ..
        } = self;
        let headline = format!("cannot write {path} on {}", shell.name());
        let refuse = |cause: &str| Failure::new(Kind::Usage, &headline, cause);
        let word = file_word(&shell, &path).map_err(refuse)?;
        if mode.is_some_and(|mode| mode > 0o7777) {
            return Err(refuse("there is no such mode")
                .with_hint("a mode is an octal number of up to four digits, such as 0o640"));
        }
        if owner
            .as_deref()
            .is_some_and(|owner| owner.is_empty() || owner.contains('\0'))
        {
            return Err(refuse("there is no such owner"));
        }
        let content = content.await?;
        let task = Task {
            shell: &shell,
            shown: format!("write {path} ({} bytes)", content.len()),
            script: script(&word, content.len(), mode, owner.as_deref()),
            input: Some(Box::pin(Cursor::new(content))),
            timeout,
            show,
            most: 4096,
        };
        let ended = task.run().await?;
        match (ended.exit, ended.word()) {
            (Exit::Code(0), word) => Ok(Written {
                changed: word != "same",
            }),
            _ => Err(failure(headline, ended)),
        }
    }
}

/// In a shell of its own: the outer one has a trap for its end already.
fn script(file: &[u8], size: usize, mode: Option<u32>, owner: Option<&str>) -> Vec<u8> {
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

fn failure(headline: String, ended: Ended) -> Failure {
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
        _ => (said, None),
    };
    let failure = Failure::new(Kind::Transfer, headline, cause).with_command(ended.report);
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

impl IntoFuture for Write {
    type Output = Result<Written, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}
